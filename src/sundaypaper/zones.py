"""Reads the names that people write for time zones, Anywhere on Earth among them. Pure.

A zone is `AoE`, `UTC` or an IANA name; empty where only days are known.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

AOE = "AoE"
EVERYWHERE = timezone(timedelta(hours=-12), AOE)
NAMES = {
    "aoe": AOE,
    "anywhere on earth": AOE,
    "etc/gmt+12": AOE,
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "etc/utc": "UTC",
    "etc/gmt": "UTC",
    # Who writes PST in July means what clocks show on the Pacific coast; that is the earlier moment.
    **dict.fromkeys(("pst", "pdt", "pt", "pst8pdt", "us/pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("est", "edt", "et", "est5edt", "us/eastern"), "America/New_York"),
    **dict.fromkeys(("cet", "cest", "met"), "Europe/Paris"),
    **dict.fromkeys(("eet", "eest"), "Europe/Helsinki"),
    **dict.fromkeys(("wet", "west"), "Europe/Lisbon"),
    "bst": "Europe/London",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
    "hst": "Pacific/Honolulu",
}
OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
IANA = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){1,2}")
# As Windows shows a zone: (UTC-05:00) Eastern Time (US & Canada); the cities have zones of their own.
SHOWN = re.compile(r"(?:\((?:UTC|GMT)\s?([+\-−–]\d{1,2}:[0-5]\d)?\)\s*)?(\D{3,80})", re.IGNORECASE)
PLACES = {
    "coordinated universal time": "UTC",
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "atlantic time": "America/Halifax",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "arizona": "America/Phoenix",
    "newfoundland": "America/St_Johns",
    "brasilia": "America/Sao_Paulo",
    "edinburgh": "Europe/London",
    "bern": "Europe/Zurich",
    "new delhi": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "canberra": "Australia/Sydney",
    "wellington": "Pacific/Auckland",
    "st. petersburg": "Europe/Moscow",
}
AREAS = ("Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic")
FARTHEST = 14  # hours east or west


def zone(name: str) -> str | None:
    """The zone that a person names: `UTC-12`, `PST`, `Europe/Berlin`; None where nobody can tell."""
    name = " ".join(name.split())[:60]
    if known := NAMES.get(name.lower()):
        return known
    if found := OFFSET.fullmatch(name):
        return _of_offset(found[1] == "+", int(found[2]), found[3] or "00")
    if IANA.fullmatch(name):
        return name if _loaded(name) is not None else None
    return _shown(name)


def _shown(name: str) -> str | None:
    """By the offset and the cities that a calendar program shows; both must agree."""
    found = SHOWN.fullmatch(name)
    if found is None:
        return None
    places = [part.partition("(")[0].strip() for part in re.split(r"[,;]", found[2])]
    called = next((zone for place in places if (zone := _of_place(place))), None)
    if called is None or found[1] is None:
        return called
    hours = _hours(found[1])
    seasons = (datetime(2026, month, 1, tzinfo=clock(called)) for month in (1, 7))
    return called if hours in {at.utcoffset() for at in seasons} else None


def _of_place(place: str) -> str | None:
    if known := PLACES.get(place.lower()):
        return known
    city = place.title().replace(" ", "_")
    if not re.fullmatch(r"[A-Za-z_]{3,30}", city):
        return None
    return next((f"{area}/{city}" for area in AREAS if _loaded(f"{area}/{city}")), None)


def _hours(offset: str) -> timedelta:
    hours, _, minutes = offset[1:].partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes)) * (1 if offset[0] == "+" else -1)


def _of_offset(east: bool, hours: int, minutes: str) -> str | None:
    """Of the zones with a name; an offset with minutes has none."""
    if minutes != "00" or hours > (FARTHEST if east else 12):
        return None
    if not hours:
        return "UTC"
    # IANA counts these the other way round: Etc/GMT+8 lies eight hours behind UTC.
    return AOE if (east, hours) == (False, 12) else f"Etc/GMT{'-' if east else '+'}{hours}"


def clock(zone: str) -> tzinfo:
    """What a zone's clocks show; UTC for an empty zone and for one that is not known."""
    if zone == AOE:
        return EVERYWHERE
    return _loaded(zone) or UTC


@cache
def _loaded(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, not allowed, no zone file
        return None


def name_at(moment: datetime, zone: str) -> str:
    """How a zone is called at a moment: `Anywhere on Earth`, `CEST`, `UTC−8`."""
    if zone == AOE:
        return "Anywhere on Earth"
    local = moment.astimezone(clock(zone))
    called = local.tzname() or "UTC"
    if called[:1] not in "+-":
        return called
    return "UTC" + called.replace("-", "−").replace("−0", "−").replace("+0", "+")
