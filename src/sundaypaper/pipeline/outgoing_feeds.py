"""Feeds of the paper, its topics, venues and editions; OPML, the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sundaypaper.build import Derived, Group
from sundaypaper.formats import feeds, site
from sundaypaper.models import IssueHead, Page, Pick
from sundaypaper.pipeline.publishing_context import Press

# Issues that feeds hold in full; of older ones they hold the headline.
IN_FEED = 5
# How far back the pages and feeds of topics and venues look.
TOPIC_WEEKS = 12

# ---------------------------------------------------------------- feeds and lists


def venue_feeds(press: Press) -> Iterator[Group]:
    """The feed of every venue, over its newest weeks."""
    for venue, years in press.venue_years.items():
        weeks = sorted({week for _, _, held in years for week in held}, reverse=True)[:TOPIC_WEEKS]
        ids = frozenset().union(*(press.printed.get(week, frozenset()) for week in weeks))
        fingerprint = press.fingerprint("venue feed", str(years[0][0]), weeks=weeks, ids=ids)
        yield Group(
            f"venues/{venue}/feed", fingerprint, _venue_feed(press, venue, years[0][0], weeks)
        )


def issue_feeds(press: Press) -> Iterator[Derived]:
    """The feeds of the whole paper and of each edition, with the text of the rendered pages."""
    newest = press.frozen[:IN_FEED]
    titles = (f"{head.week} {head.headline}" for head in press.frozen[: feeds.ISSUES])
    fingerprint = press.fingerprint(
        "feeds", *titles, weeks=(h.week for h in newest), ids=press.amendments
    )
    yield Derived("feeds", fingerprint, lambda folder: _issue_feeds(press, newest, folder))


def _issue_feeds(press: Press, heads: tuple[IssueHead, ...], folder: Path) -> tuple[Page, ...]:
    masthead = press.config.masthead
    whole = [_feed_issue(press, head, "issues", folder) for head in heads]
    made = [*feeds.paper_feed(press.heads, whole, masthead)]
    for id, name in press.frame.editions.items():
        cut = [_feed_issue(press, head, f"editions/{id}", folder, name) for head in heads]
        made += feeds.edition_feed(id, name, cut, masthead)
    return tuple(made)


def _feed_issue(
    press: Press, head: IssueHead, place: str, folder: Path, says: str = ""
) -> feeds.FeedIssue:
    path = f"{place}/{head.week}/index.html"
    amended = press.amended(press.printed.get(head.week, ()))
    return feeds.FeedIssue(head, Page(path, (folder / path).read_bytes()), amended, says)


def _moments(press: Press, picks: Iterable[tuple[str, Pick]]) -> list[tuple[str, datetime, Pick]]:
    """Picks of printed issues with when these were composed."""
    composed = {head.week: head.composed for head in press.frozen}
    return [(week, composed[week], pick) for week, pick in picks if week in composed]


def topic_feed(press: Press, topic: str, picks: list[tuple[str, Pick]]) -> tuple[Page, ...]:
    """The feed of a topic, of the picks that carry it."""
    of_topic = [
        (week, pick)
        for week, pick in picks
        if pick.kind != "event" and any(tag.topic == topic for tag in pick.tags)
    ]
    folder, names = f"topics/{topic}", press.frame.topics
    return feeds.picks_feed(
        names[topic], f"{folder}/feed", f"{folder}/index.html",
        _moments(press, of_topic), press.config.masthead, press.env, names, press.amended_on,
    )  # fmt: skip


def _venue_feed(
    press: Press, venue: str, newest: int, weeks: list[str]
) -> Callable[[], tuple[Page, ...]]:
    def pages() -> tuple[Page, ...]:
        picks = [
            (week, pick)
            for week, picked in press.picked(weeks).items()
            for pick in picked.picks
            if any(claim.venue == venue and claim.status == "accepted" for claim in pick.claims)
        ]
        return feeds.picks_feed(
            press.frame.venues[venue], f"venues/{venue}/feed", f"venues/{venue}/{newest}/index.html",
            _moments(press, picks), press.config.masthead, press.env, press.frame.topics, press.amended_on,
        )  # fmt: skip

    return pages


def lists_group(press: Press) -> Group:
    """Files for programs: OPML of the feeds and of the sources, the sitemap, robots.txt."""
    fingerprint = press.fingerprint(
        "lists", repr(press.config.sources), repr(press.config.editions), repr(press.venue_years),
        weeks=press.weeks, ids=press.amendments,
    )  # fmt: skip
    return Group("lists", fingerprint, lambda: _list_pages(press))


def _list_pages(press: Press) -> tuple[Page, ...]:
    masthead, frame = press.config.masthead, press.frame
    groups = (
        ("Topics", [(name, f"topics/{id}/feed", f"topics/{id}/index.html") for id, name in frame.topics.items()]),
        ("Venues", [(frame.venues[v], f"venues/{v}/feed", f"venues/{v}/{years[0][0]}/index.html") for v, years in press.venue_years.items()]),
        ("Editions", [(edition.name, f"editions/{edition.id}/feed", f"editions/{edition.id}/index.html") for edition in press.config.editions]),
    )  # fmt: skip
    ours = feeds.feed_outlines(masthead, groups)
    theirs = feeds.source_outlines(press.config.sources)
    sitemap = feeds.sitemap_page(_paths(press), masthead)
    return (
        feeds.opml_page("feeds.opml", f"{masthead.title}: all feeds", ours),
        feeds.opml_page("sources.opml", f"What {masthead.title} reads", theirs),
        feeds.robots_page(masthead),
        *([sitemap] if sitemap else []),
    )


def _paths(press: Press) -> Iterator[tuple[str, datetime | None]]:
    """Every page that a search engine may find, and when it last changed."""
    composed = {head.week: head.composed for head in press.heads}
    newest = max(composed.values(), default=None)
    yield from (
        (f"{name}index.html", newest)
        for name in ("", "archive/", "topics/", "venues/", "trends/", "sources/")
    )
    yield from ((f"{name}/index.html", None) for name in ("about", "subscribe", "corrections"))
    yield from ((f"topics/{topic}/index.html", newest) for topic in press.frame.topics)
    for week, at in composed.items():
        amended = press.amended(press.printed.get(week, ()))
        yield f"issues/{week}/index.html", max(at, amended or at)
        yield f"issues/{week}/all/index.html", at
    for venue, years in press.venue_years.items():
        for year, _, weeks in years:
            yield f"venues/{venue}/{year}/index.html", max(composed[week] for week in weeks)
    last = {id: week for week in reversed(press.weeks) for id in press.printed.get(week, ())}
    for id, week in last.items():
        if id in press.removed:
            continue
        yield site.entry_path(id), max(composed[week], press.amended([id]) or composed[week])
