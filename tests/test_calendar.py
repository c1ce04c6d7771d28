"""Public calendars: what takes place when, whatever a stranger's file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import examples
from loopback import Answer, Asked, Loopback
from sundaypaper import config
from sundaypaper.errors import ParseError
from sundaypaper.models import Ask, Entry, Fetched, PollState
from sundaypaper.net import Net
from sundaypaper.sources import CalendarSource
from sundaypaper.sources.calendar import ParsedCalendar, fetch, parse
from sundaypaper.sources.recurrence import occurrences, rule

NOW = datetime(2026, 3, 8, 22, tzinfo=UTC)  # a Sunday
BERLIN = "TZID=Europe/Berlin"


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar file of these events, each its lines with blanks between."""
    parts = "".join(
        "BEGIN:VEVENT\r\n" + "\r\n".join(e.split("|")) + "\r\nEND:VEVENT\r\n" for e in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{parts}END:VCALENDAR\r\n".encode()


def read(*events: str, head: str = "", now: datetime = NOW) -> ParsedCalendar:
    """What a calendar of these events tells."""
    return parse(calendar(*events, head=head), "Group", now)


def only(event: str, head: str = "") -> Entry:
    """The one entry of a calendar of one event."""
    found = read(event, head=head)
    assert found.bad == ()
    (entry,) = found.entries
    return entry


def days(found: ParsedCalendar) -> list[str]:
    """When each starts, in UTC: `03-12 17:00`."""
    return [f"{e.starts:%m-%d %H:%M}" for e in found.entries]


GROUP = f"UID:g|SUMMARY:Reading group|DTSTART;{BERLIN}:20260219T180000|DURATION:PT90M"
TALK = "UID:t|SUMMARY:Talk|DTSTART:20260312T170000Z"
WEEKLY = f"{GROUP}|RRULE:FREQ=WEEKLY;UNTIL=20260415T000000Z"


# ---------------------------------------------------------------- one event


@pytest.mark.parametrize(
    ("lines", "starts", "ends", "zone"),
    [
        ("DTSTART:20260312T170000Z|DTEND:20260312T183000Z", "12T17:00", "12T18:30", "UTC"),
        (f"DTSTART;{BERLIN}:20260312T180000|DURATION:PT90M", "12T17:00", "12T18:30", "Europe/Berlin"),
        ("DTSTART;TZID=W. Europe Standard Time:20260312T180000", "12T17:00", "", "Europe/Berlin"),
        ("DTSTART;TZID=/x.example/1/Europe/Berlin:20260312T180000", "12T17:00", "", "Europe/Berlin"),
        ("DTSTART;TZID=Nowhere:20260312T180000|DURATION:PT1H", "12T00:00", "", ""),
        ("DTSTART:20260312T180000|DTEND:20260312T190000", "12T00:00", "", ""),
        ("DTSTART;VALUE=DATE:20260312", "12T00:00", "", ""),
        ("DTSTART;VALUE=DATE:20260312|DTEND;VALUE=DATE:20260313", "12T00:00", "", ""),
        ("DTSTART;VALUE=DATE:20260312|DTEND;VALUE=DATE:20260315", "12T00:00", "14T00:00", ""),
        ("DTSTART:20260312T170000Z|DTEND:20260301T000000Z", "12T17:00", "", "UTC"),
        ("DTSTART:20260312T170000Z|DURATION:P900D", "12T17:00", "", "UTC"),
    ],
)  # fmt: skip
def test_an_event_is_when_its_calendar_says(lines: str, starts: str, ends: str, zone: str) -> None:
    """In UTC, in a zone by any of its names; a floating time is a day, whole days end inclusive."""
    entry = only(f"UID:1|SUMMARY:Talk|{lines}")

    def moment(text: str) -> datetime | None:
        return datetime.fromisoformat(f"2026-03-{text}+00:00") if text else None

    assert (entry.starts, entry.ends, entry.zone) == (moment(starts), moment(ends), zone)
    assert (entry.kind, entry.occasion, entry.source) == ("event", "meeting", "Group")


def test_a_floating_time_is_in_the_zone_of_its_calendar() -> None:
    """Where the calendar names one."""
    floating = "UID:1|SUMMARY:Talk|DTSTART:20260312T180000"
    entry = only(floating, head="X-WR-TIMEZONE:Europe/Berlin\r\n")
    assert (entry.starts, entry.zone) == (datetime(2026, 3, 12, 17, tzinfo=UTC), "Europe/Berlin")


def test_address_place_and_description_are_told() -> None:
    """Escapes resolved, markup and trackers gone; a place that is an address is the address."""
    told = "LOCATION:Room 5\\, Oslo|DESCRIPTION:<b>Kettles</b>\\nand <a href='https://k.example'>cups</a>"
    entry = only(f"{TALK}|URL:https://group.example/?utm_source=x|{told}")
    assert entry.url == "https://group.example/"
    assert entry.summary == "Room 5, Oslo · Kettles and cups"
    assert only(f"{TALK}|LOCATION:https://call.example/1").url == "https://call.example/1"
    assert only(f"{TALK}|DESCRIPTION:See https://a.example/x now").url == "https://a.example/x"
    assert only(f"{TALK}|URL:javascript:alert(1)").url == ""


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "CLASS:PRIVATE", "CLASS:CONFIDENTIAL"])
def test_what_is_cancelled_or_private_is_not_told(line: str) -> None:
    """Nor is it a mistake."""
    found = read(f"{WEEKLY}|{line}")
    assert (found.entries, found.bad) == ((), ())


