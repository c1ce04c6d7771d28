"""Parser of a calendar file's events (RFC 5545): their times, rules and texts. Pure.

A file's own definitions of zones (VTIMEZONE) are removed before it is read: they can be as hostile
as any rule, and the zones' names are enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from sundaypaper import zones
from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.sources.feed.markup import plain
from sundaypaper.sources.recurrence import Rule, rule
from sundaypaper.text import clean
from sundaypaper.urls import absolute, clean_url

if TYPE_CHECKING:
    from icalendar import Event

MOST_EVENTS, MOST_DATES = 5_000, 1_000
LONGEST = timedelta(days=60)
TITLE, PLACE, ABOUT = 200, 100, 300
DAY = timedelta(days=1)
BLOCK = re.compile(r"(BEGIN|END):(VTIMEZONE|VALARM|VTODO|VJOURNAL|VFREEBUSY)\s*", re.IGNORECASE)
# /vendor/20050126/Europe/Berlin is Europe/Berlin.
VENDOR = re.compile(r'TZID="?/[^:;"\s]*?/([A-Z][A-Za-z_]+/[A-Z][A-Za-z_/]+)"?')
LINK = re.compile(r"https?://[^\s<>\"']{3,500}")
HIDDEN = ("PRIVATE", "CONFIDENTIAL")


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
class Meeting:
    """An event as stated. entry has no times yet; start and length are of the first time.

    added and without are moments; replaces is the moment, as it was planned, of the one time that
    this takes the place of. With off it is cancelled, or not for the public.
    """

    uid: str
    entry: Entry
    start: When
    length: timedelta
    rule: Rule | None
    added: tuple[When, ...]
    without: frozenset[datetime]
    replaces: datetime | None
    sequence: int
    off: bool


def read(body: bytes) -> tuple[list[Event], str]:
    """The events of a file, and the zone of those that name none; ParseError where it is none."""
    from icalendar import Calendar, Event

    text = body.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:2_000].upper():
        raise ParseError("not a calendar" if text.strip() else "an empty answer")
    try:
        calendars = Calendar.from_ical(_without_blocks(text), multiple=True)
    except (ValueError, LookupError, TypeError, AttributeError) as e:
        raise ParseError(f"not a calendar that can be read ({clean(str(e), 120)})") from e
    if not calendars:
        raise ParseError("a calendar that breaks off in the middle")
    named = clean(str(calendars[0].get("X-WR-TIMEZONE", "")), 60)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(events) > MOST_EVENTS:
        raise ParseError(f"more than {MOST_EVENTS:,} events")
    return [event for event in events if isinstance(event, Event)], zones.zone(named) or ""


def _without_blocks(text: str) -> str:
    """Events only, with the names of zones as everybody writes them."""
    kept: list[str] = []
    inside = ""
    for line in text.splitlines():
        mark = BLOCK.fullmatch(line)
        if inside:
            inside = (
                "" if mark and (mark[1].upper(), mark[2].upper()) == ("END", inside) else inside
            )
        elif mark and mark[1].upper() == "BEGIN":
            inside = mark[2].upper()
        else:
            kept.append(line)
    return VENDOR.sub(r"TZID=\1", "\r\n".join(kept)) + "\r\n"


def meeting(event: Event, source: str, zone: str) -> Meeting:
    """The meeting of an event; ValueError where it lacks a title or a time, or is not understood."""
    start = _time_of(event, "DTSTART", zone)
    if start is None:
        raise ValueError("it does not say when it starts")
    replaces = _time_of(event, "RECURRENCE-ID", zone)
    return Meeting(
        uid=clean(_text(event, "UID"), 500) or f"{title(event)}\n{start.local.isoformat()}",
        entry=_entry(event, source),
        start=start,
        length=_length(event, start, zone),
        rule=_rule(event, start),
        added=tuple(_dates(event, "RDATE", zone)),
        without=frozenset(when.moment for when in _dates(event, "EXDATE", zone)),
        replaces=replaces.moment if replaces else None,
        sequence=int(_text(event, "SEQUENCE") or 0),
        off=_text(event, "STATUS").upper() == "CANCELLED"
        or _text(event, "CLASS").upper() in HIDDEN,
    )


def title(event: Event) -> str:
    """The title of an event, empty where it has none."""
    return plain(_text(event, "SUMMARY"), TITLE, "")


def _text(event: Event, key: str) -> str:
    """The text of a property, the first where it stands more than once."""
    value = event.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _entry(event: Event, source: str) -> Entry:
    if not (name := title(event)):
        raise ValueError("it has no title")
    description = _text(event, "DESCRIPTION")[:20_000]
    place = plain(_text(event, "LOCATION"), PLACE, "")
    link = _text(event, "URL") or (match[0] if (match := LINK.search(description)) else "")
    about = " ".join(LINK.sub("", plain(description, ABOUT, "")).split())
    parts = ("" if LINK.search(place) else place, about)
    return Entry(
        id="",
        kind="event",
        source=source,
        url=clean_url(absolute(link or (place if LINK.fullmatch(place) else ""), "")),
        title=name,
        summary=clean(" · ".join(filter(None, parts)), ABOUT),
        occasion="meeting",
    )


def _time_of(event: Event, key: str, zone: str) -> When | None:
    stated = event.get(key)
    if stated is None:
        return None
    try:
        value, named = stated.dt, "TZID" in stated.params
    except (AttributeError, ValueError) as e:  # stated twice, or not to be read
        raise ValueError(f"its {key} is no time") from e
    return _when(value, zone, named)


def _when(value: object, zone: str, named: bool) -> When:
    """A date, or a time in its zone; a floating one is in the calendar's, where that is known."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            at = "" if named else zone
            return When(value if at else datetime.combine(value.date(), time()), at)
        called = zones.zone(_name(value.tzinfo))
        local = value.replace(tzinfo=None) if called else value.astimezone(UTC).replace(tzinfo=None)
        return When(local, called or "UTC")
    if isinstance(value, date):
        return When(datetime.combine(value, time()), "")
    raise ValueError("it states a time that is none")


