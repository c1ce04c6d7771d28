"""arXiv's query API, asked four questions a run.

1. What was submitted in the categories, in slices of a week, over a window that is wide enough for
   papers that were held before they were announced.
2. What was updated in the categories, by last update.
3. What names a venue in its comment or journal reference, by last update.
4. What is known and claims no acceptance yet, by id, once a week.

arXiv cannot filter by the date of the last update, only sort, so questions 2 and 3 read pages until a
whole page is older than what is wanted, and only trust that where the page is in order.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar

from sundaypaper import weeks
from sundaypaper.errors import ParseError, SourceError
from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.forms.categories import USUAL
from sundaypaper.models import (
    Ask,
    Fetched,
    PollState,
    Slice,
    SourceReport,
    SourceState,
)
from sundaypaper.sources.arxiv_queries import DEEPEST, Asking, PagesRead, by_id, pages
from sundaypaper.sources.contract import ARXIV, Parse, Source, Tools, in_process

if TYPE_CHECKING:
    from sundaypaper.net import Net, Pace

WINDOW_WEEKS = 5
PREFIX = "arxiv:"
BATCH = 200
MOST_BATCHES = 10
FIRST_UPDATES = timedelta(days=35)
OVERLAP = timedelta(days=2)
BATCH_LATE = timedelta(hours=36)
READINGS = 3
# Where the slices before it hold more papers than this on average, an empty one is not believed.
PLENTY = 20
# The list by last update must show at least so much of what the slices have shown already.
MOST = 0.9
VENUE_NAMES = (
    "NeurIPS",
    "NIPS",
    "Neural Information Processing Systems",
    "ICML",
    "International Conference on Machine Learning",
    "CVPR",
    "Computer Vision and Pattern Recognition",
)


@dataclass(frozen=True, slots=True)
class ArxivSource(Source):
    """arXiv's API: the new papers of some categories, and those whose comments name a venue."""

    completes_weeks: ClassVar[bool] = True

    kind: str = field(default="arxiv", kw_only=True)
    name: Annotated[v.Name, key("the name that pages and reports use")] = "arXiv"
    categories: Annotated[
        tuple[v.Category, ...], key("the arXiv categories to read, such as cs.LG", min_length=1)
    ] = USUAL
    venues: Annotated[
        tuple[v.Text, ...], key("names of venues to search in comments and journal references")
    ] = VENUE_NAMES
    api_url: Annotated[v.Url, key("the address of arXiv's query API")] = (
        "https://export.arxiv.org/api/query"
    )

    @property
    def address(self) -> str:
        """The address of the API."""
        return self.api_url

    @property
    def host(self) -> str:
        """arXiv's, also where api_url is a mirror."""
        return ARXIV

    def asks_again(self, poll: PollState, ask: Ask) -> bool:
        """With the first complete answer of a week."""
        return asks_again(self, poll, ask)

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """Fetch new papers, changed ones, and known ones that are asked for again."""
        return fetch(
            self,
            poll,
            tools.net,
            ask,
            pace=tools.pace,
            sleep=tools.sleep,
            tell=tools.tell,
            run=tools.parse,
        )


def fetch(
    spec: ArxivSource,
    poll: PollState,
    net: Net,
    ask: Ask,
    *,
    pace: Pace,
    sleep: Callable[[float], None],
    tell: Callable[[str], None] = lambda _line: None,
    run: Parse = in_process,
) -> Fetched:
    """Ask all four questions; one that stays unanswered is a gap in the report, never an error."""
    if not due(spec, poll, ask):
        report = SourceReport(spec.name, "arxiv", "not due", detail=_not_due(poll))
        return Fetched(report, poll)
    asking = Asking(spec, net, pace, sleep, ask, tell, run)
    if (until := pace.blocked()) is not None:
        moment = datetime.fromtimestamp(until, UTC)
        asking.blocked = (
            "arXiv refused us (403) or asked us to wait; "
            f"nothing is asked before {moment:%Y-%m-%d %H:%M} UTC"
        )
    empty = _all_submitted(asking)
    bound = _bound(spec, poll, ask)
    surely = sum(e.updated is not None and e.updated >= bound for e in asking.entries.values())
    query = in_categories(spec.categories)
    updated(asking, query, bound, "updates in the categories", surely)
    if spec.venues:
        updated(asking, naming_venues(spec.venues), bound, "papers that name a venue")
    notes = _believed(asking, empty)
    # Only with a complete answer, so that it is once a week and never on top of arXiv's troubles.
    if not asking.missing and not _waiting(asking):
        notes += asked_again(asking)
    return _fetched(asking, poll, notes)


