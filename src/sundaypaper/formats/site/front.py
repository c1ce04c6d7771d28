"""Pages of no single week: front, archive, sources, search and more, and the shared files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from jinja2 import Environment

from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.issues import issue_page
from sundaypaper.formats.site.rendering import copy, render, render_from
from sundaypaper.formats.view import view
from sundaypaper.models import Amendment, Filter, Issue, IssueHead, Page, Pick, SourceReport

SCORES = Path(__file__).parent.parent.parent / "data" / "scores.json"
# How many weeks a reader may try a query over, as `sundaypaper topics try` does.
TRIED = 8
# How many weeks of each edition are named on the page of all.
EDITION_WEEKS = 8
KINDS = (("paper", "papers"), ("post", "posts"), ("course", "courses"))
SHARED = (
    "style.css",
    "more.css",
    "filter.css",
    "filter.js",
    "worker.js",
    "query.js",
    "archive.js",
    "search.js",
    "take.js",
    "mine.js",
    "choose.js",
    "feed.css",
    "keep.js",
    "marks.js",
    "order.js",
    "reader.css",
    "subscribe.js",
    "favicon.svg",
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as of the newest issue: its last report, the last week in which it answered, and how
    many entries it brought in each of the last weeks, oldest first."""

    name: str
    group: str
    url: str
    report: SourceReport
    answered: str
    weekly: tuple[int, ...]


class Choice(Protocol):
    """An edition that a reader may choose."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def match(self) -> Filter: ...


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment with the title of what it is about, and the path of its page, or ""."""

    title: str
    amendment: Amendment
    path: str


def front_pages(
    newest: Issue | None,
    heads: tuple[IssueHead, ...],
    sources: tuple[SourceLine, ...],
    amended: tuple[Amended, ...],
    venues: tuple[str, ...],
    editions: Sequence[Choice],
    frame: PageFrame,
    env: Environment,
) -> tuple[Page, ...]:
    """The front, the archive, sources, corrections, scores, search and what pages share.

    heads are newest first, venues the keys of those that have a page, in their order.
    """
    if newest is None:
        front = render("empty.html", "index.html", env, frame)
    else:
        previous = next((head for head in heads if head.week < newest.week), None)
        front = issue_page("index.html", newest, frame, env, previous)
    by_year = groupby(heads, key=lambda head: head.week[:4])
    years = [(year, list(group)) for year, group in by_year]
    week = newest.week if newest else ""
    return (
        front,
        render("archive.html", "archive/index.html", env, frame, years=years),
        *_signposts(heads, frame, env),
        *_editions_page(editions, heads, frame, env),
        render("about.html", "about/index.html", env, frame, card=_scores()),
        render("sources.html", "sources/index.html", env, frame, sources=sources, week=week),
        render("corrections.html", "corrections/index.html", env, frame, amended=amended),
        _search_page([year for year, _ in years], venues, frame, env),
        render(
            "mine.html",
            "mine/index.html",
            env,
            frame,
            venues=venues,
            editions=editions,
            weeks=[head.week for head in heads[:TRIED]],
            week=week,
            first=_lead(newest) if newest else (),
            view=view(newest) if newest else None,
        ),
        render("subscribe.html", "subscribe/index.html", env, frame, venues=venues, weeks=week),
        _not_found(frame, env),
        *shared_pages(env),
    )


def _not_found(frame: PageFrame, env: Environment) -> Page:
    """The page that a static host shows at any depth: its style lies at the path of base_url."""
    root = urlsplit(frame.masthead.base_url).path
    return render_from(root, "404.html", "404.html", env, frame)


def shared_pages(env: Environment) -> tuple[Page, ...]:
    """What the pages of a build share: style sheets, scripts and the icon."""
    return tuple(copy(name, env) for name in SHARED)


def _signposts(
    heads: tuple[IssueHead, ...], frame: PageFrame, env: Environment
) -> tuple[Page, ...]:
    """`issues/` and `e/`, for whoever shortens an address: where what lies below is listed."""
    if not heads:
        return ()
    return tuple(
        render(f"{name}.html", f"{folder}/index.html", env, frame, heads=heads)
        for folder, name in (("issues", "issues"), ("e", "entries"))
    )


def _editions_page(
    editions: Sequence[Choice], heads: tuple[IssueHead, ...], frame: PageFrame, env: Environment
) -> tuple[Page, ...]:
    """`editions/`: each edition, what it is made of, and its last weeks; none without editions."""
    if not editions:
        return ()
    weeks = [head.week for head in heads[:EDITION_WEEKS]]
    return (
        render("editions.html", "editions/index.html", env, frame, editions=editions, weeks=weeks),
    )


def _lead(issue: Issue) -> list[Pick]:
    """What everybody should read first."""
    picks = view(issue).picks
    ids = [item.id for section in issue.sections if section.id == "lead" for item in section.items]
    return [picks[id] for id in ids if picks[id].source]


def _search_page(
    years: list[str], venues: tuple[str, ...], frame: PageFrame, env: Environment
) -> Page:
    """The search page; what it offers to narrow by is the name of a filter of each entry's page."""
    offered = (
        ("topic", "Topic", tuple(frame.topics.items())),
        ("venue", "Venue", tuple((venue, frame.venues[venue]) for venue in venues)),
        ("year", "Year", tuple((year, year) for year in years)),
        ("kind", "Kind", KINDS),
    )
    return render("search.html", "search/index.html", env, frame, years=years, filters=offered)


def _scores() -> dict[str, object]:
    """The scorecard that ships with the package: groups, rows and tables."""
    card: dict[str, object] = json.loads(SCORES.read_text(encoding="utf-8"))
    return card
