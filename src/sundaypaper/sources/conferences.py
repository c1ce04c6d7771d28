"""Parser of a row of a conference dates file: its dates, their types and their times. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sundaypaper import zones
from sundaypaper.models import Occasion
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
MONTHS = "january february march april may june july august september october november december"
NUMBERS = {name[:3]: n for n, name in enumerate(MONTHS.split(), 1)}
IN_WORDS = re.compile(
    r"([a-z]{3,9})\.?,?\s*(\d{1,2})\s*(?:-|–|—|to)\s*(?:([a-z]{3,9})\.?,?\s*)?(\d{1,2}),?\s*(\d{4})"
)
YEARS = range(1990, 2101)


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


def is_open(written: str) -> bool:
    """Whether a text says that a date is not known yet: nothing, TBA and the like."""
    return OPEN.fullmatch(written.strip().lower()) is not None


def when(written: str, zone: str) -> When | None:
    """The moment that a text means in a zone, None where it is none.

    Without a time of day, or in an unknown zone, only the day is known: its midnight in UTC, and no
    zone.
    """
    match = MOMENT.fullmatch(written.strip())
    if match is None or int(match[1]) not in YEARS:
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


def days(row: Row) -> tuple[datetime, datetime] | None:
    """The first and the last day of the conference, None where they are not known yet.

    ValueError where a day is stated that is none.
    """
    start, end = text(row, "start"), text(row, "end")
    if is_open(start):
        return _in_words(text(row, "date"))
    first, last = when(start[:10], ""), when(end[:10] or start[:10], "")
    if first is None or last is None:
        raise ValueError(f"{start} to {end}")
    return first[0], max(first[0], last[0])


def _in_words(written: str) -> tuple[datetime, datetime] | None:
    """`June 10-17, 2025`, `November 30 - December 7, 2025`; None for all else."""
    match = IN_WORDS.fullmatch(written.lower())
    if match is None:
        return None
    month, other = NUMBERS.get(match[1][:3]), NUMBERS.get((match[3] or match[1])[:3])
    if month is None or other is None or int(match[5]) not in YEARS:
        return None
    try:
        first = datetime(int(match[5]), month, int(match[2]), tzinfo=UTC)
        last = datetime(int(match[5]), other, int(match[4]), tzinfo=UTC)
    except ValueError:
        return None
    return (first, last) if first <= last else None
