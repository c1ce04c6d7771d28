"""Recurrence rules of RFC 5545, as far as meetings follow them, and their times. Pure.

Rules that no meeting follows (every second, by hours, by week numbers) are refused, and the work
per rule is bounded: a calendar is a stranger's file.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, islice

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The longest that a period can be, in days: to skip those before a window.
LENGTHS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
KNOWN = frozenset("FREQ INTERVAL COUNT UNTIL BYDAY BYMONTH BYMONTHDAY BYSETPOS WKST".split())
MOST_PERIODS = 3_000
MOST_PARTS = 400

Weekday = tuple[int, int]  # which of its period, 0 for every one, and 0 for Monday


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of recurrence; until is in local time, and empty parts say nothing."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    weekdays: tuple[Weekday, ...] = ()
    months: tuple[int, ...] = ()
    monthdays: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def rule(parts: Mapping[str, Sequence[object]], until: datetime | None) -> Rule:
    """A rule from its parts, each a list of values; ValueError where it is not understood.

    until is given apart, in the local time of the event.
    """
    given = {key.upper(): [str(v).upper() for v in values] for key, values in parts.items()}
    if strange := given.keys() - KNOWN:
        raise ValueError(f"a rule with {', '.join(sorted(strange))[:60]}")
    if sum(map(len, given.values())) > MOST_PARTS:
        raise ValueError("a rule of too many parts")
    freq = "".join(given.get("FREQ", []))
    if freq not in LENGTHS:
        raise ValueError(f"a rule that recurs {freq[:20].lower() or 'at no rate'}")
    weekdays = tuple(map(_weekday, given.get("BYDAY", [])))
    if freq in ("DAILY", "WEEKLY") and any(n for n, _ in weekdays):
        raise ValueError("a rule that counts weekdays within a week")
    if freq == "WEEKLY" and "BYMONTHDAY" in given:
        raise ValueError("a rule that counts the days of a month within a week")
    interval, number = _number(given, "INTERVAL"), _number(given, "COUNT")
    if interval == 0 or number == 0:
        raise ValueError("a rule that never recurs")
    return Rule(
        freq,
        interval or 1,
        number,
        until,
        weekdays,
        _numbers(given, "BYMONTH", 1, 12),
        _numbers(given, "BYMONTHDAY", -31, 31),
        _numbers(given, "BYSETPOS", -366, 366),
        WEEKDAYS.index(given["WKST"][0]) if given.get("WKST") else 0,
    )


def _weekday(text: str) -> Weekday:
    """`TH` is every Thursday, `1TH` the first, `-1TH` the last."""
    which = text[:-2]
    if text[-2:] not in WEEKDAYS or not -53 <= int(which or 0) <= 53:
        raise ValueError(f"a rule with the weekday {text[:20]}")
    return int(which or 0), WEEKDAYS.index(text[-2:])


def _number(given: Mapping[str, list[str]], key: str) -> int | None:
    values = given.get(key)
    return min(abs(int(values[0])), 100_000) if values else None


def _numbers(given: Mapping[str, list[str]], key: str, low: int, high: int) -> tuple[int, ...]:
    numbers = tuple(int(value) for value in given.get(key, []))
    if any(not low <= n <= high or n == 0 for n in numbers):
        raise ValueError(f"a rule with a wrong {key}")
    return numbers


def occurrences(
    start: datetime, of: Rule, first: datetime, last: datetime, most: int
) -> list[datetime]:
    """At most so many local times between first and last at which it takes place, in order.

    ValueError where the rule counts from too long ago.
    """
    times = (at for at in _all(start, of, first, last) if at >= first)
    return list(islice(times, most))


def _all(start: datetime, of: Rule, first: datetime, last: datetime) -> Iterator[datetime]:
    """From the beginning where the rule counts, else from a period or two before the window."""
    skipped = 0
    if of.count is None:
        skipped = max(0, (first - start).days // (LENGTHS[of.freq] * of.interval) - 1)
    times = 0
    for number in islice(count(skipped), MOST_PERIODS):
        try:
            begins, days = _period(start.date(), of, number * of.interval)
        except (OverflowError, ValueError):  # past the end of the calendar
            return
        if begins > last.date():
            return
        for day in _chosen(days, of.positions):
            at = datetime.combine(day, start.time())
            if at < start:
                continue
            times += 1
            ended = of.until is not None and at > of.until
            if ended or at > last or (of.count is not None and times > of.count):
                return
            yield at
    raise ValueError("a rule that counts from too long ago")


def _chosen(days: Iterable[date], positions: tuple[int, ...]) -> list[date]:
    ordered = sorted(set(days))
    if not positions:
        return ordered
    at = {p - 1 if p > 0 else len(ordered) + p for p in positions}
    return [day for n, day in enumerate(ordered) if n in at]


def _period(start: date, of: Rule, ahead: int) -> tuple[date, list[date]]:
    """The first day of the period so many periods ahead, and the days in it that match."""
    if of.freq == "DAILY":
        begins = start + ahead * DAY
        return begins, [begins] if _fits(begins, of) else []
    if of.freq == "WEEKLY":
        begins = start - (start.weekday() - of.week_start) % 7 * DAY + ahead * 7 * DAY
        wanted = {day for _, day in of.weekdays} or {start.weekday()}
        days = [begins + n * DAY for n in range(7)]
        return begins, [d for d in days if d.weekday() in wanted and _fits(d, of)]
    if of.freq == "MONTHLY":
        year, month = divmod(start.year * 12 + start.month - 1 + ahead, 12)
        begins = date(year, month + 1, 1)
        allowed = not of.months or begins.month in of.months
        return begins, _of_month(begins, of, start.day) if allowed else []
    begins = date(start.year + ahead, 1, 1)
    return begins, _of_year(begins, of, start)


def _fits(day: date, of: Rule) -> bool:
    """Whether a single day matches all that the rule says of days."""
    length = monthrange(day.year, day.month)[1]
    in_month = not of.monthdays or day.day in of.monthdays or day.day - length - 1 in of.monthdays
    on = not of.weekdays or day.weekday() in {weekday for _, weekday in of.weekdays}
    return in_month and on and (not of.months or day.month in of.months)


def _of_month(begins: date, of: Rule, usual: int) -> list[date]:
    length = monthrange(begins.year, begins.month)[1]
    days = [begins + n * DAY for n in range(length)]
    if of.weekdays:
        days = _on(days, of.weekdays)
    if of.monthdays:
        return [d for d in days if d.day in of.monthdays or d.day - length - 1 in of.monthdays]
    return days if of.weekdays else [d for d in days if d.day == usual]


def _of_year(begins: date, of: Rule, start: date) -> list[date]:
    months = [begins.replace(month=n) for n in of.months or range(1, 13)]
    if of.weekdays and not of.months and not of.monthdays:
        length = (begins.replace(month=12, day=31) - begins).days + 1
        return _on([begins + n * DAY for n in range(length)], of.weekdays)
    if not (of.months or of.monthdays or of.weekdays):
        months = [begins.replace(month=start.month)]
    return [day for month in months for day in _of_month(month, of, start.day)]


def _on(days: list[date], weekdays: tuple[Weekday, ...]) -> list[date]:
    """The days that are one of these weekdays: every one, or the n-th of them."""
    chosen: list[date] = []
    for which, weekday in weekdays:
        same = [day for day in days if day.weekday() == weekday]
        if not which:
            chosen += same
        elif abs(which) <= len(same):
            chosen.append(same[which - 1 if which > 0 else which])
    return chosen