def test_the_newest_state_of_an_event_counts() -> None:
    """A calendar that keeps all states, in any order."""
    new, old = (f"UID:1|SUMMARY:{n}|SEQUENCE:{n}|DTSTART:2026031{n}T170000Z" for n in (2, 1))
    assert [e.title for e in read(new, old).entries] == ["2"]


@pytest.mark.parametrize(("at", "told"), [("20270412T220000Z", 1), ("20270412T220001Z", 0)])
def test_a_single_event_is_told_from_four_hundred_days_before(at: str, told: int) -> None:
    """Counted from the moment of asking, 8 March 2026 at 22:00."""
    assert len(read(f"UID:1|SUMMARY:Far|DTSTART:{at}").entries) == told


def test_only_what_comes_within_a_year_is_told() -> None:
    """What is over and what is far away are left out."""
    texts = ("20260301T170000Z", "20260308T170000Z", "20270301T170000Z", "20280301T170000Z")
    found = read(*(f"UID:{n}|SUMMARY:{n}|DTSTART:{at}" for n, at in enumerate(texts)))
    assert [e.title for e in found.entries] == ["1", "2"]


# ---------------------------------------------------------------- what recurs


def test_a_weekly_group_meets_at_six_in_winter_and_in_summer() -> None:
    """Its local time stays where the clocks change on 29 March; it ends where the rule ends."""
    assert days(read(WEEKLY)) == [
        "03-12 17:00", "03-19 17:00", "03-26 17:00", "04-02 16:00", "04-09 16:00",
    ]  # fmt: skip


def test_what_recurs_for_ever_is_told_for_sixty_days() -> None:
    """And more of it later, under ids that stay."""
    first = read(f"{GROUP}|RRULE:FREQ=WEEKLY")
    assert days(first)[-1] == "05-07 16:00"
    later = read(f"{GROUP}|RRULE:FREQ=WEEKLY", now=NOW + timedelta(days=14))
    assert days(later)[-1] == "05-21 16:00"
    assert [e.id for e in later.entries][:-2] == [e.id for e in first.entries][2:]


def test_single_times_are_left_out_added_moved_and_cancelled() -> None:
    """EXDATE, RDATE, and events that stand in for one time: that time keeps its id when it moves."""
    more = f"|EXDATE;{BERLIN}:20260319T180000|RDATE;{BERLIN}:20260320T180000"
    moved = f"UID:g|SUMMARY:Moved|RECURRENCE-ID;{BERLIN}:20260326T180000|DTSTART;{BERLIN}:20260327T190000"
    off = f"UID:g|SUMMARY:Off|STATUS:CANCELLED|RECURRENCE-ID;{BERLIN}:20260402T180000|DTSTART;{BERLIN}:20260402T180000"
    found = read(WEEKLY + more, moved, off)
    assert days(found) == ["03-12 17:00", "03-20 17:00", "03-27 18:00", "04-09 16:00"]
    ids = {f"{e.starts:%m-%d}": e.id for e in read(WEEKLY).entries}
    assert [e.id for e in found.entries if e.title == "Moved"] == [ids["03-26"]]


