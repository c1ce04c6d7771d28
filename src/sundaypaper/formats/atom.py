"""Issues -> one Atom 1.0 feed (RFC 4287) of what was printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment

from sundaypaper.formats.view import encode, view
from sundaypaper.formats.wording import week_words
from sundaypaper.models import Issue, IssueHead, Masthead, Page

LENGTH = 20
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One issue in the feed; content is HTML, updated is RFC 3339."""

    id: str
    title: str
    link: str
    updated: str
    content: str


def atom_page(
    heads: tuple[IssueHead, ...], whole: tuple[Issue, ...], masthead: Masthead, env: Environment
) -> Page:
    """feed.atom with the newest printed issues; those in whole are told in full. Drafts stay out."""
    issues = {issue.week: issue for issue in whole}
    printed = [head for head in heads if head.state == "frozen"][:LENGTH]
    entries = [_entry(head, issues.get(head.week), masthead, env) for head in printed]
    updated = max((head.composed for head in printed), default=NEVER)
    text = env.get_template("feed.atom").render(
        masthead=masthead,
        id=masthead.base_url or _urn(masthead, ""),
        updated=_stamp(updated),
        entries=entries,
    )
    return Page("feed.atom", encode(text))


def _entry(head: IssueHead, issue: Issue | None, masthead: Masthead, env: Environment) -> FeedEntry:
    link = f"{masthead.base_url}issues/{head.week}/index.html"
    content = env.get_template("feed_entry.html").render(
        head=head, issue=issue, view=issue and view(issue), link=link
    )
    return FeedEntry(
        id=link if masthead.base_url else _urn(masthead, head.week),
        title=f"{week_words(head.week)}: {head.headline}",
        link=link,
        updated=_stamp(head.composed),
        content=content,
    )


def _urn(masthead: Masthead, week: str) -> str:
    """A stable id for a paper that has no address of its own."""
    return uuid5(NAMESPACE_URL, f"sundaypaper/{masthead.title}/{week}").urn


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