def due(spec: ArxivSource, poll: PollState, ask: Ask) -> bool:
    """Whether arXiv may know more of this week than when it last answered completely."""
    if poll.answered_at is None or poll.answered_at > ask.now:
        return True
    if poll.answered_at < weeks.last_announcement(ask.now):
        return True
    if poll.note == _note(spec, ask):
        return False
    # Another week, or other questions; a week of which nothing is out yet has nothing to tell.
    nothing_out = weeks.announced_at(weeks.monday(ask.week)) > ask.now
    return not (nothing_out and poll.note.endswith(_questions(spec)))


def asks_again(spec: ArxivSource, poll: PollState, ask: Ask) -> bool:
    """Whether known papers are asked for again: with the first complete answer of a week."""
    return due(spec, poll, ask) and not poll.note.startswith(f"{ask.week} ")


def windows(ask: Ask) -> list[tuple[datetime, datetime]]:
    """The slices of submission time to ask for, oldest first, none of them in the future."""
    slices = []
    for back in range(WINDOW_WEEKS - 1, -1, -1):
        start, end = weeks.submissions(weeks.after(ask.week, -back))
        if start < ask.now:
            slices.append((start, min(end, ask.now)))
    return slices


def in_categories(categories: tuple[str, ...]) -> str:
    """arXiv's query for papers in any of the categories."""
    return "(" + " OR ".join(f"cat:{c}" for c in categories) + ")"


def naming_venues(venues: tuple[str, ...]) -> str:
    """arXiv's query for papers whose comment or journal reference has any of the names."""
    plain = (v.replace('"', " ").strip() for v in venues)
    names = [v if v.isalnum() else f'"{v}"' for v in plain if v]
    return "(" + " OR ".join(f"{field}:{name}" for field in ("co", "jr") for name in names) + ")"


def _all_submitted(asking: Asking) -> list[tuple[datetime, datetime]]:
    """Question 1 for every slice; returns the slices that arXiv says are empty."""
    return [(start, end) for start, end in windows(asking.ask) if submitted(asking, start, end)]


def _believed(asking: Asking, empty: list[tuple[datetime, datetime]]) -> list[str]:
    """Notes for the report on the empty slices that are believed; the others become gaps."""
    notes = []
    for start, end in empty:
        if why := _belied(asking, start, end):
            asking.missing.append(Slice(_name(start, end), 0, 0, why))
        else:
            notes.append(f"nothing was {_name(start, end, 'from ')}, says arXiv")
    return notes


def _belied(asking: Asking, start: datetime, end: datetime) -> str:
    """Why an empty slice is not believed; "" where it is."""
    asked = set(asking.spec.categories)
    for entry in asking.entries.values():
        known = entry.published is not None and start <= entry.published < end
        if known and not asked.isdisjoint(entry.categories):
            return f"arXiv says that there is nothing, but shows {entry.id} of that time elsewhere"
    older = len(windows(asking.ask)) - 1
    is_own = start == weeks.submissions(asking.ask.week)[0]
    if is_own and asking.fetched > PLENTY * older:
        return "arXiv says that there is nothing, on days when it announces"
    return ""


def submitted(asking: Asking, start: datetime, end: datetime) -> bool:
    """Question 1 for one slice: all of it, or a named gap. True where arXiv says that it is empty."""
    # To the minute, and both ends belong to it, so that the seconds after the last one do too.
    span = f"{start:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}"
    query = f"{in_categories(asking.spec.categories)} AND submittedDate:[{span}]"
    from arxiv import Search, SortCriterion, SortOrder

    search = Search(query, sort_by=SortCriterion.SubmittedDate, sort_order=SortOrder.Ascending)
    name = _name(start, end)
    ids: set[str] = set()
    total: int | None = None
    why = "pages shifted or fell short while they were read"
    try:
        for _again in range(READINGS):
            reading = PagesRead()
            for page in pages(asking, search):
                reading.take(page)
                ids |= reading.ids
                total = reading.total
            if reading.whole:
                why = ""
                break
    except SourceError as bad:
        why = str(bad)
    asking.expected += total or len(ids)
    asking.fetched += len(ids)
    if why:
        asking.missing.append(Slice(name, total, len(ids), why))
    asking.tell(f"{name}: {len(ids)} of {'?' if total is None else total}")
    return total == 0 and not why


def updated(asking: Asking, query: str, bound: datetime, name: str, surely: int = 0) -> None:
    """Questions 2 and 3: newest update first, until a whole page in order is older than bound.

    surely is how many of them are known already; far fewer than that is a gap.
    """
    name = f"{name} since {bound:%Y-%m-%d}"
    from arxiv import Search, SortCriterion, SortOrder

    search = Search(query, sort_by=SortCriterion.LastUpdatedDate, sort_order=SortOrder.Descending)
    reading = PagesRead()
    recent: set[str] = set()
    why = ""
    try:
        for page in pages(asking, search):
            reading.take(page)
            moments = [(e.updated, e.id) for e in page.entries if e.updated is not None]
            new = {id for moment, id in moments if moment >= bound}
            recent |= new
            orderly = _in_order([moment for moment, _ in moments])
            if not orderly and page.total > DEEPEST:
                raise ParseError("arXiv ignores the order that was asked for")
            if orderly and not new:
                break
        why = _lack(reading, len(recent), surely)
    except SourceError as bad:
        why = str(bad)
    if why:
        asking.missing.append(Slice(name, None, len(recent), why))
    asking.tell(f"{name}: {len(recent)}")


