"""Parser of the zones that a calendar file defines (VTIMEZONE), and what its clocks show. Pure.

A name such as Europe/Berlin is taken by its name: the definition beside it may be years old. All
other names mean what their definition says, since “GMT” may have a summer time. Definitions are
followed by our own bounded recurrence: a library's search has no end for a rule by the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sundaypaper import zones
from sundaypaper.sources.recurrence import Rule, occurrences, rule

# As many as the longest public definitions have, with every change since 1883.
MOST_ZONES, MOST_PARTS, MOST_RULES, MOST_DATES = 100, 500, 40, 1_000
MOST_CHANGES = 40  # in two years
BLOCK = re.compile(
    r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n.*?END:(?:STANDARD|DAYLIGHT)\r\n", re.DOTALL | re.IGNORECASE
)
TZID = re.compile(r"TZID(?:;[^:\r\n]{0,200})?:([^\r\n]{1,200})", re.IGNORECASE)
PLACE = re.compile(r"[A-Z][A-Za-z_]+/[A-Z][A-Za-z_/+-]+")
# What a library raises where a file does not hold what it should.
AMISS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class When:
    """A time as a calendar states it: local, in a zone; empty where only the day is known."""

    local: datetime
    zone: str

    @property
    def moment(self) -> datetime:
        """The same in UTC; a day is its midnight in UTC."""
        return self.local.replace(tzinfo=zones.clock(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Observance:
    """A part of a definition: from when on, in local time, the clocks show what."""

    starts: datetime
    rule: Rule | None
    dates: tuple[datetime, ...]
    before: timedelta
    offset: timedelta


class Zone:
    """A zone by its name in a file, and by its definition where the file has one."""

    def __init__(self, name: str, parts: tuple[Observance, ...] = ()) -> None:
        self.name = zones.zone(name) or ""
        self.parts = () if PLACE.fullmatch(name) and self.name else parts
        self._changes: dict[int, list[tuple[datetime, timedelta]]] = {}

    def when(self, local: datetime) -> When:
        """A local time in this zone; only its day where nobody can tell the zone."""
        offset = self._offset(local) if self.parts else None
        if offset is None:
            return When(local if self.name else datetime.combine(local.date(), time()), self.name)
        if self.name and zones.clock(self.name).utcoffset(local) == offset:
            return When(local, self.name)
        return When(local - offset, "UTC")

    def _offset(self, local: datetime) -> timedelta | None:
        """What the clocks show at a local time, before or behind UTC."""
        past = [change for change in self._of_year(local.year) if change[0] <= local]
        if past:
            return max(past)[1]
        first = min(self.parts, key=lambda part: part.starts)
        return first.before if local < first.starts else None

    def _of_year(self, year: int) -> list[tuple[datetime, timedelta]]:
        """The changes of a year, and the last before it."""
        if year not in self._changes:
            first, last = datetime(year - 1, 1, 1), datetime(year, 12, 31, 23, 59)  # noqa: DTZ001
            self._changes[year] = [
                (at, part.offset) for part in self.parts for at in _times(part, first, last)
            ]
        return self._changes[year]


def _times(part: Observance, first: datetime, last: datetime) -> Iterator[datetime]:
    """When a part begins within two years, or the last time before them."""
    if part.rule is None:
        yield from (at for at in (part.starts, *part.dates) if at <= last)
        return
    times = occurrences(part.starts, part.rule, first, last, MOST_CHANGES)
    # A rule that has ended still holds until another part begins.
    if not times and part.rule.until and part.rule.until < first:
        yield part.rule.until
    yield from times
    yield from (at for at in part.dates if at <= last)


def read(blocks: list[str]) -> Mapping[str, Zone]:
    """The zones that a file defines, by their names in it; what cannot be read defines none."""
    found: dict[str, Zone] = {}
    for block in blocks[:MOST_ZONES]:
        name = TZID.search(block)
        parts = tuple(_observances(block)) if name else ()
        if name and parts:
            found[name[1].strip().strip('"')] = Zone(name[1].strip().strip('"'), parts)
    return found


def _observances(block: str) -> Iterator[Observance]:
    """Its parts; none at all where one of them cannot be followed, since it may be the one that counts."""
    from icalendar import Component

    parts: list[Observance] = []
    texts = BLOCK.findall(block)
    ruled = sum("RRULE" in text for text in texts)
    if len(texts) > MOST_PARTS or ruled > MOST_RULES:
        return
    for text in texts:
        try:
            parts.append(_observance(Component.from_ical(text)))
        except AMISS:
            return
    yield from parts


def _observance(part: Any) -> Observance:
    starts = _naive(part["DTSTART"].dt)
    stated = part.get("RRULE")
    until = (stated or {}).get("UNTIL")
    given = {str(key): list(values) for key, values in stated.items()} if stated else None
    dates = part.get("RDATE")
    lists = dates if isinstance(dates, list) else [dates] if dates is not None else []
    return Observance(
        starts,
        rule(given, _naive(until[0]) if until else None) if given else None,
        tuple(_naive(d.dt) for each in lists for d in each.dts)[:MOST_DATES],
        part["TZOFFSETFROM"].td,
        part["TZOFFSETTO"].td,
    )


def _naive(value: object) -> datetime:
    """A date or a time without its zone: within a definition all are local, or nearly so."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    raise ValueError("no time")
