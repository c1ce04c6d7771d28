"""Spacing between requests, across threads, processes and kills: a locked file with times."""

from __future__ import annotations

import fcntl
import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

# A server measures when requests arrive: some slack for its clock against ours.
MARGIN = 0.05
NEVER, FAR = -1e9, 1e12
DAY = 86_400.0


class _Times(NamedTuple):
    """What the file holds: epoch seconds, and how often we were turned away since the last of them."""

    last: float = NEVER
    blocked: float = 0.0
    refused: float = 0.0
    since: float = 0.0


class Pace:
    """One request at a time, spacing seconds apart, over all processes that share the file.

    The file holds when the last request ended, until when nothing may be asked (0: never), and how
    many answers since when have turned us away, one after another. The lock is held during the
    request and is freed by a kill. Times are counted from the end of a request, so that a slow
    connection cannot let two arrive too close.
    """

    def __init__(
        self,
        path: Path,
        *,
        spacing: float = 3.0,
        wall: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._path, self._gap = path, spacing + MARGIN
        self._wall, self._sleep = wall, sleep
        self._turn = threading.RLock()
        self._held: int | None = None

    def __enter__(self) -> Self:
        """Wait for the lock and the rest of the spacing; OSError when the file cannot be written."""
        self._turn.acquire()
        try:
            self._held = self._lock()
            self._rest(self._held)
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._held is not None:
                _write(self._held, _read(self._held)._replace(last=self._wall()))
        finally:
            self._release()

    def again(self) -> None:
        """Wait for the spacing once more, inside of the context: a redirect leads to a request, too."""
        with self._file() as fd:
            _write(fd, _read(fd)._replace(last=self._wall()))
            self._rest(fd)

    def block(self, until: float) -> None:
        """Ask nothing before this epoch second; may be called inside or outside of the context."""
        with self._file() as fd:
            _write(fd, _read(fd)._replace(blocked=until))

    def blocked(self) -> float | None:
        """The epoch second until which nothing may be asked, or None when one may ask now."""
        with self._turn:
            try:
                fd = os.open(self._path, os.O_RDONLY)
            except FileNotFoundError:
                return None
            try:
                until = _read(fd).blocked
            finally:
                os.close(fd)
        return until if until > self._wall() else None

    def refused(self) -> tuple[int, float]:
        """Count an answer that turned us away: how many came in a row within a day, and since when."""
        with self._file() as fd:
            times, now = _read(fd), self._wall()
            if not times.refused or not now - DAY < times.since <= now:
                times = times._replace(refused=0.0, since=now)
            times = times._replace(refused=times.refused + 1)
            _write(fd, times)
            return int(times.refused), times.since

    def welcomed(self) -> None:
        """Forget those that turned us away: an answer came."""
        with self._file() as fd:
            times = _read(fd)
            if times.refused:
                _write(fd, times._replace(refused=0.0, since=0.0))

    def _rest(self, fd: int) -> None:
        times = _read(fd)
        # A time in the future (a clock set back) costs one spacing, never more.
        left = min(times.last + self._gap - self._wall(), self._gap)
        if left > 0:
            self._sleep(left)
        # Under way: after a kill nobody knows when it arrived, and the next waits in full.
        _write(fd, times._replace(last=FAR))

    @contextmanager
    def _file(self) -> Iterator[int]:
        """The locked file: the one that is held, or opened for this alone."""
        with self._turn:
            if self._held is not None:
                yield self._held
                return
            fd = self._lock()
            try:
                yield fd
            finally:
                os.close(fd)

    def _lock(self) -> int:
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def _release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self._turn.release()


def _read(fd: int) -> _Times:
    """The times; an empty file means never, a damaged one just now."""
    raw = os.pread(fd, 200, 0)
    if not raw:
        return _Times()
    line, _, _ = raw.partition(b"\n")
    try:
        times = _Times(*map(float, line.split()))
    except (TypeError, ValueError):
        return _Times(last=FAR)
    return times if math.isfinite(sum(times)) else _Times(last=FAR)


def _write(fd: int, times: _Times) -> None:
    # One line of fixed width: a kill in the middle leaves no mixture of two lengths.
    fields = (f"{min(value, FAR):020.6f}" for value in times)
    os.pwrite(fd, f"{' '.join(fields)}\n".encode(), 0)
