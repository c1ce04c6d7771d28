"""Pages of topics and venues: what was printed about each, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Environment

from sundaypaper.formats.index import list_page
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.paths import StepLine
from sundaypaper.formats.site.rendering import render
from sundaypaper.formats.site.trends import Trend
from sundaypaper.models import Claimed, Page, Pick, TopicEntry, TopicName

# A page stays readable; what goes beyond is counted by week, with the way there.
LINES = 600


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic: what it is about in our words, its path, its newest picks with their weeks.

    lines are its newest entries; those with an id in pages have a page here. weekly counts all of
    the last weeks, newest first; None where a week is not counted. trend counts what was new
    lately; None where the newest printed issue did not know it. abstracts are those of the picks,
    by id.
    """

    topic: TopicName
    about: str = ""
    path: tuple[StepLine, ...] = ()
    picks: tuple[tuple[str, Pick], ...] = ()
    trend: Trend | None = None
    abstracts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[TopicEntry, ...] = ()
    pages: frozenset[str] = frozenset()
    weekly: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VenuePage:
    """A venue in a year: picks with their weeks, and who says to be accepted, newest first.

    lines hold the newest of these; those with an id in pages have a page here. weekly counts all
    of them by week. abstracts are those of the picks, by id.
    """

    venue: str
    year: int
    picks: tuple[tuple[str, Pick], ...]
    lines: tuple[Claimed, ...]
    weekly: Mapping[str, int]
    abstracts: Mapping[str, str] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many say so."""
        return sum(self.weekly.values())


@dataclass(frozen=True, slots=True)
class VenueYears:
    """A venue over its years: of each, newest first, how many say to be accepted, and the weeks.

    trend counts its main track, or the journal; None before the first issue is printed. dates are
    its events from the newest issue on, soonest first.
    """

    venue: str
    years: tuple[tuple[int, int, tuple[str, ...]], ...]
    trend: Trend | None = None
    dates: tuple[Pick, ...] = ()


def topic_pages(page: TopicPage, frame: PageFrame, env: Environment) -> tuple[Page, ...]:
    """`topics/<id>/` and what its filter box looks at."""
    folder = f"topics/{page.topic.id}"
    picked = {pick.id for _, pick in page.picks}
    lines = [line for line in page.lines if line.id not in picked]
    return (
        render(
            "topic.html", f"{folder}/index.html", env, frame, page=page, folder=folder, lines=lines
        ),
        list_page(folder, (pick for _, pick in page.picks), page.abstracts, lines),
    )


def venue_pages(page: VenuePage, frame: PageFrame, env: Environment) -> tuple[Page, ...]:
    """`venues/<venue>/<year>/` and what its filter box looks at."""
    picked = {pick.id for _, pick in page.picks}
    lines = [line for line in page.lines[:LINES] if line.id not in picked]
    listed = Counter(line.week for line in page.lines[:LINES])
    further = {
        week: count - listed[week] for week, count in page.weekly.items() if count > listed[week]
    }
    folder = f"venues/{page.venue}/{page.year}"
    return (
        render(
            "venue.html",
            f"{folder}/index.html",
            env,
            frame,
            page=page,
            folder=folder,
            name=frame.venues[page.venue],
            lines=lines,
            further=further,
        ),
        list_page(folder, (pick for _, pick in page.picks), page.abstracts, lines),
    )


def venue_page(page: VenueYears, frame: PageFrame, env: Environment) -> Page:
    """`venues/<venue>/`: its years, what its weeks come to, and its dates."""
    name = frame.venues[page.venue]
    return render(
        "venue_years.html", f"venues/{page.venue}/index.html", env, frame, page=page, name=name
    )


def topics_page(
    pages: tuple[TopicPage, ...], weeks: bool, frame: PageFrame, env: Environment
) -> Page:
    """`topics/`: every topic with what it is about; weeks tells whether there are issues yet."""
    week = next((page.trend.week for page in pages if page.trend), "")
    return render(
        "topics.html", "topics/index.html", env, frame, pages=pages, weeks=weeks, week=week
    )


def venues_page(
    counts: dict[str, list[tuple[int, int]]], frame: PageFrame, env: Environment
) -> Page:
    """`venues/`: every venue with its years and how many say to be accepted there."""
    return render("venues.html", "venues/index.html", env, frame, counts=counts)
