"""Asking arXiv: what is believed, what is asked again, what is told as missing, how politely."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from arxiv import Client, Search, SortCriterion, SortOrder

from fake_arxiv import (
    Asked,
    Clock,
    FakeArxiv,
    Honest,
    Row,
    Trouble,
    complaint,
    page,
    submitted_for,
    week_of_rows,
)
from sundaypaper import weeks
from sundaypaper.models import Ask, Fetched, PollState
from sundaypaper.sources import ArxivSource, arxiv
from sundaypaper.sources.arxiv_queries import address

WEEK = "2026-W10"
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPEC = ArxivSource("arXiv", ("cs.LG", "cs.CV"), ("CVPR", "Neural Information Processing Systems"))
# The questions of a run over a small world: five slices, updates, venues.
QUESTIONS = 7


def five_weeks(each: int = 6, newest: str = WEEK) -> list[Row]:
    """The papers of a week and of the four before it, so many a day."""
    rows: list[Row] = []
    for back in range(4, -1, -1):
        week = weeks.after(newest, -back)
        rows += week_of_rows(week, each, len(rows) + 1, "Accepted at CVPR" if back % 2 else "")
    return rows


def run(
    fake: FakeArxiv,
    folder: Path,
    *,
    spec: ArxivSource = SPEC,
    poll: PollState | None = None,
    now: datetime = NOW,
    week: str = WEEK,
    told: list[str] | None = None,
) -> Fetched:
    """One run against the fake on its clock."""
    wall = datetime.fromtimestamp(fake.clock.time(), UTC)
    ask = Ask(week, now, wall, rehearsal=now != wall)
    with fake.net() as net:
        return arxiv.fetch(
            spec,
            poll or PollState("arXiv"),
            net,
            ask,
            pace=fake.pace(folder),
            sleep=fake.clock.wait,
            tell=(told if told is not None else []).append,
        )


def arxiv_with(trouble: Trouble | None = None, rows: list[Row] | None = None) -> FakeArxiv:
    """An arXiv of five small weeks, with a trouble."""
    fake = FakeArxiv(five_weeks() if rows is None else rows, Clock(NOW))
    if trouble:
        fake.trouble = trouble
    return fake


def ids(fetched: Fetched) -> set[str]:
    """The ids that a run brought, without their scheme."""
    return {entry.id.removeprefix("arxiv:") for entry in fetched.news}


def on(span_part: str, answer: Callable[[Honest], httpx.Response]) -> Trouble:
    """A trouble for the slice whose span has that text, whenever it is asked for."""
    return lambda asked, honest: (
        answer(honest) if asked.span and span_part in "-".join(asked.span) else None
    )


# Where the newest slice ends; a slice in the middle.
NEWEST, OLDER = "202603051900", "202602051900-202602121900"


# ---------------------------------------------------------------- the three questions


def test_a_week_is_read_whole(tmp_path: Path) -> None:
    """Every paper comes, counts agree with what arXiv declares, and the answer is remembered."""
    fake = arxiv_with()
    got = run(fake, tmp_path)
    assert got.report.state == "fresh"
    assert ids(got) == {row.id for row in fake.rows}
    assert got.report.expected == got.report.fetched == len(fake.rows)
    assert got.poll.answered_at == NOW
    assert len(fake.asked) == QUESTIONS


def test_requests_keep_three_seconds_apart(tmp_path: Path) -> None:
    """From one request to the next, the retries of a fault among them."""
    fake = arxiv_with(lambda a, _h: httpx.Response(500) if a.number in (1, 2) else None)
    run(fake, tmp_path)
    assert all(b.at - a.at >= 3.0 for a, b in pairwise(fake.asked))


def test_slices_leave_no_second_between_them(tmp_path: Path) -> None:
    """Dates are to the minute: a slice ends in the minute in which the next begins, none in the future."""
    fake = arxiv_with()
    run(fake, tmp_path, now=datetime(2026, 3, 4, 12, tzinfo=UTC))
    spans = [asked.span for asked in fake.asked if asked.span]
    assert len(spans) == 5
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert spans[-1][1] == "202603041200"


def test_windows_never_reach_into_the_future() -> None:
    """A week that has not begun has only the slices before it."""
    ask = Ask("2026-W12", NOW, NOW)
    assert [end <= NOW for _, end in arxiv.windows(ask)] == [True] * 4
    assert len(arxiv.windows(Ask(WEEK, NOW, NOW))) == 5


def test_a_paper_held_for_weeks_and_an_old_one_updated_are_found(tmp_path: Path) -> None:
    """The first by its submission within five weeks, the second by its last update."""
    held = Row("2603.00999", NOW - 30 * DAY, NOW - 30 * DAY)
    old = Row("2301.00001", NOW - 1000 * DAY, NOW - 3 * DAY, version=4)
    assert {held.id, old.id} <= ids(run(arxiv_with(rows=[*five_weeks(), held, old]), tmp_path))


def test_a_paper_of_another_category_that_names_a_venue_is_found(tmp_path: Path) -> None:
    """By its comment alone; without venues it is not asked for."""
    row = Row("2603.00999", NOW - DAY, NOW - DAY, 1, ("math.OC",), "CVPR 2026")
    fake = arxiv_with(rows=[*five_weeks(), row])
    assert row.id in ids(run(fake, tmp_path))
    fake = arxiv_with(rows=[*five_weeks(), row])
    assert row.id not in ids(run(fake, tmp_path, spec=replace(SPEC, venues=())))


def test_names_of_venues_cannot_break_the_question() -> None:
    """What is not one plain word becomes a phrase, and quotes in it go."""
    query = arxiv.naming_venues(("CVPR", "Int. Conf", 'a"b', "L@S)", " "))
    assert query.startswith('(co:CVPR OR co:"Int. Conf" OR co:"a b" OR co:"L@S)" OR jr:CVPR')


def test_of_a_paper_the_newest_version_stays(tmp_path: Path) -> None:
    """Version 1 in one answer and version 3 in another, in whichever order."""
    v1 = five_weeks()[-1]
    v3 = replace(v1, version=3, comment="Accepted at CVPR")
    for early, late in ((v1, v3), (v3, v1)):

        def answer(asked: Asked, honest: Honest, early: Row = early, late: Row = late) -> httpx.Response:  # fmt: skip
            rows = [(early if asked.span else late) if r.id == v1.id else r for r in honest.rows]
            return page(rows, honest.total)

        got = run(arxiv_with(answer), tmp_path)
        assert [e.version for e in got.news if e.id == f"arxiv:{v1.id}"] == [3]


def test_an_unreadable_entry_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    """One date that is none: the run is complete, and the report names the entry once."""
    bad = five_weeks()[-1]

    def answer(_asked: Asked, honest: Honest) -> httpx.Response:
        whole = page(honest.rows, honest.total)
        spoilt = bad.xml().replace("<published>2026", "<published>some day in 2026")
        return httpx.Response(200, content=whole.content.replace(bad.xml().encode(), spoilt.encode()))  # fmt: skip

    fake = arxiv_with(answer)
    got = run(fake, tmp_path)
    assert got.report.state == "fresh"
    assert ids(got) == {row.id for row in fake.rows} - {bad.id}
    assert got.report.detail.startswith("1 unreadable: ")
    assert bad.id in got.report.detail


@pytest.mark.parametrize(
    "spoilt", [b"An \x08abstract", b"An \xff abstract", b"An &nbsp; abstract &#1;"]
)
def test_one_odd_character_costs_no_paper_and_no_request(spoilt: bytes, tmp_path: Path) -> None:
    """What XML forbids in one abstract: the page is read at once, all of it."""

    def answer(_asked: Asked, honest: Honest) -> httpx.Response:
        content = page(honest.rows, honest.total).content
        return httpx.Response(200, content=content.replace(b"An abstract", spoilt, 1))

    fake = arxiv_with(answer)
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}
    assert len(fake.asked) == QUESTIONS
    assert fake.clock.slept == []


def test_one_broken_entry_costs_one_paper_and_no_request(tmp_path: Path) -> None:
    """Its markup is wrong wherever it comes: named in the report and while it is read."""
    bad = five_weeks()[70]

    def answer(_asked: Asked, honest: Honest) -> httpx.Response:
        content = page(honest.rows, honest.total).content
        broken = bad.xml().replace("</title>", "</titel>").encode()
        return httpx.Response(200, content=content.replace(bad.xml().encode(), broken))

    fake = arxiv_with(answer)
    told: list[str] = []
    got = run(fake, tmp_path, told=told)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows} - {bad.id}
    assert len(fake.asked) == QUESTIONS
    assert got.report.detail == f"1 unreadable: arxiv:{bad.id}: no well-formed XML"
    assert told.count(f"cannot be read: arxiv:{bad.id}: no well-formed XML") == 1


# ---------------------------------------------------------------- papers asked for by id


def known(again: tuple[str, ...], answer: Trouble, folder: Path) -> tuple[Fetched, FakeArxiv]:
    """A run that asks for papers by id after all else, with the answer to that."""
    fake = arxiv_with(lambda a, h: answer(a, h) if a.ids else None)
    wall = datetime.fromtimestamp(fake.clock.time(), UTC)
    ask = Ask(WEEK, NOW, wall, again=again)
    with fake.net() as net:
        pace = fake.pace(folder)
        got = arxiv.fetch(SPEC, PollState("arXiv"), net, ask, pace=pace, sleep=fake.clock.wait)
    return got, fake


OLD = Row("2401.00001", NOW - 700 * DAY, NOW - 700 * DAY)
UNKNOWN: dict[str, Callable[[int], httpx.Response]] = {
    "left out": lambda asked: page([OLD][: asked - 1]),
    "counted and left out": lambda asked: page([OLD][: asked - 1], asked),
    "an entry of nothing": lambda asked: httpx.Response(
        200,
        content=page([OLD][: asked - 1], asked).content.replace(
            b"</feed>", b"<entry><title/></entry></feed>"
        ),
    ),
}


@pytest.mark.parametrize("others", [(), ("arxiv:2401.00001",)])
@pytest.mark.parametrize("kind", UNKNOWN)
def test_an_id_that_arxiv_does_not_know_is_named_and_costs_seconds(
    kind: str, others: tuple[str, ...], tmp_path: Path
) -> None:
    """However arXiv says so, alone or among others: the week is complete."""
    again = ("arxiv:9999.99999", *others)
    got, fake = known(again, lambda _a, _h: UNKNOWN[kind](len(again)), tmp_path)
    assert got.report.state == "fresh"
    assert "arXiv knows no arxiv:9999.99999" in got.report.detail
    assert "arxiv:2401.00001" not in got.report.detail
    assert sum(fake.clock.slept) <= 3
    assert len(fake.asked) <= QUESTIONS + 2


def test_an_id_that_arxiv_calls_malformed_spoils_no_other(tmp_path: Path) -> None:
    """The whole question is refused for it: asked again without, and the id is named."""

    def answer(asked: Asked, _honest: Honest) -> httpx.Response:
        if "2401.1" in asked.ids:
            return complaint(400, "incorrect id format for 2401.1")
        return page([OLD])

    got, fake = known(("arxiv:2401.1", "arxiv:2401.00001"), answer, tmp_path)
    assert "arXiv knows no arxiv:2401.1" in got.report.detail
    assert "arxiv:2401.00001" in {entry.id for entry in got.news}
    assert [asked.ids for asked in fake.asked[-2:]] == [("2401.1", "2401.00001"), ("2401.00001",)]


def test_an_id_is_taken_out_only_where_the_complaint_names_it_whole(tmp_path: Path) -> None:
    """2401.00001 is no part of 2401.000012; a complaint that names none is told as it is."""
    answer = complaint(400, "incorrect id format for 2401.000012")
    got, fake = known(("arxiv:2401.00001",), lambda _a, _h: answer, tmp_path)
    assert "1 known papers could not be asked for again" in got.report.detail
    assert len(fake.asked) == QUESTIONS + 1


# ---------------------------------------------------------------- faults that pass


def cut(_asked: Asked, honest: Honest) -> httpx.Response:
    """Half of a page."""
    content = page(honest.rows, honest.total).content
    return httpx.Response(200, content=content[: len(content) // 2])


def broken(_asked: Asked, _honest: Honest) -> httpx.Response:
    """A connection that ends."""
    raise httpx.ReadError("reset by peer")


FAULTS: dict[str, Callable[[Asked, Honest], httpx.Response]] = {
    "empty, true total": lambda _a, h: page([], h.total),
    "empty, total 0": lambda _a, _h: page([], 0),
    "short": lambda _a, h: page(h.rows[:-3], h.total),
    "more than declared": lambda _a, h: page(h.rows, h.total - 1),
    "nothing at all": lambda _a, _h: httpx.Response(200, content=b""),
    "HTML": lambda _a, _h: httpx.Response(200, content=b"<!doctype html><p>Sorry"),
    "Rate exceeded.": lambda _a, _h: httpx.Response(200, content=b"Rate exceeded."),
    "cut": cut,
    "broken connection": broken,
    "redirect to nowhere": lambda _a, _h: httpx.Response(301),
    **{f"{s}": lambda _a, _h, s=s: httpx.Response(s) for s in (406, 429, 500, 502, 503, 504)},  # type: ignore[misc]
}


@pytest.mark.parametrize("number", [0, 2, 4, 5, 6])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_costs_time_and_nothing_else(
    fault: str, number: int, tmp_path: Path
) -> None:
    """On the first, a middle, the last slice, on updates and on venues: asked again, all is there."""
    fake = arxiv_with(lambda a, h: FAULTS[fault](a, h) if a.number == number else None)
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report
    assert ids(got) == {row.id for row in fake.rows}
    assert len(fake.asked) == QUESTIONS + 1
    assert fake.clock.slept


# ---------------------------------------------------------------- faults that stay


STAYING = {k: v for k, v in FAULTS.items() if k not in ("short", "empty, total 0")}


@pytest.mark.parametrize("fault", STAYING)
def test_a_fault_that_stays_is_one_named_gap(fault: str, tmp_path: Path) -> None:
    """The other slices come, the run ends incomplete, and is not taken for a complete answer."""
    fake = arxiv_with(on(NEWEST, lambda h: FAULTS[fault](fake.asked[-1], h)))
    got = run(fake, tmp_path)
    assert got.report.state == "incomplete"
    gap, *others = got.report.missing
    assert gap.name == "submitted 2026-02-26 to 2026-03-05"
    assert (gap.fetched > 0) == (fault == "cut")  # what came before the cut is kept
    assert gap.why
    assert got.poll.answered_at is None
    assert got.poll.failures == 1
    if fault in ("429", "Rate exceeded."):  # we are turned away, whatever we ask
        assert len(others) == 2
        assert len(fake.asked) == QUESTIONS - 3 + 5
    else:
        assert others == []
        assert {row.id for row in fake.rows} == ids(got)  # the updates still bring them
    assert sum(fake.clock.slept) <= 1200
    assert len(fake.asked) <= QUESTIONS - 1 + 7 * (2 if fault == "cut" else 1)


@pytest.mark.parametrize("end", [NEWEST, OLDER])
def test_a_slice_that_is_said_to_be_empty_is_a_gap(end: str, tmp_path: Path) -> None:
    """Said three times: not believed where the updates show papers of that time."""
    fake = arxiv_with(on(end, lambda _h: page([], 0)))
    got = run(fake, tmp_path)
    assert [(gap.expected, gap.fetched) for gap in got.report.missing] == [(0, 0)]
    assert sum(end in "-".join(a.span) for a in fake.asked if a.span) == 3


def test_an_empty_week_of_a_small_category_is_believed(tmp_path: Path) -> None:
    """A few papers a week, and none in one of them before the newest."""
    rows = [row for row in five_weeks(1) if not NOW - 31 * DAY < row.published < NOW - 23 * DAY]
    fake = arxiv_with(rows=rows)
    told: list[str] = []
    assert run(fake, tmp_path, told=told).report.state == "fresh"
    assert "submitted 2026-02-05 to 2026-02-12: 0 of 0" in told


def without(week: str, rows: list[Row]) -> list[Row]:
    """A world in which nothing was submitted for a week."""
    start, end = weeks.submissions(week)
    return [row for row in rows if not start <= row.published < end]


def test_an_old_slice_that_is_truly_empty_is_believed_and_told(tmp_path: Path) -> None:
    """However many papers the others hold: nothing else of that time is shown, so no gap."""
    rows = without("2026-W07", five_weeks(30))
    got = run(arxiv_with(rows=rows), tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert got.report.detail == "nothing was submitted from 2026-02-05 to 2026-02-12, says arXiv"
    assert got.poll.answered_at == NOW


# Nothing is known of it but what the weeks before showed.
SMALL = replace(SPEC, categories=("cs.SC",))


def small(rows: list[Row]) -> list[Row]:
    """The same papers in a small category."""
    return [replace(row, categories=("cs.SC",)) for row in rows]


FIVE_WEEKS = "submitted 2026-01-29 to 2026-03-05"
LISTED = "listed on 2026-03-02, 2026-03-03, 2026-03-04, 2026-03-05, 2026-03-06"


@pytest.mark.parametrize(
    ("each", "gaps"), [(0, [FIVE_WEEKS]), (1, []), (2, [LISTED]), (30, [LISTED])]
)
def test_an_empty_newest_slice_is_believed_of_a_small_category_only(
    each: int, gaps: list[str], tmp_path: Path
) -> None:
    """One paper a day before, and none in a week: it may be. Of ten papers none, or in five weeks: never."""
    got = run(arxiv_with(rows=small(without(WEEK, five_weeks(each)))), tmp_path, spec=SMALL)
    assert [gap.name for gap in got.report.missing if "since" not in gap.name] == gaps
    told = "from 2026-02-26 to 2026-03-05" in got.report.detail
    assert told, "that arXiv says so is told in either case"


@pytest.mark.parametrize("rows", [[], without(WEEK, five_weeks())])
def test_a_week_without_papers_of_busy_categories_is_never_complete(
    rows: list[Row], tmp_path: Path
) -> None:
    """A new paper, or one whose weeks before were small: what is usual is known without them."""
    spec = ArxivSource("arXiv", venues=())
    got = run(arxiv_with(rows=rows), tmp_path, spec=spec)
    assert got.report.state == "incomplete"
    (gap,) = (gap for gap in got.report.missing if "since" not in gap.name)
    assert gap.name == LISTED
    assert "usually bring about 660 papers" in gap.why


def lacking(days: set[int], each: int = 6) -> list[Row]:
    """Five weeks in which some days of the newest, 0 for Monday, brought nothing."""
    out = {submitted_for(day) for n, day in enumerate(weeks.batch_days(WEEK)) if n in days}
    return [r for r in five_weeks(each) if r.published.replace(second=0) not in out]


@pytest.mark.parametrize("day", range(5))
def test_a_day_without_papers_is_a_gap_where_many_come(day: int, tmp_path: Path) -> None:
    """Any of the five, days after it was due: named, and asked for again by the next run."""
    later = NOW + HOUR
    first = run(arxiv_with(rows=lacking({day})), tmp_path)
    assert first.report.state == "incomplete"
    (gap,) = first.report.missing
    assert gap.name == f"listed on 2026-03-0{2 + day}"
    fake = FakeArxiv(five_weeks(), Clock(later))
    again = run(fake, tmp_path, poll=first.poll, now=later)
    assert again.report.state == "fresh"
    assert [NEWEST in asked.span for asked in fake.asked if asked.span] == [True]


@pytest.mark.parametrize(
    ("each", "days", "state"),
    [
        (3, {0}, "fresh"),
        (3, {0, 1, 3, 4}, "incomplete"),
        (9, {2}, "fresh"),
        (10, {2}, "incomplete"),
    ],
)
def test_silent_days_are_believed_until_ten_papers_should_have_come(
    each: int, days: set[int], state: str, tmp_path: Path
) -> None:
    """Three a day: one silent day may be, four may not; nor may one day of ten papers."""
    got = run(arxiv_with(rows=small(lacking(days, each))), tmp_path, spec=SMALL)
    assert [g.name for g in got.report.missing if "listed" in g.name] == (
        []
        if state == "fresh"
        else ["listed on " + ", ".join(f"2026-03-0{2 + day}" for day in sorted(days))]
    )


def test_a_holiday_brings_nothing_and_lacks_nothing(tmp_path: Path) -> None:
    """Thanksgiving and the weekend: only the days on which arXiv's calendar has it announce count."""
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    fake = FakeArxiv(five_weeks(newest="2026-W48"), Clock(now))
    assert len(weeks.batch_days("2026-W48")) == 4
    got = run(fake, tmp_path, week="2026-W48", now=now)
    assert got.report.state == "fresh", got.report.missing


