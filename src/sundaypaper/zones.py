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
FARTHEST = 14  # hours east or west


def zone(name: str) -> str | None:
    """The zone that a person names: `UTC-12`, `PST`, `Europe/Berlin`; None where nobody can tell."""
    name = " ".join(name.split())[:60]
    if known := NAMES.get(name.lower()):
        return known
    if found := OFFSET.fullmatch(name):
        return _of_offset(found[1] == "+", int(found[2]), found[3] or "00")
    return name if IANA.fullmatch(name) and _loaded(name) is not None else None


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
