"""Groups of the API's files: each is made anew with the pages that say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from sundaypaper.build import Group
from sundaypaper.formats import api, site
from sundaypaper.formats.llms import llms_page
from sundaypaper.models import Page, Pick
from sundaypaper.pipeline.list_pages import TOPIC_PICKS, ListedWeek
from sundaypaper.pipeline.outgoing_feeds import TOPIC_WEEKS
from sundaypaper.pipeline.printed_entries import printed_entries
from sundaypaper.pipeline.publishing_context import PublishingContext, kept


def api_groups(context: PublishingContext, entries: Iterable[ListedWeek]) -> Iterator[Group]:
    """All files below `api/`, and llms.txt, which leads there."""
    frame, root = context.frame, api.ROOT
    for week in context.weeks:
        ids = context.printed.get(week, frozenset()) | {week}
        of_week = context.fingerprint("api", weeks=[week], ids=ids)
        yield Group(f"{root}/issues/{week}", of_week, partial(_issue, context, week))
    for at in entries:
        fingerprint = context.fingerprint("api", at.fingerprint)
        yield Group(f"{root}/entries/{at.week}", fingerprint, partial(_entries, context, at.ids))
    yield _topics(context)
    for venue, years in context.venue_years.items():
        for year, _, weeks in years:
            name = f"{root}/venues/{venue}/{year}"
            yield Group(name, context.fingerprint("api", weeks=weeks), _venue(context, venue, year))
    starting = context.fingerprint("api", repr((context.heads, context.venue_years)))
    yield Group(root, starting, lambda: (
        *api.start_pages(context.heads, frame),
        api.venues_page(api.venue_years(context.venue_years, frame)),
        llms_page(context.heads, frame),
    ))  # fmt: skip


def _issue(context: PublishingContext, week: str) -> tuple[Page, ...]:
    issue, _ = kept(context, week)
    return (api.issue_page(issue, context.frame.masthead),)


def _entries(context: PublishingContext, ids: frozenset[str]) -> tuple[Page, ...]:
    of = printed_entries(context.printed, context.amendments, context.picked, ids)
    return tuple(map(api.entry_page, of))


def _topics(context: PublishingContext) -> Group:
    weeks = context.weeks[:TOPIC_WEEKS]
    ids = frozenset().union(*(context.printed.get(week, frozenset()) for week in weeks))

    def pages() -> tuple[Page, ...]:
        picked = context.picked(weeks)
        picks = [(week, pick) for week in weeks for pick in picked[week].picks]
        names = context.frame.topics
        each = (api.TopicPicks(id, name, _newest(id, picks)) for id, name in names.items())
        return api.topic_pages(each)

    return Group(f"{api.ROOT}/topics", context.fingerprint("api", weeks=weeks, ids=ids), pages)


def _newest(topic: str, picks: Iterable[tuple[str, Pick]]) -> tuple[tuple[str, Pick], ...]:
    """The newest picks that carry a topic, each once, as its page shows them."""
    chosen: dict[str, tuple[str, Pick]] = {}
    for week, pick in picks:
        if pick.kind != "event" and any(tag.topic == topic for tag in pick.tags):
            chosen.setdefault(pick.id, (week, pick))
    return tuple(chosen.values())[:TOPIC_PICKS]


def _venue(context: PublishingContext, venue: str, year: int) -> Callable[[], tuple[Page, ...]]:
    def pages() -> tuple[Page, ...]:
        lines = context.store.claimed(venue, year, site.LINES)
        weekly = context.store.claimed_by_week(venue, year)
        return (api.venue_page(api.venue_file(venue, year, lines, weekly, context.frame)),)

    return pages
