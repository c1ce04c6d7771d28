"""ISO weeks and arXiv's calendar: every paper in exactly one week, to the minute of an announcement."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundaypaper import holidays, weeks
from sundaypaper.models import Entry
from sundaypaper.weeks import DAY, EASTERN

MINUTE = timedelta(minutes=1)
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC))
HOLIDAYS_2026 = sorted(holidays.of_year(2026))


def eastern(text: str) -> datetime:
    """A moment of New York's clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---------------------------------------------------------------- ISO weeks


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-01-01", "2026-W01"),
        ("2025-12-29", "2026-W01"),
        ("2025-12-28", "2025-W52"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
    ],
)
def test_the_days_around_new_year_belong_to_their_iso_week(day: str, week: str) -> None:
    """The year of a week is the ISO year, not that of the day; 2026 has 53 weeks."""
    assert weeks.iso_week(date.fromisoformat(day)) == week


def test_a_week_goes_from_monday_to_sunday_and_on_to_the_next() -> None:
    """Monday, Sunday, and steps over the end of a long year in both directions."""
    assert weeks.monday("2026-W53") == date(2026, 12, 28)
    assert weeks.sunday("2026-W53") == date(2027, 1, 3)
    assert weeks.after("2026-W52") == "2026-W53"
    assert weeks.after("2026-W53") == "2027-W01"
    assert weeks.after("2027-W01", -1) == "2026-W53"
    assert weeks.after("2026-W10", 0) == "2026-W10"


@pytest.mark.parametrize(
    "text",
    "|2026|2026-10|2026-w10|2026-W1|2026-W100| 2026-W10|2026-W10\n|٢٠٢٦-W١٠|2٠26-W10|0000-W01|0001-W01|9999-W52".split(
        "|"
    ),
)
def test_what_is_not_a_week_is_refused_with_the_form_that_is_right(text: str) -> None:
    """Near misses, foreign digits and years at the edge of the calendar, all with a sentence."""
    with pytest.raises(ValueError, match="is not a week; write it as 2026-W10"):
        weeks.monday(text)


@pytest.mark.parametrize("text", ["2025-W53", "2026-W00", "2026-W54", "2026-W99"])
def test_a_week_that_its_year_does_not_have_is_refused(text: str) -> None:
    """2025 has 52 weeks; no year has a week 0."""
    with pytest.raises(ValueError, match=f"{text[:4]} has no week {text[6:]}"):
        weeks.monday(text)


@pytest.mark.parametrize("week", ["1000-W01", "8999-W52"])
def test_the_first_and_last_week_that_are_taken_can_be_reckoned_with(week: str) -> None:
    """No accepted week overflows the calendar."""
    assert weeks.sunday(week) - weeks.monday(week) == 6 * DAY
    assert weeks.iso_week(weeks.sunday(week)) == week
    assert weeks.after(week) > week
    assert weeks.submissions(week)[0] < weeks.complete_at(week)


# ---------------------------------------------------------------- arXiv's calendar


@pytest.mark.parametrize(
    ("submitted", "listed"),
    [
        ("2026-03-02T13:59:59", "2026-03-03"),
        ("2026-03-02T14:00:00", "2026-03-04"),
        ("2026-03-05T13:59", "2026-03-06"),
        ("2026-03-05T14:00", "2026-03-09"),
        ("2026-03-06T13:59", "2026-03-09"),
        ("2026-03-06T14:00", "2026-03-10"),
        ("2026-03-07T12:00", "2026-03-10"),
        ("2026-03-08T23:59", "2026-03-10"),
        ("2026-03-09T13:59", "2026-03-10"),
        ("2026-03-09T14:00", "2026-03-11"),
    ],
)
def test_the_cut_off_at_two_in_the_afternoon_decides_the_listing_day(
    submitted: str, listed: str
) -> None:
    """Every day of a week, a second before and at the cut-off; the US clock change lies within."""
    assert weeks.listing_day(eastern(submitted)) == date.fromisoformat(listed)