def test_an_empty_slice_of_a_small_category_is_a_gap_where_the_updates_show_more(
    tmp_path: Path,
) -> None:
    """Five papers a week, and arXiv denies the newest five: the gap names one of them."""
    fake = arxiv_with(on(NEWEST, lambda _h: page([], 0)), small(five_weeks(1)))
    (gap,) = run(fake, tmp_path, spec=SMALL).report.missing
    assert gap.name == "submitted 2026-02-26 to 2026-03-05"
    assert "but shows arxiv:2603." in gap.why


@pytest.mark.parametrize(
    ("categories", "state"),
    [(("cs.DB",), "incomplete"), (("cs.GL", "math.AG"), "incomplete"), (("cs.GL",), "fresh")],
)
def test_five_weeks_without_a_paper_are_not_believed(
    categories: tuple[str, ...], state: str, tmp_path: Path
) -> None:
    """Older papers are known and the last five weeks are empty: no week is printed for good by that.

    Nobody has counted these categories; of the one that is so quiet it is believed.
    """
    old = NOW - 300 * DAY
    row = Row("2505.00001", old, old, 1, (categories[0],), "CVPR")
    got = run(arxiv_with(rows=[row]), tmp_path, spec=replace(SPEC, categories=categories))
    assert got.report.state == state
    gaps = [(gap.name, gap.why) for gap in got.report.missing]
    told = "arXiv says that there is nothing in 5 weeks, which is not believed"
    assert gaps == ([(FIVE_WEEKS, told)] if state == "incomplete" else [])


