"""Votes of readers elsewhere: the papers of a public list with how many voted for each.

    VotesSource | due? once a day, and before printing | a list a week, page by page
      | counts_of: what a page says -> Fetched.votes

It brings no entries. A list comes by votes, most first, so what lies behind the last page that is
read counts least.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from sundaypaper.errors import FetchError, ParseError, SourceError
from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.models import (
    Ask,
    Fetched,
    PollState,
    Slice,
    SourceReport,
    SourceState,
    Votes,
)
from sundaypaper.sources.conditional_get import document, setback
from sundaypaper.sources.contract import Parse, Source, Tools, in_process
from sundaypaper.sources.polling import belongs, waits
from sundaypaper.weeks import after, iso_week

if TYPE_CHECKING:
    from sundaypaper.net import Net, Response

API = "https://huggingface.co/api/daily_papers"
ACCEPT = {"accept": "application/json"}
LARGEST = 4_000_000  # bytes of a page; a row of the real list has some eight thousand
MOST_VALUES = 200_000  # lists and objects in a page; a paper of a thousand authors has some 2,000
A_PAGE, MOST_PAGES = 100, 10
MOST_VOTES = 1_000_000


@dataclass(frozen=True, slots=True)
class VotesSource(Source):
    """Votes of readers elsewhere: a public list in the form of Hugging Face's daily papers.

    It is a signal and brings no entries.
    """

    brings_votes: ClassVar[bool] = True

    kind: str = field(default="votes", kw_only=True)
    api_url: Annotated[
        v.Url, key("the address of the list, which answers with the papers of `?week=2026-W10`")
    ] = API
    off: Annotated[v.YesNo, key("true lists the source without asking it")] = field(
        default=False, kw_only=True
    )

    @property
    def address(self) -> str:
        """The address of the list."""
        return self.api_url

    @property
    def host(self) -> str:
        """Its host."""
        from sundaypaper.net import host_of

        return host_of(self.api_url)

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """Fetch the votes of the weeks that are composed."""
        return fetch(self, poll, tools.net, ask, tools.parse)


@dataclass(frozen=True, slots=True)
class Page:
    """The votes that a page states by entry id; rows counts all of its rows, bad the unread ones."""

    counts: dict[str, int]
    rows: int
    bad: int


@dataclass(slots=True)
class Tally:
    """What the pages said so far: votes by entry id, how many rows there were, how many unread.

    A paper that stands on two pages or lists has the larger count. cut: a list was longer than what
    is read.
    """

    counts: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    bad: int = 0
    cut: bool = False

    def add(self, page: Page | Tally) -> None:
        """Add what a page, or a whole list, says."""
        for id, count in page.counts.items():
            self.counts[id] = max(count, self.counts.get(id, 0))
        self.rows += page.rows
        self.bad += page.bad


@dataclass(slots=True)
class Heard:
    """What the lists said, by week; lost says of each that did not come whole why, why of them all."""

    read: dict[str, Tally] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    why: str = ""

    def together(self, lists: Iterable[str]) -> Tally:
        """What some of the lists say together."""
        tally = Tally()
        for week in lists:
            tally.add(self.read.get(week, Tally()))
        return tally


def fetch(
    spec: VotesSource, poll: PollState, net: Net, ask: Ask, run: Parse = in_process
) -> Fetched:
    """The votes of every paper on the lists of the weeks; never raises SourceError.

    run runs the parser of a page.
    """
    if not belongs(poll.note, spec.api_url):  # configured anew: what is remembered is of another
        poll = PollState(spec.name)
    if spec.off:
        return _quiet(spec, poll, ask, "off", "switched off in feeds.yaml")
    if (until := _waits_until(poll, ask)) is not None:
        return _quiet(spec, poll, ask, "not due", f"next check {until:%Y-%m-%d %H:%M} UTC")
    lists = lists_of(ask)
    if not lists:
        return _quiet(spec, poll, ask, "not due", f"{ask.week} has not begun")
    heard = Heard()
    for at, week in enumerate(lists):
        heard.read[week] = Tally()
        try:
            _read_list(spec, net, week, heard.read[week], ask.wall, run)
        except SourceError as bad:
            heard.lost = {week: str(bad)} | dict.fromkeys(lists[at + 1 :], "not asked")
            heard.why, poll = _failed(spec, poll, ask, bad)
            return _fetched(spec, poll, ask, heard)
    kept = replace(
        poll,
        fetched_once=True,
        failures=0,
        next_check=poll.next_check if ask.rehearsal else _tomorrow(ask.wall),
        answered_at=ask.now,
        note=f"of {spec.api_url}",
    )
    return _fetched(spec, kept, ask, heard)


def lists_of(ask: Ask) -> tuple[str, ...]:
    """The weeks whose lists are asked, those that have begun.

    A paper may come onto the list of the week after its own.
    """
    return tuple(sorted({of for week in _weeks(ask) for of in _lists_of_week(week, ask)}))


def _weeks(ask: Ask) -> tuple[str, ...]:
    return tuple(dict.fromkeys((ask.week, *ask.composed)))


def _lists_of_week(week: str, ask: Ask) -> tuple[str, ...]:
    return tuple(w for w in (week, after(week)) if w <= iso_week(ask.now.date()))


def counts_of(body: bytes) -> Page:
    """The votes that a page of a list states; ParseError where it is no such list."""
    if body.count(b"{") + body.count(b"[") > MOST_VALUES:
        raise ParseError(f"more than {MOST_VALUES:,} values, more than any list has")
    try:
        rows = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as e:
        raise ParseError(f"not JSON ({str(e)[:100]})") from e
    if not isinstance(rows, list):
        raise ParseError("JSON, but not a list of papers")
    counts: dict[str, int] = {}
    bad = 0
    for row in rows:
        id, count = _stated(row)
        if not id or count is None:
            bad += 1
        else:
            counts[id] = max(count, counts.get(id, 0))
    if rows and not counts:
        raise ParseError(f"none of {len(rows):,} rows names an arXiv paper and its votes")
    return Page(counts, len(rows), bad)


def _stated(row: object) -> tuple[str, int | None]:
    """The id and the votes of a row; empty or None where it states none that can be believed."""
    paper = row.get("paper") if isinstance(row, dict) else None
    if not isinstance(paper, dict):
        return "", None
    id, count = paper.get("id"), paper.get("upvotes")
    believed = type(count) is int and 0 <= count <= MOST_VOTES
    return v.paper_id(id) if isinstance(id, str) else "", count if believed else None


def _read_list(
    spec: VotesSource, net: Net, week: str, tally: Tally, wall: datetime, run: Parse
) -> None:
    """Add the pages of a week's list, until one is short or tells nothing new."""

    def read(answer: Response) -> Page:
        return run(counts_of, answer.body)

    joint = "&" if "?" in spec.api_url else "?"
    seen: set[str] = set()
    for number in range(MOST_PAGES):
        url = f"{spec.api_url}{joint}week={week}&p={number}&limit={A_PAGE}"
        page = document(read, net.get(url, headers=ACCEPT, limit=LARGEST), wall)
        tally.add(page)
        if page.rows < A_PAGE or page.counts.keys() <= seen:
            return
        seen |= page.counts.keys()
    tally.cut = True