@pytest.mark.parametrize(
    ("cut_off", "before", "after"),
    [
        ("2026-03-06T19:00", "2026-03-09", "2026-03-10"),  # Friday, standard time
        ("2026-03-09T18:00", "2026-03-10", "2026-03-11"),  # the Monday after the US change
        ("2026-03-30T18:00", "2026-03-31", "2026-04-01"),  # the Monday after Europe's: nothing
        ("2026-10-26T18:00", "2026-10-27", "2026-10-28"),  # Europe is back, the US is not
        ("2026-11-02T19:00", "2026-11-03", "2026-11-04"),  # the Monday after the US is back
    ],
)
def test_the_cut_off_follows_new_yorks_clock(cut_off: str, before: str, after: str) -> None:
    """14:00 in New York is 19:00 UTC in winter and 18:00 in summer, by the American dates."""
    moment = utc(cut_off)
    assert weeks.listing_day(moment - MINUTE) == date.fromisoformat(before)
    assert weeks.listing_day(moment) == date.fromisoformat(after)


@pytest.mark.parametrize(
    ("listed", "moment"),
    [
        ("2026-03-06", "2026-03-06T01:00"),
        ("2026-03-09", "2026-03-09T00:00"),
        ("2026-03-30", "2026-03-30T00:00"),
        ("2026-11-02", "2026-11-02T01:00"),
    ],
)
def test_a_batch_comes_out_at_eight_in_the_evening_of_new_york(listed: str, moment: str) -> None:
    """The batch moves between 00:00 and 01:00 UTC with US daylight saving time."""
    assert weeks.announced_at(date.fromisoformat(listed)) == utc(moment)


@pytest.mark.parametrize(
    ("submitted", "listed"),
    [
        ("2026-01-19T10:00", "2026-01-21"),  # Martin Luther King: Monday's batch comes on Tuesday
        ("2026-09-07T10:00", "2026-09-09"),  # Labor Day
        ("2026-11-26T10:00", "2026-11-30"),  # Thanksgiving, a Thursday: out on Sunday
        ("2026-11-25T15:00", "2026-11-30"),
        ("2026-12-29T10:00", "2026-12-31"),
        ("2026-12-31T10:00", "2027-01-04"),  # the last Thursday of 2026-W53
        ("2026-06-19T10:00", "2026-06-22"),  # a Friday has no batch of its own to defer
    ],
)
def test_a_holiday_defers_its_batch_to_the_next_announcement(submitted: str, listed: str) -> None:
    """What would have come out on a holiday's evening is listed with the next batch."""
    assert weeks.listing_day(eastern(submitted)) == date.fromisoformat(listed)


def test_in_a_simulated_year_every_submission_is_listed_in_exactly_one_batch() -> None:
    """Each half hour of 2026: a batch that exists, never back in time, none empty, none doubled."""
    batches: Counter[date] = Counter()
    moment, last = YEAR[0], date.min
    while moment < YEAR[1]:
        day = weeks.listing_day(moment)
        assert day >= last, f"{moment} is listed before what came earlier"
        assert day in weeks.batch_days(weeks.iso_week(day))
        assert timedelta() < weeks.announced_at(day) - moment < timedelta(days=7)
        batches[day] += 1
        moment, last = moment + 30 * MINUTE, day
    expected = {
        day for n in range(1, 54) for day in weeks.batch_days(f"2026-W{n:02}") if day > min(batches)
    }
    assert expected <= set(batches)
    assert not [day for day in HOLIDAYS_2026 if day + DAY in batches]
    assert all(len(weeks.batch_days(f"2026-W{n:02}")) >= 3 for n in range(1, 54))


def test_the_calendar_of_2026_is_the_published_one() -> None:
    """The nine deferrals of 2026, as arXiv lists them."""
    published = "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31"
    assert [f"{day:%m-%d}" for day in HOLIDAYS_2026] == published.split()


def test_the_last_week_of_2026_has_three_batches() -> None:
    """Two holidays take Wednesday's and Friday's listing out of 2026-W53."""
    assert [day.day for day in weeks.batch_days("2026-W53")] == [28, 29, 31]
    assert len(weeks.batch_days("2026-W10")) == 5


