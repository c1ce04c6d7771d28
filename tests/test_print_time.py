"""The print time: a week is a draft until then, in the paper's zone, on every day of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from running import job
from sundaypaper import config, weeks
from sundaypaper.errors import ConfigError
from sundaypaper.models import PrintTime
from sundaypaper.pipeline.run import print_by_hand, run_week
from test_pipeline import Arxiv
from test_votes import FIRST, Desk, Listing, a_desk, row, votes_in

FRIDAY = datetime(2026, 3, 6, 6, 17, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 8, 30, tzinfo=UTC)
W10 = "2026-W10"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A root over a small arXiv and a list that knows one of its papers."""
    with a_desk(tmp_path, Listing({W10: [row("2603.00001", 60)]})) as made:
        yield made


def test_a_week_is_a_draft_until_its_print_time(desk: Desk) -> None:
    """On Friday it is complete and waits; each run composes it anew; from 08:00 on it is frozen."""
    friday = desk.run(W10, FRIDAY)
    assert (friday.state, friday.why_draft) == (
        "draft",
        "It is printed on Sunday 8 March at 08:00",
    )
    desk.listing.weeks[W10] = [row("2603.00001", 90)]
    saturday = desk.run(W10, FRIDAY + timedelta(days=1))
    assert saturday.state == "draft"
    assert [votes_in(issue)[FIRST][0] for issue in (friday, saturday)] == [60, 90]
    assert desk.run(W10, datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC)).state == "draft"
    printed = desk.run(W10, datetime(2026, 3, 8, 8, tzinfo=UTC))
    assert (printed.state, printed.why_draft) == ("frozen", "")


def test_votes_are_asked_again_by_the_run_that_prints(desk: Desk) -> None:
    """Asked on Friday, asked on Sunday at five, and once more at half past eight."""
    desk.run(W10, FRIDAY)
    desk.run(W10, SUNDAY.replace(hour=5))
    desk.run(W10, SUNDAY.replace(hour=6))
    assert desk.lists() == [W10] * 2
    desk.listing.weeks[W10] = [row("2603.00001", 118)]
    issue = desk.run(W10, SUNDAY)
    assert desk.lists() == [W10] * 3
    assert (issue.state, votes_in(issue)) == ("frozen", {FIRST: (118, SUNDAY)})


def test_what_is_printed_stays_when_the_clock_goes_back(desk: Desk) -> None:
    """Two hours earlier the week would still be a draft, but it is out."""
    printed = desk.run(W10, SUNDAY)
    assert printed.state == "frozen"
    assert desk.run(W10, SUNDAY - timedelta(hours=2)) == printed
    assert desk.run(W10, SUNDAY) == printed


def test_a_draft_that_only_waits_is_no_failure_and_one_with_gaps_is(tmp_path: Path) -> None:
    """A machine that runs every morning is not told that something is wrong."""
    with a_desk(tmp_path, Listing()) as desk:
        arxiv = desk.server.script["/api/query"]
        assert isinstance(arxiv, Arxiv)
        arxiv.lies = 1000
        short = run_week(job(desk.config(), desk.store, tmp_path, FRIDAY, desk.tools), W10)
        assert (short.issue.state, short.is_complete) == ("draft", False)
        arxiv.lies, later = 0, FRIDAY + timedelta(days=1)
        ready = run_week(job(desk.config(), desk.store, tmp_path, later, desk.tools), W10)
        assert (ready.issue.state, ready.is_complete) == ("draft", True)


def test_a_draft_that_lacks_its_last_batch_is_not_done(desk: Desk) -> None:
    """On Thursday, with or without an editor who will look at it."""
    thursday = datetime(2026, 3, 5, 12, tzinfo=UTC)
    for hold in (False, True):
        made = replace(desk.config(), hold=hold)
        outcome = run_week(job(made, desk.store, desk.root, thursday, desk.tools), W10)
        assert (outcome.issue.state, outcome.is_complete) == ("draft", False)
        assert outcome.in_words.startswith("a draft: the week is not over")


def test_a_week_that_waits_for_its_editor_is_no_failure(desk: Desk) -> None:
    """The machine has done its part; the run log says whose turn it is."""
    hold = replace(desk.config(), hold=True)
    outcome = run_week(job(hold, desk.store, desk.root, SUNDAY, desk.tools), W10)
    assert (outcome.issue.state, outcome.is_complete) == ("draft", True)
    (logged,) = desk.store.last_runs(1)
    assert (logged.status, logged.detail["outcome"]) == (
        0,
        "a draft: it waits for its editor: `sundaypaper print --week 2026-W10`",
    )


def test_the_time_is_one_of_the_papers_zone(desk: Desk) -> None:
    """Eight in Delhi is half past two in UTC."""
    delhi = "timezone: Asia/Kolkata\n"
    early = desk.run(W10, datetime(2026, 3, 8, 2, 29, tzinfo=UTC), more=delhi)
    assert early.why_draft == "It is printed on Sunday 8 March at 08:00"
    assert desk.run(W10, datetime(2026, 3, 8, 2, 30, tzinfo=UTC), more=delhi).state == "frozen"


