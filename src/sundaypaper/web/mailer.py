"""The thread that does what nobody waits for: mails of sign-ups, and what is due each hour."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sundaypaper.errors import BusyError, SundayPaperError

STUCK = 900.0  # seconds after which one round is said to hang
LAST = 10.0  # seconds that the mail under way is waited for at the end
NEVER = float("-inf")


@dataclass(slots=True)
class Chore:
    """Work that is due every so many seconds, and at once when the mailer is woken, if it is urgent."""

    name: str
    every: float
    work: Callable[[], object]
    urgent: bool = False
    done: float = NEVER
    failed: str = field(default="", repr=False)


class Mailer:
    """Does its chores in turn, in a thread of its own, until it is stopped.

    A chore that fails is told once, and again when it failed otherwise or was well in between; the
    others go on. at_end is called in the thread after the last.
    """

    def __init__(
        self,
        chores: Sequence[Chore],
        say: Callable[[str], None],
        monotonic: Callable[[], float],
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.chores, self.say, self.monotonic, self.at_end = chores, say, monotonic, at_end
        self.woken, self.ending = threading.Event(), threading.Event()
        self.urgent = False
        self.begun = monotonic()
        self.thread = threading.Thread(target=self._run, name="mailer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def wake(self) -> None:
        """Have what is urgent done at once."""
        self.urgent = True
        self.woken.set()

    def stopping(self) -> bool:
        """Whether the work is to end after the mail under way."""
        return self.ending.is_set()

    def stop(self) -> bool:
        """End after the mail under way; False where that is not done in time."""
        self.ending.set()
        self.woken.set()
        if self.thread.is_alive():
            self.thread.join(LAST)
        return not self.thread.is_alive()

    def fault(self) -> str:
        """What is wrong with it, "" for nothing."""
        if not self.thread.is_alive():
            return "does not run"
        return "hangs" if self.monotonic() - self.begun > STUCK else ""

    def round(self) -> float:
        """Do what is due; the seconds until the next is."""
        self.begun = self.monotonic()
        urgent, self.urgent = self.urgent, False
        for chore in self.chores:
            due = chore.done + chore.every <= self.monotonic()
            if (due or (urgent and chore.urgent)) and not self.stopping():
                self._do(chore)
                chore.done = self.monotonic()
        now = self.monotonic()
        return max(0.0, min((c.done + c.every - now for c in self.chores), default=STUCK / 2))

    def _run(self) -> None:
        try:
            while not self.stopping():
                self.woken.wait(self.round())
                self.woken.clear()
        finally:
            self.at_end()

    def _do(self, chore: Chore) -> None:
        try:
            chore.work()
        except BusyError:
            return  # whoever holds the lock does it, or the next round
        except SundayPaperError as bad:
            self._tell(chore, str(bad))
        except Exception as bad:  # a fault of ours, whose text may be of a reader
            at = traceback.extract_tb(bad.__traceback__)[-1]
            self._tell(chore, f"{type(bad).__name__} at {Path(at.filename).name}:{at.lineno}")
        else:
            chore.failed = ""

    def _tell(self, chore: Chore, what: str) -> None:
        if what != chore.failed:
            chore.failed = what
            self.say(f"! {chore.name}: {what}")
