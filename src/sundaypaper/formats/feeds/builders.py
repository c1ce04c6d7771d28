"""Builds the feeds of the paper, topics, venues and editions from issues and picks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape
from types import MappingProxyType

from jinja2 import Environment

from sundaypaper.formats.feeds.content import content
from sundaypaper.formats.feeds.feed import Feed, FeedItem, feed_pages
from sundaypaper.formats.feeds.writing import SiteFile, line, whole
from sundaypaper.formats.hrefs import web
from sundaypaper.formats.lasting_names import identity
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.site.entries import entry_path
from sundaypaper.formats.template import rendered
from sundaypaper.models import IssueHead, Masthead, Page, Pick
from sundaypaper.wording.dates import week_words

ISSUES = 20
PICKS = 50
# Where the app answers with the feed of a query, and the page that finds the same.
QUERIES, SEARCH = "feeds/custom", "search/index.html"
NEVER = date(1970, 1, 1)
NOTHING: Mapping[str, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FeedIssue:
    """An issue, its page as it is published, and when one of its entries was last amended.

    says stands for the headline where the page is that of an edition.
    """

    head: IssueHead
    page: Page
    amended: datetime | None = None
    says: str = ""


def paper_feed(
    heads: Iterable[IssueHead],
    whole: Iterable[FeedIssue],
    masthead: Masthead,
    amended: Mapping[str, datetime] = NOTHING,
) -> tuple[Page, ...]:
    """`feed.*`: the newest printed issues; those in whole in full, of others the headline.

    heads are newest first; drafts stay out. In full means what the issue's page prints. amended says
    when the words of a week were last corrected.
    """
    in_full = {issue.head.week: issue for issue in whole}
    place = SiteFile(masthead, "feed")
    printed = [head for head in heads if head.state == "frozen"][:ISSUES]
    items = tuple(
        _issue(in_full[head.week], place)
        if head.week in in_full
        else _headline(head, masthead, amended.get(head.week))
        for head in printed
    )
    return _feed(masthead.title, "feed", "index.html", items, masthead)


def edition_feed(
    edition_id: str, name: str, issues: Iterable[FeedIssue], masthead: Masthead
) -> tuple[Page, ...]:
    """`editions/<id>/feed.*` of issues already cut to the edition, newest first; no drafts."""
    printed = [issue for issue in issues if issue.head.state == "frozen"][:ISSUES]
    place = SiteFile(masthead, f"editions/{edition_id}/feed")
    items = tuple(_issue(issue, place) for issue in printed)
    home = f"editions/{edition_id}/index.html"
    return _feed(f"{masthead.title}: {name}", place.path, home, items, masthead)


def picks_feed(
    title: str,
    path: str,
    home: str,
    picks: Sequence[tuple[str, datetime, Pick]],
    masthead: Masthead,
    env: Environment,
    names: Mapping[str, str] | None = None,
    amended: Mapping[str, datetime] | None = None,
) -> tuple[Page, ...]:
    """`<path>.*`: one item an entry, newest first, from week, moment of its issue, and pick.

    title is what the feed is about; the paper's comes before it. An entry printed twice stands as
    in its newest issue. names are those of topics, amended when entries last were, both by id.
    BuildError from a user's template.
    """
    items = _items(
        picks, masthead, env, names or {}, amended or {}, lambda pick: entry_path(pick.id)
    )
    return _feed(f"{masthead.title}: {title}", path, home, items, masthead)


def query_feed(
    asked: str,
    picks: Sequence[tuple[str, datetime, Pick]],
    masthead: Masthead,
    env: Environment,
    names: Mapping[str, str],
    amended: Mapping[str, datetime],
    paged: Set[str],
) -> tuple[Page, ...]:
    """`feeds/custom.*` of a query, as picks_feed makes it; asked is what stands behind `?q=`.

    Entries that are not among paged have no page here and lead to their own address.
    """

    def place(pick: Pick) -> str:
        own = "" if pick.id in paged else whole(pick.url)
        return own or entry_path(pick.id)

    items = _items(picks, masthead, env, names, amended, place)
    return _feed(f"{masthead.title}: {asked}", QUERIES, SEARCH, items, masthead, asked)


def _items(
    picks: Sequence[tuple[str, datetime, Pick]],
    masthead: Masthead,
    env: Environment,
    names: Mapping[str, str],
    amended: Mapping[str, datetime],
    place: Callable[[Pick], str],
) -> tuple[FeedItem, ...]:
    newest: dict[str, tuple[datetime, Pick]] = {}
    first: dict[str, datetime] = {}
    for _, composed, pick in sorted(picks, key=lambda row: row[0], reverse=True):
        newest.setdefault(pick.id, (composed, pick))
        first[pick.id] = composed
    chosen = list(newest.values())[:PICKS]
    return tuple(
        _pick(
            pick,
            place(pick),
            (first[pick.id], max(composed, amended.get(pick.id, composed))),
            names,
            masthead,
            env,
        )
        for composed, pick in chosen
    )


def _feed(
    title: str,
    path: str,
    home: str,
    items: tuple[FeedItem, ...],
    masthead: Masthead,
    asked: str = "",
) -> tuple[Page, ...]:
    begun = datetime.combine(masthead.begun or NEVER, time(), UTC)
    updated = max((item.updated for item in items), default=begun)
    return feed_pages(Feed(title, path, home, updated, items, asked), masthead)


def _issue(issue: FeedIssue, place: SiteFile) -> FeedItem:
    """An issue in full, at the address of its page."""
    head = issue.head
    headline = plain(issue.says or head.headline)
    return FeedItem(
        id=identity(place.masthead, issue.page.path),
        title=f"{week_words(head.week)}: {headline}",
        link=issue.page.path,
        updated=max(head.composed, issue.amended or head.composed),
        published=head.composed,
        html=content(issue.page, place) or _paragraph(headline),
        summary=headline,
        authors=(head.signed,) if head.signed else (),
    )


def _headline(head: IssueHead, masthead: Masthead, amended: datetime | None) -> FeedItem:
    """An issue as its headline and link alone."""
    link = f"issues/{head.week}/index.html"
    return FeedItem(
        id=identity(masthead, link),
        title=f"{week_words(head.week)}: {plain(head.headline)}",
        link=link,
        updated=max(head.composed, amended or head.composed),
        published=head.composed,
        html=_paragraph(plain(head.headline)),
        summary=plain(head.headline),
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(line(text))}</p>"


def _pick(
    pick: Pick,
    link: str,
    moments: tuple[datetime, datetime],
    names: Mapping[str, str],
    masthead: Masthead,
    env: Environment,
) -> FeedItem:
    """An entry that leads somewhere; moments are when it was printed and last changed."""
    published, updated = moments
    html = rendered(env, "feed_pick.html", pick=pick)
    return FeedItem(
        id=identity(masthead, entry_path(pick.id)),
        title=pick.title,
        link=link,
        updated=updated,
        published=published,
        html=html.strip(),
        summary=pick.gist,
        authors=pick.authors,
        tags=tuple(names.get(tag.topic, tag.topic) for tag in pick.tags),
        about=web(pick.url) if link == entry_path(pick.id) else "",
    )