def test_a_time_before_the_last_batch_prints_when_the_week_is_complete(desk: Desk) -> None:
    """Thursday's batch is out on Friday at 01:00 UTC; before it nothing is printed."""
    monday = "print: {at: mon 07:00}\n"
    thursday = desk.run(W10, datetime(2026, 3, 5, 12, tzinfo=UTC), more=monday)
    assert thursday.why_draft.startswith("The week is not over")
    assert desk.run(W10, FRIDAY, more=monday).state == "frozen"


def test_a_person_prints_when_they_like(desk: Desk) -> None:
    """`print --week` on Friday needs a complete week and no print time."""
    assert desk.run(W10, FRIDAY).state == "draft"
    made = job(desk.config(), desk.store, desk.root, FRIDAY)
    assert print_by_hand(made, W10).state == "frozen"


def test_a_week_that_waits_for_its_editor_says_so_before_and_after(desk: Desk) -> None:
    """Its time prints nothing there, so a draft does not promise it."""
    for now in (FRIDAY, SUNDAY):
        issue = desk.run(W10, now, more="print: {hold: true}\n")
        assert issue.why_draft == "It waits for its editor: `sundaypaper print --week 2026-W10`"


@pytest.mark.parametrize(
    ("zone", "week", "at", "utc"),
    [
        ("UTC", "2026-W10", "sun 08:00", "2026-03-08T08:00"),
        ("Europe/Berlin", "2026-W12", "sun 08:00", "2026-03-22T07:00"),
        ("Europe/Berlin", "2026-W13", "sun 08:00", "2026-03-29T06:00"),
        # Berlin's clocks go from 02:00 to 03:00, and in October from 03:00 to 02:00.
        ("Europe/Berlin", "2026-W13", "sun 02:30", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-W43", "sun 02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-W10", "sun 02:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-W44", "sun 01:30", "2026-11-01T05:30"),
        # Half an hour is left out here.
        ("Australia/Lord_Howe", "2026-W40", "sun 02:15", "2026-10-03T15:45"),
        ("Pacific/Kiritimati", "2026-W10", "sun 08:00", "2026-03-07T18:00"),
        ("Etc/GMT+12", "2026-W10", "sun 23:30", "2026-03-09T11:30"),
        # A year with 53 weeks: its last Sunday lies in the next one.
        ("UTC", "2026-W53", "sun 08:00", "2027-01-03T08:00"),
    ],
)
def test_the_moment_of_a_week_is_one_whatever_its_clocks_do(
    zone: str, week: str, at: str, utc: str
) -> None:
    """By the published dates on which clocks change; worked out by hand."""
    day, _, clock = at.partition(" ")
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day)
    found = weeks.moment(week, weekday, time.fromisoformat(clock), ZoneInfo(zone))
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_each_week_of_a_year_has_its_print_time_after_the_last_ones() -> None:
    """Through both changes of the clock, no week is printed twice or left out."""
    every = [weeks.after("2026-W01", n) for n in range(54)]
    moments = [weeks.moment(w, 6, time(2, 30), ZoneInfo("Europe/Berlin")) for w in every]
    gaps = {later - earlier for earlier, later in pairwise(moments)}
    assert gaps <= {timedelta(days=7, hours=h) for h in (-1, 0, 1)}
    assert [weeks.iso_week(at.astimezone(ZoneInfo("Europe/Berlin")).date()) for at in moments] == every  # fmt: skip


def loaded(folder: Path, line: str) -> config.Config:
    """The configuration of a file with that first line."""
    file = folder / "feeds.yaml"
    file.write_text(f"{line}\nsources: [{{kind: arxiv}}]\n", "utf-8")
    return config.load(file)


def test_nothing_said_means_sunday_at_eight(tmp_path: Path) -> None:
    """And what is said counts; an hour may have one digit."""
    assert loaded(tmp_path, "print: {}").print_at == PrintTime(6, time(8))
    assert config.default_config().print_at == PrintTime(6, time(8))
    assert loaded(tmp_path, 'print: {at: "fri 7:05"}').print_at == PrintTime(4, time(7, 5))


@pytest.mark.parametrize(
    "given", ["sunday 08:00", "sun 24:00", "sun 8", "08:00", "Sun 08:00", "7", "sun 08:60", "[]"]
)
def test_a_time_that_is_none_is_named_with_its_line(tmp_path: Path, given: str) -> None:
    """The message says what would be right."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"print: {{at: {given}}}")
    text = str(caught.value)
    assert ":1:13: print.at: expected a weekday (mon, tue, wed, thu, fri, sat, sun)" in text
    assert "and a time, such as sun 08:00, found " in text


def test_the_time_of_printing_changes_no_content(tmp_path: Path) -> None:
    """The fingerprint says what an issue was made with, not when it came out."""
    prints = {loaded(tmp_path, f"print: {{at: {at}}}").fingerprint for at in ("sun 08:00", "sat 9:00")}  # fmt: skip
    assert len(prints) == 1


def test_a_week_long_past_has_nothing_to_wait_for(desk: Desk) -> None:
    """A week is run for the first time a month later: its print time is over."""
    assert desk.run(W10, SUNDAY + timedelta(days=30)).state == "frozen"
