"""arXiv's query API, asked four questions a run.

1. What was submitted in the categories, in slices of a week, over a window that is wide enough for
   papers that were held before they were announced.
2. What was updated in the categories, by last update.
3. What names a venue in its comment or journal reference, by last update.
4. What is known and claims no acceptance yet, by id, once a week.

arXiv cannot filter by the date of the last update, only sort, so questions 2 and 3 read pages until a
whole page is older than what is wanted, and only trust that where the page is in order.

What was answered completely is not asked again before arXiv's next announcement, also where other
questions were not: the next run goes on where one was stopped (`arxiv_memory`).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from sundaypaper import weeks
from sundaypaper.errors import ParseError, SourceError
from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.forms.categories import USUAL
from sundaypaper.models import (
    Ask,
    Entry,
    Fetched,
    PollState,
    Slice,
    SourceReport,
    SourceState,
)
from sundaypaper.sources import arxiv_days
from sundaypaper.sources.arxiv_memory import Memory, Part, remembered
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
READINGS = 3
# So many papers that could not be read, or are not known, are named; the others are counted.
NAMED = 5
# The list by last update must show at least so much of what the slices have shown already.
MOST = 0.9
# A category that may have no paper in five weeks: General Literature, a handful a month.
QUIET = frozenset({"cs.GL"})


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
        tuple[v.Text, ...] | None,
        key(
            "names to search in comments and journal references, in place of those of `venues.core`; "
            "[] asks for none"
        ),
    ] = None
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

    def following(self, core: tuple[str, ...]) -> Self:
        """With the names of the core venues, where feeds.yaml gives it none of its own."""
        return replace(self, venues=core) if self.venues is None else self

    def asks_again(self, poll: PollState, ask: Ask) -> bool:
        """With the first complete answer of a week."""
        return asks_again(self, poll, ask)

    def lacks(self, week: str, now: datetime, entries: Iterable[Entry]) -> bool:
        """Where listing days brought nothing, of categories of which much was due."""
        counts = arxiv_days.papers_a_day(entries, self.categories)
        late = arxiv_days.late(arxiv_days.silent(week, now, counts), now)
        others = (*weeks.batch_days(weeks.after(week, -1)), *weeks.batch_days(weeks.after(week)))
        return bool(arxiv_days.unlikely(late, self.categories, others, counts))

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
    if not ask.past and not due(spec, poll, ask):
        report = SourceReport(spec.name, "arxiv", "not due", detail=_not_due(poll))
        return Fetched(report, poll)
    memory = remembered(poll.note)
    asking = Asking(spec, net, pace, sleep, ask, tell, run)
    asking.kept = memory.usable(ask, _asked(spec))
    empty = _all_submitted(asking)
    if ask.past:  # a list by last update begins today: it would be read back to that week
        notes = _believed(asking, empty)
        return replace(_fetched(asking, poll, memory, _waited_for(asking), notes), poll=poll)
    bound = _bound(spec, poll, ask)
    surely = sum(e.updated is not None and e.updated >= bound for e in asking.entries.values())
    query = in_categories(spec.categories)
    updated(asking, query, bound, "updates in the categories", surely)
    if spec.venues:
        updated(asking, naming_venues(spec.venues), bound, "papers that name a venue")
    notes = _believed(asking, empty)
    _no_paper_at_all(asking, empty)
    waiting = _waited_for(asking)
    # Only with a complete answer, so that it is once a week and never on top of arXiv's troubles.
    if not asking.missing and not waiting:
        notes += asked_again(asking)
    return _fetched(asking, poll, memory, waiting, notes)


def due(spec: ArxivSource, poll: PollState, ask: Ask) -> bool:
    """Whether arXiv may know more of this week than when it last answered completely."""
    if poll.answered_at is None or poll.answered_at > ask.now:
        return True
    if poll.answered_at < weeks.last_announcement(ask.now):
        return True
    memory, questions = remembered(poll.note), _questions(spec)
    if (memory.week, memory.questions) == (ask.week, questions):
        return False
    # Another week, or other questions; a week of which nothing is out yet has nothing to tell.
    nothing_out = weeks.announced_at(weeks.monday(ask.week)) > ask.now
    return not (nothing_out and memory.questions == questions)


def asks_again(spec: ArxivSource, poll: PollState, ask: Ask) -> bool:
    """Whether known papers are asked for again: with the first complete answer of a week."""
    return not ask.past and due(spec, poll, ask) and remembered(poll.note).week != ask.week


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
            del asking.answered[_span(start, end)]
            asking.missing.append(Slice(_name(start, end), 0, 0, why))
        else:
            notes.append(f"nothing was {_name(start, end, 'from ')}, says arXiv")
    return notes


def _no_paper_at_all(asking: Asking, empty: list[tuple[datetime, datetime]]) -> None:
    """Make a gap of a window that is empty from end to end.

    A week without a paper may be; five weeks of a category in which arXiv lists more than ten in such
    a time are a fault of the answer. Of busy categories the silent days are a gap already.
    """
    categories = asking.spec.categories
    if len(empty) < WINDOW_WEEKS or QUIET.issuperset(categories):
        return
    if not arxiv_days.unlikely(weeks.batch_days(asking.ask.week), categories, (), {}):
        why = f"arXiv says that there is nothing in {WINDOW_WEEKS} weeks, which is not believed"
        asking.missing.append(Slice(_name(empty[0][0], empty[-1][1]), 0, 0, why))


def _belied(asking: Asking, start: datetime, end: datetime) -> str:
    """Why an empty slice is not believed; "" where it is."""
    asked = set(asking.spec.categories)
    for entry in asking.entries.values():
        known = entry.published is not None and start <= entry.published < end
        if known and not asked.isdisjoint(entry.categories):
            return f"arXiv says that there is nothing, but shows {entry.id} of that time elsewhere"
    return ""


def submitted(asking: Asking, start: datetime, end: datetime) -> bool:
    """Question 1 for one slice: all of it, or a named gap. True where arXiv says that it is empty."""
    # To the minute, and both ends belong to it, so that the seconds after the last one do too.
    span, name = _span(start, end), _name(start, end)
    query = f"{in_categories(asking.spec.categories)} AND submittedDate:[{span}]"
    if part := asking.kept.get(span):
        _answered(asking, span, part)
        asking.tell(f"{name}: {part.fetched} of {part.expected}, as answered before")
        return False
    ids, total, why = _all_of(asking, query)
    if why:
        asking.expected += total or len(ids)
        asking.fetched += len(ids)
        asking.missing.append(Slice(name, total, len(ids), why))
    else:
        own = (entry for id, entry in asking.entries.items() if id in ids)
        days = arxiv_days.papers_a_day(own, asking.spec.categories)
        counts = {day.isoformat(): count for day, count in sorted(days.items())}
        _answered(asking, span, Part(total or 0, len(ids), counts))
    asking.tell(f"{name}: {len(ids)} of {'?' if total is None else total}")
    return total == 0 and not why


def _answered(asking: Asking, key: str, part: Part) -> None:
    asking.answered[key] = part
    asking.expected += part.expected
    asking.fetched += part.fetched


def _all_of(asking: Asking, query: str) -> tuple[set[str], int | None, str]:
    """The ids that a query finds, how many it declares, and why they are not all; "" where they are.

    Read again where they are not all, from the other end: what pages hid while they shifted then
    shows, and what does not was never there, since a row that comes twice stands for none.
    """
    from arxiv import Search, SortCriterion, SortOrder

    ids: set[str] = set()
    before: PagesRead | None = None
    total: int | None = None
    try:
        for again in range(READINGS):
            order = SortOrder.Descending if again % 2 else SortOrder.Ascending
            search = Search(query, sort_by=SortCriterion.SubmittedDate, sort_order=order)
            reading = PagesRead()
            for page in pages(asking, search):
                reading.take(page)
                ids |= reading.ids
                total = reading.total
            if reading.whole or (before is not None and reading.agrees(before)):
                return ids, total, ""
            before = reading
    except SourceError as bad:
        return ids, total, str(bad)
    return ids, total, "pages shifted or fell short while they were read"


def updated(asking: Asking, query: str, bound: datetime, name: str, surely: int = 0) -> None:
    """Questions 2 and 3: newest update first, until a whole page in order is older than bound.

    surely is how many of them are known already; far fewer than that is a gap.
    """
    name = f"{name} since {bound:%Y-%m-%d}"
    if part := asking.kept.get(name):
        asking.answered[name] = part
        asking.tell(f"{name}: as answered before")
        return
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
    else:
        asking.answered[name] = Part()
    asking.tell(f"{name}: {len(recent)}")


def asked_again(asking: Asking) -> list[str]:
    """Question 4: what is known and claims no acceptance yet, by id, in batches.

    A comment can change without a new version, and no other question shows that. A batch that
    fails is noted in the report and the week still counts as complete: next week asks again.
    """
    ids = [id.removeprefix(PREFIX) for id in asking.ask.again if id not in asking.entries]
    asked, came = ids[: BATCH * MOST_BATCHES], set[str]()
    notes = []
    for at in range(0, len(asked), BATCH):
        try:
            came |= by_id(asking, asked[at : at + BATCH])
        except SourceError as bad:
            notes.append(
                f"{len(ids) - len(came)} known papers could not be asked for again ({bad})"
            )
            asked = asked[:at]
            break
    if asked:
        asking.tell(f"known before, asked for again: {len(came)} of {len(ids)}")
    lost = [id for id in asked if f"{PREFIX}{id}" not in came]
    if lost := [id for id in lost if not any(id in dropped for dropped in asking.dropped)]:
        notes.append(f"arXiv knows no {_few([PREFIX + id for id in lost])}")
        asking.tell(notes[-1])
    return notes


def _few(names: list[str]) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


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
    if remembered(poll.note).questions != _questions(spec):
        return first
    return max(first, poll.answered_at - OVERLAP)


def _waited_for(asking: Asking) -> tuple[date, ...]:
    """The listing days of the week whose papers may still come; those that must have become a gap."""
    ask, categories = asking.ask, asking.spec.categories
    spans = _spans(ask)
    if spans.get(ask.week, "") not in asking.answered:
        return ()
    days = arxiv_days.silent(ask.week, ask.now, _counts(asking))
    late = arxiv_days.late(days, ask.now)
    others = [
        day
        for week, span in spans.items()
        if week != ask.week and span in asking.answered
        for day in weeks.batch_days(week)
    ]
    if due := arxiv_days.unlikely(late, categories, others, _counts(asking)):
        listed = ", ".join(f"{day:%Y-%m-%d}" for day in late)
        why = f"arXiv announces then, and these categories usually bring about {due} papers in such a time"  # fmt: skip
        asking.missing.append(Slice(f"listed on {listed}", None, 0, why))
    return tuple(day for day in days if day not in late)


def _counts(asking: Asking) -> Counter[date]:
    """How many papers of the categories came for each listing day."""
    counts = Counter[date]()
    for part in asking.answered.values():
        counts.update({date.fromisoformat(day): count for day, count in part.days.items()})
    return counts


def _spans(ask: Ask) -> dict[str, str]:
    """The keys of the slices by the week whose papers they hold."""
    first = weeks.after(ask.week, 1 - WINDOW_WEEKS)
    return {weeks.after(first, n): _span(*ends) for n, ends in enumerate(windows(ask))}


def _fetched(
    asking: Asking, poll: PollState, memory: Memory, waiting: tuple[date, ...], notes: list[str]
) -> Fetched:
    ask, spec = asking.ask, asking.spec
    state: SourceState = "incomplete" if asking.missing else "waiting" if waiting else "fresh"
    details = []
    if waiting:
        details.append(f"not out yet: {', '.join(f'{day:%Y-%m-%d}' for day in waiting)}")
    if asking.dropped:
        details.append(f"{len(asking.dropped)} unreadable: {_few(list(asking.dropped))}")
    report = SourceReport(
        spec.name,
        "arxiv",
        state,
        expected=asking.expected,
        fetched=asking.fetched,
        detail="; ".join(details + notes),
        missing=tuple(asking.missing),
    )
    # An answer tells nothing of a later day than that on which it came, whatever --now says.
    answered = min(ask.now, ask.wall)
    if state == "fresh":
        note = Memory(ask.week, _questions(spec)).note()
        poll = replace(poll, fetched_once=True, failures=0, answered_at=answered, note=note)
    else:
        note = memory.with_parts(ask, _asked(spec), _to_keep(asking), answered).note()
        poll = replace(poll, failures=poll.failures + bool(asking.missing), note=note)
    return Fetched(report, poll, news=tuple(asking.entries[id] for id in sorted(asking.entries)))


def _to_keep(asking: Asking) -> dict[str, Part]:
    """The parts that the next run need not ask for: no empty slice, none that lacks a day."""
    ask, spans = asking.ask, _spans(asking.ask)
    lacks = arxiv_days.silent(ask.week, ask.now, _counts(asking))
    again = {key for week, key in spans.items() if week == ask.week and lacks}
    again |= {key for key in spans.values() if not asking.answered.get(key, Part()).days}
    return {key: part for key, part in asking.answered.items() if key not in again}


def _span(start: datetime, end: datetime) -> str:
    return f"{start:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}"


def _name(start: datetime, end: datetime, word: str = "") -> str:
    return f"submitted {word}{start:%Y-%m-%d} to {end:%Y-%m-%d}"


def _questions(spec: ArxivSource) -> str:
    """Eight hex digits that change with what is asked for."""
    return f"{zlib.crc32(repr((spec.categories, spec.venues)).encode()):08x}"


def _asked(spec: ArxivSource) -> str:
    """The questions and who is asked: parts of a stand-in's answer are no parts of arXiv's."""
    return f"{_questions(spec)} {spec.api_url}"


def _not_due(poll: PollState) -> str:
    return (
        f"answered completely at {poll.answered_at:%Y-%m-%d %H:%M} UTC; nothing was announced since"
    )
