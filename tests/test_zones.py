"""Zones by the names people write, and when a date is, said so that nobody misses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundaypaper import zones
from sundaypaper.wording.dates import until, when_words

AT = datetime(2026, 5, 16, 11, 59, tzinfo=UTC)  # 15 May, 23:59 Anywhere on Earth


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("AoE", "AoE"), (" aoe ", "AoE"), ("Anywhere on  Earth", "AoE"), ("UTC-12", "AoE"),
        ("UTC−12:00", "AoE"), ("Etc/GMT+12", "AoE"), ("UTC", "UTC"), ("GMT", "UTC"), ("UTC+0", "UTC"),
        ("UTC-8", "Etc/GMT+8"), ("UTC-08", "Etc/GMT+8"), ("GMT+02", "Etc/GMT-2"),
        ("+02:00", "Etc/GMT-2"), ("PST", "America/Los_Angeles"), ("CEST", "Europe/Paris"),
        ("Europe/London", "Europe/London"), ("Pacific/Honolulu", "Pacific/Honolulu"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("Eastern Time (US & Canada)", "America/New_York"), ("(UTC-08:00) Pacific Time", "America/Los_Angeles"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ("(GMT+09:00) Osaka, Sapporo, Tokyo", "Asia/Tokyo"), ("(UTC) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
        ("(UTC+05:00) Berlin", None), ("Customized Time Zone", None),
        ("", None), ("CST", None), ("Mars/Base", None), ("../../etc/passwd", None), ("UTC-13", None),
        ("UTC+15", None), ("UTC+05:30", None), ("local time", None), ("Europe", None),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_the_names_people_write(name: str, zone: str | None) -> None:
    """Offsets, abbreviations and IANA names; what may mean two things means nothing."""
    assert zones.zone(name) == zone


@given(st.text(max_size=80))
def test_no_name_of_a_zone_is_too_strange(name: str) -> None:
    """What is known has a clock, and a clock has a name."""
    if (zone := zones.zone(name)) is not None:
        assert zones.name_at(AT, zone)
        assert AT.astimezone(zones.clock(zone)) == AT


def test_a_deadline_anywhere_on_earth_is_never_a_day_later() -> None:
    """It is the 16th in UTC already, and the 15th is what its authors were told."""
    assert when_words(AT, None, "AoE") == "Friday 15 May, 23:59 Anywhere on Earth"
    told = "Friday 15 May, 23:59 Anywhere on Earth (= 16 May, 11:59 UTC)"
    assert when_words(AT, None, "AoE", room=True) == told


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "Saturday 16 May, 11:59 UTC"),
        ("Europe/Berlin", "Saturday 16 May, 13:59 CEST"),
        ("America/Los_Angeles", "Saturday 16 May, 04:59 PDT"),
        ("Etc/GMT+8", "Saturday 16 May, 03:59 UTC−8"),
        ("Asia/Singapore", "Saturday 16 May, 19:59 UTC+8"),
        ("", "Saturday 16 May"),
    ],
)
def test_a_time_is_said_in_the_zone_of_its_source(zone: str, words: str) -> None:
    """With the name that its clocks have on that day; where only a day is known, the day."""
    assert when_words(AT, None, zone) == words
    assert when_words(AT, AT, zone, room=zone in ("", "UTC")) == words


def test_what_lasts_is_said_with_its_end() -> None:
    """Hours of one day, a night, days, days over the end of a month."""
    starts = datetime(2026, 5, 12, 16, tzinfo=UTC)
    berlin = when_words(starts, starts + timedelta(hours=2), "Europe/Berlin")
    assert berlin == "Tuesday 12 May, 18:00 to 20:00 CEST"
    night = when_words(starts, starts + timedelta(hours=9), "Europe/Berlin")
    assert night == "Tuesday 12 May, 18:00 to Wednesday 13 May, 03:00 CEST"
    first = datetime(2026, 5, 30, tzinfo=UTC)
    assert when_words(first - timedelta(days=2), first) == "28 to 30 May"
    assert when_words(first, first + timedelta(days=2)) == "30 May to 1 June"
    assert when_words(None, None, "AoE") == ""


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        ("2026-05-16T11:30", "AoE", "today"),  # still the 15th there, and open
        ("2026-05-15T11:59", "AoE", "tomorrow"),  # the 14th there
        ("2026-05-12T12:00", "AoE", "in 3 days"),
        ("2026-05-12T12:00", "UTC", "in 4 days"),
        ("2026-05-15T23:00", "Europe/Berlin", "today"),  # the 16th there
        ("2026-05-15T23:00", "", "tomorrow"),
        ("2026-05-18T00:00", "", "now"),
    ],
)
def test_how_long_until_goes_by_the_calendar_that_is_printed(
    now: str, zone: str, words: str
) -> None:
    """The days between today and the printed day, both in the zone that is printed."""
    assert until(AT, datetime.fromisoformat(now).replace(tzinfo=UTC), zone) == words