def test_a_paper_of_another_category_belies_no_empty_slice(tmp_path: Path) -> None:
    """It names a venue and was submitted in that time, but it is none of those asked for."""
    moment = datetime(2026, 2, 10, tzinfo=UTC)
    other = Row("2602.09999", moment, moment, 1, ("math.OC",), "CVPR 2026")
    got = run(arxiv_with(rows=[*without("2026-W07", five_weeks()), other]), tmp_path)
    assert other.id in ids(got)
    assert got.report.state == "fresh", got.report.missing


def test_a_page_that_stays_short_is_kept_and_told(tmp_path: Path) -> None:
    """What it brought is kept, what was declared and did not come is named with both numbers."""

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if not asked.span or NEWEST not in asked.span:
            return None
        return page([] if asked.start else honest.rows[:-3], honest.total)

    fake = arxiv_with(answer)
    got = run(fake, tmp_path)
    (gap,) = got.report.missing
    assert (gap.expected, gap.fetched) == (30, 27)
    assert got.report.expected == 150
    assert got.report.fetched == 147


def test_a_short_page_is_kept_when_no_time_is_left(tmp_path: Path) -> None:
    """Short once, then throttled for ever: what it brought counts."""
    seen: list[int] = []

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if not asked.span or NEWEST not in asked.span:
            return None
        seen.append(asked.number)
        return page(honest.rows[:-3], honest.total) if len(seen) == 1 else httpx.Response(429)

    gap, _updates = run(arxiv_with(answer), tmp_path, spec=replace(SPEC, venues=())).report.missing
    assert (gap.expected, gap.fetched) == (30, 27)