def test_a_daily_event_of_long_ago_still_takes_place() -> None:
    """What lies before the window is skipped and not counted through."""
    found = read("UID:1|SUMMARY:Tea|DTSTART:19700101T120000Z|RRULE:FREQ=DAILY")
    assert days(found)[:2] == ["03-08 12:00", "03-09 12:00"]
    assert len(found.entries) == 61


# Every rule is checked against an independent reading of the same standard.
RULES = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])},
    optional={
        "INTERVAL": st.sampled_from([1, 2, 3, 5]).map(lambda n: [n]),
        "COUNT": st.sampled_from([1, 3, 40]).map(lambda n: [n]),
        "BYDAY": st.lists(st.sampled_from(["MO", "TU", "FR", "SU"]), min_size=1, unique=True),
        "BYMONTH": st.lists(st.sampled_from([2, 3, 4, 12]), min_size=1, unique=True),
        "BYMONTHDAY": st.lists(st.sampled_from([1, 13, 31, -1]), min_size=1, unique=True),
        "WKST": st.sampled_from([["MO"], ["SU"]]),
    },
)


@examples(300)
@given(RULES, st.integers(-900, 100), st.sampled_from(["", "1", "-1"]))
def test_a_rule_gives_the_days_that_it_gives_elsewhere(
    parts: dict[str, object], ahead: int, which: str
) -> None:
    """Against python-dateutil, over what meetings use: weekdays, their numbers, months, days, counts."""
    from dateutil.rrule import rrulestr

    freq = str(parts["FREQ"])
    parts = parts | {"FREQ": [freq]}
    if freq == "WEEKLY":
        parts.pop("BYMONTHDAY", None)
    if freq in ("MONTHLY", "YEARLY") and "BYDAY" in parts and "BYMONTHDAY" not in parts:
        parts["BYDAY"] = [which + str(day) for day in parts["BYDAY"]]  # type: ignore[attr-defined]
    start = datetime(2026, 1, 1, 18) + timedelta(days=ahead)
    first, last = datetime(2026, 3, 1), datetime(2026, 9, 1)
    text = ";".join(f"{k}={','.join(map(str, v))}" for k, v in parts.items())  # type: ignore[call-overload]
    theirs = rrulestr(text, dtstart=start).between(first, last, inc=True)
    assert occurrences(start, rule(parts, None), first, last, 10_000) == theirs  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=YEARLY;BYWEEKNO=20", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;COUNT=0", "FREQ=NEVER",
        "FREQ=WEEKLY;BYDAY=2TH", "FREQ=WEEKLY;BYMONTHDAY=13", "FREQ=MONTHLY;BYDAY=99MO", "FREQ=MONTHLY;BYMONTHDAY=40",
        "FREQ=YEARLY;BYMONTH=13", "FREQ=DAILY;COUNT=99999999",
        "FREQ=MONTHLY;BYDAY=" + ",".join(["MO"] * 500),
    ],
)  # fmt: skip
def test_a_rule_that_no_meeting_follows_is_told_and_costs_nothing(text: str) -> None:
    """Every second since 1970 is no reading group; the other events are read."""
    event = f"UID:1|SUMMARY:Bad|DTSTART:19700101T000000Z|RRULE:{text}"
    found = read(event, "UID:2|SUMMARY:Good|DTSTART:20260312T170000Z")
    assert [e.title for e in found.entries] == ["Good"]
    assert len(found.bad) == 1
    assert found.bad[0].startswith("“Bad”: ")


