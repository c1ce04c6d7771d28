"""Calendar sources (.ics): the next meetings of a group, a hackathon, a reading group that recurs.

CalendarSource | asking: due? conditional GET | vevents: what the file states
  | recurrence: the next times | Entry
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.models import Ask, Entry, Fetched, PollState, SourceReport
from sundaypaper.sources import conditional_get, vevents
from sundaypaper.sources.conditional_get import Asked, Turn
from sundaypaper.sources.contract import Parse, Tools, WebSource, in_process
from sundaypaper.sources.recurrence import occurrences
from sundaypaper.sources.vevents import DAY, Meeting
from sundaypaper.sources.vtimezones import When
from sundaypaper.text import clean
from sundaypaper.urls import event_id

if TYPE_CHECKING:
    from sundaypaper.net import Net, Response

CALENDAR = Asked("text/calendar, */*;q=0.5", limit=2_000_000)
# What recurs is followed so far; what is announced by itself, for a good year.
RECURRING, SINGLE = timedelta(days=60), timedelta(days=400)
MOST_RULES, MOST_TIMES, MOST_ENTRIES = 100, 70, 300
NAMED = 3
# What icalendar and dates raise where a file does not hold what it should.
AMISS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)

Key = tuple[str, datetime | None]  # what names an event, and which of its times


@dataclass(frozen=True, slots=True)
class ParsedCalendar:
    """The next events of a calendar. bad says which of the total could not be read, and why.

    beyond counts those that were too many, doubled those that share the name of another.
    """

    entries: tuple[Entry, ...]
    bad: tuple[str, ...] = ()
    total: int = 0
    beyond: int = 0
    recurs: bool = False
    ttl: float | None = None
    doubled: int = 0


@dataclass(frozen=True, slots=True)
class CalendarSource(WebSource):
    """A public calendar in the iCalendar form (.ics): meetings of a group, a hackathon."""

    whole: ClassVar[bool] = True

    kind: str = field(default="calendar", kw_only=True)
    url: Annotated[v.Url, key("the address of the calendar, http:// or https://")]

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """Fetch the next events."""
        return fetch(self, poll, tools.net, ask, self.turn(poll, tools), tools.parse)


def fetch(
    spec: CalendarSource,
    poll: PollState,
    net: Net,
    ask: Ask,
    turn: Turn = None,
    run: Parse = in_process,
) -> Fetched:
    """Fetch the next events of a calendar; never raises SourceError. run runs the parser."""

    def read(answer: Response) -> ParsedCalendar:
        return run(parse, answer.body, spec.name, ask.now)

    def tell(calendar: ParsedCalendar, next_poll: PollState, _first: bool) -> Fetched:
        if calendar.recurs:  # the same file tells more as time goes on, so it is asked for whole
            next_poll = replace(next_poll, etag="", last_modified="")
        return Fetched(_report(spec, calendar), next_poll, news=calendar.entries)

    return conditional_get.fetch(spec, poll, net, ask, CALENDAR, read, tell, turn)


def parse(body: bytes, source: str, now: datetime) -> ParsedCalendar:
    """The events from a day before now on, soonest first; ParseError where it is no calendar."""
    file = vevents.read(body)
    stated: list[Meeting] = []
    bad: list[str] = []
    for number, (event, cancelled) in enumerate(file.events, 1):
        try:
            stated.append(vevents.meeting(event, source, file, cancelled))
        except AMISS as e:
            bad.append(_why(vevents.title(event) or f"event {number}", e))
    whole, doubled = _told_apart([meeting for meeting in stated if meeting.replaces is None])
    planned = _newest(whole)
    changes = [_by_time(m, planned.get((m.uid, None))) for m in stated if m.replaces is not None]
    instead = {
        key: meeting
        for key, meeting in _newest(changes).items()
        if not _called_off(meeting, planned.get((meeting.uid, None)))
    }
    onwards = {key: m for key, m in instead.items() if m.onwards and (m.uid, None) in planned}
    single = {key: meeting for key, meeting in instead.items() if key not in onwards}
    entries = {entry.id: entry for entry in _changed(single, now)}
    taken, recurring = frozenset(single), 0
    for meeting in planned.values():
        if meeting.off:
            continue
        recurring += meeting.rule is not None
        later = [m for m in onwards.values() if m.uid == meeting.uid] if meeting.rule else []
        try:
            if meeting.rule and recurring > MOST_RULES:
                raise ValueError(f"more than {MOST_RULES} events recur")
            for entry in _expanded(meeting, later, taken, now):
                entries.setdefault(entry.id, entry)
        except AMISS as e:
            bad.append(_why(meeting.entry.title, e))
    ordered = sorted(entries.values(), key=lambda e: (e.starts or now, e.id))
    kept, beyond = tuple(ordered[:MOST_ENTRIES]), max(0, len(ordered) - MOST_ENTRIES)
    total = len(file.events)
    return ParsedCalendar(kept, tuple(bad), total, beyond, recurring > 0, doubled=doubled)


def _told_apart(meetings: list[Meeting]) -> tuple[list[Meeting], int]:
    """Events of one UID that are no states of one event get names of their own; how many they are.

    They say that they are of one state, and differ in title or, where they were written at one
    moment, in time.
    """
    shared: dict[tuple[str, int], list[Meeting]] = {}
    for meeting in meetings:
        shared.setdefault((meeting.uid, meeting.sequence), []).append(meeting)
    told: list[Meeting] = []
    doubled = 0
    for (uid, _), alike in shared.items():
        titles = {m.entry.title for m in alike}
        times = {m.start.moment for m in alike} if len({m.stamp for m in alike}) == 1 else set()
        if len(alike) > 1 and (len(titles) > 1 or len(times) > 1) and not any(m.off for m in alike):
            doubled += len(alike)
            alike = [
                replace(m, uid=f"{uid}\n{m.entry.title}\n{m.local.isoformat()}") for m in alike
            ]
        told += alike
    return told, doubled


def _by_time(change: Meeting, whole: Meeting | None) -> Meeting:
    """The same, with what it takes the place of named as the event has it: by time, or by day."""
    at = change.replaces
    if at is None or whole is None or bool(at.zone) == bool(whole.start.zone):
        return change
    day = at.local.date()
    named = whole.at(datetime.combine(day, whole.local.time() if whole.start.zone else time()))
    return replace(change, replaces=named)


def _called_off(meeting: Meeting, whole: Meeting | None) -> bool:
    """Whether the event, in a newer state, leaves out the time that this one takes the place of."""
    if whole is None or meeting.replaces is None:
        return False
    at = meeting.replaces
    excluded = at.moment in whole.without or at.local.date() in whole.days_off
    moved = meeting.start.moment != at.moment
    return excluded and (whole.sequence > meeting.sequence or not moved)


def _newest(meetings: Iterable[Meeting]) -> dict[Key, Meeting]:
    """Each event, or each changed time of one, in its newest state."""
    newest: dict[Key, Meeting] = {}
    for meeting in meetings:
        key = (meeting.uid, meeting.replaces.moment if meeting.replaces else None)
        old = newest.get(key)
        if old is None or (meeting.sequence, meeting.stamp) >= (old.sequence, old.stamp):
            newest[key] = meeting
    return newest


def _expanded(
    meeting: Meeting, later: list[Meeting], taken: frozenset[Key], now: datetime
) -> Iterator[Entry]:
    """Each time of a meeting that no other stands in for; later says what changes from some on."""
    for local, at in _times(meeting, now):
        if (meeting.uid, at.moment) in taken:
            continue
        planned = at.moment if meeting.rule or meeting.added else None
        changes = [m for m in later if m.replaces and m.replaces.moment <= at.moment]
        if not changes:
            yield _entry(meeting, at, planned)
            continue
        change = max(changes, key=lambda m: m.replaces.moment if m.replaces else now)
        if not change.off and change.replaces:
            moved = change.start.moment - change.replaces.moment
            yield _entry(change, change.at(local + moved), planned)


def _changed(instead: dict[Key, Meeting], now: datetime) -> Iterator[Entry]:
    """The single times that were moved or changed and are not cancelled."""
    for (_, planned), meeting in instead.items():
        if not meeting.off and now - DAY <= meeting.start.moment <= now + SINGLE:
            yield _entry(meeting, meeting.start, planned)


def _times(meeting: Meeting, now: datetime) -> Iterator[tuple[datetime, When]]:
    """The times at which a meeting starts, by its own clocks too, from a day before now on."""
    if meeting.rule is None:
        planned = [(meeting.local, meeting.start)]
    else:
        # In local time, so that it is at six in summer too; a day's slack for where that is.
        start, end = ((now + d).replace(tzinfo=None) for d in (-2 * DAY, RECURRING + DAY))
        times = occurrences(meeting.local, meeting.rule, start, end, MOST_TIMES)
        planned = [(at, meeting.at(at)) for at in times]
    planned = [(local, at) for local, at in planned if local.date() not in meeting.days_off]
    planned += [(at.local, at) for at in meeting.added]
    last = now + (SINGLE if meeting.rule is None else RECURRING)
    for local, at in planned:
        if now - DAY <= at.moment <= last and at.moment not in meeting.without:
            yield local, at


def _entry(meeting: Meeting, at: When, planned: datetime | None) -> Entry:
    """One time of a meeting; planned, its time before any move, goes into the id where it recurs."""
    key = f"{meeting.uid}\n{planned.isoformat()}" if planned else meeting.uid
    ends = at.moment + meeting.length if meeting.length else None
    return replace(meeting.entry, id=event_id(key), starts=at.moment, ends=ends, zone=at.zone)


def _why(title: str, error: Exception) -> str:
    return f"“{clean(title, 60)}”: {clean(str(error), 80)}"


def _report(spec: CalendarSource, calendar: ParsedCalendar) -> SourceReport:
    notes = []
    if calendar.bad:
        named = "; ".join(calendar.bad[:NAMED])
        more = f"; and {len(calendar.bad) - NAMED} more" if len(calendar.bad) > NAMED else ""
        notes.append(
            f"{len(calendar.bad)} of {calendar.total} events could not be read: {named}{more}"
        )
    if calendar.doubled:
        notes.append(
            f"{calendar.doubled} events share a UID with another: told apart by title and time"
        )
    if calendar.beyond:
        notes.append(f"{calendar.beyond} later ones left out")
    count = len(calendar.entries)
    return SourceReport(
        spec.name, spec.kind, "fresh", fetched=count, new=count, detail="; ".join(notes)
    )
