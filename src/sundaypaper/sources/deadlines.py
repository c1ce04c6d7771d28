"""Conference dates from a public YAML file: deadlines, decisions and the conferences themselves.

    DeadlinesSource | asking: due? conditional GET | forms.document.parse, bounded
      | conferences: the dates of a row | Entry

A row is one conference in one year. It has a list `deadlines:` of dates with types, or one key a
date as older files have it, or both; then the list counts. ccfddl's files hold the same, nested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from sundaypaper.errors import ConfigError, ParseError
from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.forms.document import parse as parse_yaml
from sundaypaper.models import (
    Ask,
    Entry,
    Fetched,
    PollState,
    SourceReport,
    Venue,
)
from sundaypaper.sources import conditional_get
from sundaypaper.sources.conditional_get import Asked, Turn
from sundaypaper.sources.conferences import Row, days, is_open, is_waiting, rows, stated, text, when
from sundaypaper.sources.contract import Parse, Tools, WebSource, in_process
from sundaypaper.text import clean, fold
from sundaypaper.urls import absolute, clean_url, event_id
from sundaypaper.venues import extend

if TYPE_CHECKING:
    from sundaypaper.net import Net, Response

ACCEPT = "text/yaml, application/yaml, text/plain, */*;q=0.5"
LARGEST = 400_000  # bytes; the file of one conference holds some two thousand
# What is older tells nothing any more; what is farther is a slip of the pen.
PAST, AHEAD = timedelta(days=60), timedelta(days=800)
NAMES = frozenset(("title", "name"))
NAMED = 3  # so many dates that cannot be read are told one by one
TITLE, WORDS, ABOUT = 80, 100, 300


@dataclass(frozen=True, slots=True)
class DeadlinesSource(WebSource):
    """Conference dates: a public YAML file of one conference or many, as ai-deadlines or ccfddl have it."""

    whole: ClassVar[bool] = True
    venue_lists: ClassVar[tuple[str, ...]] = ("only",)

    kind: str = field(default="deadlines", kw_only=True)
    url: Annotated[v.Url, key("the address of the raw YAML file, http:// or https://")]
    only: Annotated[
        tuple[v.Text, ...],
        key("keep only the dates of these venues, such as [neurips, icml]"),
    ] = ()

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """The dates of the file that are not long over."""
        return fetch(self, poll, tools.net, ask, self.turn(poll, tools), tools.parse)


@dataclass(frozen=True, slots=True)
class ParsedDeadlines:
    """The dates of a file. bad says which could not be read and why; others counts those left out.

    waiting counts the conferences without a date.
    """

    entries: tuple[Entry, ...]
    bad: tuple[str, ...] = ()
    others: int = 0
    ttl: float | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Conference:
    """The fields that all entries of a row share."""

    name: str
    venue: str
    url: str
    about: str
    source: str


def fetch(
    spec: DeadlinesSource,
    poll: PollState,
    net: Net,
    ask: Ask,
    turn: Turn = None,
    run: Parse = in_process,
) -> Fetched:
    """The dates of a file that are not long over; never raises SourceError. run runs the parser."""

    def read(answer: Response) -> ParsedDeadlines:
        return run(parse, answer.body, spec, answer.url, ask.own_venues)

    def tell(dates: ParsedDeadlines, next_poll: PollState, _first: bool) -> Fetched:
        near = tuple(entry for entry in dates.entries if _is_near(entry, ask.now))
        return Fetched(_report(spec, dates, len(near)), next_poll, news=near)

    # With other venues in `only`, that nothing has changed would tell of another question.
    about = "#".join(filter(None, (spec.url, ",".join(spec.only))))
    return conditional_get.fetch(
        spec, poll, net, ask, Asked(ACCEPT, about, LARGEST), read, tell, turn
    )


def parse(
    body: bytes, spec: DeadlinesSource, url: str, own_venues: tuple[Venue, ...] = ()
) -> ParsedDeadlines:
    """The dates of a file in its order, each id once; ParseError where it is no such file.

    The names of a user's own venues are looked for beside those of the table.
    """
    names = venue_names(extend(own_venues))
    entries: dict[str, Entry] = {}
    bad: list[str] = []
    others = waiting = 0
    expected = False  # a place is kept for a date
    turns: Counter[str] = Counter()
    listed = _rows(body)
    for number, row in enumerate(listed, 1):
        title = clean(text(row, "title") or text(row, "name"), TITLE)
        if not title:
            bad.append(f"entry {number} has no title")
            continue
        venue = venue_of(title, text(row, "full_name"), names)
        if spec.only and venue not in spec.only:
            others += 1
            continue
        key = f"{text(row, 'id')}\n{fold(title)}\n{text(row, 'year')}"
        turns[key] += 1
        conference = _conference(row, title, venue, spec.name, url)
        faults = len(bad)
        events = list(_events(row, conference, f"{key}\n{turns[key]}", bad))
        for entry in events:
            entries.setdefault(entry.id, entry)
        if not events and len(bad) == faults:
            waiting += 1
            expected = expected or is_waiting(row)
    if not entries and not others and not expected:
        count = "1 entry" if len(listed) == 1 else f"{len(listed)} entries"
        why = f": {'; '.join(bad[:NAMED])}" if bad else ""
        raise ParseError(f"no date could be found in {count}{why}")
    return ParsedDeadlines(tuple(entries.values()), tuple(bad), others, waiting=waiting)


def _rows(body: bytes) -> list[Row]:
    """The rows of a file: a list, or one row alone."""
    if not body.strip():
        raise ParseError("an empty answer")
    try:
        data = parse_yaml(body.decode("utf-8-sig"), "").data
    except UnicodeDecodeError as e:
        raise ParseError("not UTF-8") from e
    except ConfigError as e:
        first = e.mistakes[0]
        raise ParseError(f"line {first.line}: {clean(first.message, 200)}") from e
    if isinstance(data, dict) and not NAMES & data.keys():  # conferences: [...]
        data = [row for part in data.values() if isinstance(part, list) for row in part]
    listed = rows(data if isinstance(data, list) else [data])
    if not any(NAMES & row.keys() for row in listed):
        raise ParseError("not a list of conferences with titles and dates")
    return listed


def _conference(row: Row, title: str, venue: str, source: str, url: str) -> _Conference:
    year = text(row, "year")[:4]
    name = title if not year or year in title else f"{title} {year}"
    place = ", ".join(p for key in ("city", "country") if (p := clean(text(row, key), WORDS)))
    about = ", in ".join(filter(None, (clean(text(row, "full_name"), WORDS * 2), place)))
    link = clean_url(absolute(text(row, "link"), url)) if text(row, "link") else ""
    return _Conference(name, venue, link or url, clean(about, ABOUT), source)


def _events(row: Row, of: _Conference, key: str, bad: list[str]) -> Iterator[Entry]:
    """The entries of a row; what cannot be read is added to bad."""
    turns: Counter[str] = Counter()
    for date in stated(row):
        turns[date.type] += 1
        if is_open(date.text):
            continue
        moment = when(date.text, date.zone)
        if moment is None:
            bad.append(f"{of.name}, {date.words}: “{clean(date.text, 40)}” is no date")
            continue
        yield Entry(
            id=event_id(f"{key}\n{date.type}\n{turns[date.type]}"),
            kind="event",
            source=of.source,
            url=of.url,
            title=f"{of.name}: {_lower(date.words)}",
            summary=of.about,
            starts=moment[0],
            zone=moment[1],
            occasion=date.occasion,
            venue=of.venue,
            own_words=True,
        )
    if conference := _itself(row, of, key, bad):
        yield conference


def _itself(row: Row, of: _Conference, key: str, bad: list[str]) -> Entry | None:
    try:
        span = days(row)
    except ValueError as e:
        bad.append(f"{of.name}, the conference: “{clean(str(e), 40)}” is no time")
        return None
    if span is None:
        return None
    return Entry(
        id=event_id(f"{key}\nconference"),
        kind="event",
        source=of.source,
        url=of.url,
        title=of.name,
        summary=of.about,
        starts=span[0],
        ends=span[1],
        occasion="conference",
        venue=of.venue,
        own_words=True,
    )


def _lower(words: str) -> str:
    """A label as it stands within a title: “Paper Deadline” is “paper deadline”, “ARR” stays."""
    return " ".join(word.lower() if word[1:].islower() else word for word in words.split())


def venue_names(table: tuple[Venue, ...]) -> dict[str, str]:
    """The key of each venue by its folded names."""
    return {_folded(n): venue.key for venue in table for n in (venue.title, *venue.names)}


def venue_of(title: str, full_name: str, names: dict[str, str]) -> str:
    """The key of the venue of that name, or whose name ends the full one; empty where none has it."""
    if key := names.get(_folded(title)):
        return key
    words = _folded(full_name).split()
    tails = (" ".join(words[at:]) for at in range(len(words) - 1))
    return next((names[tail] for tail in tails if tail in names), "")


def _folded(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word != "and")


def _is_near(entry: Entry, now: datetime) -> bool:
    over = entry.ends or entry.starts
    return over is not None and now - PAST <= over <= now + AHEAD


def _report(spec: DeadlinesSource, dates: ParsedDeadlines, kept: int) -> SourceReport:
    notes = []
    if dates.bad:
        named = "; ".join(dates.bad[:NAMED])
        more = f"; and {len(dates.bad) - NAMED} more" if len(dates.bad) > NAMED else ""
        total = len(dates.bad) + len(dates.entries)
        notes.append(f"{len(dates.bad)} of {total} dates could not be read: {named}{more}")
    if dates.waiting:
        are = "conference has" if dates.waiting == 1 else "conferences have"
        notes.append(f"{dates.waiting} {are} no date")
    if spec.only and not dates.entries:
        notes.append(f"no date of {', '.join(spec.only)} is in it")
    elif dates.others:
        notes.append(f"{dates.others} other conferences left out by `only`")
    detail = "; ".join(notes)
    return SourceReport(
        spec.name, spec.kind, "fresh", fetched=len(dates.entries), new=kept, detail=detail
    )
