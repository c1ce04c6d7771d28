"""Parser of a calendar file's events (RFC 5545): their times, rules and texts. Pure.

A file's own definitions of zones (VTIMEZONE) are taken out before it is read, and read apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sundaypaper import zones
from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.sources import vtimezones
from sundaypaper.sources.feed.markup import plain
from sundaypaper.sources.recurrence import Rule, rule
from sundaypaper.sources.vtimezones import When, Zone
from sundaypaper.text import clean
from sundaypaper.urls import absolute, clean_url

if TYPE_CHECKING:
    from icalendar import Component, Event

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
class File:
    """What a file holds: its events, each with whether its calendar cancels it, and its zones.

    zone is that of the times that name none.
    """

    events: tuple[tuple[Event, bool], ...]
    zone: str
    zones: Mapping[str, Zone]


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event as stated. entry has no times yet; start and length are of the first time.

    local is the start as its own clocks show it, in clock. added and without are moments, days_off
    local days; replaces is the moment, as it was planned, of the one time that this takes the place
    of, with onwards of all that follow, too. With off it is cancelled, or not for the public.
    """

    uid: str
    entry: Entry
    start: When
    local: datetime
    clock: Zone
    length: timedelta
    rule: Rule | None
    added: tuple[When, ...]
    without: frozenset[datetime]
    days_off: frozenset[date]
    replaces: When | None
    onwards: bool
    sequence: int
    stamp: str
    off: bool

    def at(self, local: datetime) -> When:
        """One of its times, by its own clocks."""
        return self.clock.when(local) if self.start.zone else When(local, "")


def read(body: bytes) -> File:
    """What a file holds; ParseError where it is no calendar."""
    from icalendar import Calendar

    text = body.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:2_000].upper():
        raise ParseError("not a calendar" if text.strip() else "an empty answer")
    kept, definitions = _parted(text)
    try:
        calendars = Calendar.from_ical(kept, multiple=True)
    except (ValueError, LookupError, TypeError, AttributeError) as e:
        raise ParseError(f"not a calendar that can be read ({clean(str(e), 120)})") from e
    if not calendars:
        raise ParseError("a calendar that breaks off in the middle")
    named = clean(str(calendars[0].get("X-WR-TIMEZONE", "")), 60)
    events = tuple(_events(calendars))
    if len(events) > MOST_EVENTS:
        raise ParseError(f"more than {MOST_EVENTS:,} events")
    return File(events, zones.zone(named) or "", vtimezones.read(definitions))


def _events(calendars: Sequence[Component]) -> Iterator[tuple[Event, bool]]:
    from icalendar import Event

    for calendar in calendars:
        cancels = str(calendar.get("METHOD", "")).strip().upper() == "CANCEL"
        for event in calendar.walk("VEVENT"):
            if isinstance(event, Event):
                yield event, cancels


def _parted(text: str) -> tuple[str, list[str]]:
    """Events only, with the names of zones as everybody writes them; and the zones' definitions."""
    kept: list[str] = []
    definitions: list[list[str]] = []
    inside = ""
    for line in text.splitlines():
        mark = BLOCK.fullmatch(line)
        if inside:
            if inside == "VTIMEZONE":
                definitions[-1].append(line)
            ends = mark and (mark[1].upper(), mark[2].upper()) == ("END", inside)
            inside = "" if ends else inside
        elif mark and mark[1].upper() == "BEGIN":
            inside = mark[2].upper()
            definitions += [[]] if inside == "VTIMEZONE" else []
        else:
            kept.append(line)
    events = VENDOR.sub(r"TZID=\1", "\r\n".join(kept)) + "\r\n"
    return events, ["\r\n".join([*lines, ""]) for lines in definitions]


def meeting(event: Event, source: str, file: File, cancelled: bool = False) -> Meeting:
    """The meeting of an event; ValueError where it lacks a title or a time, or is not understood."""
    start = _time_of(event, "DTSTART", file, None)
    if start is None:
        raise ValueError("it does not say when it starts")
    local, clock = start
    at = _when(local, clock)
    excluded = list(_dates(event, "EXDATE", file, clock))
    replaces = _time_of(event, "RECURRENCE-ID", file, clock)
    return Meeting(
        uid=clean(_text(event, "UID"), 500) or f"{title(event)}\n{at.local.isoformat()}",
        entry=_entry(event, source, cancelled),
        start=at,
        local=_midnight(local),
        clock=clock or Zone(""),
        length=_length(event, at, file, clock),
        rule=_rule(event, at, _midnight(local)),
        added=tuple(_when(*each) for each in _dates(event, "RDATE", file, clock)),
        without=frozenset(_when(*each).moment for each in excluded),
        # A day without a time is the whole day; a meeting of whole days knows no times.
        days_off=frozenset(
            _midnight(day).date()
            for day, _ in excluded
            if not isinstance(day, datetime) or not at.zone
        ),
        replaces=_when(*replaces) if replaces else None,
        onwards=_range(event) == "THISANDFUTURE",
        sequence=int(_text(event, "SEQUENCE") or 0),
        stamp=_stamp(event),
        off=cancelled
        or _text(event, "STATUS").strip().upper() == "CANCELLED"
        or _text(event, "CLASS").strip().upper() in HIDDEN,
    )