def _waits_until(poll: PollState, ask: Ask) -> datetime | None:
    """When it may be asked, where that is later; before printing only the server's own wish counts."""
    until = _wished(poll.note) if ask.printing else poll.next_check
    return until if waits(until, ask.wall) else None


def _wished(note: str) -> datetime | None:
    """The moment before which the server asked not to be asked again."""
    match note.split():
        case ["of", _, "wait", moment]:
            return datetime.fromisoformat(moment)
    return None


def _tomorrow(wall: datetime) -> datetime:
    """The next day, so that runs at the same hour of two days both ask."""
    return datetime.combine(wall.date() + timedelta(days=1), time(), UTC)


def _failed(
    spec: VotesSource, poll: PollState, ask: Ask, error: SourceError
) -> tuple[str, PollState]:
    """A failure in words, and the poll state after it: when the lists are asked again."""
    detail, wait = setback(spec.api_url, poll, error, ask)
    if ask.rehearsal:
        return detail, poll
    wish = error.retry_after if isinstance(error, FetchError) else None
    wished = f" wait {(ask.wall + wait).isoformat()}" if wish else ""
    later = replace(
        poll,
        failures=poll.failures + 1,
        next_check=ask.wall + wait,
        note=f"of {spec.api_url}{wished}",
    )
    return detail, later


def _quiet(
    spec: VotesSource, poll: PollState, ask: Ask, state: SourceState, detail: str
) -> Fetched:
    """Nothing was asked; each week's ledger says so."""
    report = SourceReport(spec.name, spec.kind, state, detail=detail)
    return Fetched(report, poll, weekly=dict.fromkeys(_weeks(ask), report))


def _fetched(spec: VotesSource, poll: PollState, ask: Ask, heard: Heard) -> Fetched:
    """The votes, and for each week's ledger what its own lists said."""
    lists = lists_of(ask)
    votes = {
        id: (Votes(spec.name, count, ask.now),)
        for id, count in heard.together(lists).counts.items()
    }
    weekly = {w: _report(spec, _lists_of_week(w, ask), heard, w) for w in _weeks(ask)}
    return Fetched(_report(spec, lists, heard), poll, votes=votes, weekly=weekly)


def _report(
    spec: VotesSource, lists: tuple[str, ...], heard: Heard, week: str = ""
) -> SourceReport:
    """What some of the lists said; week is whose they are, empty where they are all."""
    tally = heard.together(lists)
    report = SourceReport(spec.name, spec.kind, "fresh", fetched=len(tally.counts))
    lost = tuple(
        Slice(f"the list of {w}", None, heard.together((w,)).rows, heard.lost[w])
        for w in lists
        if w in heard.lost
    )
    if not lists:
        return replace(report, state="not due", detail=f"{week} has not begun")
    if not lost:
        return replace(report, detail=_detail(lists, tally, heard))
    if not tally.counts:
        return replace(report, state="failed", detail=heard.why)
    return replace(report, state="incomplete", detail=heard.why, missing=lost)


def _detail(lists: tuple[str, ...], tally: Tally, heard: Heard) -> str:
    notes = []
    if len(lists) > 1:
        notes.append(f"the lists of {', '.join(lists[:-1])} and {lists[-1]}")
    if tally.bad:
        notes.append(f"{tally.bad:,} of {tally.rows:,} rows could not be read")
    if cut := [week for week in lists if heard.read[week].cut]:
        most = A_PAGE * MOST_PAGES
        notes.append(f"of {', '.join(cut)} the first {most:,} rows alone were read")
    return "; ".join(notes)
