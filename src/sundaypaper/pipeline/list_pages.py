"""Groups of pages for entries, topics and venues."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sundaypaper import query
from sundaypaper.build import Group
from sundaypaper.config.intros import topic_intros
from sundaypaper.formats import site
from sundaypaper.models import Page, Pick, Picked
from sundaypaper.pipeline.learning import rests_of, steps_left
from sundaypaper.pipeline.outgoing_feeds import TOPIC_WEEKS, topic_feed
from sundaypaper.pipeline.printed_entries import printed_entries
from sundaypaper.pipeline.publishing_context import PublishingContext
from sundaypaper.pipeline.trends import topic_trends, venue_trends
from sundaypaper.text import fold

# How far back a topic's page looks, and how much of it is shown.
TOPIC_PICKS = 40


@dataclass(frozen=True, slots=True)
class ListedWeek:
    """The entries that a week printed first: their ids, and their pages with a fingerprint."""

    week: str
    ids: frozenset[str]
    fingerprint: str
    pages: Callable[[], tuple[Page, ...]]


def entries_of(context: PublishingContext) -> Iterator[ListedWeek]:
    """The entries that each week printed first, shown as in the newest issue that prints them."""
    seen: set[str] = set()
    later: dict[str, list[str]] = {}
    for week in context.weeks:
        for id in context.printed.get(week, ()):
            later.setdefault(id, []).append(week)
    for week in reversed(context.weeks):
        ids = context.printed.get(week, frozenset()) - seen
        seen |= ids
        weeks = sorted({at for id in ids for at in later[id]})
        if ids:
            around = repr(_around(context, ids))
            fingerprint = context.fingerprint(around, weeks=weeks, ids=ids)
            yield ListedWeek(week, ids, fingerprint, _pages(context, ids, weeks))


def _around(context: PublishingContext, ids: frozenset[str]) -> tuple[object, ...]:
    """What later weeks add to the pages of entries: authors who have a page now, and sequels."""
    signed = sorted((id, context.signed[id]) for id in ids if id in context.signed)
    sequels = (of for of in context.sequels if of.earlier.id in ids or of.earlier.other in ids)
    return (*signed, *sequels)


def _pages(
    context: PublishingContext, ids: frozenset[str], weeks: list[str]
) -> Callable[[], tuple[Page, ...]]:
    def pages() -> tuple[Page, ...]:
        related = context.store.related(weeks[0])
        printed = printed_entries(context.printed, context.amendments, context.picked, ids)
        made = []
        for of in printed:
            id = of.pick.id
            rests = rests_of(of.pick, of.abstract, context.removed)
            page = site.EntryPage(
                of.pick, of.abstract, of.printed, of.amendments, rests, related=related.get(id, ())
            )
            made.append(page if id in context.removed else _linked(context, page))
        return site.entry_pages(made, context.frame, context.env)

    return pages


def _linked(context: PublishingContext, page: site.EntryPage) -> site.EntryPage:
    """The page with its authors' pages, what it goes on from, and what goes on from it."""
    id, paged = page.pick.id, context.signed.get(page.pick.id, ())
    return replace(
        page,
        authors={a: site.author_path(fold(a)) for a in page.pick.authors if fold(a) in paged},
        earlier=next((of.earlier for of in context.sequels if of.earlier.id == id), None),
        later=tuple(of for of in context.sequels if of.earlier.other == id),
    )


# ---------------------------------------------------------------- lists


def topics_group(context: PublishingContext) -> Group:
    """The page of every topic with its feed, the list of them, and their paths."""
    weeks = context.weeks[:TOPIC_WEEKS]
    ids = frozenset().union(*(context.printed.get(week, frozenset()) for week in weeks))
    trends = topic_trends(context)
    fingerprint = context.fingerprint(repr(trends), weeks=weeks, ids=ids)

    def pages() -> tuple[Page, ...]:
        picked = context.picked(weeks)
        picks = [(week, pick) for week in weeks for pick in picked[week].picks]
        abstracts = _abstracts(picked)
        made = tuple(
            replace(_topic(context, topic, picks, trends.get(topic)), abstracts=abstracts)
            for topic in context.frame.topics
        )
        each = (
            page for topic in made for page in site.topic_pages(topic, context.frame, context.env)
        )
        topic_feeds = (
            page for topic in context.frame.topics for page in topic_feed(context, topic, picks)
        )
        return (
            site.topics_page(made, bool(weeks), context.frame, context.env),
            site.paths_page(steps_left(context.removed), context.frame, context.env),
            *each,
            *topic_feeds,
        )

    return Group("topics", fingerprint, pages)