@pytest.mark.parametrize("text", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;INTERVAL=90"])
def test_a_rule_that_never_comes_round_ends(text: str) -> None:
    """There is no 30 February, however long one looks."""
    assert read(f"UID:1|SUMMARY:x|DTSTART:19700101T000000Z|RRULE:{text}").entries == ()


def test_a_calendar_that_recurs_without_end_is_cut() -> None:
    """So many rules, so many entries; the rest is told."""
    daily = "|DTSTART:20200101T120000Z|RRULE:FREQ=DAILY"
    found = read(*(f"UID:{n}|SUMMARY:Event {n}{daily}" for n in range(120)))
    assert len(found.entries) == 300
    assert found.beyond == 100 * 61 - 300
    assert len(found.bad) == 20


# ---------------------------------------------------------------- as others write them


def kept(name: str, now: str = "2026-04-18T00:00:00+00:00") -> ParsedCalendar:
    """One of the inputs that went wrong, read on that day."""
    body = (Path(__file__).parent / "data" / "feeds" / name).read_bytes()
    return parse(body, "Group", datetime.fromisoformat(now))


@pytest.mark.parametrize(
    ("name", "now", "told"),
    [
        ("cal-exdate-date-on-timed.ics", "2026-04-18", ["04-22 08:00", "05-06 08:00", "05-13 08:00"]),
        ("cal-exdate-kills-override.ics", "2026-04-18", ["04-22 00:00", "05-06 00:00"]),
        ("cal-same-uid.ics", "2026-04-18", ["04-22 10:00", "04-23 10:00"]),
        ("cal-tzid-gmt-with-bst.ics", "2026-07-01", ["07-23 09:20"]),
        ("cal-windows-tz.ics", "2026-04-18", ["04-27 14:00", "04-28 00:00", "04-28 17:30"]),
    ],
)  # fmt: skip
def test_a_calendar_of_another_program_is_read_as_meant(
    name: str, now: str, told: list[str]
) -> None:
    """Days left out, one UID for two talks, a “GMT” with summer time, zones as Windows names them."""
    found = kept(name, f"{now}T00:00:00+00:00")
    assert days(found) == told
    assert found.bad == ()


def test_two_events_of_one_uid_are_both_told_and_so_is_the_fault() -> None:
    """Each under an id of its own; an event that moved is still one event."""
    found = kept("cal-same-uid.ics")
    assert len({e.id for e in found.entries}) == found.doubled == 2
    stamped = (
        f"UID:1|SUMMARY:Talk|DTSTAMP:2026030{n}T000000Z|DTSTART:2026031{n}T170000Z" for n in (1, 2)
    )
    moved = read(*stamped)
    assert (days(moved), moved.doubled) == (["03-12 17:00"], 0)


@pytest.mark.parametrize(
    ("excluded", "left"),
    [
        ("EXDATE:20260319T170000Z", 4),
        ("EXDATE:20260319T180000", 4),  # without a zone: by the clocks of the meeting
        ("EXDATE;VALUE=DATE:20260319,20260326", 3),
        ("EXDATE;TZID=America/New_York:20260319T130000", 4),
        ("EXDATE:20260319T100000Z", 5),  # another time of that day
    ],
)
def test_a_day_or_a_time_that_is_left_out_is_not_told(excluded: str, left: int) -> None:
    """However it is written; the meeting takes place five times otherwise."""
    assert len(read(f"{WEEKLY}|{excluded}").entries) == left


def test_a_day_of_a_meeting_of_whole_days_is_left_out_by_a_time_in_it() -> None:
    """Some programs write the midnight of that day."""
    sprint = "UID:s|SUMMARY:Sprint|DTSTART;VALUE=DATE:20260312|RRULE:FREQ=WEEKLY;COUNT=3"
    assert days(read(f"{sprint}|EXDATE:20260319T000000Z")) == ["03-12 00:00", "03-26 00:00"]


def test_a_time_that_moved_stays_moved_where_its_old_day_is_left_out() -> None:
    """Some programs exclude the planned day of a time that they move."""
    moved = f"UID:g|SUMMARY:Moved|RECURRENCE-ID;{BERLIN}:20260319T180000|DTSTART;{BERLIN}:20260320T180000"
    found = read(f"{WEEKLY}|EXDATE;{BERLIN}:20260319T180000", moved)
    assert "03-20 17:00" in days(found)
    assert "03-19 17:00" not in days(found)


@pytest.mark.parametrize(
    ("start", "planned", "moved"),
    [
        (f";{BERLIN}:20260219T180000", ";VALUE=DATE:20260319", f";{BERLIN}:20260320T180000"),
        (";VALUE=DATE:20260219", ":20260319T000000Z", ";VALUE=DATE:20260320"),
    ],
)
def test_a_time_that_moved_may_be_named_by_its_day(start: str, planned: str, moved: str) -> None:
    """And a day by a time in it: some programs write one where the event has the other."""
    weekly = f"UID:g|SUMMARY:Group|DTSTART{start}|RRULE:FREQ=WEEKLY;COUNT=6"
    found = read(weekly, f"UID:g|SUMMARY:Group|RECURRENCE-ID{planned}|DTSTART{moved}")
    assert [day.partition(" ")[0] for day in days(found)] == ["03-12", "03-20", "03-26"]


def test_what_a_calendar_cancels_is_not_told() -> None:
    """METHOD:CANCEL is said of the whole file, also of an event without a title."""
    found = read(TALK, "UID:x|DTSTART:20260313T170000Z", head="METHOD:CANCEL\r\n")
    assert (found.entries, found.bad) == ((), ())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            f"SUMMARY:Later group|DTSTART;{BERLIN}:20260326T190000",
            ["03-12 17:00", "03-19 17:00", "03-26 18:00", "04-02 17:00", "04-09 17:00"],
        ),
        (
            f"SUMMARY:Friday group|DTSTART;{BERLIN}:20260327T180000",
            ["03-12 17:00", "03-19 17:00", "03-27 17:00", "04-03 16:00", "04-10 16:00"],
        ),
        (
            f"SUMMARY:x|STATUS:CANCELLED|DTSTART;{BERLIN}:20260326T180000",
            ["03-12 17:00", "03-19 17:00"],
        ),
    ],
    ids=["later", "another day", "cancelled"],
)
def test_a_change_of_this_and_all_that_follow_is_followed(change: str, told: list[str]) -> None:
    """RANGE=THISANDFUTURE moves or ends the rest; each time keeps its id."""
    found = read(
        WEEKLY, f"UID:g|RECURRENCE-ID;RANGE=THISANDFUTURE;{BERLIN}:20260326T180000|{change}"
    )
    assert days(found) == told
    ids = [e.id for e in read(WEEKLY).entries]
    assert [e.id for e in found.entries] == ids[: len(told)]