def test_a_server_that_gives_smaller_pages_is_read_to_the_end(tmp_path: Path) -> None:
    """Ten at a time whatever is asked: slower, but nothing is missing."""
    fake = arxiv_with(lambda _a, h: page(h.rows[:10], h.total))
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}


def test_a_server_that_loses_one_paper_of_the_updates_is_told(tmp_path: Path) -> None:
    """A row that never comes, though it is counted, is a gap of the list by last update too."""
    lost = sorted(five_weeks(), key=lambda row: row.updated)[-3].id

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if asked.span or "co:" in asked.query:
            return None
        return page([row for row in honest.rows if row.id != lost], honest.total)

    got = run(arxiv_with(answer), tmp_path)
    (gap,) = got.report.missing
    assert "fell short" in gap.why


def test_the_updates_must_show_what_the_slices_have_shown(tmp_path: Path) -> None:
    """A list by last update that stands still for weeks is in order, and a gap all the same."""
    before = NOW - 20 * DAY

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if asked.span or "co:" in asked.query:
            return None
        return page([row for row in honest.rows if row.updated < before])

    got = run(arxiv_with(answer), tmp_path)
    (gap,) = got.report.missing
    assert gap.name.startswith("updates in the categories since")
    assert "though there are 150 at least" in gap.why


def test_no_recent_paper_of_a_rare_venue_is_an_answer(tmp_path: Path) -> None:
    """Old papers name it, none since the bound: complete."""
    fake = arxiv_with(rows=[*five_weeks(), Row("2001.00001", NOW - 2000 * DAY, NOW - 2000 * DAY, 1, ("math.OC",), "COLT")])  # fmt: skip
    assert run(fake, tmp_path, spec=replace(SPEC, venues=("COLT",))).report.state == "fresh"


def test_a_venue_that_nobody_ever_named_is_told(tmp_path: Path) -> None:
    """Said three times: it may be a lie or a misspelt name, and a person must look."""
    got = run(arxiv_with(), tmp_path, spec=replace(SPEC, venues=("Nonesuch",)))
    (gap,) = got.report.missing
    assert "feeds.yaml" in gap.why


# ---------------------------------------------------------------- more than one page


def big_week(count: int = 2100) -> list[Row]:
    """A world whose newest slice needs two pages."""
    return [*five_weeks(1), *week_of_rows(WEEK, count // 5, 1000)]


def test_papers_that_vanish_between_two_pages_hide_none(tmp_path: Path) -> None:
    """Three of the first page are removed, so that three others slip over its edge: read again."""
    fake = arxiv_with(rows=big_week())
    gone = sorted((r for r in fake.rows if int(r.id[5:]) >= 1000), key=lambda r: r.published)[:3]

    def answer(asked: Asked, _honest: Honest) -> httpx.Response | None:
        if asked.start == 0 or not asked.span or gone[0] not in fake.rows:
            return None
        for row in gone:
            fake.rows.remove(row)
        now = fake.honest(asked, 2000)
        return page(now.rows, now.total)

    fake.trouble = answer
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) >= {row.id for row in fake.rows}
    assert [a.start for a in fake.asked if a.span and NEWEST in a.span] == [0, 2000, 0, 2000]


def test_papers_that_appear_between_two_pages_are_found(tmp_path: Path) -> None:
    """25 are announced while the slice is read: all of it in the end, each once."""
    fake = arxiv_with(rows=big_week())
    early = datetime(2026, 2, 27, 9, tzinfo=UTC)
    late = [Row(f"2603.{n:05}", early, early) for n in range(9000, 9025)]

    def answer(asked: Asked, _honest: Honest) -> httpx.Response | None:
        if asked.start == 2000 and asked.span and late[0] not in fake.rows:
            fake.rows.extend(late)
            now = fake.honest(asked, 2000)
            return page(now.rows, now.total)
        return None

    fake.trouble = answer
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}
    assert len({entry.id for entry in got.news}) == len(got.news)


def test_a_second_page_that_repeats_the_first_is_read_from_the_other_end(tmp_path: Path) -> None:
    """For ever, and so the first 2,000 rows are seen whichever way is asked: between them, all."""
    fake = arxiv_with(rows=big_week())
    fake.trouble = lambda a, h: page(fake.honest(replace(a, start=0), 2000).rows[: len(h.rows)], h.total) if a.span and a.start else None  # fmt: skip
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}


