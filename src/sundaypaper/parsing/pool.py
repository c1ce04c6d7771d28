"""The parent's side: a few children, started when the first documents come and used again."""

from __future__ import annotations

import os
import subprocess
from threading import Condition
from types import TracebackType
from typing import Self

from sundaypaper import codec
from sundaypaper.errors import ParseError, SourceError
from sundaypaper.parsing import frames
from sundaypaper.parsing.child import MEMORY, Request
from sundaypaper.parsing.limits import MB, Limits
from sundaypaper.parsing.process import Child, started
from sundaypaper.parsing.replies import Answered, Refused

MOST = 4


class Pool:
    """Children that parse, one document each at a time. Safe to share between threads.

    entry is the module whose `main` a child runs, which calls `serve`; size 0 is a child for each
    processor, four at most.
    """

    def __init__(self, entry: str, limits: Limits, size: int = 0) -> None:
        self._entry, self._limits = entry, limits
        self._size = size or min(MOST, os.cpu_count() or 1)
        self._children: set[Child] = set()
        self._idle: list[Child] = []
        self._free = Condition()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all children, those at work too; from now on parse fails at once."""
        with self._free:
            self._closed = True
            for child in self._children:
                child.kill()  # whoever waits for it clears it away
            while self._idle:
                self._drop(self._idle.pop())
            self._free.notify_all()

    def parse(self, parser: str, about: bytes, body: bytes) -> bytes:
        """The JSON that a child's parser makes of a body, and of what it is told about it.

        Refused where the parser refuses it; ParseError where it breaks a limit, or the child.
        """
        limits = self._limits
        request = Request(parser, limits.seconds_for(len(body)), limits.memory)
        wall = limits.wall_for(len(body))
        child, keep = self._take(), False
        try:
            frame = child.exchange((codec.to_json(request), about, body), wall, limits.output)
            answered, result = codec.from_json(Answered, frame[0]), frame[1]
            keep = not answered.last
        except frames.TooLong:
            raise _stopped(f"what was read of it is more than {limits.output // MB} MB") from None
        except ValueError:
            raise ParseError(
                "the process that read it gave an answer that makes no sense"
            ) from None
        except (EOFError, OSError):
            if self._closed:
                raise _interrupted() from None
            raise ParseError(child.how_it_ended(request.seconds, wall)) from None
        finally:
            self._give_back(child, keep)
        if answered.error == MEMORY:
            raise _stopped(f"reading it takes more than {limits.memory // MB} MB of memory")
        if answered.error:
            raise Refused(answered.error, answered.words)
        return result

    def _take(self) -> Child:
        """A child that is free, or a new one where there are fewer than there may be."""
        with self._free:
            while not self._closed:
                while self._idle:
                    child = self._idle.pop()
                    if child.lives():
                        return child
                    self._drop(child)
                if len(self._children) < self._size:
                    return self._started()
                self._free.wait()
        raise _interrupted()

    def _started(self) -> Child:
        try:
            child = started(self._entry)
        except (OSError, subprocess.SubprocessError) as bad:
            raise ParseError(f"no process could be started to read it ({bad})") from bad
        self._children.add(child)
        return child

    def _give_back(self, child: Child, keep: bool) -> None:
        with self._free:
            if keep and not self._closed:
                self._idle.append(child)
            else:
                self._drop(child)
            self._free.notify()

    def _drop(self, child: Child) -> None:
        child.end()
        self._children.discard(child)


def _stopped(why: str) -> ParseError:
    return ParseError(f"{why}, so it was stopped")


def _interrupted() -> SourceError:
    return SourceError("the run was interrupted")