LONDON = (
    "BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:20001029T030000\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"
    "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20000326T020000\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
    "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)


@pytest.mark.parametrize("name", ["GMT", "Our zone", "Customized Time Zone", "UTC"])
def test_a_zone_means_what_its_definition_says(name: str) -> None:
    """A weekly meeting keeps its local time over the change of clocks on 29 March."""
    group = f"UID:g|SUMMARY:G|DTSTART;TZID={name}:20260319T180000|RRULE:FREQ=WEEKLY;COUNT=3"
    found = read(group, head=LONDON.format(name=name))
    assert days(found) == ["03-19 18:00", "03-26 18:00", "04-02 17:00"]


def test_a_place_is_believed_by_its_name() -> None:
    """The definition beside Europe/Berlin is London's, and of another year."""
    talk = f"UID:1|SUMMARY:Talk|DTSTART;{BERLIN}:20260702T180000"
    entry = only(talk, head=LONDON.format(name="Europe/Berlin"))
    assert (entry.starts, entry.zone) == (datetime(2026, 7, 2, 16, tzinfo=UTC), "Europe/Berlin")


def test_a_zone_of_one_file_is_not_that_of_another() -> None:
    """Nothing is remembered from file to file."""
    talk = "UID:1|SUMMARY:Talk|DTSTART;TZID=Ours:20260702T180000"
    assert only(talk, head=LONDON.format(name="Ours")).starts == datetime(
        2026, 7, 2, 17, tzinfo=UTC
    )
    assert only(talk).starts == datetime(2026, 7, 2, tzinfo=UTC)


# ---------------------------------------------------------------- hostile files

ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Evil\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)


def test_a_zone_that_is_defined_by_the_second_is_not_followed() -> None:
    """No meeting's zone has such a rule; the day is known all the same."""
    entry = only("UID:1|SUMMARY:Talk|DTSTART;TZID=Evil:20260312T180000", head=ZONE)
    assert (entry.starts, entry.zone) == (datetime(2026, 3, 12, tzinfo=UTC), "")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000,
        b"BEGIN:VCALENDAR\r\nX;" + b'A="b";' * 20_000 + b":x\r\nEND:VCALENDAR\r\n",
        calendar(*(["UID:1|SUMMARY:x"] * 5_001)),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_an_error(body: bytes) -> None:
    """A page, half a file, a nest, far too many events."""
    with pytest.raises(ParseError):
        parse(body, "Group", NOW)