def test_a_holiday_that_nobody_announced_can_be_handed_in() -> None:
    """The calendar is data: one more closed evening moves its papers and drops the batch."""
    closed = {date(2026, 3, 3)}.__contains__
    assert weeks.listing_day(eastern("2026-03-03T10:00"), closed) == date(2026, 3, 5)
    assert date(2026, 3, 4) not in weeks.batch_days("2026-W10", closed)
    assert len(weeks.batch_days("2026-W10", closed)) == 4


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_date_at_the_edge_of_the_calendar_is_no_crash(text: str) -> None:
    """A source may state any date that parses; both ends get a listing day."""
    day = weeks.listing_day(datetime.fromisoformat(text))
    assert weeks.monday(weeks.iso_week(day)) <= day


# ---------------------------------------------------------------- which week it is


@pytest.mark.parametrize(
    ("out", "week"),
    [
        ("2026-03-06T01:00", "2026-W10"),
        ("2026-03-13T00:00", "2026-W11"),
        ("2026-10-30T00:00", "2026-W44"),
        ("2026-11-06T01:00", "2026-W45"),
        ("2027-01-01T01:00", "2026-W53"),
    ],
)
def test_the_newest_week_changes_at_the_minute_of_thursdays_announcement(
    out: str, week: str
) -> None:
    """A minute before it is still the week before; then it stays until the next Thursday."""
    moment = utc(out)
    assert weeks.complete_at(week) == moment
    assert weeks.newest_week(moment - MINUTE) == weeks.after(week, -1)
    assert weeks.newest_week(moment) == week
    assert weeks.newest_week(moment + timedelta(days=2, hours=12)) == week
    assert weeks.newest_week(weeks.complete_at(weeks.after(week)) - MINUTE) == week


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_the_newest_week_is_complete_and_the_one_after_is_not(now: datetime) -> None:
    """At any moment."""
    week = weeks.newest_week(now)
    assert weeks.complete_at(week) <= now < weeks.complete_at(weeks.after(week))


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-03-03T00:59", "2026-03-02T01:00"),
        ("2026-03-03T01:00", "2026-03-03T01:00"),
        ("2026-03-06T00:59", "2026-03-05T01:00"),
        ("2026-03-06T01:00", "2026-03-06T01:00"),
        ("2026-03-07T12:00", "2026-03-06T01:00"),
        ("2026-03-08T23:59", "2026-03-06T01:00"),
        ("2026-03-09T00:00", "2026-03-09T00:00"),
        ("2026-11-27T12:00", "2026-11-27T01:00"),
    ],
)
def test_the_last_announcement_changes_at_its_minute_and_rests_at_the_weekend(
    now: str, newest: str
) -> None:
    """Sunday to Thursday evenings, nothing on Friday and Saturday; a holiday counts as a day."""
    assert weeks.last_announcement(utc(now)) == utc(newest)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_no_announcement_lies_between_the_last_one_and_now(now: datetime) -> None:
    """At any moment, by counting the evenings in between."""
    last = weeks.last_announcement(now)
    assert last <= now
    evening = last.astimezone(EASTERN).date() + DAY
    while (moment := datetime.combine(evening, time(20), EASTERN)) <= now:
        assert evening.weekday() in (4, 5), moment
        evening += DAY


# ---------------------------------------------------------------- windows of submission


def test_the_windows_of_submission_meet_without_gap_or_overlap() -> None:
    """Each week's window begins where the one before ends, all through 2026."""
    for n in range(1, 54):
        week = f"2026-W{n:02}"
        assert weeks.submissions(week)[1] == weeks.submissions(weeks.after(week))[0]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_what_was_submitted_in_a_weeks_window_is_listed_in_that_week(moment: datetime) -> None:
    """The window and the listing day agree to the second wherever there is no holiday."""
    week = weeks.iso_week(weeks.listing_day(moment, lambda _: False))
    start, end = weeks.submissions(week)
    assert start <= moment < end


# ---------------------------------------------------------------- held papers


def batch(month: str, first: int, count: int, moment: datetime) -> dict[str, datetime]:
    """Papers with ids in a row, all submitted at one moment."""
    return {f"arxiv:{month}.{first + n:05}": moment for n in range(count)}


TUESDAY = eastern("2026-03-03T10:00")  # listed on Wednesday the 4th