def test_pages_that_never_stand_still_are_a_gap(tmp_path: Path) -> None:
    """The first page always declares a row more than the second: told, though each row came."""
    fake = arxiv_with(
        lambda a, h: (
            page(h.rows, h.total + 1) if a.span and a.start == 0 and NEWEST in a.span else None
        ),
        rows=big_week(),
    )
    (gap,) = run(fake, tmp_path).report.missing
    assert gap.fetched == 2105
    assert "shifted" in gap.why
    assert len(fake.asked) <= QUESTIONS + 7


# ---------------------------------------------------------------- rows that come twice


def twice(rows: tuple[Row, ...], at: int) -> list[Row]:
    """Rows of which one stands there twice."""
    return [*rows[:at], rows[at], *rows[at:]]


@pytest.mark.parametrize("counted", [0, 1])
@pytest.mark.parametrize("at", [0, 15, 29])
def test_a_row_that_comes_twice_costs_nothing(at: int, counted: int, tmp_path: Path) -> None:
    """First, in the middle or last, in arXiv's total or not: complete at once, each paper once."""
    fake = arxiv_with(
        lambda a, h: page(twice(h.rows, at % len(h.rows)), h.total + counted) if a.span else None
    )
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}
    assert len(fake.asked) == QUESTIONS


@pytest.mark.parametrize("at", [0, 1000, 1999, 2050])
def test_a_row_that_comes_twice_over_two_pages_costs_one_more_reading(
    at: int, tmp_path: Path
) -> None:
    """Its copy is next to it or far away, and arXiv counts both: read from either end, all is there."""
    fake = arxiv_with(rows=big_week())

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if not asked.span or NEWEST not in asked.span:
            return None
        every = fake.honest(replace(asked, start=0), 5000).rows
        for far in (at, at + 1):
            listed = [*every[:far], every[at], *every[far:]]
        start = asked.start
        return page(listed[start : start + 2000], len(listed))

    fake.trouble = answer
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}
    assert len(fake.asked) <= QUESTIONS + 2 + 2


def test_a_row_that_was_pushed_over_the_edge_is_found_from_the_other_end(tmp_path: Path) -> None:
    """The last row of page one comes again on page two, in the place of another: that one is read."""
    fake = arxiv_with(rows=big_week())

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if not asked.span or NEWEST not in asked.span or not asked.start:
            return None
        before = fake.honest(replace(asked, start=1999), 1).rows
        return page([*before, *honest.rows[1:]], honest.total)

    fake.trouble = answer
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert got.report.fetched == got.report.expected == len(fake.rows)  # by the slices alone


def test_the_same_row_in_two_slices_is_one_paper(tmp_path: Path) -> None:
    """Submitted in the minute in which two slices meet: both hold it, neither lacks anything."""
    edge = datetime(2026, 2, 26, 19, 0, 30, tzinfo=UTC)
    row = Row("2603.00999", edge, edge)
    got = run(arxiv_with(rows=[*five_weeks(), row]), tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert [e.id for e in got.news].count("arxiv:2603.00999") == 1


@pytest.mark.parametrize("question", ["submittedDate:[202602261900", "(cat:cs.LG OR cat:cs.CV)"])
def test_a_second_page_that_says_nothing_is_asked_again(question: str, tmp_path: Path) -> None:
    """Total 0 after 2,105: once it is passed over; for ever, it is a gap and not the end."""

    def mine(asked: Asked) -> bool:
        whole = question.startswith("submitted") or asked.query == question
        return asked.start == 2000 and question in asked.query and whole

    lies: list[int] = []

    def once(asked: Asked, _honest: Honest) -> httpx.Response | None:
        if not mine(asked) or lies:
            return None
        lies.append(asked.number)
        return page([], 0)

    fake = arxiv_with(once, rows=big_week())
    got = run(fake, tmp_path)
    assert lies
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}
    got = run(arxiv_with(lambda a, _h: page([], 0) if mine(a) else None, big_week()), tmp_path / "..")  # fmt: skip
    (gap,) = got.report.missing
    assert "and then 0" in gap.why


def test_reading_updates_goes_on_after_an_old_one_and_ends_after_an_old_page(
    tmp_path: Path,
) -> None:
    """An old paper on top does not end it; of 6,000 old ones behind, one whole page is read."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    old = [Row(f"2001.{n:05}", long_ago + n * HOUR, long_ago + n * HOUR) for n in range(6000)]
    fake = arxiv_with(rows=[*big_week(), *old])

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        if asked.span or "co:" in asked.query or asked.start:
            return None
        return page([old[0], *honest.rows[:-1]], honest.total)

    fake.trouble = answer
    got = run(fake, tmp_path, spec=replace(SPEC, venues=()))
    starts = [a.start for a in fake.asked if a.sort == "lastUpdatedDate"]
    assert starts == [0, 2000, 4000]
    assert got.report.state == "fresh", got.report.missing


@pytest.mark.parametrize("order", ["random", "oldest first"])
def test_an_order_that_is_ignored_is_told(order: str, tmp_path: Path) -> None:
    """Of 100,000 results in another order no page can be trusted to be the last."""
    start = datetime(2019, 1, 1, tzinfo=UTC)
    old = [Row(f"1901.{n:05}", start + n * HOUR, start + n * HOUR) for n in range(2000)]
    if order == "random":
        old.sort(key=lambda row: zlib.crc32(row.id.encode()))

    def answer(asked: Asked, _honest: Honest) -> httpx.Response | None:
        return None if asked.span or "co:" in asked.query else page(old, 100_000)

    fake = arxiv_with(answer)
    got = run(fake, tmp_path)
    (gap,) = got.report.missing
    assert gap.why == "arXiv ignores the order that was asked for"
    assert len(fake.asked) == QUESTIONS


def test_a_small_list_in_another_order_is_read_to_the_end(tmp_path: Path) -> None:
    """Where all of it can be read, order does not matter."""

    def answer(asked: Asked, honest: Honest) -> httpx.Response | None:
        mixed = sorted(honest.rows, key=lambda r: zlib.crc32(f"{asked.number} {r.id}".encode()))
        return page(mixed, honest.total)

    fake = arxiv_with(answer)
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}


def test_two_pages_from_old_to_new_are_read_to_the_end(tmp_path: Path) -> None:
    """The first page of the updates is in order and old, but the order is the wrong one."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    old = [Row(f"2001.{n:05}", start + n * HOUR, start + n * HOUR) for n in range(2000)]
    new = Row("2301.00001", start + 2000 * DAY, NOW - 4 * DAY, 4)
    fake = arxiv_with(rows=[*five_weeks(), *old, new])

    def answer(asked: Asked, _honest: Honest) -> httpx.Response | None:
        if asked.span:
            return None
        other = fake.honest(replace(asked, order="ascending"), 2000)
        return page(other.rows, other.total)

    fake.trouble = answer
    got = run(fake, tmp_path, spec=replace(SPEC, venues=()))
    assert got.report.state == "fresh", got.report.missing
    assert new.id in ids(got)


