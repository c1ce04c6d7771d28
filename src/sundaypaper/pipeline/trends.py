"""The trends page and topic trends, from counts stored when each week was printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sundaypaper import weeks
from sundaypaper.build import Group
from sundaypaper.formats import site
from sundaypaper.models import Page
from sundaypaper.pipeline.publishing_context import PublishingContext
from sundaypaper.store import Count

# How many weeks are looked back on.
SHOWN = 52

Weekly = Mapping[str, Count]


def trends_group(context: PublishingContext) -> Group:
    """The group `trends/`, made anew only where its counts, names or links changed."""
    printed = _printed(context)
    counts = context.store.counts(printed, (*context.config.core, *context.config.also))
    order = (context.config.core, context.config.also, list(context.venue_years.items()))
    fingerprint = context.fingerprint("trends", repr((printed, counts, order)))
    return Group("trends", fingerprint, lambda: (_page(context, printed, counts),))


def topic_trends(context: PublishingContext) -> dict[str, site.Trend]:
    """The last weeks of every topic, by id; without those that the newest issue did not know."""
    printed = _printed(context)
    return dict(_topics(context, printed, _by_key(context.store.counts(printed))))


def venue_trends(context: PublishingContext) -> dict[str, site.Trend]:
    """The last weeks of every venue that has a page, by key; none before an issue is printed."""
    printed = _printed(context)
    named = tuple(context.venue_years) if printed else ()
    by = _by_key(context.store.counts(printed, named))
    names = context.frame.venues
    return {v: _trend(names[v], "", printed, by.get(("venue", v), {}), 0) for v in named}


def _page(context: PublishingContext, printed: tuple[str, ...], counts: tuple[Count, ...]) -> Page:
    by = _by_key(counts)
    topics = [trend for _, trend in _topics(context, printed, by)]
    if printed:
        topics.insert(0, _trend("All entries", "", printed, by["all", ""], None))
    venues = tuple(_venues(context, printed, by))
    page = site.TrendsPage(tuple(topics), venues)
    return site.trends_page(page, context.frame, context.env)


def _topics(
    context: PublishingContext, printed: tuple[str, ...], by: Mapping[tuple[str, str], Weekly]
) -> Iterator[tuple[str, site.Trend]]:
    """A topic that a week's issue did not know has no count of it."""
    for topic, name in context.frame.topics.items():
        counts = by.get(("topic", topic), {})
        if printed and printed[-1] in counts:
            path = context.frame.topic_path(topic)
            yield topic, _trend(name, path, printed, counts, None)


def _venues(
    context: PublishingContext, printed: tuple[str, ...], by: Mapping[tuple[str, str], Weekly]
) -> Iterator[site.Trend]:
    """The core venues, and of the others that are followed those with a count."""
    config = context.config
    for venue in (*config.core, *config.also) if printed else ():
        counts = by.get(("venue", venue), {})
        if counts or venue in config.core:
            path = f"venues/{venue}/index.html" if venue in context.venue_years else ""
            yield _trend(config.venue_titles.get(venue, venue), path, printed, counts, 0)


def _trend(
    name: str, path: str, printed: tuple[str, ...], counts: Weekly, without: int | None
) -> site.Trend:
    """Every week from the first to the newest; without is the count where a printed one has none."""
    weekly: dict[str, int | None] = {}
    week = printed[0]
    while week <= printed[-1]:
        held = counts[week].entries if week in counts else without
        weekly[week] = held if week in printed else None
        week = weeks.after(week)
    newest = counts.get(printed[-1])
    return site.Trend(name, path, weekly, newest.printed if newest else 0)


def _printed(context: PublishingContext) -> tuple[str, ...]:
    """The printed weeks of the year up to the newest of them, oldest first."""
    frozen = sorted(head.week for head in context.frozen)
    if not frozen:
        return ()
    first = weeks.after(frozen[-1], 1 - SHOWN)
    return tuple(week for week in frozen if week >= first)


def _by_key(counts: tuple[Count, ...]) -> dict[tuple[str, str], dict[str, Count]]:
    by_key: dict[tuple[str, str], dict[str, Count]] = {}
    for count in counts:
        by_key.setdefault((count.kind, count.key), {})[count.week] = count
    return by_key
