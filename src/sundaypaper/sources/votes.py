"""Votes of readers elsewhere: the papers of a public list with how many voted for each.

    VotesSource | due? once a day, and before printing | a list a week, page by page
      | counts_of: what a page says -> Fetched.votes

It brings no entries. A list comes by votes, most first, so what lies behind the last page that is
read counts least.
"""

from __future__ import annotations

import json
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
from sundaypaper.sources.polling import belongs
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

    A paper that stands on two pages or lists has the larger count. cut are the weeks whose lists
    were longer than what is read.
    """

    counts: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    bad: int = 0
    cut: tuple[str, ...] = ()

    def add(self, page: Page) -> None:
        """Add what a page says."""
        for id, count in page.counts.items():
            self.counts[id] = max(count, self.counts.get(id, 0))
        self.rows += page.rows
        self.bad += page.bad


def fetch(
    spec: VotesSource, poll: PollState, net: Net, ask: Ask, run: Parse = in_process
) -> Fetched:
    """The votes of every paper on the lists of the weeks; never raises SourceError.

    run runs the parser of a page.
    """
    if not belongs(poll.note, spec.api_url):  # configured anew: what is remembered is of another
        poll = PollState(spec.name)
    if spec.off:
        return _told(spec, poll, "off", "switched off in feeds.yaml")
    if (until := _waits_until(poll, ask)) is not None:
        return _told(spec, poll, "not due", f"next check {until:%Y-%m-%d %H:%M} UTC")
    tally, lists = Tally(), lists_of(ask)
    if not lists:
        return _told(spec, poll, "not due", f"{ask.week} has not begun")
    for at, week in enumerate(lists):
        rows = tally.rows
        try:
            _read_list(spec, net, week, tally, ask.wall, run)
        except SourceError as bad:
            unread = [Slice(f"the list of {week}", None, tally.rows - rows, str(bad))]
            unread += [Slice(f"the list of {w}", None, 0, "not asked") for w in lists[at + 1 :]]
            return _failed(spec, poll, ask, tally, bad, tuple(unread))
    kept = replace(
        poll,
        fetched_once=True,
        failures=0,
        next_check=poll.next_check if ask.rehearsal else _tomorrow(ask.wall),
        answered_at=ask.now,
        note=f"of {spec.api_url}",
    )
    return _told(spec, kept, "fresh", _detail(lists, tally), tally, ask.now)


def lists_of(ask: Ask) -> tuple[str, ...]:
    """The weeks whose lists are asked, those that have begun.

    A paper may come onto the list of the week after its own.
    """
    running = iso_week(ask.now.date())
    weeks = (ask.week, *ask.composed)
    return tuple(sorted({w for week in weeks for w in (week, after(week)) if w <= running}))


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
    tally.cut = (*tally.cut, week)


def _waits_until(poll: PollState, ask: Ask) -> datetime | None:
    """When it may be asked, where that is later; before printing only the server's own wish counts."""
    until = _wished(poll.note) if ask.printing else poll.next_check
    return until if until is not None and until > ask.wall else None


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
    spec: VotesSource,
    poll: PollState,
    ask: Ask,
    tally: Tally,
    error: SourceError,
    unread: tuple[Slice, ...],
) -> Fetched:
    """What came before the failure, which list was not read, and when it is asked again."""
    detail, wait = setback(spec.api_url, poll, error, ask)
    wish = error.retry_after if isinstance(error, FetchError) else None
    wished = f" wait {(ask.wall + wait).isoformat()}" if wish else ""
    later = replace(
        poll,
        failures=poll.failures + 1,
        next_check=ask.wall + wait,
        note=f"of {spec.api_url}{wished}",
    )
    poll = poll if ask.rehearsal else later
    if not tally.counts:
        return _told(spec, poll, "failed", detail)
    fetched = _told(spec, poll, "incomplete", detail, tally, ask.now)
    return replace(fetched, report=replace(fetched.report, missing=unread))


def _told(
    spec: VotesSource,
    poll: PollState,
    state: SourceState,
    detail: str,
    tally: Tally | None = None,
    asked: datetime | None = None,
) -> Fetched:
    counts = tally.counts if tally else {}
    report = SourceReport(spec.name, spec.kind, state, fetched=len(counts), detail=detail)
    if asked is None:
        return Fetched(report, poll)
    votes = {id: (Votes(spec.name, count, asked),) for id, count in counts.items()}
    return Fetched(report, poll, votes=votes)


def _detail(lists: tuple[str, ...], tally: Tally) -> str:
    notes = []
    if len(lists) > 1:
        notes.append(f"the lists of {', '.join(lists[:-1])} and {lists[-1]}")
    if tally.bad:
        notes.append(f"{tally.bad:,} of {tally.rows:,} rows could not be read")
    if tally.cut:
        most = A_PAGE * MOST_PAGES
        notes.append(f"of {', '.join(tally.cut)} the first {most:,} rows alone were read")
    return "; ".join(notes)
