"""What is due: days of ticks over months, in zones that change their clocks, and what was missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sundaypaper import weeks
from sundaypaper.models import IssueHead, PrintTime
from sundaypaper.pipeline.due import Facts, due

BERLIN, HOUR = ZoneInfo("Europe/Berlin"), timedelta(hours=1)
AT_8 = PrintTime(6, time(8))
QUARTER = timedelta(minutes=15)


def at(text: str) -> datetime:
    """A moment in UTC, as 2026-03-08 08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def head(week: str, composed: datetime, state: str = "frozen") -> IssueHead:
    """An issue as the archive lists it."""
    assert state in ("frozen", "draft")
    return IssueHead(week, "frozen" if state == "frozen" else "draft", "A headline", 1, 1, composed)


def facts(now: datetime, *, zone: str = "UTC", print_at: PrintTime = AT_8) -> Facts:
    """What is known of a paper that was never run."""

    def due_at(week: str) -> datetime:
        moment = weeks.moment(week, print_at.weekday, print_at.at, ZoneInfo(zone))
        return max(moment, weeks.complete_at(week))

    return Facts(now, due_at)


@dataclass
class Paper:
    """A paper whose works take no time; asked, printed and mailed say when each was done."""

    known: Facts
    falls_short: bool = False
    asked: list[datetime] = field(default_factory=list)
    printed: dict[str, datetime] = field(default_factory=dict)
    mailed: list[datetime] = field(default_factory=list)

    def tick(self, now: datetime) -> None:
        """Do what is due, each work once, as a round does."""
        self.known, tried = replace(self.known, now=now), set[str]()
        while left := [work for work in due(self.known).works if work not in tried]:
            tried.add(left[0])
            getattr(self, left[0])(now)

    def collect(self, now: datetime) -> None:
        """Ask the sources."""
        self.asked.append(now)
        short = self.known.short + 1 if self.falls_short else 0
        self.known = replace(self.known, asked=now, short=short)

    def run(self, now: datetime) -> None:
        """Ask the sources; print the newest week where it is time and nothing is missing."""
        self.collect(now)
        week = self.known.week
        if self.falls_short or now < self.known.due_at(week) or week in self.printed:
            return
        self.printed[week] = now
        self.known = replace(self.known, heads=(head(week, now), *self.known.heads))

    def mail(self, now: datetime) -> None:
        """Read the inbox and send."""
        self.mailed.append(now)
        self.known = replace(self.known, tended=now)


def moments(start: str, end: str, step: timedelta) -> Iterator[datetime]:
    """Moments from one to another."""
    now = at(start)
    while now < at(end):
        yield now
        now += step


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Chicago"])
def test_a_year_of_ticks_prints_each_week_once_at_eight_o_clock_there(zone: str) -> None:
    """Whatever the clocks of the zone and those of arXiv do; sources are asked daily, and to print."""
    paper = Paper(facts(at("2026-01-05 00:07"), zone=zone))
    for now in moments("2026-01-05 00:07", "2027-01-04 00:00", QUARTER):
        paper.tick(now)
    # The first tick prints the week before; 2026 has 53 weeks.
    assert sorted(paper.printed)[:2] == ["2026-W01", "2026-W02"]
    assert len(paper.printed) == 53
    for week, now in list(paper.printed.items())[1:]:
        local = now.astimezone(ZoneInfo(zone))
        assert local.date() == weeks.sunday(week)
        assert time(8) <= local.time() < time(8, 15)
    # The first tick, 364 days, and 52 Sundays once more.
    assert len(paper.asked) == 417


@pytest.mark.parametrize(
    ("zone", "local", "week", "asked"),
    [
        # 02:30 is left out: it is 03:30 there. Later that day nothing is due.
        ("Europe/Berlin", time(2, 30), "2026-W13", ["29 01:30"]),
        # 02:30 comes twice: the first counts; half an hour later the day's own asking is due.
        ("Europe/Berlin", time(2, 30), "2026-W43", ["25 00:30", "25 01:00"]),
        # Clocks go back by half an hour, from 02:00: 01:45 comes twice.
        ("Australia/Lord_Howe", time(1, 45), "2026-W14", ["04 14:45"]),
    ],
)
def test_a_print_time_in_the_hour_that_clocks_skip_or_repeat_comes_once(
    zone: str, local: time, week: str, asked: list[str]
) -> None:
    """Asked minute by minute, from before it until after the second one."""
    paper = Paper(facts(at("2026-01-01 00:00"), zone=zone, print_at=PrintTime(6, local)))
    moment = paper.known.due_at(week)
    for minute in range(-180, 180):
        paper.tick(moment + timedelta(minutes=minute))
    assert paper.printed[week] == moment
    assert [now.strftime("%d %H:%M") for now in paper.asked if now >= moment] == asked


