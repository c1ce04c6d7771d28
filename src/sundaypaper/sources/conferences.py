"""Parser of a row of a conference dates file: its dates, their types and their times. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sundaypaper import zones
from sundaypaper.models import Occasion
from sundaypaper.sources.feed.dates import read as read_date
from sundaypaper.text import clean

Row = Mapping[str, object]
When = tuple[datetime, str]  # a moment in UTC and its zone, empty where only the day is known

# What a type means: the name by which its id is made, the words to print, and the occasion.
MEANINGS: Mapping[str, tuple[str, str, Occasion]] = {
    "abstract": ("abstract", "abstract submission", "deadline"),
    "paper": ("paper", "paper submission", "deadline"),
    "submission": ("paper", "paper submission", "deadline"),
    "supplementary": ("supplementary", "supplementary material", "deadline"),
    "registration": ("registration", "registration", "deadline"),
    "commitment_deadline": ("commitment", "commitment of reviewed papers", "deadline"),
    "review_release": ("reviews", "reviews released", ""),
    "author_response": ("author_response", "author response", ""),
    "rebuttal": ("rebuttal", "author response", ""),
    "rebuttal_start": ("rebuttal_start", "author response begins", ""),
    "rebuttal_end": ("rebuttal_end", "author response ends", "deadline"),
    "rebuttal_and_revision": ("rebuttal_and_revision", "response and revision", "deadline"),
    "notification": ("notification", "decisions", "decision"),
    "first_notification": ("first_notification", "first decisions", "decision"),
    "final_notification": ("final_notification", "final decisions", "decision"),
    "camera_ready": ("camera_ready", "camera-ready papers", "deadline"),
    "revision_deadline": ("revision", "revised papers", "deadline"),
    "withdrawal": ("withdrawal", "withdrawal", "deadline"),
}
# Keys of older files, each with the type that newer ones give it.
OLD_KEYS = {
    "abstract_deadline": "abstract",
    "deadline": "paper",
    "review_release_date": "review_release",
    "rebuttal_period_start": "rebuttal_start",
    "rebuttal_period_end": "rebuttal_end",
    "final_decision_date": "notification",
}
# Not what becomes of a venue's papers.
ASIDE = re.compile(r"workshop|tutorial|award|\bart\b|demo|proposal|volunteer", re.IGNORECASE)
LABEL = 80
OPEN = re.compile(
    r"tb[adcn]|t\.b\.[adc]\.?|to be (?:announced|determined|confirmed)|n/?a|none|\?+|-*"
)
MOMENT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
YEARS = range(1990, 2101)


# How ccfddl names the dates of a round, each with the type that a list has.
ROUND_KEYS = {"abstract_deadline": "abstract", "deadline": "paper"}
MOST_NESTED = 1_000


def rows(listed: list[object]) -> list[Row]:
    """The rows of a file, one for each conference and year.

    ccfddl nests them: a conference has `confs`, one a year, and each a `timeline` of its rounds.
    """
    found: list[Row] = []
    for item in listed:
        if not isinstance(item, dict):
            continue
        years = item.get("confs")
        if isinstance(years, list):
            each = (year for year in years if isinstance(year, dict))
            found += [_unnested(item, year) for year in each][:MOST_NESTED]
        else:
            found.append(_unnested({}, item) if isinstance(item.get("timeline"), list) else item)
    return found


def _unnested(conference: Row, year: Row) -> Row:
    """A row as the flat files have it."""
    about = {key: conference[key] for key in ("title", "name") if key in conference}
    rounds = year.get("timeline")
    if not isinstance(rounds, list):
        return {**about, **year}
    listed = [each for each in rounds if isinstance(each, dict)]
    dates = [
        {"type": kind, "date": written, "label": _round(MEANINGS[kind][1], text(each, "comment"))}
        for each in listed
        for key, kind in ROUND_KEYS.items()
        for written in _each(each.get(key))
    ]
    named = text(conference, "description") or text(year, "description")
    return {**about, **year, "full_name": named, "city": text(year, "place"), "deadlines": dates}


def _round(words: str, comment: str) -> str:
    return f"{words}, {comment}" if comment else words


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as a row states it: its type by name and in words, its text, and its zone's name."""

    type: str
    words: str
    occasion: Occasion
    label: str
    text: str
    zone: str


def stated(row: Row) -> list[Stated]:
    """The dates of a row, one of an older key only where the list has none of its type.

    Where a type occurs more than once, the words are the label's.
    """
    zone = text(row, "timezone")
    listed = row.get("deadlines")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    dates = [_item(item, zone) for item in items]
    there = {date.type for date in dates}
    for key, kind in OLD_KEYS.items():
        type_, words, occasion = MEANINGS[kind]
        if type_ not in there:
            dates += [
                Stated(type_, words, occasion, "", written, zone) for written in _each(row.get(key))
            ]
    often = Counter(date.type for date in dates)
    return [
        replace(date, words=date.label) if often[date.type] > 1 and date.label else date
        for date in dates
    ]


