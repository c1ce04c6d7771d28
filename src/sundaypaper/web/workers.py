"""Threads that work on databases, each with a connection of its own, so that no page waits for one.

SQLite's connections stay in the thread that opened them; the event loop only awaits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from queue import Full, Queue
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from sundaypaper.errors import SundayPaperError


class Opened(Protocol):
    """What a worker opens once, and again where it is current no more; closed at the end."""

    def is_current(self) -> bool: ...
    def close(self) -> None: ...


R = TypeVar("R", bound=Opened)
T = TypeVar("T")

THREADS, MOST_WAITING = 2, 200
Job = tuple[Future[Any], Callable[[R], Any]]


class TooBusyError(SundayPaperError):
    """So much waits already that one more would wait for too long."""


class Workers(Generic[R]):
    """A few threads that do one job after another; each opens what it works on with its first.

    They begin with the first job. After close() nothing more is taken.
    """

    def __init__(
        self, open: Callable[[], R], threads: int = THREADS, most_waiting: int = MOST_WAITING
    ) -> None:
        self._open = open
        self._jobs: Queue[Job[R] | None] = Queue(most_waiting)
        self._closed = False
        self._threads = [
            Thread(target=self._work, name=f"readers {number}", daemon=True)
            for number in range(threads)
        ]

    async def call(self, work: Callable[[R], T]) -> T:
        """What work gives, done in one of the threads; TooBusyError where too much waits.

        Whatever opening or the work raises is raised here.
        """
        future: Future[T] = Future()
        if self._closed:
            raise TooBusyError("the app is ending")
        for thread in self._threads:
            if thread.ident is None:
                thread.start()
        try:
            self._jobs.put_nowait((future, work))
        except Full:
            raise TooBusyError("too much is asked of the readers at once") from None
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Do what waits, close what is open, and end the threads; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        begun = [thread for thread in self._threads if thread.ident is not None]
        for _ in begun:
            self._jobs.put(None)
        for thread in begun:
            thread.join()

    def _work(self) -> None:
        opened: R | None = None
        while (job := self._jobs.get()) is not None:
            future, work = job
            if not future.set_running_or_notify_cancel():
                continue  # whoever asked has gone
            try:
                if opened is not None and not opened.is_current():
                    former, opened = opened, None
                    former.close()
                if opened is None:
                    opened = self._open()
                future.set_result(work(opened))
            except BaseException as bad:  # it goes on where it is awaited
                future.set_exception(bad)
        if opened is not None:
            opened.close()
