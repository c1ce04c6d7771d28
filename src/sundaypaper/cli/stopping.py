"""Ctrl-C and SIGTERM: once to stop after what is under way, twice to end at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SOONEST = 0.001
AGAIN = 3.0  # seconds; a service manager signals a program and its children, who hand it on
SIGNALS = (signal.SIGINT, signal.SIGTERM)
STDERR = 2
TOLD = b"stopping after the mails under way; once more ends at once, with those in doubt\n"


@dataclass(slots=True)
class Stop:
    """Whether somebody asked to stop, and by which signal; 0 for nobody."""

    number: int = 0

    def asked(self) -> bool:
        """Whether to stop."""
        return bool(self.number)

    def ask(self) -> None:
        """Ask to stop, as SIGTERM does."""
        self.number = signal.SIGTERM

    @property
    def status(self) -> int:
        """The exit status that says which signal ended a command."""
        return 128 + self.number


@contextmanager
def stoppable(stop: Stop) -> Iterator[None]:
    """Hear the signals: the first only asks, the second is a KeyboardInterrupt.

    In another thread than the first nothing is heard: whoever started it hears them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heard(number: int, _: FrameType | None) -> None:
        if stop.number:
            raise KeyboardInterrupt
        stop.number = number
        os.write(STDERR, TOLD)  # print() might be at work when this is called

    before = {number: signal.signal(number, heard) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def given_time(stop: Stop, grace: float, monotonic: Callable[[], float]) -> Iterator[None]:
    """Hear the signals: the first asks, and what is under way has so many seconds to end by itself.

    Then, or at a second signal some seconds later, it is a KeyboardInterrupt.
    """
    asked: list[float] = []

    def heard(number: int, _: FrameType | None) -> None:
        if number == signal.SIGALRM or (asked and monotonic() - asked[0] >= AGAIN):
            raise KeyboardInterrupt
        if asked:
            return
        asked.append(monotonic())
        stop.number = number
        os.write(STDERR, f"stopping: what is under way has {grace:.0f} s to end\n".encode())
        signal.setitimer(signal.ITIMER_REAL, max(grace, SOONEST))

    before = {number: signal.signal(number, heard) for number in (*SIGNALS, signal.SIGALRM)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
