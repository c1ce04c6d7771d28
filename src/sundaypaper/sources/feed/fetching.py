"""Fetching a feed, and sorting its entries into news, backlog and what its filter keeps out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sundaypaper.models import (
    Ask,
    Entry,
    Fetched,
    Filter,
    PollState,
    SourceReport,
)
from sundaypaper.query import card_of_entry, match
from sundaypaper.sources import conditional_get
from sundaypaper.sources.conditional_get import Asked, Turn
from sundaypaper.sources.feed.document import ParsedFeed, parse
from sundaypaper.sources.feed.raw import FIND
from sundaypaper.weeks import iso_week

if TYPE_CHECKING:
    from sundaypaper.net import Net, Response
    from sundaypaper.sources.feed import FeedSource

Parser = Callable[[bytes, str, str, str], ParsedFeed]

FEED = Asked(
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
OLD = timedelta(days=30)
AHEAD = timedelta(days=1)
NAMED = 3  # so many dates that cannot be read are shown


def fetch(
    spec: FeedSource,
    poll: PollState,
    net: Net,
    ask: Ask,
    read: Parser = parse,
    turn: Turn = None,
) -> Fetched:
    """Fetch a feed: its entries and its next poll state; never raises SourceError.

    read turns bytes into entries; that of a run works in another process. turn is entered for the
    request only, where the feed's host wants its requests apart.
    """

    def parsed(answer: Response) -> ParsedFeed:
        return read(answer.body, answer.headers.get("content-type", ""), spec.name, answer.url)

    def tell(feed: ParsedFeed, next_poll: PollState, first: bool) -> Fetched:
        return _sorted(spec, first, feed, next_poll, ask)

    return conditional_get.fetch(spec, poll, net, ask, FEED, parsed, tell, turn)


def _sorted(
    spec: FeedSource, first: bool, feed: ParsedFeed, next_poll: PollState, ask: Ask
) -> Fetched:
    """The entries of a parsed feed as news and backlog, without those that its filter keeps out."""
    entries = [_dated(replace(e, group=spec.group), ask.now) for e in feed.entries]
    kept = [e for e in entries if _wanted(spec.only, e)]
    # A post without a date of a feed that dates its posts is of any day, and so no news.
    undated = frozenset(feed.undated if feed.dated else ())
    fresh = {e.id for e in kept if e.id not in undated and _may_be_news(e, ask, first)}
    news = tuple(_placed(e, ask, first) for e in kept if e.id in fresh)
    updates = tuple(e for e in kept if e.id not in fresh)
    notes = _notes(feed)
    if not feed.whole:  # else the rest would never be asked for
        next_poll = replace(next_poll, etag="", last_modified="")
        notes.append("the feed breaks off: its last entries and its end are missing")
    if len(entries) > len(kept):
        notes.append(f"{len(entries) - len(kept)} kept out by its filter")
    report = SourceReport(
        spec.name,
        spec.kind,
        "fresh",
        fetched=len(feed.entries),
        new=len(news),
        detail="; ".join(notes),
    )
    return Fetched(report, next_poll, news, updates, names=feed.names, again=not first)


def _notes(feed: ParsedFeed) -> list[str]:
    """What could not be used of a feed."""
    notes = []
    if not feed.entries and not feed.dropped:
        notes.append(f"the feed holds no entries; if its page does, {FIND}")
    if feed.dropped:
        notes.append(f"{feed.dropped} without address, guid and title dropped")
    if feed.unread:
        shown = dict.fromkeys(feed.unread)
        named = ", ".join(f"“{text}”" for text in list(shown)[:NAMED])
        more = ", …" if len(shown) > NAMED else ""
        total = len(feed.entries)
        notes.append(f"{len(feed.unread)} of {total} dates could not be read: {named}{more}")
    lacking = len(feed.undated) - len(feed.unread)
    if feed.dated and lacking > 0:
        notes.append(f"{lacking} without a date: no news, since the feed dates its posts")
    return notes


def _dated(entry: Entry, now: datetime) -> Entry:
    """Without the dates that lie in the future."""
    published, updated = (
        None if date is not None and date > now + AHEAD else date
        for date in (entry.published, entry.updated)
    )
    return replace(entry, published=published, updated=updated)


def _wanted(only: Filter | None, entry: Entry) -> bool:
    return only is None or match(only, card_of_entry(entry))


def _may_be_news(entry: Entry, ask: Ask, first: bool) -> bool:
    """The backlog rule: what a new source wrote before this week was never news here."""
    if first:
        return entry.published is not None and iso_week(entry.published.date()) >= ask.week
    return entry.published is None or entry.published >= ask.now - OLD


def _placed(entry: Entry, ask: Ask, first: bool) -> Entry:
    """On a first fetch what is dated after the asked week stands in the week of its date."""
    week = iso_week(entry.published.date()) if first and entry.published else ""
    return replace(entry, week=week) if week > ask.week else entry
