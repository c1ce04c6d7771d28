"""calendar.ics: valid, the same bytes for the same dates, and never a day off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from sundaypaper.formats.calendar import calendar_page
from sundaypaper.models import Masthead, Pick

COMPOSED = datetime(2026, 3, 8, 22, 1, 2, 345, tzinfo=UTC)
DEADLINE = datetime(2026, 5, 16, 11, 59, 59, tzinfo=UTC)
PAPER = Masthead("Tuesday's Paper", "https://paper.example.org/")


def pick(number: int = 1, **more: object) -> Pick:
    """A date as the issue holds it."""
    given: dict[str, object] = {
        "id": f"event:{number:016x}", "kind": "event", "source": "Dates", "group": "",
        "url": "https://x.example/", "title": f"Date {number}", "authors": (), "published": None,
        "week": "", "standing": "new", "ring": "field", "categories": (), "comment": "",
        "journal_ref": "", "claims": (), "tags": (), "evidence": (), "gist": "", "score": 0.0,
        "contributions": (), "reasons": (), "starts": DEADLINE, "zone": "AoE",
    }  # fmt: skip
    return Pick(**(given | more))  # type: ignore[arg-type]


def read(*picks: Pick) -> list[dict[str, object]]:
    """The events as another program reads them."""
    page = calendar_page(picks, PAPER, COMPOSED)
    events = Calendar.from_ical(page.body).walk("VEVENT")
    return [{key.lower(): getattr(v, "dt", v) for key, v in event.items()} for event in events]


def test_a_deadline_is_a_moment_in_utc_and_said_in_its_own_zone() -> None:
    """Subscribers see it in their own time; the description says the day that authors were told."""
    (event,) = read(pick(occasion="deadline", venue="neurips", title="NeurIPS 2026: papers"))
    assert event["dtstart"] == DEADLINE
    assert "dtend" not in event
    assert event["dtstamp"] == COMPOSED.replace(microsecond=0)
    assert event["uid"] == "event:0000000000000001@paper.example.org"
    assert str(event["description"]).startswith(
        "Friday 15 May, 23:59 Anywhere on Earth (= 16 May, 11:59 UTC). From Dates."
    )
    page = calendar_page([pick(occasion="deadline", venue="neurips")], PAPER, COMPOSED)
    assert b"CATEGORIES:Deadline,NeurIPS\r\n" in page.body


def test_days_are_days_and_the_last_one_belongs_to_them() -> None:
    """RFC 5545 states the day after the last."""
    first = datetime(2026, 12, 6, tzinfo=UTC)
    one = pick(1, starts=first, zone="")
    more = pick(2, starts=first, ends=first + timedelta(days=6), zone="")
    assert [(e["dtstart"], e["dtend"]) for e in read(one, more)] == [
        (date(2026, 12, 6), date(2026, 12, 7)),
        (date(2026, 12, 6), date(2026, 12, 13)),
    ]


def test_a_meeting_has_an_end() -> None:
    """In UTC as well."""
    ends = DEADLINE + timedelta(hours=2)
    (event,) = read(pick(ends=ends, zone="Europe/Berlin"))
    assert (event["dtstart"], event["dtend"]) == (DEADLINE, ends)


def test_hostile_and_long_text_stays_within_its_line() -> None:
    """Commas, semicolons, backslashes and line breaks are escaped; no line is over 75 octets."""
    title = "A, b; c \\ d" + " größer" * 30
    hostile = pick(title=title, source="x\r\nEND:VEVENT", url="javascript:alert(1)")
    (event,) = read(hostile)
    assert event["summary"] == title
    assert "url" not in event
    body = calendar_page([hostile], PAPER, COMPOSED).body
    assert body.count(b"\nEND:VEVENT") == 1
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_the_same_dates_are_the_same_bytes_in_any_order_each_once() -> None:
    """Soonest first; what has no date is left out."""
    picks = [pick(n, starts=DEADLINE + timedelta(days=5 - n)) for n in range(4)]
    page = calendar_page([*picks, picks[0], pick(9, starts=None)], PAPER, COMPOSED)
    assert page.path == "calendar.ics"
    assert page == calendar_page(reversed(picks), PAPER, COMPOSED)
    assert [e["summary"] for e in read(*picks)] == ["Date 3", "Date 2", "Date 1", "Date 0"]


def test_an_empty_calendar_is_a_calendar() -> None:
    """And one without an address has ids of its own title."""
    assert read() == []
    page = calendar_page([pick()], Masthead("Tuesday's Paper"), COMPOSED)
    assert b"UID:event:0000000000000001@tuesday-s-paper.invalid\r\n" in page.body


def test_a_venue_of_feeds_yaml_is_named_as_it_says() -> None:
    """Own venues have their own names among the categories of a date."""
    page = calendar_page([pick(venue="bees")], PAPER, COMPOSED, {"bees": "Workshop on Bees"})
    assert b"Workshop on Bees" in page.body
