"""Words for days, weeks and moments."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sundaypaper import zones
from sundaypaper.weeks import monday, sunday

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def day_words(day: date | datetime, year: bool = True) -> str:
    """A day as a person writes it: `2 March 2026`."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words


def week_words(week: str) -> str:
    """The days of an ISO week: `2 to 8 March 2026`. ValueError where week is not of that form."""
    first, last = monday(week), sunday(week)
    if first.year != last.year:
        return f"{day_words(first)} to {day_words(last)}"
    if first.month != last.month:
        return f"{day_words(first, year=False)} to {day_words(last)}"
    return f"{first.day} to {day_words(last)}"


def quarter_words(quarter: str) -> str:
    """A quarter that is written as 2026-Q1, by its months: `January to March 2026`."""
    last = 3 * int(quarter[6:])
    return f"{MONTHS[last - 3]} to {MONTHS[last - 1]} {quarter[:4]}"


def when_words(
    starts: datetime | None, ends: datetime | None, zone: str = "", room: bool = False
) -> str:
    """When an event is, as its source states it: `Friday 15 May, 23:59 Anywhere on Earth`.

    Where only days are known: `Thursday 12 March`, `12 to 14 March`; empty if not even those. With
    room a time of another zone is given in UTC too.
    """
    if starts is None:
        return ""
    if not zone:
        return _days(starts.astimezone(UTC), (ends or starts).astimezone(UTC))
    clock = zones.clock(zone)
    first, last = starts.astimezone(clock), (ends or starts).astimezone(clock)
    words = f"{_weekday(first)}, {first:%H:%M}"
    if last.date() > first.date():
        words += f" to {_weekday(last)}, {last:%H:%M}"
    elif last > first:
        words += f" to {last:%H:%M}"
    words += f" {zones.name_at(starts, zone)}"
    return f"{words} ({_in_utc(starts)})" if room and zone != "UTC" else words


def _days(first: datetime, last: datetime) -> str:
    if last.date() <= first.date():
        return _weekday(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_words(last, year=False)}"
    return f"{day_words(first, year=False)} to {day_words(last, year=False)}"


def _weekday(day: datetime) -> str:
    return f"{DAYS[day.weekday()]} {day_words(day, year=False)}"


def moment_words(moment: datetime) -> str:
    """A moment that people anywhere can place: `Sunday 8 March 2026, 07:30 UTC`."""
    at = moment.astimezone(UTC)
    return f"{DAYS[at.weekday()]} {day_words(at)}, {at:%H:%M} UTC"


def _in_utc(moment: datetime) -> str:
    """`= 16 May, 11:59 UTC`"""
    at = moment.astimezone(UTC)
    return f"= {day_words(at, year=False)}, {at:%H:%M} UTC"


def until(day: datetime, now: datetime, zone: str = "") -> str:
    """`today`, `tomorrow`, `in 5 days`, by the calendar of the zone in which the day is stated.

    `now` for what has begun on a day before.
    """
    clock = zones.clock(zone)
    days = max(-1, (day.astimezone(clock).date() - now.astimezone(clock).date()).days)
    return ("now", "today", "tomorrow")[days + 1] if days in (-1, 0, 1) else f"in {days} days"
