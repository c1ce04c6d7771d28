"""Queries of readers, answered in a child process: a long look through weeks holds up nothing else.

    QueryChild.ask | frames | main: what is printed, kept at hand | frames: JSON, or a feed

The child is started with the first question and anew after it ended. It holds itself to memory and
processor time, ends with its parent whatever ends that, and reads paper.db only where there is a
build that it does not know yet.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import SubprocessError
from threading import Lock
from typing import Literal

from sundaypaper import build, codec
from sundaypaper.config import load
from sundaypaper.errors import QueryError, SundayPaperError
from sundaypaper.formats import site
from sundaypaper.parsing import frames, limits
from sundaypaper.parsing.child import answers_alone
from sundaypaper.parsing.process import Child, started
from sundaypaper.pipeline.opening import look_into_store
from sundaypaper.pipeline.readers_queries import (
    FeedKind,
    Searched,
    Tried,
    custom_feed,
    searched,
    tried,
)
from sundaypaper.pipeline.recent_weeks import RecentWeeks

Question = FeedKind | Literal["tried"]

ENTRY = __name__
# Seconds of processor time: of a query, of a query with all weeks read before it (which the kernel
# counts), and of the clock, which ends what only waits.
LOOKING, READING, WALL = 2.0, 60.0, 120.0
# The room above what the idle child has. Eight weeks take 110 MB of it, and 40 MB more for a moment.
MEMORY = 400 * limits.MB
NICE = 10  # pages come first where processors are few
LONGEST_ANSWER = 4 * limits.MB


class NoAnswerError(SundayPaperError):
    """A question has no answer now, and why; it is not the question's fault."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a child answers from: folders, and the address at which the app answers."""

    root: str
    output: str
    templates: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what is wanted of a query, under which build of the pages."""

    question: Question
    text: str
    build: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer. words say why none follows: column > 0 is that of a query's mistake.

    With last the child ends after it.
    """

    words: str = ""
    column: int = 0
    last: bool = False


def newest_build(output: Path) -> tuple[str, datetime | None]:
    """The name of the build in place and when it was swapped in; "" and None where there is none."""
    name, at = build.in_place(output)
    return name, datetime.fromtimestamp(at, UTC) if name else None


def read_tried(raw: bytes) -> Tried:
    """The answer to "tried"."""
    return codec.from_json(Tried, raw)


# ---------------------------------------------------------------- the parent's side


class QueryChild:
    """The child, asked one question at a time by one thread. close may come from another."""

    def __init__(self, served: Served, wall: float = WALL, entry: str = ENTRY) -> None:
        self._served, self._wall, self._entry = served, wall, entry
        self._child: Child | None = None
        self._closed, self._starting = False, Lock()

    def ask(self, asked: Asked) -> bytes:
        """The answer. QueryError where the query is wrong or costs too much, else NoAnswerError."""
        child = self._ready()
        keep = False
        try:
            raw, body = child.exchange((codec.to_json(asked),), self._wall, LONGEST_ANSWER)
            head = codec.from_json(Head, raw)
            keep = not head.last
        except (frames.TooLong, ValueError):
            raise NoAnswerError("the process that looks gave an answer of no sense") from None
        except (EOFError, OSError):
            if self._closed:
                raise NoAnswerError("the app is ending") from None
            raise NoAnswerError(child.how_it_ended(READING, self._wall)) from None
        finally:
            if not keep:
                self._child = None
                child.end()
        if head.column:
            raise QueryError(asked.text, head.column, head.words)
        if head.words:
            raise NoAnswerError(head.words)
        return body

    def close(self) -> None:
        """End the child, whatever it is doing; from now on ask fails at once."""
        with self._starting:
            self._closed, child = True, self._child
        if child is not None:
            child.kill()

    def ended(self) -> None:
        """Clear away what close has ended, when nobody asks any more."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _ready(self) -> Child:
        with self._starting:
            if self._closed:
                raise NoAnswerError("the app is ending")
            if self._child is not None and not self._child.lives():
                self._child.end()
                self._child = None
            if self._child is None:
                try:
                    self._child = started(self._entry, codec.to_json(self._served).decode())
                except (OSError, SubprocessError) as bad:
                    raise NoAnswerError(f"no process could be started to look ({bad})") from bad
            return self._child


# ---------------------------------------------------------------- the child's side


class Desk:
    """Answers questions from what was printed when the build that they name was swapped in."""

    def __init__(self, served: Served, used: Callable[[], float] = limits.used) -> None:
        self._root, self._output = Path(served.root), Path(served.output)
        self._templates = Path(served.templates) if served.templates else None
        self._base_url, self._used = served.base_url, used
        self._recent = RecentWeeks()
        self._at: tuple[str, Searched] | None = None

    def answer(self, asked: Asked) -> tuple[Head, bytes]:
        """The answer or why there is none."""
        try:
            return Head(), self._answer(asked)
        except QueryError as bad:
            return Head(bad.message, bad.column), b""
        except MemoryError:
            return Head("the weeks take more memory than a query may", last=True), b""
        except SundayPaperError as bad:
            return Head(str(bad)), b""
        except Exception as bad:  # one query's oddity must never stop the others
            return Head(f"a mistake in the program ({type(bad).__name__}: {bad})"), b""

    def _answer(self, asked: Asked) -> bytes:
        at = self._searched(asked.build)
        end = self._used() + LOOKING

        def go_on() -> bool:
            return self._used() < end

        if asked.question == "tried":
            return codec.to_json(tried(at, asked.text, go_on))
        return custom_feed(at, asked.text, asked.question, go_on)

    def _searched(self, of: str) -> Searched:
        """What is printed. An issue is kept before its pages are swapped in, so it is never too old."""
        if self._at is None or self._at[0] != of:
            config = load(self._root / "feeds.yaml")
            env = site.environment(self._templates, config.venue_titles, config.tongue)
            with look_into_store(self._root, self._output) as store:
                self._at = of, searched(config, store, env, self._base_url, self._recent)
        return self._at[1]


def main() -> None:  # pragma: no cover, as it runs in the child alone
    """Answer until the parent is gone."""
    limits.leave_signals_to_the_parent()
    limits.die_with(int(sys.argv[-1]))
    desk = Desk(codec.from_json(Served, sys.argv[-2]))
    given, answers = sys.stdin.buffer, answers_alone()
    os.nice(NICE)
    gc.set_threshold(50_000)  # what is at hand stays, and need not be looked over so often
    idle = limits.size()
    while True:
        try:
            asked = codec.from_json(Asked, frames.read(given))
        except EOFError:
            return
        with limits.held(READING, idle and idle + MEMORY):
            head, body = desk.answer(asked)
        frames.write(answers, codec.to_json(head), body)
        if head.last:
            return