@pytest.mark.parametrize(
    "event",
    [
        "UID:1|SUMMARY:x", "UID:1|DTSTART:20260312T170000Z", "UID:1|SUMMARY:x|DTSTART:soon",
        "UID:1|SUMMARY:x|DTSTART:20260312T170000Z|DTSTART:20260313T170000Z",
        "UID:1|SUMMARY:x|DTSTART;VALUE=PERIOD:20260312T170000Z/PT1H",
        "UID:1|SUMMARY:x|DTSTART:20260312T170000Z|RRULE:nonsense",
        "UID:1|SUMMARY:x|DTSTART:20260312T170000Z|RRULE:FREQ=DAILY|RRULE:FREQ=WEEKLY",
        "UID:1|SUMMARY:x|DTSTART:20260312T170000Z|EXDATE:soon",
        "UID:1|SUMMARY:x|DTSTART:20260312T170000Z|RRULE:FREQ=DAILY|EXRULE:FREQ=WEEKLY",
        "UID:1|SUMMARY:x|DTSTART:20260312T170000Z|SEQUENCE:many",
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_read_is_told_with_why(event: str) -> None:
    """And does not cost the others."""
    found = read(event, GROUP.replace("202602", "202603"))
    assert [e.title for e in found.entries] == ["Reading group"]
    assert len(found.bad) == 1


@examples(200)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=8))
def test_no_text_breaks_a_calendar(lines: list[str]) -> None:
    """Any lines within an event: it is read, told of, or the file is no calendar."""
    try:
        found = parse(calendar("|".join(["UID:1", *lines])), "Group", NOW)
    except ParseError:
        return
    assert len(found.entries) + len(found.bad) <= 2


# ---------------------------------------------------------------- asking


def asked(server: Loopback, poll: PollState | None = None, now: datetime = NOW) -> Fetched:
    """What /x.ics of the server brings."""
    spec = CalendarSource("Group", server.url("/x.ics"))
    net = Net(user_agent="t", allow_private=True, monotonic=lambda: 0.0, sleep=lambda s: None)
    return fetch(spec, poll or PollState("Group"), net, Ask("2026-W10", now, now))


@pytest.mark.parametrize("body", [calendar(WEEKLY), calendar(GROUP.replace("202602", "202603"))])
def test_what_recurs_is_asked_for_whole_and_all_else_conditionally(body: bytes) -> None:
    """An unchanged file tells of more meetings a week later, where they recur."""

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(304, length=None)
        return Answer(headers={"ETag": '"1"'}, body=body)

    with Loopback({"/x.ics": answer}) as server:
        first = asked(server)
        poll = replace(first.poll, next_check=None)
        second = asked(server, poll, NOW + timedelta(days=7))
    assert first.report.state == "fresh"
    assert second.report.state == ("fresh" if b"RRULE" in body else "unchanged")


def test_the_report_counts_what_could_not_be_read() -> None:
    """With the first three and why."""
    bad = [f"UID:{n}|SUMMARY:Event {n}" for n in range(4)]
    with Loopback({"/x.ics": Answer(body=calendar(WEEKLY, *bad))}) as server:
        report = asked(server).report
    assert (report.state, report.fetched) == ("fresh", 5)
    start = "4 of 5 events could not be read: “Event 0”: it does not say when it starts; "
    assert report.detail.startswith(start)
    assert report.detail.endswith("; and 1 more")


def test_a_calendar_that_fails_is_a_report(tmp_path: Path) -> None:
    """Like any other source, and so is one that is switched off."""
    with Loopback({"/x.ics": Answer(body=b"<html>")}) as server:
        report = asked(server).report
    assert report.state == "failed"
    assert "not a calendar" in report.detail
    path = tmp_path / "feeds.yaml"
    path.write_text("sources: [{kind: calendar, name: G, url: 'https://g.example/x', off: true}]")
    assert config.load(path).sources == (CalendarSource("G", "https://g.example/x", off=True),)
