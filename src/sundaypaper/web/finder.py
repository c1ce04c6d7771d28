"""What readers' queries find, without holding up other requests: one child, a short queue, a cache."""

from __future__ import annotations

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Protocol

from sundaypaper.errors import SundayPaperError
from sundaypaper.pipeline.query_child import (
    Asked,
    NoAnswerError,
    QueryChild,
    Question,
    Served,
    newest_build,
    read_tried,
)
from sundaypaper.pipeline.readers_queries import FeedKind, Tried, in_address
from sundaypaper.web.surroundings import Surroundings

MOST = 8  # questions at once, that at work and those that wait
CACHE = 16_000_000  # bytes
OVERHEAD = 500  # bytes that an answer takes beside its own
PATIENCE = 20.0  # seconds that a reader waits; the answer is kept for the next time
SOON, LATER = 5, 60  # seconds after which to ask again


class FinderError(SundayPaperError):
    """There is no answer now: too many ask, or something is wrong. retry_after is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer, as they are and packed (gzip); tag names them.

    modified is when the build came out under which it was found, None before the first.
    """

    body: bytes
    packed: bytes
    tag: str
    modified: datetime | None


class Child(Protocol):
    """Who looks: asked by one thread, one question at a time."""

    def ask(self, asked: Asked) -> bytes: ...
    def close(self) -> None: ...
    def ended(self) -> None: ...


class Finder:
    """Answers queries of readers under the newest build. To be used in one event loop.

    QueryError where a query is wrong, FinderError where there is no answer now.
    """

    def __init__(
        self,
        here: Surroundings,
        child: Child | None = None,
        patience: float = PATIENCE,
        cache: int = CACHE,
    ) -> None:
        self._here, self._patience = here, patience
        self._child = child or QueryChild(_served(here))
        self._thread = ThreadPoolExecutor(1, "finder")
        self._asked: dict[tuple[Question, str, str], asyncio.Task[Answer]] = {}
        self._answers = Answers(cache)
        self._told, self._closed = "", False

    async def tried(self, text: str) -> Tried:
        """How much a filter finds in the newest printed weeks, with samples."""
        return read_tried((await self._answer("tried", text, text)).body)

    async def feed(self, text: str, kind: FeedKind) -> Answer:
        """The feed of a query."""
        return await self._answer(kind, in_address(text), text)

    def at_hand(self, text: str, kind: FeedKind) -> Answer | None:
        """The feed of a query if it needs no look; QueryError as in feed."""
        return self._answers.get((kind, in_address(text)), newest_build(self._here.output)[0])

    def close(self) -> None:
        """End the child and the thread that asks it; who waits gets a FinderError."""
        self._closed = True
        self._child.close()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._child.ended()

    async def _answer(self, question: Question, key: str, text: str) -> Answer:
        """From the cache, together with who asks the same right now, or from the child."""
        build, modified = newest_build(self._here.output)
        if kept := self._answers.get((question, key), build):
            return kept
        at = question, text, build
        task = self._asked.get(at)
        if task is None:
            if len(self._asked) >= MOST:
                raise FinderError("too many queries are looked for at once", SOON)
            look = self._look(Asked(question, text, build), (question, key), modified)
            task = self._asked[at] = asyncio.get_running_loop().create_task(look)
            task.add_done_callback(partial(self._done, at))
        try:
            return await asyncio.wait_for(asyncio.shield(task), self._patience)
        except TimeoutError:
            raise FinderError("the look takes longer than usual", SOON) from None

    async def _look(self, asked: Asked, key: Key, modified: datetime | None) -> Answer:
        try:
            answer = await asyncio.get_running_loop().run_in_executor(
                self._thread, partial(_found, self._child.ask, asked, modified)
            )
        except (NoAnswerError, RuntimeError, asyncio.CancelledError) as bad:
            if self._closed:  # the child is gone, and the thread takes no more
                raise FinderError("the app is ending", LATER) from bad
            if not isinstance(bad, NoAnswerError):
                raise
            self._tell(str(bad))
            raise FinderError("nothing can be looked for right now", LATER) from bad
        self._told = ""
        self._answers.put(key, asked.build, answer)
        return answer

    def _done(self, at: tuple[Question, str, str], task: asyncio.Task[Answer]) -> None:
        del self._asked[at]
        if not task.cancelled():
            task.exception()  # whoever asked may be gone, and nobody else wants to hear of it

    def _tell(self, trouble: str) -> None:
        """Tell the operator once, not with each question."""
        if trouble != self._told:
            self._told = trouble
            self._here.say(f"! a reader's query got no answer: {trouble}")


Key = tuple[Question, str]


class Answers:
    """The answers under one build that were asked for last, so many bytes in all."""

    def __init__(self, most: int) -> None:
        self.size, self._most, self._build = 0, most, ""
        self._kept: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key, build: str) -> Answer | None:
        """The answer to a question, if it is kept and the build is still the same."""
        if build != self._build or key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def put(self, key: Key, build: str, answer: Answer) -> None:
        """Keep an answer, and let go of those that nobody has asked for longest."""
        if build != self._build:
            self._kept.clear()
            self.size, self._build = 0, build
        if key in self._kept:
            self.size -= _size(key, self._kept.pop(key))
        self._kept[key] = answer
        self.size += _size(key, answer)
        while self.size > self._most:
            self.size -= _size(*self._kept.popitem(last=False))


def _size(key: Key, answer: Answer) -> int:
    return OVERHEAD + 4 * len(key[1]) + len(answer.body) + len(answer.packed)


def _found(ask: Callable[[Asked], bytes], asked: Asked, modified: datetime | None) -> Answer:
    body = ask(asked)
    packed = gzip.compress(body, 6, mtime=0)
    return Answer(body, packed, sha256(body).hexdigest()[:32], modified)


def _served(here: Surroundings) -> Served:
    templates = str(here.templates.absolute()) if here.templates else ""
    return Served(str(here.root.absolute()), str(here.output.absolute()), templates, here.base_url)