def test_updates_that_come_while_they_are_read_push_nothing_out(tmp_path: Path) -> None:
    """25 rows come twice, since as many new ones came on top: no gap."""
    fake = arxiv_with(rows=big_week())

    def answer(asked: Asked, _honest: Honest) -> httpx.Response | None:
        if asked.span or asked.start == 0:
            return None
        shifted = fake.honest(replace(asked, start=asked.start - 25), 2000)
        return page(shifted.rows, shifted.total + 25)

    fake.trouble = answer
    got = run(fake, tmp_path, spec=replace(SPEC, venues=()))
    assert got.report.state == "fresh", got.report.missing
    assert ids(got) == {row.id for row in fake.rows}


def test_a_full_size_first_run_needs_at_most_40_requests(tmp_path: Path) -> None:
    """4,500 papers a week, 25,000 updated since five weeks, 4,000 that name a venue."""
    rows: list[Row] = []
    for back in range(5):
        comment = "CVPR" if back == 1 else ""
        rows += week_of_rows(weeks.after(WEEK, -back), 900, len(rows) + 1, comment)
    start = datetime(2026, 1, 27, tzinfo=UTC)
    first = datetime(2024, 5, 1, tzinfo=UTC)
    rows += [Row(f"2405.{n:05}", first, start + n * HOUR / 3, 2) for n in range(2500)]
    rows += [Row(f"2404.{n:05}", first, first + n * HOUR / 9, 2) for n in range(9000)]
    fake = arxiv_with(rows=rows)
    got = run(fake, tmp_path)
    assert got.report.state == "fresh", got.report.missing
    assert got.report.fetched == 22_500
    assert len(got.news) >= 25_000
    assert len(fake.asked) <= 40


def test_more_than_arxiv_gives_of_one_question_is_a_gap(tmp_path: Path) -> None:
    """Page after page of new ones beyond 30,000: what came is kept, the rest is named."""
    row = five_weeks()[-1]
    many = page([row] * 2000, 100_000)
    fake = arxiv_with(lambda a, _h: None if a.span or "co:" in a.query else many)
    got = run(fake, tmp_path)
    assert any("more than 30000 results" in gap.why for gap in got.report.missing)
    assert len(fake.asked) == QUESTIONS - 1 + 15


# ---------------------------------------------------------------- when to ask, and since when


def test_arxiv_is_asked_again_only_after_a_new_announcement(tmp_path: Path) -> None:
    """Not an hour later, nor all Sunday; but after Sunday evening's announcement."""
    poll = run(arxiv_with(), tmp_path).poll
    for moment in (NOW + HOUR, datetime(2026, 3, 8, 23, 59, tzinfo=UTC)):
        fake = FakeArxiv([], Clock(moment))
        got = run(fake, tmp_path, poll=poll, now=moment)
        assert got.report.state == "not due"
        assert "nothing was announced since" in got.report.detail
        assert not fake.asked
    evening = datetime(2026, 3, 9, 0, 1, tzinfo=UTC)
    assert arxiv.due(SPEC, poll, Ask(WEEK, evening, evening))


def test_another_week_and_other_questions_are_asked_at_once(tmp_path: Path) -> None:
    """A complete answer holds for its week, its categories and its venues only."""
    poll = run(arxiv_with(), tmp_path).poll
    ask = Ask(WEEK, NOW, NOW)
    assert not arxiv.due(SPEC, poll, ask)
    assert arxiv.due(SPEC, poll, replace(ask, week="2026-W09"))
    assert arxiv.due(replace(SPEC, categories=("cs.RO",)), poll, ask)
    assert arxiv.due(replace(SPEC, venues=("ICML",)), poll, ask)


def test_a_rehearsal_of_a_later_day_does_not_answer_for_it(tmp_path: Path) -> None:
    """On Tuesday, with --now on Saturday: what comes out on Wednesday is still asked for."""
    fake = arxiv_with()
    fake.clock.seconds = (NOW - 5 * DAY).timestamp()
    poll = run(fake, tmp_path).poll
    assert poll.answered_at is not None
    assert poll.answered_at < NOW - 4 * DAY
    assert arxiv.due(SPEC, poll, Ask(WEEK, NOW, NOW))


def test_an_answer_from_the_future_counts_for_nothing(tmp_path: Path) -> None:
    """A clock that stood wrong: asked again, and since the first bound."""
    poll = replace(run(arxiv_with(), tmp_path).poll, answered_at=NOW + 300 * DAY)
    told: list[str] = []
    assert arxiv.due(SPEC, poll, Ask(WEEK, NOW, NOW))
    run(arxiv_with(), tmp_path, poll=poll, told=told)
    assert any(line.startswith("updates in the categories since 2026-01-26") for line in told)


@pytest.mark.parametrize(
    ("answered", "spec", "since"),
    [
        (None, SPEC, "2026-01-26"),
        (NOW - 3 * DAY, SPEC, "2026-03-03"),
        (NOW - 90 * DAY, SPEC, "2026-01-26"),
        (NOW - 3 * DAY, replace(SPEC, venues=("CVPR",)), "2026-01-26"),
    ],
)
def test_updates_are_read_back_to_the_last_complete_run(
    answered: datetime | None, spec: ArxivSource, since: str, tmp_path: Path
) -> None:
    """Two days before it; at most 35 days before the week; anew where the questions changed."""
    poll = replace(run(arxiv_with(), tmp_path).poll, answered_at=answered)
    told: list[str] = []
    got = run(arxiv_with(), tmp_path, poll=poll, spec=spec, told=told)
    assert got.report.state == "fresh"
    assert any(f"updates in the categories since {since}" in line for line in told)


def test_a_batch_that_is_not_out_yet_is_waited_for(tmp_path: Path) -> None:
    """Friday's list came out by the calendar but not in fact: waiting for 36 hours, then believed."""
    rows = small([r for r in five_weeks() if r.published < datetime(2026, 3, 5, tzinfo=UTC)])
    spec = replace(SMALL, venues=())
    for hours, state in ((35, "waiting"), (37, "fresh")):
        moment = weeks.announced_at(weeks.batch_days(WEEK)[-1]) + hours * HOUR
        got = run(FakeArxiv(list(rows), Clock(moment)), tmp_path, now=moment, spec=spec)
        assert got.report.state == state
        assert ("not out yet: 2026-03-06" in got.report.detail) == (state == "waiting")
        assert (got.poll.answered_at is None) == (state == "waiting")


def test_a_later_version_does_not_show_that_its_batch_is_out(tmp_path: Path) -> None:
    """Only its own date is told, as that of the first one too: Friday's list is still waited for."""
    rows = [row for row in five_weeks() if row.published < datetime(2026, 3, 5, tzinfo=UTC)]
    moment = datetime(2026, 3, 5, 10, tzinfo=UTC)
    rows.append(Row("2602.00999", moment, moment, version=2))
    now = weeks.announced_at(weeks.batch_days(WEEK)[-1]) + HOUR
    assert run(FakeArxiv(rows, Clock(now)), tmp_path, now=now).report.state == "waiting"


# ---------------------------------------------------------------- politeness


def throttled_twice(headers: dict[str, str], status: int = 429) -> Trouble:
    """The first two requests are refused for now."""
    return lambda a, _h: httpx.Response(status, headers=headers) if a.number < 2 else None


