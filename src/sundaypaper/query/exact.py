"""Values that are no free text: words of a list, years, categories, ids, days and weeks. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import get_args

from sundaypaper.models import EvidenceKind, Kind, Presentation, Ring, Status, Track
from sundaypaper.text import fold

CHOICES: dict[str, tuple[str, ...]] = {
    "track": get_args(Track),
    "status": get_args(Status),
    "presentation": get_args(Presentation),
    "ring": get_args(Ring),
    "kind": get_args(Kind),
    "has": get_args(EvidenceKind),
}
QUOTES = '"“”„‟«»‹›「」『』〝〞'
YEAR = re.compile(r"[12][0-9]{3}")
PERIOD = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?|-[Ww]([0-9]{2}))?")
CATEGORY = re.compile(r"[a-z0-9][a-z0-9.-]*")
IDENTIFIER = re.compile(rf"[^\s*{QUOTES}]+")


def exact(field: str, value: str) -> str:
    """The value of a field that is not free text; ValueError says what the field wants."""
    if field in CHOICES:
        choice = fold(value).replace(" ", "_")
        if choice not in CHOICES[field]:
            raise ValueError(f"{field} wants one of {', '.join(CHOICES[field])}")
        return choice
    if field == "year":
        if not YEAR.fullmatch(value):
            raise ValueError("year wants four digits, such as 2026")
        return value
    if field == "cat":
        if not CATEGORY.fullmatch(value.lower()):
            raise ValueError("cat wants an arXiv category, such as cs.CV or cs.*")
        return value.lower()
    if field == "id":
        return _identifier(value)
    return _days(field, value)


def _identifier(value: str) -> str:
    """As entries carry it: `arxiv:` in front of a bare number, no version."""
    if not IDENTIFIER.fullmatch(value):
        raise ValueError("id wants an identifier, such as 2602.00001 or arxiv:2602.00001")
    full = value.lower() if ":" in value else f"arxiv:{value.lower()}"
    return re.sub(r"(?<=[0-9])v[0-9]+\Z", "", full) if full.startswith("arxiv:") else full


def _days(field: str, value: str) -> str:
    """A week as 2026-W10; for since the first day of the period, for until its last."""
    period = PERIOD.fullmatch(value)
    wants = "a week, such as 2026-W10"
    if field != "week":
        wants = "a day or period, such as 2026, 2026-10, 2026-10-05 or 2026-W10"
    if not period or (field == "week" and not period[4]):
        raise ValueError(f"{field} wants {wants}")
    year, month, day, week = (int(part) if part else None for part in period.groups())
    try:
        first, last = _period(year or 0, month, day, week)
    except ValueError as e:
        raise ValueError(f"{value} is not in the calendar: {field} wants {wants}") from e
    if field == "week":
        return f"{year}-W{week:02}"
    return (first if field == "since" else last).isoformat()


def _period(year: int, month: int | None, day: int | None, week: int | None) -> tuple[date, date]:
    """First and last day; ValueError for a day or week that does not exist."""
    if week is not None:
        monday = date.fromisocalendar(year, week, 1)
        return monday, monday + timedelta(days=6)
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is not None:
        return date(year, month, day), date(year, month, day)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