def test_a_paper_held_for_three_weeks_stands_in_the_week_of_its_announcement() -> None:
    """Its id lies among those of the batch with which it came out."""
    papers = batch("2603", 100, 11, TUESDAY) | {"arxiv:2603.00105": TUESDAY - timedelta(days=21)}
    assert set(weeks.listing_days(papers).values()) == {date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("own", "moved"), [("2026-02-26T10:00", False), ("2026-02-25T10:00", True)]
)
def test_neighbours_decide_from_the_fourth_batch_on(own: str, moved: bool) -> None:
    """Three batches behind its neighbours a paper keeps its own day; four behind it does not."""
    papers = batch("2603", 100, 11, TUESDAY) | {"arxiv:2603.00105": eastern(own)}
    found = weeks.listing_days(papers)["arxiv:2603.00105"]
    assert found == (date(2026, 3, 4) if moved else weeks.listing_day(eastern(own)))


def test_a_paper_is_never_moved_to_a_day_before_it_was_submitted() -> None:
    """A paper that seems newer than its neighbours keeps its own day."""
    newer = TUESDAY + timedelta(days=21)
    papers = batch("2603", 100, 11, TUESDAY) | {"arxiv:2603.00105": newer}
    assert weeks.listing_days(papers)["arxiv:2603.00105"] == weeks.listing_day(newer)


@pytest.mark.parametrize(("count", "moved"), [(4, False), (5, True)])
def test_fewer_than_five_neighbours_decide_nothing(count: int, moved: bool) -> None:
    """Four papers nearby may themselves be held."""
    held = TUESDAY - timedelta(days=21)
    papers = batch("2603", 100, count, TUESDAY) | {"arxiv:2603.00200": held}
    found = weeks.listing_days(papers)["arxiv:2603.00200"]
    assert found == (date(2026, 3, 4) if moved else weeks.listing_day(held))


@pytest.mark.parametrize(
    ("number", "moved"), [(410, True), (411, False), (154, True), (153, False)]
)
def test_ids_far_away_are_no_neighbours(number: int, moved: bool) -> None:
    """Five papers up to 300 numbers before or after count; one number more and there are four."""
    held = TUESDAY - timedelta(days=21)
    first = 110 if number > 400 else 450
    papers = batch("2603", first, 5, TUESDAY) | {f"arxiv:2603.{number:05}": held}
    found = weeks.listing_days(papers)[f"arxiv:2603.{number:05}"]
    assert found == (date(2026, 3, 4) if moved else weeks.listing_day(held))


def test_ids_of_another_month_are_no_neighbours() -> None:
    """The first ids of a month stand beside those of their own month alone."""
    held = TUESDAY - timedelta(days=21)
    papers = batch("2603", 1, 11, TUESDAY) | {"arxiv:2602.00005": held}
    assert weeks.listing_days(papers)["arxiv:2602.00005"] == weeks.listing_day(held)


def test_several_held_papers_in_a_row_do_not_outvote_their_batch() -> None:
    """Three held papers side by side all follow the batch around them."""
    held = TUESDAY - timedelta(days=30)
    papers = batch("2603", 100, 13, TUESDAY) | batch("2603", 105, 3, held)
    assert set(weeks.listing_days(papers).values()) == {date(2026, 3, 4)}


@pytest.mark.parametrize(("count", "known"), [(4, False), (5, True)])
def test_without_a_first_date_the_neighbours_alone_decide(count: int, known: bool) -> None:
    """Five of them name its day; a paper with fewer is left out."""
    papers = {**batch("2603", 100, count, TUESDAY), "arxiv:2603.00103": None}
    papers |= batch("2603", 110, 1, TUESDAY)
    found = weeks.listing_days(papers)
    assert found.get("arxiv:2603.00103") == (date(2026, 3, 4) if known else None)


def test_papers_without_a_first_date_are_no_neighbours() -> None:
    """Many of them beside four that have one decide nothing, and count not towards five."""
    papers: dict[str, datetime | None] = dict.fromkeys(batch("2603", 100, 11, TUESDAY))
    papers |= batch("2603", 120, 4, TUESDAY)
    assert len(weeks.listing_days(papers)) == 4