@pytest.mark.parametrize("status", [406, 429, 503])
@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ("7", [7, 7]),
        ("200", [200, 200]),
        (None, [60, 120]),
        ("-5", [60, 120]),
        ("soon", [60, 120]),
        ("", [60, 120]),
    ],
)
def test_retry_after_is_honoured_as_sent(
    header: str | None, waits: list[float], status: int, tmp_path: Path
) -> None:
    """Without one, or with nonsense, a throttled client waits a minute, then two."""
    fake = arxiv_with(throttled_twice({} if header is None else {"Retry-After": header}, status))
    assert run(fake, tmp_path).report.state == "fresh"
    assert fake.clock.slept == waits


def test_retry_after_as_a_date_counts_from_the_moment_of_the_answer(tmp_path: Path) -> None:
    """The second date is as far away as the first, not as far as from the start of the run."""
    clock = Clock(NOW)

    def answer(asked: Asked, _honest: Honest) -> httpx.Response | None:
        if asked.number > 1:
            return None
        until = datetime.fromtimestamp(clock.time(), UTC) + timedelta(seconds=100)
        return httpx.Response(429, headers={"Retry-After": format_datetime(until, usegmt=True)})

    fake = FakeArxiv(five_weeks(), clock, answer)
    assert run(fake, tmp_path).report.state == "fresh"
    assert clock.slept == pytest.approx([100, 100], abs=10)


def test_other_faults_do_not_lengthen_the_wait_for_a_throttle(tmp_path: Path) -> None:
    """Four broken answers, then two throttled ones: the first of these waits one minute."""
    statuses = [500, 500, 500, 500, 429, 429]
    fake = arxiv_with(lambda a, _h: httpx.Response(statuses[a.number]) if a.number < 6 else None)
    assert run(fake, tmp_path).report.state == "fresh"
    assert fake.clock.slept == [3, 6, 12, 24, 60, 120]


def test_a_wait_longer_than_a_run_is_kept_by_asking_no_more(tmp_path: Path) -> None:
    """Retry-After of two hours: everything else is a gap, and so it is in a run an hour later."""
    fake = arxiv_with(lambda a, _h: httpx.Response(429, headers={"Retry-After": "7200"}) if a.number == 2 else None)  # fmt: skip
    got = run(fake, tmp_path)
    assert len(fake.asked) == 3
    assert len(got.report.missing) == QUESTIONS - 2
    assert all("7200 s" in gap.why for gap in got.report.missing)
    fake.clock.seconds += 3600
    got = run(fake, tmp_path, now=NOW + HOUR)
    assert len(fake.asked) == 3
    assert "asked us to wait" in got.report.missing[0].why
    fake.clock.seconds += 3700
    assert run(fake, tmp_path, now=NOW + 2 * HOUR).report.state == "fresh"


def test_no_answer_makes_us_stay_away_for_more_than_six_hours(tmp_path: Path) -> None:
    """Retry-After of a year, which is a slip: it is kept for six hours, and then asked again."""
    fake = arxiv_with(lambda a, _h: httpx.Response(429, headers={"Retry-After": "31536000"}) if a.number == 0 else None)  # fmt: skip
    run(fake, tmp_path)
    fake.clock.seconds = (NOW + 5.9 * HOUR).timestamp()
    assert run(fake, tmp_path, now=NOW + 5.9 * HOUR).report.fetched == 0
    assert len(fake.asked) == 1
    fake.clock.seconds = (NOW + 6.1 * HOUR).timestamp()
    assert run(fake, tmp_path, now=NOW + 6.1 * HOUR).report.state == "fresh"


@pytest.mark.parametrize("header", [None, "0", "7", "120"])
def test_a_storm_costs_eight_requests_a_day_over_all_runs(
    header: str | None, tmp_path: Path
) -> None:
    """A run every hour of two days, whatever Retry-After says: nine requests or more never in a day."""
    headers = {} if header is None else {"Retry-After": header}
    fake = arxiv_with(lambda _a, _h: httpx.Response(429, headers=headers))
    poll = PollState("arXiv")
    for hour in range(48):
        now = NOW + hour * HOUR
        fake.clock.seconds = max(fake.clock.seconds, now.timestamp())
        poll = run(fake, tmp_path, now=now, poll=poll).poll
    moments = [asked.at for asked in fake.asked]
    assert len(moments) >= 16
    assert all(later - first >= 86_000 for first, later in zip(moments, moments[8:], strict=False))


def test_an_answer_ends_the_count_of_those_that_turned_us_away(tmp_path: Path) -> None:
    """Two requests of three are refused, 14 in all: no storm, and all of it is read."""
    fake = arxiv_with(
        lambda a, _h: httpx.Response(429, headers={"Retry-After": "1"}) if a.number % 3 else None
    )
    assert run(fake, tmp_path).report.state == "fresh"


def test_the_next_run_goes_on_where_a_storm_stopped_this_one(tmp_path: Path) -> None:
    """Slices that came are not asked for again before the next announcement, and still counted."""
    fake = arxiv_with(lambda a, _h: httpx.Response(429) if a.number >= 3 else None)
    first = run(fake, tmp_path)
    assert first.report.state == "incomplete"
    fake.trouble = lambda _a, _h: None
    later = NOW + 2 * HOUR
    fake.clock.seconds = later.timestamp()
    asked = len(fake.asked)
    again = run(fake, tmp_path, now=later, poll=first.poll)
    assert again.report.state == "fresh"
    assert len(fake.asked) - asked == QUESTIONS - 3
    assert (again.report.expected, again.report.fetched) == (150, 150)
    assert ids(first) | ids(again) == {row.id for row in fake.rows}


@pytest.mark.parametrize(
    "change", ["another week", "other questions", "an announcement", "another address"]
)
def test_parts_of_an_answer_hold_for_their_week_questions_and_day(
    change: str, tmp_path: Path
) -> None:
    """Else everything is asked for again."""
    poll = run(
        arxiv_with(lambda a, _h: httpx.Response(500) if a.number >= 5 else None), tmp_path
    ).poll
    now = NOW + 13 * HOUR if change == "an announcement" else NOW
    fake = FakeArxiv(five_weeks(), Clock(now))
    spec = replace(SPEC, venues=("CVPR",)) if change == "other questions" else SPEC
    spec = replace(spec, api_url="https://api.arxiv.org/x") if change == "another address" else spec
    week = weeks.after(WEEK, -1) if change == "another week" else WEEK
    run(fake, tmp_path, now=now, poll=poll, spec=spec, week=week)
    assert sum(asked.span is not None for asked in fake.asked) >= 5


def test_an_empty_slice_is_asked_for_again(tmp_path: Path) -> None:
    """Nothing is no part of an answer that is kept: it may be a lie that goes away."""
    rows = without("2026-W07", five_weeks())
    poll = run(
        arxiv_with(lambda a, _h: httpx.Response(500) if not a.span else None, rows), tmp_path
    ).poll
    fake = arxiv_with(rows=rows)
    run(fake, tmp_path, poll=poll)
    spans = {"-".join(asked.span) for asked in fake.asked if asked.span}
    assert spans == {OLDER}


