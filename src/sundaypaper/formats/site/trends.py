"""The trends page: counts by week of each topic and venue, as small charts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, sqrt
from statistics import median

from jinja2 import Environment
from markupsafe import Markup

from sundaypaper.formats import charts
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.rendering import render
from sundaypaper.models import Page
from sundaypaper.weeks import monday
from sundaypaper.wording.counts import change_words, in_words, number, plural
from sundaypaper.wording.dates import MONTHS, week_words

# How many weeks make the usual; with fewer than so many of them nothing can be called usual.
LOOKED_BACK, BEFORE = 8, 2
# A topic rises or falls by more than so many standard deviations of a count.
BEYOND_CHANCE = 2.0
# Weeks in the small columns beside a topic.
SPARK = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """A topic or venue over some weeks: entries by ISO week, oldest first, the newest one printed.

    None stands for a week without an issue, or one that did not know the topic yet. path is its
    page or "", printed how many of the newest week's entries the issue prints.
    """

    name: str
    path: str
    weekly: Mapping[str, int | None]
    printed: int = 0

    @property
    def known(self) -> dict[str, int]:
        """The weeks that have a count."""
        return {week: count for week, count in self.weekly.items() if count is not None}

    @property
    def week(self) -> str:
        """The newest week."""
        return tuple(self.weekly)[-1]

    @property
    def newest(self) -> int:
        """The count of the newest week."""
        return self.weekly[self.week] or 0

    @property
    def total(self) -> int:
        """All weeks together."""
        return sum(self.known.values())

    @property
    def most(self) -> str:
        """The week that brought most, the newest such."""
        return max(reversed(self.known), key=self.known.__getitem__)

    @property
    def usual(self) -> float | None:
        """The median of the eight weeks before the newest, None where too few of them are known."""
        before = self.before
        return median(before) if len(before) >= BEFORE else None

    @property
    def before(self) -> tuple[int, ...]:
        """The counts that are known of the eight weeks before the newest, oldest first."""
        last = list(self.weekly.values())[-1 - LOOKED_BACK : -1]
        return tuple(count for count in last if count is not None)

    @property
    def change(self) -> str:
        """The newest week against the usual: `35 % more`; empty where nothing is usual."""
        if self.usual is None:
            return ""
        return change_words(self.newest, self.usual)

    @property
    def words(self) -> str:
        """The newest week and what is usual: `31 this week, 24 usual`."""
        usual = "" if self.usual is None else f", {number(round(self.usual))} usual"
        return f"{number(self.newest)} this week{usual}"

    @property
    def spark(self) -> Markup:
        """Small columns of the last weeks, for the eye; nothing where one alone has a count."""
        last = dict(list(self.weekly.items())[-SPARK:])
        counted = sum(count is not None for count in last.values())
        return charts.sparkline(last) if counted > 1 else Markup()

    @property
    def chart(self) -> Markup:
        """Entries a week, with a line at what is usual; nothing where there is one week only."""
        if len(self.known) < 2:
            return Markup()
        least, most = min(self.known.values()), max(self.known.values())
        ranging = f"{number(least)} to {number(most)} in {plural(len(self.known), 'week')}"
        return charts.chart(self.weekly, f"{self.name}: {self.words}; {ranging}", self.usual)

    @property
    def sums(self) -> str:
        """What the weeks come to: `131 in 52 weeks, at most 41 a week`."""
        span = plural(len(self.known), "week")
        if not self.total:
            return f"None in {span}"
        return f"{number(self.total)} in {span}, at most {number(self.known[self.most])} a week"

    @property
    def sum_chart(self) -> Markup:
        """Papers a week; nothing where there are none, or one week only."""
        if len(self.known) < 2 or not self.total:
            return Markup()
        description = f"{self.name}: {self.sums}, that of {week_words(self.most)}"
        return charts.chart(self.weekly, description)


def rising(whole: Trend, topics: Iterable[Trend]) -> tuple[tuple[Trend, ...], tuple[Trend, ...]]:
    """The topics that rise and those that fall, the strongest first; whole counts all entries.

    A topic rises where it has more than usual, and more than what the whole week's growth and chance
    explain, as counts vary; so a holiday lets no topic fall.
    """
    if not whole.usual:
        return (), ()
    growth = whole.newest / whole.usual
    rises, falls = list[tuple[float, Trend]](), list[tuple[float, Trend]]()
    for topic in topics:
        if topic.usual is None:
            continue
        expected = max(topic.usual * growth, 1.0)
        beyond = (topic.newest - expected) / sqrt(expected)
        ratio = topic.newest / topic.usual if topic.usual else inf
        if beyond >= BEYOND_CHANCE and ratio > 1:
            rises.append((-ratio, topic))
        elif beyond <= -BEYOND_CHANCE and ratio < 1:
            falls.append((ratio, topic))
    return _strongest(rises), _strongest(falls)


def _strongest(changes: list[tuple[float, Trend]]) -> tuple[Trend, ...]:
    return tuple(topic for _, topic in sorted(changes, key=lambda at: (at[0], at[1].name)))


@dataclass(frozen=True, slots=True)
class TrendsPage:
    """All entries, each topic, each venue; empty before the first issue is printed."""

    topics: tuple[Trend, ...] = ()
    venues: tuple[Trend, ...] = ()

    @property
    def changes(self) -> tuple[tuple[Trend, ...], tuple[Trend, ...]]:
        """The topics that rise and those that fall, the strongest first."""
        return rising(self.topics[0], self.topics[1:]) if self.topics else ((), ())

    @property
    def weeks(self) -> dict[str, str]:
        """The weeks of the tables with their Mondays, newest first: `2 Mar 2026`."""
        known = reversed(self.topics[0].known) if self.topics else ()
        return {week: _day(week) for week in known}


def _day(week: str) -> str:
    day = monday(week)
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def trends_page(page: TrendsPage, frame: PageFrame, env: Environment) -> Page:
    """`trends/`: small charts of the last weeks, and tables of what they show."""
    rises, falls = page.changes
    return render(
        "trends.html",
        "trends/index.html",
        env,
        frame,
        page=page,
        rises=rises,
        falls=falls,
        looked_back=in_words(len(page.topics[0].before)) if page.topics else "",
    )
