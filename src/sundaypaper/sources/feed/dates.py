"""Parsers of dates as feeds write them, to aware UTC datetimes. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime

FIRST_YEAR = 1990  # what is older is a zero written as a date
MONTHS = {
    name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
IN_WORDS = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m1>[a-z]{3,9})|"
    r"(?P<m2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?),?\s+(?P<year>\d{4})\b"
)


def from_struct(parsed: tuple[int, ...] | None) -> datetime | None:
    """A UTC struct_time as a datetime, None where there is none or it is before 1990."""
    if parsed is None:
        return None
    try:
        return _known(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def from_text(text: str) -> datetime | None:
    """An ISO 8601 date or one in English words; without a zone it is UTC. None for all else."""
    text = text.strip()[:60]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _in_words(text.lower())
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return _known(moment)


def _in_words(text: str) -> datetime | None:
    match = IN_WORDS.match(text)
    month = MONTHS.get((match["m1"] or match["m2"])[:3]) if match else None
    if match is None or month is None:
        return None
    try:
        return _known(
            datetime(int(match["year"]), month, int(match["d1"] or match["d2"]), tzinfo=UTC)
        )
    except ValueError:
        return None


def _known(moment: datetime) -> datetime | None:
    return moment if moment.year >= FIRST_YEAR else None
