"""Calendar sources (.ics): the next meetings of a group, a hackathon, a reading group that recurs.

CalendarSource | asking: due? conditional GET | vevents: what the file states
  | recurrence: the next times | Entry
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.models import Ask, Entry, Fetched, PollState, SourceReport
from sundaypaper.sources import conditional_get, vevents
from sundaypaper.sources.conditional_get import Asked, Turn
from sundaypaper.sources.contract import Parse, Tools, WebSource, in_process
from sundaypaper.sources.recurrence import occurrences
from sundaypaper.sources.vevents import DAY, Meeting, When
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

    beyond counts those that were too many.
    """

    entries: tuple[Entry, ...]
    bad: tuple[str, ...] = ()
    total: int = 0
    beyond: int = 0
    recurs: bool = False
    ttl: float | None = None


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
    events, zone = vevents.read(body)
    stated: list[Meeting] = []
    bad: list[str] = []
    for number, event in enumerate(events, 1):
        try:
            stated.append(vevents.meeting(event, source, zone))
        except AMISS as e:
            bad.append(_why(vevents.title(event) or f"event {number}", e))
    planned = _newest(meeting for meeting in stated if meeting.replaces is None)
    instead = _newest(meeting for meeting in stated if meeting.replaces is not None)
    entries = {entry.id: entry for entry in _changed(instead, now)}
    taken, recurring = frozenset(instead), 0
    for meeting in planned.values():
        if meeting.off:
            continue
        recurring += meeting.rule is not None
        try:
            if meeting.rule and recurring > MOST_RULES:
                raise ValueError(f"more than {MOST_RULES} events recur")
            for entry in _expanded(meeting, taken, now):
                entries.setdefault(entry.id, entry)
        except AMISS as e:
            bad.append(_why(meeting.entry.title, e))
    ordered = sorted(entries.values(), key=lambda e: (e.starts or now, e.id))
    kept, beyond = tuple(ordered[:MOST_ENTRIES]), max(0, len(ordered) - MOST_ENTRIES)
    return ParsedCalendar(kept, tuple(bad), len(events), beyond, recurring > 0)


def _newest(meetings: Iterator[Meeting]) -> dict[Key, Meeting]:
    """Each event, or each changed time of one, in its newest state."""
    newest: dict[Key, Meeting] = {}
    for meeting in meetings:
        old = newest.get((meeting.uid, meeting.replaces))
        if old is None or meeting.sequence >= old.sequence:
            newest[meeting.uid, meeting.replaces] = meeting
    return newest


def _expanded(meeting: Meeting, taken: frozenset[Key], now: datetime) -> Iterator[Entry]:
    """Each time of a meeting that no other stands in for."""
    for at in _times(meeting, now):
        if (meeting.uid, at.moment) not in taken:
            yield _entry(meeting, at, at.moment if meeting.rule or meeting.added else None)


def _changed(instead: dict[Key, Meeting], now: datetime) -> Iterator[Entry]:
    """The single times that were moved or changed and are not cancelled."""
    for (_, planned), meeting in instead.items():
        if not meeting.off and now - DAY <= meeting.start.moment <= now + SINGLE:
            yield _entry(meeting, meeting.start, planned)


def _times(meeting: Meeting, now: datetime) -> Iterator[When]:
    """The times at which a meeting starts, from a day before now on."""
    first = meeting.start
    if meeting.rule is None:
        planned = [first]
    else:
        # In local time, so that it is at six in summer too; a day's slack for where that is.
        start, end = ((now + d).replace(tzinfo=None) for d in (-2 * DAY, RECURRING + DAY))
        times = occurrences(first.local, meeting.rule, start, end, MOST_TIMES)
        planned = [When(at, first.zone) for at in times]
    last = now + (SINGLE if meeting.rule is None else RECURRING)
    for at in (*planned, *meeting.added):
        if now - DAY <= at.moment <= last and at.moment not in meeting.without:
            yield at


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
    if calendar.beyond:
        notes.append(f"{calendar.beyond} later ones left out")
    count = len(calendar.entries)
    return SourceReport(
        spec.name, spec.kind, "fresh", fetched=count, new=count, detail="; ".join(notes)
    )
