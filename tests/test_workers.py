"""Threads that work on databases for the event loop: order, faults, a bound, a clean end."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from asking import run
from sundaypaper.web.workers import TooBusyError, Workers


@dataclass
class Opened:
    """Something that is opened once a thread; it remembers where, and whether it was closed."""

    current: bool = True
    closed: bool = False
    thread: int = field(default_factory=threading.get_ident)

    def is_current(self) -> bool:
        return self.current

    def close(self) -> None:
        assert self.thread == threading.get_ident()
        self.closed = True


def test_each_thread_opens_once_and_closes_what_it_opened() -> None:
    """SQLite's connections must not leave their thread."""
    opened: list[Opened] = []

    def fresh() -> Opened:
        opened.append(Opened())
        return opened[-1]

    workers = Workers(fresh, threads=2)

    async def work() -> None:
        for _ in range(9):
            assert await workers.call(lambda one: one.thread == threading.get_ident())

    run(work())
    workers.close()
    workers.close()
    assert 1 <= len(opened) <= 2
    assert all(one.closed for one in opened)


def test_no_thread_begins_before_there_is_work() -> None:
    """An app that is only made, and one that is closed before its first request, leave none."""
    before = threading.active_count()
    workers = Workers(Opened)
    assert threading.active_count() == before
    workers.close()


def test_a_fault_is_raised_where_it_is_awaited() -> None:
    """Of the work, and of opening, which is tried again with the next job."""
    troubles = [ValueError("shut")]

    def fresh() -> Opened:
        if troubles:
            raise troubles.pop()
        return Opened()

    workers = Workers(fresh, threads=1)

    async def work() -> None:
        with pytest.raises(ValueError, match="shut"):
            await workers.call(lambda one: one)
        with pytest.raises(ZeroDivisionError):
            await workers.call(lambda one: 1 // 0)
        assert await workers.call(lambda one: "well") == "well"

    run(work())
    workers.close()


def test_what_is_current_no_more_is_opened_anew() -> None:
    """Such as a file that another took the place of."""
    workers = Workers(Opened, threads=1)

    async def work() -> None:
        first = await workers.call(lambda one: one)
        assert await workers.call(lambda one: one) is first
        first.current = False
        assert await workers.call(lambda one: one) is not first
        assert first.closed

    run(work())
    workers.close()


def test_more_than_may_wait_is_refused_at_once() -> None:
    """Whoever waits is served all the same, and who gave up is passed over."""
    workers = Workers(Opened, threads=1, most_waiting=2)
    begun, go_on = threading.Event(), threading.Event()

    def slow(_: Opened) -> str:
        begun.set()
        go_on.wait()
        return "slow"

    async def work() -> None:
        first = asyncio.create_task(workers.call(slow))
        await asyncio.to_thread(begun.wait)
        second = asyncio.create_task(workers.call(lambda one: "second"))
        gone = asyncio.create_task(workers.call(lambda one: pytest.fail("nobody waits")))
        await asyncio.sleep(0)
        with pytest.raises(TooBusyError):
            await workers.call(lambda one: "third")
        gone.cancel()
        await asyncio.sleep(0)
        go_on.set()
        assert [await first, await second] == ["slow", "second"]

    run(work())
    workers.close()

    async def late() -> None:
        with pytest.raises(TooBusyError, match="ending"):
            await workers.call(lambda one: "late")

    run(late())
