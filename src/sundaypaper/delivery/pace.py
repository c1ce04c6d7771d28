"""The pace of sending: so many mails a second at most, over all connections."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Lock


class SendingPace:
    """Spaces mails evenly, at most so many a second; 0 for no limit. Threads may share it."""

    def __init__(
        self, a_second: float, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self.gap = 1 / a_second if a_second else 0.0
        self.monotonic, self.sleep, self.due, self._lock = monotonic, sleep, -inf, Lock()

    def delay(self) -> float:
        """Seconds until the next mail may go; 0 for now."""
        return max(0.0, self.due - self.monotonic()) if self.gap else 0.0

    def take(self) -> float:
        """Take the next mail's turn; seconds until it comes."""
        if not self.gap:
            return 0.0
        with self._lock:
            now = self.monotonic()
            turn = max(now, self.due)
            self.due = turn + self.gap
        return turn - now

    def wait(self) -> None:
        """Take a turn and sleep until it comes."""
        if (left := self.take()) > 0:
            self.sleep(left)


UNPACED = SendingPace(0, float, lambda seconds: None)