def test_a_week_without_a_tick_is_made_up_by_the_next_one() -> None:
    """A laptop that was closed from Friday to Tuesday prints on Tuesday and mails at once."""
    paper = Paper(replace(facts(at("2026-03-06 12:00")), has_mail=True))
    paper.tick(at("2026-03-06 12:00"))
    paper.tick(at("2026-03-10 09:30"))
    assert paper.printed == {"2026-W10": at("2026-03-10 09:30")}
    assert paper.mailed[-1] == at("2026-03-10 09:30")


def test_a_passage_that_fell_short_is_repeated_less_and_less_often() -> None:
    """After a minute, a quarter, half an hour, and then each hour: arXiv is not hammered."""
    paper = Paper(facts(at("2026-03-08 08:00")), falls_short=True)
    for now in moments("2026-03-08 08:00", "2026-03-08 12:00", timedelta(minutes=1)):
        paper.tick(now)
    gaps = [
        int((b - a).total_seconds()) // 60
        for a, b in zip(paper.asked, paper.asked[1:], strict=False)
    ]
    assert gaps == [1, 15, 30, 60, 60, 60]


def test_a_throttled_sunday_is_completed_by_the_next_tick() -> None:
    """Nothing is printed at 08:00; at 08:15 arXiv answers."""
    paper = Paper(facts(at("2026-03-08 08:00")), falls_short=True)
    paper.tick(at("2026-03-08 08:00"))
    assert paper.printed == {}
    paper.falls_short = False
    paper.tick(at("2026-03-08 08:15"))
    assert paper.printed == {"2026-W10": at("2026-03-08 08:15")}


def test_mails_follow_an_issue_at_once_and_else_the_hour() -> None:
    """Tended at 07:40, printed at 08:00: mailed at 08:00, then at 09:00."""
    paper = Paper(replace(facts(at("2026-03-08 07:40")), has_mail=True))
    for minutes in (0, 20, 35, 50, 80):
        paper.tick(at("2026-03-08 07:40") + timedelta(minutes=minutes))
    times = [now.strftime("%H:%M") for now in paper.mailed]
    assert times == ["07:40", "08:00", "09:00"]


def test_a_clock_that_was_ahead_holds_nothing_up() -> None:
    """What was asked and tended in 2031, says the database, counts for nothing once it is 2026."""
    known = facts(at("2026-03-04 12:00"))
    later = at("2031-01-01 00:00")
    known = replace(known, asked=later, has_mail=True, tended=later, has_hooks=True, hooked=later)
    known = replace(known, heads=(head("2026-W09", at("2026-03-01 08:00")),))
    assert due(known).works == ("collect", "mail", "hooks")


def test_pages_are_published_until_that_succeeded() -> None:
    """A build that is in place and not there is due, whenever that may be."""
    now = at("2026-03-08 09:00")
    known = replace(facts(now), asked=now, heads=(head("2026-W10", now),))
    assert due(known).works == ()
    waiting = replace(known, publishes=True, built="a", published="b")
    assert due(waiting).works == ("publish",)
    assert due(replace(waiting, published="a")).works == ()


def test_the_next_moment_is_said_and_lies_ahead() -> None:
    """On Friday the drafts of Saturday; on Saturday the print time; on Sunday the inbox."""
    first = head("2026-W09", at("2026-03-01 08:00"))
    friday = replace(facts(at("2026-03-06 09:00")), asked=at("2026-03-06 09:00"), heads=(first,))
    assert due(friday).next == at("2026-03-07 02:00")
    saturday = replace(friday, now=at("2026-03-08 02:30"), asked=at("2026-03-08 02:30"))
    assert due(saturday).next == at("2026-03-08 08:00")
    mail = replace(saturday, has_mail=True, tended=at("2026-03-08 02:20"))
    assert due(mail).next == at("2026-03-08 03:20")


def test_a_paper_asks_some_time_after_the_batch_and_not_with_all_others() -> None:
    """An hour after the announcement, and as much later as the paper's own spread."""
    known = replace(facts(at("2026-03-04 02:29")), spread=timedelta(minutes=30))
    known = replace(known, heads=(head("2026-W09", at("2026-03-01 08:00")),))
    known = replace(known, asked=at("2026-03-03 02:40"))
    assert due(known).works == ()
    assert due(replace(known, now=at("2026-03-04 02:30"))).works == ("collect",)
