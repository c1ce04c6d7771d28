"""arXiv's holidays by year: from data/holidays.json, derived by rule where a year is missing.

arXiv lists those of a year about its beginning, under "On Deferred Mailings" of its help page on
the availability of submissions: https://info.arxiv.org/help/availability.html.

The rule is what our lists of 2025 and 2026 have in common. Of the US federal holidays (5 U.S.C.
6103) New Year's Day, Martin Luther King's birthday, Juneteenth, Independence Day, Labor Day,
Thanksgiving and Christmas; one of a Saturday is kept on the Friday before, one of a Sunday on the
Monday after. Not derived are Washington's birthday, Memorial Day (in our list of 2025 alone),
Columbus Day, Veterans Day, and the days about the end of December that arXiv chooses each year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
DAY = timedelta(days=1)
AHEAD = timedelta(days=60)


def is_holiday(day: date) -> bool:
    """Whether arXiv announces nothing on the evening of that day because of a holiday."""
    return day in of_year(day.year)


@cache
def of_year(year: int) -> frozenset[date]:
    """A year's holidays, as arXiv published them or else by rule."""
    published = _published()
    return published[year] if year in published else derived(year)


def derived(year: int) -> frozenset[date]:
    """A year's holidays by rule, whether or not they are published."""
    fixed = [(year, 1, 1), (year, 6, 19), (year, 7, 4), (year, 12, 25), (year + 1, 1, 1)]
    days = {_observed(date(*day)) for day in fixed}
    days |= {_nth(3, MONDAY, year, 1), _nth(1, MONDAY, year, 9), _nth(4, THURSDAY, year, 11)}
    return frozenset(day for day in days if day.year == year)


def notice(now: datetime) -> str:
    """One sentence where the holidays of now, or of 60 days later, are derived; else empty."""
    years = dict.fromkeys((now.year, (now + AHEAD).year))
    missing = [str(year) for year in years if year not in _published()]
    if not missing:
        return ""
    return f"arXiv's holidays of {' and '.join(missing)} are not in this version: they are derived by rule"  # fmt: skip


@cache
def _published() -> Mapping[int, frozenset[date]]:
    text = resources.files("sundaypaper").joinpath("data/holidays.json").read_text("utf-8")
    years = json.loads(text)["years"]
    return {int(year): frozenset(map(date.fromisoformat, days)) for year, days in years.items()}


def _observed(day: date) -> date:
    """The working day on which a holiday is kept."""
    return day + {SATURDAY: -DAY, SUNDAY: DAY}.get(day.weekday(), 0 * DAY)


def _nth(count: int, weekday: int, year: int, month: int) -> date:
    """The month's first, second … day of that name."""
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (count - 1)) * DAY
