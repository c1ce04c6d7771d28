"""ISO weeks and arXiv's announcement calendar.

arXiv announces on the evenings of Sunday to Thursday at 20:00 US Eastern what was submitted until
14:00 of the last working day, and lists it under the next day's date. Source: arXiv's help page
"Submission schedule and announcement"; its holidays are those of `holidays`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from operator import itemgetter
from statistics import median_high
from zoneinfo import ZoneInfo

from sundaypaper import holidays
from sundaypaper.models import Entry

EASTERN = ZoneInfo("America/New_York")
CUT_OFF = time(14)
EVENING = time(20)
DAY = timedelta(days=1)

# Years before 1000 and after 8999 are refused: the days around them do not exist for Python.
WEEK = re.compile(r"([1-8]\d{3})-W(\d{2})", re.ASCII)
NUMBER = re.compile(r"arxiv:(\d{4})\.(\d{4,5})", re.ASCII)

# A date outside of these is no date of arXiv's; it is read as the nearer of the two.
FIRST = datetime(1991, 8, 14, tzinfo=UTC)
LAST = datetime(8999, 1, 1, tzinfo=UTC)

# About a quarter of a day's announcements at arXiv's present volume.
NEIGHBOURHOOD = 300
NEIGHBOURS = 5
# Batches by which a paper must seem too old before its neighbours are believed instead.
HELD = 3


def iso_week(day: date) -> str:
    """The ISO week of a day: 2026-W10."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday(week: str) -> date:
    """The Monday of a week; ValueError with a sentence where there is no such week."""
    parts = WEEK.fullmatch(week)
    if parts is None:
        raise ValueError(f"{week!r} is not a week; write it as 2026-W10")
    try:
        return date.fromisocalendar(int(parts[1]), int(parts[2]), 1)
    except ValueError:
        raise ValueError(f"{parts[1]} has no week {parts[2]}") from None


def sunday(week: str) -> date:
    """The last day of a week."""
    return monday(week) + 6 * DAY


def moment(week: str, weekday: int, at: time, zone: tzinfo) -> datetime:
    """When the clocks of a zone show a time on a day of a week, 0 for Monday.

    A time that they leave out is as much later as they jump; of one that they show twice it is the
    first.
    """
    return datetime.combine(monday(week) + weekday * DAY, at, zone).astimezone(UTC)


def after(week: str, count: int = 1) -> str:
    """The week count weeks later; earlier where count is negative."""
    return iso_week(monday(week) + count * 7 * DAY)


def quarter(week: str) -> str:
    """The quarter of the calendar year to which a week belongs, that of its Thursday: 2026-Q1."""
    thursday = monday(week) + 3 * DAY
    return f"{thursday.year}-Q{(thursday.month + 2) // 3}"


def weeks_of(wanted: str) -> tuple[str, ...]:
    """The 13 or 14 weeks of a quarter that is written as 2026-Q1, in order."""
    first = date(int(wanted[:4]), 3 * int(wanted[6:]) - 2, 1)
    around = (after(iso_week(first), count) for count in range(15))
    return tuple(week for week in around if quarter(week) == wanted)


def closes_quarter(week: str) -> bool:
    """Whether a week is the last one of its quarter."""
    return quarter(after(week)) != quarter(week)


def listing_day(published: datetime, closed: Callable[[date], bool] = holidays.is_holiday) -> date:
    """The day under which arXiv lists what was submitted at that moment.

    What would have come out on the evening of a closed day does on the next announcement evening.
    """
    local = min(max(published, FIRST), LAST).astimezone(EASTERN)
    day = local.date() + (DAY if local.time() >= CUT_OFF else timedelta())
    while day.weekday() >= 5:
        day += DAY
    evening = day
    while closed(evening) or evening.weekday() in (4, 5):
        evening += DAY
    return evening + DAY


def batch_days(week: str, closed: Callable[[date], bool] = holidays.is_holiday) -> tuple[date, ...]:
    """The days of a week on which arXiv lists a batch: Monday to Friday without holidays."""
    days = (monday(week) + n * DAY for n in range(5))
    return tuple(day for day in days if not closed(day - DAY))


def announced_at(day: date) -> datetime:
    """The moment at which the batch that is listed on that day comes out."""
    return datetime.combine(day - DAY, EVENING, EASTERN).astimezone(UTC)


def complete_at(week: str) -> datetime:
    """The moment from which all that arXiv lists in that week is out: Thursday evening."""
    return announced_at(monday(week) + 4 * DAY)


def newest_week(now: datetime) -> str:
    """The newest week whose Thursday batch is out."""
    week = iso_week(now.date() + DAY)
    while complete_at(week) > now:
        week = after(week, -1)
    return week


def last_announcement(now: datetime) -> datetime:
    """The newest announcement moment that is not after now, holidays taken for working days."""
    day = now.astimezone(EASTERN).date() + DAY
    while announced_at(day) > now or day.weekday() >= 5:
        day -= DAY
    return announced_at(day)


def submissions(week: str) -> tuple[datetime, datetime]:
    """From when to when the papers listed in that week were submitted, holidays and held ones apart."""
    end = datetime.combine(monday(week) + 3 * DAY, CUT_OFF, EASTERN)
    start = datetime.combine(monday(week) - 4 * DAY, CUT_OFF, EASTERN)
    return start.astimezone(UTC), end.astimezone(UTC)


def submitted(paper: Entry) -> datetime | None:
    """When the first version of a paper was submitted, None where that is not known.

    A later version that gives the date of its own submission as the first one says nothing of it.
    """
    if paper.version > 1 and paper.published == paper.updated:
        return None
    return paper.published


def listing_days(published: Mapping[str, datetime | None]) -> dict[str, date]:
    """The listing day of every paper, by id, from when each was submitted, None if not known.

    arXiv gives ids at announcement, in order, while a held paper may have been submitted weeks
    before. So where a paper's own day lies more than three batches before that of the papers with
    neighbouring ids, theirs decides. It never moves a paper forward: none is announced before it
    was submitted. Where it is not known when, the neighbours alone decide, and a paper that has too
    few of them is left out.
    """
    own = {id: listing_day(moment) for id, moment in published.items() if moment}
    months: dict[str, list[tuple[int, date, str]]] = {}
    for id, day in own.items():
        if parts := NUMBER.fullmatch(id):
            months.setdefault(parts[1], []).append((int(parts[2]), day, id))
    for rows in months.values():
        rows.sort()
    days = dict(own)
    for id in published:
        parts = NUMBER.fullmatch(id)
        near = _neighbours(months.get(parts[1], []), int(parts[2]), id) if parts else []
        if len(near) >= NEIGHBOURS:
            theirs = median_high(near)
            if id not in own or batches_between(own[id], theirs) > HELD:
                days[id] = theirs
    return days


def _neighbours(rows: list[tuple[int, date, str]], number: int, id: str) -> list[date]:
    """The days of the papers on either side of a number, among rows in order, without its own."""
    at = bisect_left(rows, number, key=itemgetter(0))
    after = at + (at < len(rows) and rows[at][2] == id)
    near = rows[max(0, at - NEIGHBOURS) : at] + rows[after : after + NEIGHBOURS]
    return [day for other, day, _ in near if abs(other - number) <= NEIGHBOURHOOD]


def batches_between(a: date, b: date) -> int:
    """How many working days b lies after a, negative where it lies before."""
    if b < a:
        return -batches_between(b, a)
    whole, rest = divmod((b - a).days, 7)
    extra = sum((a + n * DAY).weekday() < 5 for n in range(1, rest + 1))
    return whole * 5 + extra
