"""What a reader's query finds in the newest printed weeks: how much a week, and as a feed.

It looks at what a mail of that filter looks at: all entries of the printed issues with their whole
summaries. Dates are left out, as in the feeds of topics, and so is what was taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from sundaypaper import issue as issues
from sundaypaper import query
from sundaypaper.config import Config
from sundaypaper.errors import QueryError
from sundaypaper.formats import feeds, site
from sundaypaper.formats.hrefs import web
from sundaypaper.models import Card, Filter, Masthead, Pick, Picked
from sundaypaper.pipeline.known_names import kept_names
from sundaypaper.pipeline.publishing_context import lasting
from sundaypaper.pipeline.recent_weeks import Line, RecentWeeks, Week
from sundaypaper.query import Hint, Vocabulary
from sundaypaper.store import Store

FeedKind = Literal["atom", "json"]

LONGEST = 500  # characters of a query that comes in an address
FEED_WEEKS = 4
SAMPLES, NEAR_MISSES = 5, 3
# So many entries are looked at between two looks at the time.
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry that stands for others. page is its own page, a path below the build, or empty."""

    title: str
    url: str
    page: str
    source: str
    week: str


@dataclass(frozen=True, slots=True)
class TriedWeek:
    """The number of entries of a printed week that match, and of all its entries."""

    week: str
    hits: int
    entries: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What a filter finds in the newest printed weeks: hits by week, newest first, and samples.

    query is its canonical text; near misses are entries that all but one part of it match; hints say
    what else may have been meant. Without a printed week there are none of these.
    """

    query: str
    weeks: tuple[TriedWeek, ...]
    samples: tuple[Sample, ...] = ()
    near_misses: tuple[Sample, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def a_week(self) -> float:
        """How many entries match in a week, in the mean."""
        return sum(week.hits for week in self.weeks) / len(self.weeks) if self.weeks else 0.0


@dataclass(slots=True)
class Searched:
    """What queries of readers are answered from. masthead has the address at which feeds are served."""

    config: Config
    masthead: Masthead
    env: site.Environment
    vocabulary: Vocabulary
    recent: RecentWeeks = field(default_factory=RecentWeeks)


def searched(
    config: Config, store: Store, env: site.Environment, base_url: str, recent: RecentWeeks
) -> Searched:
    """What is printed now, for queries. recent may hold what was read before; it is refreshed."""
    recent.refresh(store)
    masthead = replace(lasting(config.masthead, store, store.heads()), base_url=base_url)
    return Searched(config, masthead, env, kept_names(config, store), recent)


def in_address(text: str) -> str:
    """A query of an address in the one way to write it; QueryError where it is wrong or too long.

    What it names is not looked up yet.
    """
    if len(text) > LONGEST:
        raise QueryError(text, LONGEST + 1, _too_long(len(text)))
    written = query.canonical(query.parse(text))
    if len(written) > LONGEST:
        raise QueryError(text, 1, f"written out, {_too_long(len(written))}")
    return written


def _too_long(length: int) -> str:
    return f"the query is too long: {length} characters, at most {LONGEST}"


# ---------------------------------------------------------------- how much it finds


def tried(searched: Searched, text: str, go_on: Callable[[], bool] = lambda: True) -> Tried:
    """Try a filter on the newest printed weeks.

    QueryError where it does not parse or names nothing, or where go_on says that it takes too long.
    """
    wanted = query.parse(text, vocabulary=searched.vocabulary)
    looser = [Filter(text, tree) for tree in query.loosened(wanted.tree)]
    look = _Look(searched, (wanted, *looser), go_on)
    weeks: list[TriedWeek] = []
    found: dict[str, Sample] = {}
    near: dict[str, Sample] = {}
    for week in searched.recent.weeks:
        hits = entries = 0
        for line, card in look.at(week):
            entries += 1
            if query.match(wanted, card):
                hits += 1
                if len(found) < SAMPLES:
                    found.setdefault(line.id, _sample(searched, week, line))
            elif len(near) < NEAR_MISSES and any(query.match(loose, card) for loose in looser):
                near.setdefault(line.id, _sample(searched, week, line))
        weeks.append(TriedWeek(week.head.week, hits, entries))
    return Tried(
        query.canonical(wanted),
        tuple(weeks),
        tuple(found.values()),
        tuple(near.values()),
        query.hints(text),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A look through the weeks for one query, as long as it may take."""

    searched: Searched
    filters: tuple[Filter, ...]
    go_on: Callable[[], bool]

    def at(self, week: Week) -> Iterator[tuple[Line, Card]]:
        """The entries of a week that may be shown, with their cards."""
        gone = self.searched.recent.removed
        for number, (line, card) in enumerate(week.cards(self.filters)):
            if number % AT_ONCE == 0 and not self.go_on():
                raise QueryError(
                    self.filters[0].text,
                    1,
                    "it takes too long to look for all of this; ask for less at a time",
                )
            if line.id not in gone and line.kind != "event":
                yield line, card


def _sample(searched: Searched, week: Week, line: Line) -> Sample:
    pick = line.pick()
    page = site.entry_path(line.id) if line.id in searched.recent.paged else ""
    return Sample(pick.title, web(pick.url), page, pick.source, week.head.week)


# ---------------------------------------------------------------- as a feed


def custom_feed(
    searched: Searched, text: str, kind: FeedKind, go_on: Callable[[], bool] = lambda: True
) -> bytes:
    """`feeds/custom.<kind>?q=…`: the newest entries of the last printed weeks that match.

    The same question written otherwise gives the same bytes. QueryError as in tried.
    """
    wanted = query.parse(text, vocabulary=searched.vocabulary)
    recent = searched.recent
    found = dict(islice(_matching(searched, wanted, go_on), feeds.PICKS))
    made = feeds.query_feed(
        in_address(text),
        [
            (week.head.week, week.head.composed, found[line.id])
            for week in recent.weeks[:FEED_WEEKS]
            for line in week.lines
            if line.id in found
        ],
        searched.masthead,
        searched.env,
        {topic.id: topic.name for topic in searched.config.topics},
        {id: max(a.changed for a in some) for id, some in recent.amendments.items()},
        recent.paged,
    )
    return next(page.body for page in made if page.path.endswith(f".{kind}"))


def _matching(
    searched: Searched, wanted: Filter, go_on: Callable[[], bool]
) -> Iterator[tuple[str, Pick]]:
    """Each entry that matches, by id, as its newest issue holds it and as it may be shown."""
    look, seen = _Look(searched, (wanted,), go_on), set[str]()
    for week in searched.recent.weeks[:FEED_WEEKS]:
        for line, card in look.at(week):
            if line.id in seen:
                continue
            seen.add(line.id)
            if query.match(wanted, card):
                as_printed = Picked(week.head.week, (line.pick(),), {}, {})
                shown = issues.amended_picked(as_printed, searched.recent.amendments)
                yield line.id, shown.picks[0]