def _name(of: tzinfo) -> str:
    return "UTC" if of is UTC else str(getattr(of, "key", of))


def _length(event: Event, start: When, zone: str) -> timedelta:
    """How long it lasts; for whole days, up to the last one's beginning. 0 where it makes no sense."""
    end = _time_of(event, "DTEND", zone)
    lasts = event.get("DURATION")
    if end is not None:
        length = end.moment - start.moment
    else:
        length = lasts.dt if lasts is not None else timedelta()
    if not start.zone:
        length = timedelta(days=(length - timedelta(microseconds=1)).days)
    return length if timedelta() <= length <= LONGEST else timedelta()


def _rule(event: Event, start: When) -> Rule | None:
    stated = event.get("RRULE")
    if stated is None:
        return None
    if isinstance(stated, list):
        raise ValueError("it has more than one rule")
    until = stated.get("UNTIL")
    return rule(
        {str(key): list(values) for key, values in stated.items()},
        _until(until[0], start) if until else None,
    )


def _until(last: object, start: When) -> datetime:
    """The last local time at which it may start; a date is the whole of that day."""
    if isinstance(last, datetime):
        return (
            last.astimezone(zones.clock(start.zone)).replace(tzinfo=None) if last.tzinfo else last
        )
    if isinstance(last, date):
        return datetime.combine(last, time.max)
    raise ValueError("its rule ends at a time that is none")


def _dates(event: Event, key: str, zone: str) -> Iterator[When]:
    stated = event.get(key)
    lists = stated if isinstance(stated, list) else [] if stated is None else [stated]
    values = [(value.dt, "TZID" in each.params) for each in lists for value in each.dts]
    for value, named in values[:MOST_DATES]:
        yield _when(value[0] if isinstance(value, tuple) else value, zone, named)
