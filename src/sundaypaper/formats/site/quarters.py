"""A quarter in review: one page that says what mattered, and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Environment

from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.rendering import render
from sundaypaper.issue.quarter import Became, Told
from sundaypaper.models import IssueHead, Page, Pick

IN_FULL, CHANGES, RELEASES, VENUES = 5, 12, 12, 18
KINDS = (
    ("accepted", "Accepted since"),
    ("code", "Code out since"),
    ("withdrawn", "Withdrawn by their authors"),
)


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic with its new entries a week, and those of the quarter before; None if not known."""

    name: str
    path: str
    a_week: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class VenueCount:
    """A venue, its page or "", and how many papers first said in this quarter that it took them."""

    name: str
    path: str
    papers: int


@dataclass(frozen=True, slots=True)
class QuarterPage:
    """A quarter: 2026-Q1. of counts its weeks; heads are its printed issues, newest first.

    entries are all that was new, rose says whether topics are compared with the quarter before.
    releases give the week that printed each, noted counts corrections.
    """

    quarter: str
    running: bool
    of: int
    heads: tuple[IssueHead, ...]
    entries: int
    told: tuple[Told, ...]
    became: tuple[Became, ...]
    topics: tuple[TopicCount, ...]
    compared: bool
    venues: tuple[VenueCount, ...]
    releases: tuple[tuple[str, Pick], ...] = ()
    noted: int = 0
    removed: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> tuple[tuple[str, tuple[Became, ...]], ...]:
        """What became of entries by kind, with a heading, only kinds that there are."""
        by_kind = (
            (title, tuple(b for b in self.became if b.what == kind)) for kind, title in KINDS
        )
        return tuple((title, some) for title, some in by_kind if some)

    @property
    def further(self) -> tuple[tuple[str, tuple[Told, ...]], ...]:
        """The entries that are not told in full, by chief topic, in the order of the topics."""
        groups: dict[str, list[Told]] = {}
        for told in self.told[IN_FULL:]:
            chief = max(told.pick.tags, key=lambda tag: tag.score).topic if told.pick.tags else ""
            groups.setdefault(chief, []).append(told)
        order = list(self.names)
        ranked = sorted(groups, key=lambda t: order.index(t) if t in self.names else len(order))
        return tuple((self.names.get(t, t or "Other topics"), tuple(groups[t])) for t in ranked)


def quarter_path(quarter: str) -> str:
    """Where the page of a quarter lies."""
    return f"archive/{quarter}/index.html"


def quarter_page(page: QuarterPage, frame: PageFrame, env: Environment) -> Page:
    """`archive/<quarter>/`."""
    limits = {
        "in_full": IN_FULL,
        "most_changes": CHANGES,
        "most_releases": RELEASES,
        "most_venues": VENUES,
    }
    return render("quarter.html", quarter_path(page.quarter), env, frame, page=page, **limits)