def _range(event: Event) -> str:
    stated = event.get("RECURRENCE-ID")
    return str(getattr(stated, "params", {}).get("RANGE", "")).upper()


def _stamp(event: Event) -> str:
    """When this state of the event was written, as far as it says."""
    stated = event.get("LAST-MODIFIED") or event.get("DTSTAMP")
    moment = getattr(stated, "dt", None)
    return moment.isoformat() if isinstance(moment, date) else ""


def title(event: Event) -> str:
    """The title of an event, empty where it has none."""
    return plain(_text(event, "SUMMARY"), TITLE, "")


def _text(event: Event, key: str) -> str:
    """The text of a property, the first where it stands more than once."""
    value = event.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _entry(event: Event, source: str, cancelled: bool) -> Entry:
    if not (name := title(event)) and not cancelled:
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


Stated = tuple[date, Zone | None]  # a day, or a local time by the clocks of a zone


def _time_of(event: Event, key: str, file: File, usual: Zone | None) -> Stated | None:
    """The time of a property; one that names no zone is in the usual one, else the file's."""
    stated = event.get(key)
    if stated is None:
        return None
    try:
        value, named = stated.dt, str(stated.params.get("TZID", ""))
    except (AttributeError, ValueError) as e:  # stated twice, or not to be read
        raise ValueError(f"its {key} is no time") from e
    return _stated(value, named, file, usual)


def _stated(value: object, named: str, file: File, usual: Zone | None) -> Stated:
    if not isinstance(value, date):
        raise ValueError("it states a time that is none")
    if not isinstance(value, datetime):
        return value, None
    local = value.replace(tzinfo=None)
    if named in file.zones:
        return local, file.zones[named]
    if value.tzinfo is None:
        return local, Zone(named) if named else usual or Zone(file.zone)
    if called := zones.zone(str(getattr(value.tzinfo, "key", ""))):
        return local, Zone(called)
    return value.astimezone(UTC).replace(tzinfo=None), Zone("UTC")


def _when(value: date, clock: Zone | None) -> When:
    return (
        clock.when(value) if clock and isinstance(value, datetime) else When(_midnight(value), "")
    )


def _midnight(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _length(event: Event, start: When, file: File, clock: Zone | None) -> timedelta:
    """How long it lasts; for whole days, up to the last one's beginning. 0 where it makes no sense."""
    end = _time_of(event, "DTEND", file, clock)
    lasts = event.get("DURATION")
    if end is not None:
        length = _when(*end).moment - start.moment
    else:
        length = lasts.dt if lasts is not None else timedelta()
    if not start.zone:
        length = timedelta(days=(length - timedelta(microseconds=1)).days)
    return length if timedelta() <= length <= LONGEST else timedelta()


def _rule(event: Event, start: When, local: datetime) -> Rule | None:
    stated = event.get("RRULE")
    if stated is None:
        return None
    if isinstance(stated, list):
        raise ValueError("it has more than one rule")
    if event.get("EXRULE") is not None:
        raise ValueError("it leaves out days by a rule (EXRULE)")
    until = stated.get("UNTIL")
    return rule(
        {str(key): list(values) for key, values in stated.items()},
        _until(until[0], start, local) if until else None,
    )


def _until(last: object, start: When, local: datetime) -> datetime:
    """The last local time at which it may start; a date is the whole of that day."""
    if isinstance(last, datetime):
        if last.tzinfo is None:
            return last
        if start.zone != "UTC":
            return last.astimezone(zones.clock(start.zone)).replace(tzinfo=None)
        return last.astimezone(UTC).replace(tzinfo=None) + (local - start.local)
    if isinstance(last, date):
        return datetime.combine(last, time.max)
    raise ValueError("its rule ends at a time that is none")


def _dates(event: Event, key: str, file: File, usual: Zone | None) -> Iterator[Stated]:
    stated = event.get(key)
    lists = stated if isinstance(stated, list) else [] if stated is None else [stated]
    values = [(d.dt, str(each.params.get("TZID", ""))) for each in lists for d in each.dts]
    for value, named in values[:MOST_DATES]:
        yield _stated(value[0] if isinstance(value, tuple) else value, named, file, usual)
