"""Times of the next check of an address, and the memory of permanent redirects. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

SOONEST = timedelta(hours=1)
# A little under a week: a paper made every Sunday must not find last Sunday's check still fresh.
LATEST = timedelta(days=6)
USUAL = timedelta(hours=6)
CLOCKS = timedelta(days=1)  # by which the clocks of two runs may differ
GOOD_FETCHES = 3
LONG_ENOUGH = timedelta(hours=24)


def after_success(headers: Mapping[str, str], ttl: float | None, wall: datetime) -> timedelta:
    """How long to wait: what the server says, else the feed, else six hours; within bounds."""
    seconds = _max_age(headers.get("cache-control", ""))
    if seconds is None and "expires" in headers:
        seconds = _until(headers["expires"], wall)
    if seconds is None:
        seconds = ttl
    return USUAL if seconds is None else _bounded(seconds)


def after_failure(failures: int, retry_after: float | None) -> timedelta:
    """An hour, doubled with each failure before; longer where the server asks for it."""
    backoff = SOONEST.total_seconds() * 2 ** min(failures, 10)
    return _bounded(max(backoff, retry_after or 0.0))


def waits(until: datetime | None, wall: datetime) -> bool:
    """Whether to wait until a moment. One further off than is ever waited is of a wrong clock."""
    return until is not None and wall < until <= wall + LATEST + CLOCKS


def _bounded(seconds: float) -> timedelta:
    return timedelta(seconds=max(SOONEST.total_seconds(), min(seconds, LATEST.total_seconds())))


def _max_age(cache_control: str) -> float | None:
    directives = cache_control.lower()
    if re.search(r"\bno-(?:cache|store)\b", directives):
        return 0.0
    match = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,12})", directives)
    return float(match[1]) if match else None


def _until(expires: str, wall: datetime) -> float:
    """Seconds until a date; a date that is none is in the past (RFC 9111)."""
    try:
        return (parsedate_to_datetime(expires) - wall).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0


@dataclass(frozen=True, slots=True)
class Memory:
    """The moves of a source's address, kept as one line of text.

    of is the address that was configured; target where it says it moved, with how many good
    fetches said so and since when.
    """

    of: str
    gone: bool = False
    target: str = ""
    times: int = 0
    since: datetime | None = None

    @classmethod
    def of_note(cls, note: str, url: str) -> Memory:
        """The memory that a note holds; a new one when it is of another address or damaged."""
        match note.split():
            case ["of", of, "gone"] if of == url:
                return cls(url, gone=True)
            case ["of", of, "moved", times, since, target] if of == url and times.isdecimal():
                try:
                    return cls(url, False, target, int(times[:6]), datetime.fromisoformat(since))
                except ValueError:
                    return cls(url)
        return cls(url)

    def note(self) -> str:
        """The memory as a note."""
        if self.gone:
            return f"of {self.of} gone"
        if self.target and self.since:
            return f"of {self.of} moved {self.times} {self.since.isoformat()} {self.target}"
        return f"of {self.of}"

    def saw(self, moved: str, wall: datetime) -> Memory:
        """After a good fetch that was sent to moved, or nowhere ("")."""
        if not moved or " " in moved:
            return Memory(self.of)
        if moved != self.target or self.since is None:
            return Memory(self.of, False, moved, 1, wall)
        return replace(self, times=self.times + 1)

    def settled(self, wall: datetime) -> str:
        """The address to ask from now on, once enough good fetches over a day agree; else ""."""
        if self.since is None or self.times < GOOD_FETCHES or wall - self.since < LONG_ENOUGH:
            return ""
        return self.target


def belongs(note: str, url: str) -> bool:
    """Whether a note is about this configured address (an empty note is)."""
    return not note or note.split()[:2] == ["of", url]