def _item(item: Row, zone: str) -> Stated:
    kind = re.sub(r"[-\s]+", "_", text(item, "type").lower())
    label = clean(text(item, "label"), LABEL)
    plain: tuple[str, str, Occasion] = (kind, label or kind.replace("_", " ") or "date", _of(label))
    type_, words, occasion = MEANINGS.get(kind, plain)
    if occasion == "decision" and ASIDE.search(label):
        words, occasion = label, ""
    when = text(item, "date") or text(item, "deadline")
    return Stated(type_, words, occasion, label, when, text(item, "timezone") or zone)


def _of(label: str) -> Occasion:
    """The occasion of a type that no table knows."""
    if re.search(r"notif|decision", label, re.IGNORECASE):
        return "decision"
    return "deadline" if re.search(r"deadline|due|submi", label, re.IGNORECASE) else ""


def _each(raw: object) -> list[str]:
    values = raw if isinstance(raw, list) else [raw]
    return [value for value in values if isinstance(value, str)]


def text(row: Row, key: str) -> str:
    """The text at a key, empty where there is none."""
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def is_waiting(row: Row) -> bool:
    """Whether a row has a place for a date that is not known yet."""
    empty = any(key in row and row[key] in (None, []) for key in (*OLD_KEYS, "deadlines"))
    return empty or any(is_open(date.text) for date in stated(row))


def is_open(written: str) -> bool:
    """Whether a text says that a date is not known yet: nothing, TBA and the like."""
    return OPEN.fullmatch(written.strip().lower()) is not None


def when(written: str, zone: str) -> When | None:
    """The moment that a text means in a zone, None where it is none.

    Without a time of day, or in an unknown zone, only the day is known: its midnight in UTC, and no
    zone.
    """
    match = MOMENT.fullmatch(written.strip())
    if match is None:
        return _in_any_words(written)
    if int(match[1]) not in YEARS:
        return None
    hours, minutes, seconds = (int(match[n] or 0) for n in (4, 5, 6))
    if hours > 24 or minutes > 59 or seconds > 60:
        return None
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]))  # noqa: DTZ001 its zone comes now
    except ValueError:
        return None
    named = zones.zone(match[7] or zone)
    if match[4] is None or named is None:
        return day.replace(tzinfo=UTC), ""
    local = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return local.replace(tzinfo=zones.clock(named)).astimezone(UTC), named


def _in_any_words(written: str) -> When | None:
    """The day of a date that is written in words, without its time: its zone is not certain."""
    if not re.search(r"[^\W\d_]{3}", written):
        return None
    moment = read_date(re.sub(r"\d{1,2}:\d{2}.*", "", written))
    if moment is None or moment.year not in YEARS:
        return None
    return moment.replace(hour=0, minute=0, second=0), ""


def days(row: Row) -> tuple[datetime, datetime] | None:
    """The first and the last day of the conference, None where they are not known yet.

    ValueError where a day is stated that is none.
    """
    start, end = text(row, "start"), text(row, "end")
    if is_open(start):
        written = text(row, "date")
        span = None if is_open(written) else _in_words(written)
        if span is None and re.search(r"\d{1,2}\D+\d{4}", written):
            raise ValueError(written)
        return span
    first, last = when(start[:10], ""), when(end[:10] or start[:10], "")
    if first is None or last is None:
        raise ValueError(f"{start} to {end}")
    return first[0], max(first[0], last[0])


def _in_words(written: str) -> tuple[datetime, datetime] | None:
    """`June 10-17, 2025`, `30 November - 7 December 2025`, `2026-06-03`; None for all else."""
    written = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", " ".join(written.lower().split()))
    numbers = [read_date(day) for day in re.findall(r"\b\d{4}-\d{1,2}-\d{1,2}\b", written)]
    if len(numbers) in (1, 2) and numbers[0] and numbers[-1] and numbers[0] <= numbers[-1]:
        return numbers[0], numbers[-1]
    if not re.search(r"(?<!\d)\d{1,2}(?!\d)", written):
        return None
    first, mark, last = re.sub(r"\s*(?:–|—|-|~|\bto\b|\buntil\b)\s*", "\n", written).partition("\n")
    ends = read_date(last if mark else first)
    if ends is None and mark and len(found := re.findall(r"[a-z]{3,9}", first)) == 1:
        ends = read_date(f"{found[0]} {last}")  # June 10-17, 2025
    if ends is None:
        return None
    month = re.findall(r"[a-z]{3,9}", last or first)
    with_year = first if re.search(r"\d{4}", first) else f"{first} {ends.year}"
    starts = read_date(with_year) or (read_date(f"{month[0]} {with_year}") if month else None)
    if starts is None or starts.year not in YEARS or ends.year not in YEARS:
        return None
    return (starts, ends) if starts <= ends else None
