"""Spacing between requests, across threads, processes and kills: a locked file with a time."""

from __future__ import annotations

import fcntl
import math
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

# A server measures when requests arrive: some slack for its clock against ours.
MARGIN = 0.05
NEVER, FAR = -1e9, 1e12


class Pace:
    """One request at a time, spacing seconds apart, over all processes that share the file.

    The file holds two epoch seconds: when the last request began or ended, and until when nothing
    may be asked (0: never). The lock is held during the request and is freed by a kill. Times are
    counted from the end of a request, so that a slow connection cannot let two arrive too close.
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
            last, blocked = _read(self._held)
            # A time in the future (a clock set back) costs one spacing, never more.
            rest = min(last + self._gap - self._wall(), self._gap)
            if rest > 0:
                self._sleep(rest)
            _write(self._held, self._wall(), blocked)
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
                _write(self._held, self._wall(), _read(self._held)[1])
        finally:
            self._release()

    def block(self, until: float) -> None:
        """Ask nothing before this epoch second; may be called inside or outside of the context."""
        with self._turn:
            fd = self._lock() if self._held is None else self._held
            try:
                _write(fd, _read(fd)[0], until)
            finally:
                if self._held is None:
                    os.close(fd)

    def blocked(self) -> float | None:
        """The epoch second until which nothing may be asked, or None when one may ask now."""
        with self._turn:
            try:
                fd = os.open(self._path, os.O_RDONLY)
            except FileNotFoundError:
                return None
            try:
                until = _read(fd)[1]
            finally:
                os.close(fd)
        return until if until > self._wall() else None

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


def _read(fd: int) -> tuple[float, float]:
    """The two times; an empty file means never, a damaged one just now."""
    raw = os.pread(fd, 100, 0)
    if not raw:
        return NEVER, 0.0
    try:
        last, blocked = map(float, raw.split())
    except ValueError:
        return FAR, 0.0
    return (last, blocked) if math.isfinite(last + blocked) else (FAR, 0.0)


def _write(fd: int, last: float, blocked: float) -> None:
    # One line of fixed width: a kill in the middle leaves no mixture of two lengths.
    os.pwrite(fd, f"{last:020.6f} {min(blocked, FAR):020.6f}\n".encode(), 0)