def test_an_old_id_without_a_first_date_has_no_day() -> None:
    """It has no number among the others either."""
    assert weeks.listing_days({"arxiv:cs/9901002": None}) == {}


@pytest.mark.parametrize(
    ("version", "later", "known"), [(1, 0, True), (2, 0, False), (2, 1, True), (1, 1, True)]
)
def test_a_later_version_with_one_date_tells_nothing_of_the_first(
    version: int, later: int, known: bool
) -> None:
    """Version 2 that is said to be first submitted when it was last submitted."""
    updated = TUESDAY + later * DAY
    paper = Entry(
        "arxiv:2603.00001", "paper", "arXiv", "", "A", published=TUESDAY, updated=updated,
        version=version,
    )  # fmt: skip
    assert weeks.submitted(paper) == (TUESDAY if known else None)


@pytest.mark.parametrize("id", ["arxiv:cs/9901002", "arxiv:hep-th/9711200", "doi:10.1/x", "arxiv:"])
def test_old_and_foreign_ids_keep_their_own_day(id: str) -> None:
    """They have no number among the others."""
    old = eastern("1999-01-05T10:00")
    papers = batch("2603", 100, 11, TUESDAY) | {id: old}
    assert weeks.listing_days(papers)[id] == date(1999, 1, 6)


def test_old_ids_in_a_row_decide_nothing_about_each_other() -> None:
    """Their numbers were given by archive and month, under another clock."""
    when = eastern("1999-01-05T10:00")
    papers = {f"arxiv:math/99010{n:02}": when for n in range(1, 12)}
    papers["arxiv:math/9901005"] = when - timedelta(days=21)
    found = weeks.listing_days(papers)["arxiv:math/9901005"]
    assert found == weeks.listing_day(when - timedelta(days=21))


def test_one_neighbour_of_the_next_batch_does_not_decide() -> None:
    """The middle one of the neighbours does."""
    papers = batch("2603", 100, 11, TUESDAY) | batch("2603", 110, 1, TUESDAY + timedelta(days=1))
    papers["arxiv:2603.00107"] = TUESDAY - timedelta(days=21)
    assert weeks.listing_days(papers)["arxiv:2603.00107"] == date(2026, 3, 4)


def test_nothing_gives_nothing() -> None:
    """No papers, no days."""
    assert weeks.listing_days({}) == {}


def test_in_a_simulated_year_of_announcements_every_id_lands_in_its_week() -> None:
    """All batches of 2026 with one held paper each: one week an id, and it is the announced one."""
    papers: dict[str, datetime] = {}
    announced: dict[str, date] = {}
    used: Counter[str] = Counter()
    days = [d for n in range(1, 54) for d in weeks.batch_days(f"2026-W{n:02}")]
    moments: dict[date, list[datetime]] = {day: [] for day in days}
    moment = YEAR[0] - timedelta(days=10)
    while moment < YEAR[1]:
        moments.get(weeks.listing_day(moment), []).append(moment)
        moment += 60 * MINUTE
    for day in days:
        month = f"{day - DAY:%y%m}"
        batch_of = moments[day][:24]
        batch_of.insert(len(batch_of) // 2, batch_of[0] - timedelta(days=21))
        for submitted in batch_of:
            used[month] += 1
            id = f"arxiv:{month}.{used[month]:05}"
            papers[id], announced[id] = submitted, day
    found = weeks.listing_days(papers)
    assert found.keys() == papers.keys()
    assert {id for id in papers if found[id] != announced[id]} == set()
    per_week = Counter(weeks.iso_week(day) for day in found.values())
    assert sorted(per_week) == [f"2026-W{n:02}" for n in range(1, 54)]


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [
        ("2026-03-06", "2026-03-06", 0),
        ("2026-03-06", "2026-03-09", 1),
        ("2026-03-02", "2026-03-06", 4),
        ("2026-03-02", "2026-03-09", 5),
        ("2026-03-05", "2026-03-17", 8),
        ("2026-03-17", "2026-03-05", -8),
    ],
)
def test_batches_are_counted_in_working_days(a: str, b: str, count: int) -> None:
    """Weekends do not count; backwards is negative."""
    assert weeks.batches_between(date.fromisoformat(a), date.fromisoformat(b)) == count