def _abstracts(picked: Mapping[str, Picked]) -> Mapping[str, str]:
    """The abstracts of what some weeks printed, the newest first."""
    return ChainMap(*(dict(of.abstracts) for of in picked.values()))


def _topic(
    context: PublishingContext, topic: str, picks: list[tuple[str, Pick]], trend: site.Trend | None
) -> site.TopicPage:
    """The newest picks that carry a topic, each once, and its newest entries."""
    chosen: dict[str, tuple[str, Pick]] = {}
    for week, pick in picks:
        if len(chosen) == TOPIC_PICKS:
            break
        if pick.kind != "event" and any(tag.topic == topic for tag in pick.tags):
            chosen.setdefault(pick.id, (week, pick))
    name = site.TopicName(topic, context.frame.topics[topic])
    about = topic_intros().get(topic, "")
    path = site.path_of(steps_left(context.removed), topic)
    weeks = context.weeks[:TOPIC_WEEKS]
    counts = trend.weekly if trend else {}
    return site.TopicPage(
        name,
        about,
        path,
        tuple(chosen.values()),
        trend,
        lines=context.store.topic_entries(topic, weeks[-1], query.TOPIC_LINES) if weeks else (),
        pages=context.entries_with_pages,
        weekly={week: counts.get(week) for week in weeks if counts.get(week) != 0},
    )


def venue_groups(context: PublishingContext, dates: Iterable[Pick]) -> Iterator[Group]:
    """The page of every venue and year, of every venue, and the list of them.

    dates are the events that are known, soonest first.
    """
    yield from _venues(context, tuple(dates))
    for venue, years in context.venue_years.items():
        for year, _, weeks in years:
            fingerprint = context.fingerprint(weeks=weeks)
            yield Group(f"venues/{venue}/{year}", fingerprint, _venue(context, venue, year, weeks))
    counts = {
        venue: [(year, count) for year, count, _ in years]
        for venue, years in context.venue_years.items()
    }
    fingerprint = context.fingerprint(repr(counts))
    yield Group(
        "venues", fingerprint, lambda: (site.venues_page(counts, context.frame, context.env),)
    )


def _venues(context: PublishingContext, dates: tuple[Pick, ...]) -> Iterator[Group]:
    """The page of every venue, made anew where its counts or its dates change."""
    trends = venue_trends(context)
    for venue, years in context.venue_years.items():
        its = tuple(event for event in dates if event.venue == venue)
        page = site.VenueYears(venue, tuple(years), trends.get(venue), its)
        make = partial(_venue_page, context, page)
        yield Group(f"venues/{venue}", context.fingerprint(repr(page)), make)


def _venue_page(context: PublishingContext, page: site.VenueYears) -> tuple[Page, ...]:
    return (site.venue_page(page, context.frame, context.env),)


def _venue(
    context: PublishingContext, venue: str, year: int, weeks: tuple[str, ...]
) -> Callable[[], tuple[Page, ...]]:
    def pages() -> tuple[Page, ...]:
        lines = context.store.claimed(venue, year, site.LINES)
        claiming = {line.id for line in lines}
        recent = sorted(weeks, reverse=True)[:TOPIC_WEEKS]
        chosen: dict[str, tuple[str, Pick]] = {}
        for week, picked in context.picked(recent).items():
            for pick in picked.picks:
                if pick.id in claiming and len(chosen) < TOPIC_PICKS:
                    chosen.setdefault(pick.id, (week, pick))
        weekly = context.store.claimed_by_week(venue, year)
        abstracts = _abstracts(context.picked(recent))
        paged = frozenset().union(*(context.printed.get(week, frozenset()) for week in weeks))
        page = site.VenuePage(venue, year, tuple(chosen.values()), lines, weekly, abstracts, paged)
        return site.venue_pages(page, context.frame, context.env)

    return pages