def asked_again(asking: Asking) -> list[str]:
    """Question 4: what is known and claims no acceptance yet, by id, in batches.

    A comment can change without a new version, and no other question shows that. A batch that
    fails is noted in the report and the week still counts as complete: next week asks again.
    """
    ids = [id.removeprefix(PREFIX) for id in asking.ask.again if id not in asking.entries]
    came = 0
    for at in range(0, min(len(ids), BATCH * MOST_BATCHES), BATCH):
        batch = ids[at : at + BATCH]
        try:
            came += by_id(asking, batch)
        except SourceError as bad:
            return [f"{len(ids) - came} known papers could not be asked for again ({bad})"]
    if ids:
        asking.tell(f"known before, asked for again: {came} of {len(ids)}")
    return []


def _lack(reading: PagesRead, recent: int, surely: int) -> str:
    """What is wrong with a list by last update; "" where nothing is."""
    if not reading.total:
        return "arXiv says that there is none of any date; are the names in feeds.yaml right?"
    if recent < surely * MOST:
        return f"arXiv shows {recent} of them, though there are {surely} at least"
    if reading.lossy:
        return "pages fell short while they were read"
    return ""


def _in_order(moments: list[datetime]) -> bool:
    """Whether dates run from new to old, a day's slack and one pair in fifty aside."""
    slips = sum(later - first > weeks.DAY for first, later in pairwise(moments))
    rises = bool(moments) and moments[-1] - moments[0] > weeks.DAY
    return not rises and slips * 50 <= len(moments)


def _bound(spec: ArxivSource, poll: PollState, ask: Ask) -> datetime:
    """Since when updates are wanted: two days before the same questions were last answered."""
    first = datetime.combine(weeks.monday(ask.week), datetime.min.time(), UTC) - FIRST_UPDATES
    if poll.answered_at is None or poll.answered_at > ask.now:
        return first
    if not poll.note.endswith(_questions(spec)):
        return first
    return max(first, poll.answered_at - OVERLAP)


def _waiting(asking: Asking) -> list[str]:
    """The listing days of the week that should be out and of which no paper came."""
    moments = {e.id: weeks.submitted(e) for e in asking.entries.values() if e.published}
    seen = set(weeks.listing_days(moments).values())
    out = [d for d in weeks.batch_days(asking.ask.week) if weeks.announced_at(d) <= asking.ask.now]
    late = asking.ask.now - BATCH_LATE
    return [f"{d:%Y-%m-%d}" for d in out if d not in seen and weeks.announced_at(d) > late]


def _fetched(asking: Asking, poll: PollState, notes: list[str]) -> Fetched:
    ask, spec = asking.ask, asking.spec
    waiting = _waiting(asking)
    state: SourceState = "incomplete" if asking.missing else "waiting" if waiting else "fresh"
    details = [f"not out yet: {', '.join(waiting)}"] if waiting else []
    if asking.dropped:
        details.append(f"{len(asking.dropped)} unreadable, first {next(iter(asking.dropped))}")
    report = SourceReport(
        spec.name,
        "arxiv",
        state,
        expected=asking.expected,
        fetched=asking.fetched,
        detail="; ".join(details + notes),
        missing=tuple(asking.missing),
    )
    if state == "fresh":
        # An answer tells nothing of a later day than that on which it came, whatever --now says.
        answered = min(ask.now, ask.wall)
        poll = replace(
            poll, fetched_once=True, failures=0, answered_at=answered, note=_note(spec, ask)
        )
    elif asking.missing:
        poll = replace(poll, failures=poll.failures + 1)
    return Fetched(report, poll, news=tuple(asking.entries[id] for id in sorted(asking.entries)))


def _name(start: datetime, end: datetime, word: str = "") -> str:
    return f"submitted {word}{start:%Y-%m-%d} to {end:%Y-%m-%d}"


def _questions(spec: ArxivSource) -> str:
    """Eight hex digits that change with what is asked for."""
    return f"{zlib.crc32(repr((spec.categories, spec.venues)).encode()):08x}"


def _note(spec: ArxivSource, ask: Ask) -> str:
    return f"{ask.week} {_questions(spec)}"


def _not_due(poll: PollState) -> str:
    return (
        f"answered completely at {poll.answered_at:%Y-%m-%d %H:%M} UTC; nothing was announced since"
    )