@pytest.mark.parametrize(
    "note", ["", "2026-W10", "2026-W10 abcd {", '2026-W10 abcd {"at":3}', "- - []", "\x00"]
)
def test_a_note_that_cannot_be_read_costs_one_full_reading(note: str, tmp_path: Path) -> None:
    """An older form, or a damaged one: as if nothing was known."""
    fake = arxiv_with()
    got = run(fake, tmp_path, poll=PollState("arXiv", note=note))
    assert got.report.state == "fresh"
    assert len(fake.asked) == QUESTIONS


@pytest.mark.parametrize("fault", ["500", "HTML", "cut", "nothing at all"])
def test_a_fault_of_everything_costs_one_question_its_retries(fault: str, tmp_path: Path) -> None:
    """When nothing at all was answered, each further question is asked once, and all are named."""
    tiny = [Row("2603.00001", NOW - DAY, NOW - DAY)]
    fake = arxiv_with(FAULTS[fault], tiny)
    got = run(fake, tmp_path)
    assert len(got.report.missing) == QUESTIONS
    assert len(fake.asked) == QUESTIONS - 1 + 7


def test_an_endless_storm_ends_within_the_budget(tmp_path: Path) -> None:
    """Throttled for hours: twenty minutes of waiting, few requests, every question named."""
    fake = arxiv_with(lambda _a, _h: httpx.Response(429))
    got = run(fake, tmp_path)
    assert got.report.state == "incomplete"
    assert len(got.report.missing) == QUESTIONS
    assert 600 < sum(fake.clock.slept) <= 1200
    assert len(fake.asked) <= 16


def test_a_403_stops_all_traffic_for_a_day(tmp_path: Path) -> None:
    """No further request in this run or the next ones; told as such; after 24 hours all is asked."""
    fake = arxiv_with(lambda a, _h: httpx.Response(403) if a.number == 1 else None)
    got = run(fake, tmp_path)
    assert len(fake.asked) == 2
    assert len(got.report.missing) == QUESTIONS - 1
    assert all("403" in gap.why and "24 hours" in gap.why for gap in got.report.missing)
    assert got.report.fetched == 30
    for hours in (1, 23.9):
        fake.clock.seconds = (NOW + hours * HOUR).timestamp()
        got = run(fake, tmp_path, now=NOW + hours * HOUR)
        assert len(got.report.missing) == QUESTIONS
        assert "2026-03-09 12:0" in got.report.missing[0].why
    assert len(fake.asked) == 2
    fake.clock.seconds = (NOW + 24.1 * HOUR).timestamp()
    assert run(fake, tmp_path, now=NOW + DAY).report.state == "fresh"


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_entry_is_told_and_not_asked_again(status: int, tmp_path: Path) -> None:
    """arXiv's own words in the gap, one request for that slice, no paper made of the error."""
    fake = arxiv_with(on(NEWEST, lambda _h: complaint(status)))
    got = run(fake, tmp_path)
    (gap,) = got.report.missing
    assert "this question is odd" in gap.why
    assert len(fake.asked) == QUESTIONS
    assert ids(got) == {row.id for row in fake.rows}


def test_a_400_without_words_is_not_asked_again(tmp_path: Path) -> None:
    """Nor is it taken for a page that could be asked again, whatever its body."""
    fake = arxiv_with(on(NEWEST, lambda _h: httpx.Response(400, content=b"<html>no")))
    (gap,) = run(fake, tmp_path).report.missing
    assert "malformed (400)" in gap.why
    assert len(fake.asked) == QUESTIONS


@dataclass
class Moved(FakeArxiv):
    """Redirects so many requests to its own host to another one; hosts are those that were asked."""

    to: str = ""
    times: int = 1
    hosts: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """A redirect, or the answer to a query."""
        self.hosts.append(f"{request.url.scheme}://{request.url.host}")
        if request.url.host == "export.arxiv.org" and self.times:
            self.times -= 1
            return httpx.Response(
                302, headers={"Location": str(request.url.copy_with(host=self.to))}
            )
        return super().handle_request(request)


@pytest.mark.parametrize("to", ["papers.example", "arxiv.org.papers.example", "notarxiv.org"])
def test_a_redirect_away_from_arxiv_is_not_followed(to: str, tmp_path: Path) -> None:
    """Once it costs one more request to arXiv; for ever three, and the gaps name the other host."""
    once = Moved(five_weeks(), Clock(NOW), to=to)
    assert run(once, tmp_path).report.state == "fresh"
    assert once.hosts == ["https://export.arxiv.org"] * (QUESTIONS + 1)
    ever = Moved(five_weeks(), Clock(NOW), to=to, times=99)
    got = run(ever, tmp_path)
    assert ever.hosts == ["https://export.arxiv.org"] * 3
    assert len(got.report.missing) == QUESTIONS
    assert all(f"leads to {to}" in gap.why for gap in got.report.missing)


def test_a_redirect_within_arxiv_is_followed_at_arxivs_pace(tmp_path: Path) -> None:
    """Two requests to arXiv: the second waits as any other does."""
    fake = Moved(five_weeks(), Clock(NOW), to="api.arxiv.org", times=2)
    began = fake.clock.time()
    assert run(fake, tmp_path).report.state == "fresh"
    assert fake.hosts.count("https://api.arxiv.org") == 2
    assert fake.clock.time() - began >= 3 * (QUESTIONS + 1)


def test_without_a_network_the_run_ends_soon_and_says_so(tmp_path: Path) -> None:
    """Three tries in all, not seven a question; every part is named as missing."""

    def nothing(_asked: Asked, _honest: Honest) -> httpx.Response:
        raise httpx.ConnectError("no route")

    fake = arxiv_with(nothing)
    got = run(fake, tmp_path)
    assert got.report.state == "incomplete"
    assert len(fake.asked) == 3
    assert len(got.report.missing) == 7
    assert "arXiv cannot be reached" in got.report.missing[-1].why


@pytest.mark.parametrize(
    ("search", "asked"),
    [
        (
            Search(
                "(cat:cs.LG) AND submittedDate:[202602270000 TO 202603060000]",
                sort_by=SortCriterion.SubmittedDate,
                sort_order=SortOrder.Ascending,
            ),
            "search_query=%28cat%3Acs.LG%29+AND+submittedDate%3A%5B202602270000+TO+202603060000%5D"
            "&start=2000&max_results=500&sortBy=submittedDate&sortOrder=ascending",
        ),
        (
            Search('co:"CV PR"', sort_by=SortCriterion.LastUpdatedDate),
            "search_query=co%3A%22CV+PR%22&start=2000&max_results=500"
            "&sortBy=lastUpdatedDate&sortOrder=descending",
        ),
        (
            Search(id_list=["2603.00001", "cs/9901002"]),
            "id_list=2603.00001%2Ccs%2F9901002&start=2000&max_results=500",
        ),
    ],
    ids=["submitted", "updated", "by id"],
)
def test_the_address_of_a_search(search: Search, asked: str) -> None:
    """Each of the three forms of question, word for word as arXiv gets it."""
    api = "https://export.arxiv.org/api/query"
    assert address(api, search, 2000, 500) == f"{api}?{asked}"


def test_the_api_asked_by_default_is_that_of_the_arxiv_package() -> None:
    """What feeds.yaml need not say is the address that the package knows."""
    assert Client.query_url_format.format("a=b") == f"{SPEC.api_url}?a=b"
