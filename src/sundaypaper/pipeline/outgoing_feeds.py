"""Feeds of the paper, its topics, venues and editions; OPML, the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sundaypaper.build import Derived, Group
from sundaypaper.formats import feeds, site
from sundaypaper.models import IssueHead, Page, Pick
from sundaypaper.pipeline.publishing_context import PublishingContext
from sundaypaper.weeks import quarter

# Issues that feeds hold in full; of older ones they hold the headline.
IN_FEED = 5
# How far back the pages and feeds of topics and venues look.
TOPIC_WEEKS = 12

# ---------------------------------------------------------------- feeds and lists


def venue_feeds(context: PublishingContext) -> Iterator[Group]:
    """The feed of every venue, over its newest weeks."""
    for venue, years in context.venue_years.items():
        weeks = sorted({week for _, _, held in years for week in held}, reverse=True)[:TOPIC_WEEKS]
        ids = frozenset().union(*(context.printed.get(week, frozenset()) for week in weeks))
        fingerprint = context.fingerprint("venue feed", str(years[0][0]), weeks=weeks, ids=ids)
        yield Group(
            f"venues/{venue}/feed", fingerprint, _venue_feed(context, venue, years[0][0], weeks)
        )


def issue_feeds(context: PublishingContext) -> Iterator[Derived]:
    """The feeds of the whole paper and of each edition, with the text of the rendered pages."""
    newest = context.frozen[:IN_FEED]
    titles = (f"{head.week} {head.headline}" for head in context.frozen[: feeds.ISSUES])
    fingerprint = context.fingerprint(
        "feeds", *titles, weeks=(h.week for h in newest), ids=context.amendments
    )
    yield Derived("feeds", fingerprint, lambda folder: _issue_feeds(context, newest, folder))


def _issue_feeds(
    context: PublishingContext, heads: tuple[IssueHead, ...], folder: Path
) -> tuple[Page, ...]:
    masthead = context.config.masthead
    whole = [_feed_issue(context, head, "issues", folder) for head in heads]
    made = [*feeds.paper_feed(context.heads, whole, masthead, context.amended_on)]
    for id, name in context.frame.editions.items():
        cut = [_feed_issue(context, head, f"editions/{id}", folder, name) for head in heads]
        made += feeds.edition_feed(id, name, cut, masthead)
    return tuple(made)


def _feed_issue(
    context: PublishingContext, head: IssueHead, place: str, folder: Path, says: str = ""
) -> feeds.FeedIssue:
    path = f"{place}/{head.week}/index.html"
    amended = context.amended_issue(head.week)
    return feeds.FeedIssue(head, Page(path, (folder / path).read_bytes()), amended, says)


def _moments(
    context: PublishingContext, picks: Iterable[tuple[str, Pick]]
) -> list[tuple[str, datetime, Pick]]:
    """Picks of printed issues with when these were composed."""
    composed = {head.week: head.composed for head in context.frozen}
    return [(week, composed[week], pick) for week, pick in picks if week in composed]


def topic_feed(
    context: PublishingContext, topic: str, picks: list[tuple[str, Pick]]
) -> tuple[Page, ...]:
    """The feed of a topic, of the picks that carry it."""
    of_topic = [
        (week, pick)
        for week, pick in picks
        if pick.kind != "event" and any(tag.topic == topic for tag in pick.tags)
    ]
    folder, names = f"topics/{topic}", context.frame.topics
    return feeds.picks_feed(
        names[topic], f"{folder}/feed", f"{folder}/index.html",
        _moments(context, of_topic), context.config.masthead, context.env, names, context.amended_on,
    )  # fmt: skip


def _venue_feed(
    context: PublishingContext, venue: str, newest: int, weeks: list[str]
) -> Callable[[], tuple[Page, ...]]:
    def pages() -> tuple[Page, ...]:
        picks = [
            (week, pick)
            for week, picked in context.picked(weeks).items()
            for pick in picked.picks
            if any(claim.venue == venue and claim.status == "accepted" for claim in pick.claims)
        ]
        return feeds.picks_feed(
            context.frame.venues[venue], f"venues/{venue}/feed", f"venues/{venue}/{newest}/index.html",
            _moments(context, picks), context.config.masthead, context.env, context.frame.topics, context.amended_on,
        )  # fmt: skip

    return pages


def lists_group(context: PublishingContext) -> Group:
    """Files for programs: OPML of the feeds and of the sources, the sitemap, robots.txt."""
    fingerprint = context.fingerprint(
        "lists", repr(context.config.sources), repr(context.config.editions), repr(context.venue_years),
        repr(context.authors),
        weeks=context.weeks, ids=context.amendments,
    )  # fmt: skip
    return Group("lists", fingerprint, lambda: _list_pages(context))


def _list_pages(context: PublishingContext) -> tuple[Page, ...]:
    masthead, frame = context.config.masthead, context.frame
    groups = (
        ("Topics", [(name, f"topics/{id}/feed", f"topics/{id}/index.html") for id, name in frame.topics.items()]),
        ("Venues", [(frame.venues[v], f"venues/{v}/feed", f"venues/{v}/{years[0][0]}/index.html") for v, years in context.venue_years.items()]),
        ("Editions", [(edition.name, f"editions/{edition.id}/feed", f"editions/{edition.id}/index.html") for edition in context.config.editions]),
    )  # fmt: skip
    ours = feeds.feed_outlines(masthead, groups)
    theirs = feeds.source_outlines(context.config.sources)
    sitemap = feeds.sitemap_page(_paths(context), masthead)
    return (
        feeds.opml_page("feeds.opml", f"{masthead.title}: all feeds", ours),
        feeds.opml_page("sources.opml", f"What {masthead.title} reads", theirs),
        feeds.robots_page(masthead),
        *([sitemap] if sitemap else []),
    )


def _paths(context: PublishingContext) -> Iterator[tuple[str, datetime | None]]:
    """Every page that a search engine may find, and when it last changed."""
    composed = {head.week: head.composed for head in context.heads}
    newest = max(composed.values(), default=None)
    yield from (
        (f"{name}index.html", newest)
        for name in ("", "archive/", "topics/", "venues/", "authors/", "trends/", "sources/")
    )
    yield from ((f"{n}/index.html", None) for n in ("about", "paths", "subscribe", "corrections"))
    yield from ((f"topics/{topic}/index.html", newest) for topic in context.frame.topics)
    yield from (
        (site.author_path(name), composed.get(of.newest)) for name, of in context.authors.items()
    )
    for week, at in composed.items():
        amended = context.amended_issue(week)
        yield f"issues/{week}/index.html", max(at, amended or at)
        yield f"issues/{week}/all/index.html", at
    if context.config.editions:
        yield "editions/index.html", newest
    for name in dict.fromkeys(quarter(head.week) for head in context.frozen):
        yield site.quarter_path(name), newest
    for venue, years in context.venue_years.items():
        held = {week for _, _, weeks in years for week in weeks}
        yield f"venues/{venue}/index.html", max(composed[week] for week in held)
        for year, _, weeks in years:
            yield f"venues/{venue}/{year}/index.html", max(composed[week] for week in weeks)
    last = {id: week for week in reversed(context.weeks) for id in context.printed.get(week, ())}
    for id, week in last.items():
        if id in context.removed:
            continue
        yield site.entry_path(id), max(composed[week], context.amended([id]) or composed[week])
