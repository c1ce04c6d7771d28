"""When venues decide, who is asked again because of it, and what the issue says around it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from composing import sizes
from sundaypaper import weeks
from sundaypaper.decisions import KnownPaper, days_of, followed, usual
from sundaypaper.issue.coming_dates import coming, foremost
from sundaypaper.models import Acceptance, Claim, Entry, Occasion, Pick, Status
from test_issue import CVPR, NOW, accepted, ids, made, pick, printed, sections

WEEK = "2026-W20"  # 11 to 17 May
DECIDED = ("icml", date(2026, 5, 1))
MARCH = (("cvpr", date(2026, 3, 1)),)
LONG_AGO = ("cvpr", date(2026, 2, 20))


def claim(venue: str = "icml", status: Status = "submitted") -> Claim:
    """What a paper says of a venue."""
    return Claim(venue, 2026, "main", status)


def papers(count: int, week: str = "2026-W16", **more: object) -> list[KnownPaper]:
    """So many papers of a week, none of them printed."""
    return [replace(KnownPaper(f"arxiv:{week}.{n:05}", week), **more) for n in range(count)]  # type: ignore[arg-type]


# ---------------------------------------------------------------- who is asked again


def test_printed_papers_come_first_in_the_order_given() -> None:
    """Every week, whatever the others are."""
    known = papers(3, printed=True) + papers(20, "2026-W05")
    for week in (WEEK, "2026-W21", "2026-W40"):
        assert followed(known, [DECIDED], week, 100)[:3] == tuple(p.id for p in known[:3])


def test_a_paper_that_claims_an_acceptance_is_not_asked_again() -> None:
    """Nothing more is to be found; one that was rejected may be accepted elsewhere."""
    known = [
        KnownPaper("a", WEEK, (claim(status="accepted"),), True),
        KnownPaper("b", WEEK, (claim(status="rejected"),), True),
        KnownPaper("c", WEEK, (claim(), claim("cvpr", "accepted"))),
    ]
    assert followed(known, [DECIDED], WEEK, 100) == ("b",)


def test_what_was_submitted_to_a_venue_is_asked_in_the_weeks_after_its_decision() -> None:
    """Every week for four weeks, and not because another venue decided."""
    known = [
        KnownPaper("x", "2026-W19", (claim(),)),
        KnownPaper("y", "2026-W19", (claim("neurips"),)),
    ]

    def asked(week: str) -> bool:
        return "x" in followed([*known, *papers(4_000, "2026-W19")], [DECIDED, LONG_AGO], week, 50)

    weeks_after = [weeks.after("2026-W17", n) for n in range(8)]
    told = [week for week in weeks_after if asked(week)]
    assert [w for w in told if "2026-W18" <= w <= "2026-W21"] == [
        "2026-W18", "2026-W19", "2026-W20", "2026-W21",
    ]  # fmt: skip
    assert len(told) == 4


def test_papers_that_came_when_a_venues_papers_come_are_asked_before_the_rest() -> None:
    """ICML's deadline lay thirteen weeks before its decision."""
    fitting, others = papers(60, "2026-W06"), papers(900, "2026-W17")
    asked = followed([*others, *fitting], [DECIDED], WEEK, 100)
    assert {p.id for p in fitting} <= set(asked)
    before = followed([*others, *fitting], [LONG_AGO], WEEK, 100)
    assert len(set(before) & {p.id for p in fitting}) < 20


def test_the_rest_has_its_turn_in_eight_weeks() -> None:
    """Each once, an eighth a week; with little room later, but each."""
    known = papers(800)
    rounds = [followed(known, [], weeks.after(WEEK, n), 2_000) for n in range(8)]
    assert [len(ids) for ids in rounds] == [100] * 8
    assert len({id for ids in rounds for id in ids}) == 800
    slow = [followed(known, [], weeks.after(WEEK, n), 40) for n in range(20)]
    assert {id for ids in slow for id in ids} == {paper.id for paper in known}


def test_a_few_new_papers_do_not_upset_the_round() -> None:
    """As weeks come and go, nearly all are asked within eight weeks all the same."""
    asked: set[str] = set()
    for n in range(8):
        known = [p for w in range(n, n + 26) for p in papers(40, weeks.after("2026-W01", w))]
        asked.update(followed(known, [], weeks.after("2026-W26", n), 2_000))
    stayed = {p.id for w in range(7, 26) for p in papers(40, weeks.after("2026-W01", w))}
    assert len(stayed & asked) > 0.9 * len(stayed)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 120), st.integers(0, 60))
def test_no_more_are_asked_than_there_is_room_for(
    shown: int, fitting: int, budget: int, ahead: int
) -> None:
    """And none twice."""
    known = papers(shown, "2026-W15", printed=True) + papers(fitting, "2026-W06")
    found = followed(known, [DECIDED, LONG_AGO], weeks.after(WEEK, ahead), budget)
    assert len(found) <= budget
    assert len(set(found)) == len(found)
    assert found[: min(shown, budget)] == tuple(p.id for p in known[: min(shown, budget)])


# ---------------------------------------------------------------- when venues decide


def event(venue: str, starts: datetime, occasion: Occasion = "decision", **more: object) -> Entry:
    """An event of a source of deadlines."""
    entry = Entry("event:1", "event", "Dates", "", "x", starts=starts, zone="AoE", venue=venue)
    return replace(entry, occasion=occasion, **more)  # type: ignore[arg-type]


def test_a_decision_is_on_the_day_of_its_own_zone() -> None:
    """Anywhere on Earth is a day earlier; of a span of days it is the middle; all else is no decision."""
    found = days_of(
        [
            event("icml", datetime(2026, 5, 1, 11, 59, tzinfo=UTC)),
            event("cvpr", datetime(2026, 2, 18, tzinfo=UTC), zone="", ends=datetime(2026, 2, 22, tzinfo=UTC)),
            event("icml", datetime(2026, 1, 29, tzinfo=UTC), "deadline"),
            event("", datetime(2026, 1, 29, tzinfo=UTC)),
        ]
    )  # fmt: skip
    assert found == (("cvpr", date(2026, 2, 20)), ("icml", date(2026, 4, 30)))


def test_without_a_source_core_venues_decide_when_they_usually_do() -> None:
    """In words that say so; a venue whose date is known is left to its source."""
    names = {"neurips": "NeurIPS"}
    found = usual(("neurips", "icml", "tea"), names, (), date(2026, 8, 1))
    assert [(e.title.split(":")[0], e.occasion) for e in found] == [
        (f"{name} {year}", "decision")
        for name, year in (("NeurIPS", 2025), ("ICML", 2026), ("NeurIPS", 2026), ("ICML", 2027))
    ]
    assert "going by earlier years" in found[0].title
    known = [event("neurips", datetime(2026, 9, 25, 11, 59, tzinfo=UTC))]
    left = usual(("neurips", "icml"), names, known, date(2026, 8, 1))
    assert [e.title.split(":")[0] for e in left] == ["NeurIPS 2025", "ICML 2026", "ICML 2027"]
    assert len({e.id for e in found}) == len(found)


# ---------------------------------------------------------------- what the issue says


def dated(number: int, days: float, **more: object) -> Pick:
    """A date so many days after now."""
    given: dict[str, object] = {"kind": "event", "starts": NOW + timedelta(days=days)}
    return pick(number, **(given | more))


def test_where_more_dates_compete_core_deadlines_and_decisions_come_first() -> None:
    """In the order of their days all the same; the others fill the rest."""
    events = [dated(n, n + 1) for n in range(6)]
    events += [
        dated(10, 15, venue="icml", occasion="deadline"),
        dated(11, 12, venue="neurips", occasion="decision"),
        dated(12, 14, venue="neurips", occasion="conference"),
        dated(13, 13, venue="iclr", occasion="deadline"),
    ]
    assert sections(made(events=tuple(events)))["dates"] == ids(0, 1, 2, 11, 10)
    assert made(events=tuple(events)).sections[0].rest == 5


def test_no_date_stands_twice() -> None:
    """Two sources with one conference, two deadlines of a venue at one moment."""
    events = (
        dated(1, 5, title="NeurIPS 2026", source="A shelf"),
        dated(2, 5, title="NeurIPS 2026", venue="neurips", occasion="conference"),
        dated(3, 7, title="ICML 2026: supplementary material", venue="icml", occasion="deadline"),
        dated(4, 7, title="ICML 2026: paper submission", venue="icml", occasion="deadline"),
        dated(5, 7, title="A reading group", occasion="meeting"),
        dated(6, 12, title="A reading group", occasion="meeting"),
    )
    found = sections(made(events=events))["dates"]
    assert sorted(found) == ids(2, 4, 5, 6)


def test_an_expected_decision_stays_until_its_last_day() -> None:
    """It says now; a conference that has begun is not told any more."""
    span = {"ends": NOW + timedelta(days=3), "zone": ""}
    decision = dated(1, -4, occasion="decision", venue="icml", **span)
    issue = made(events=(decision, dated(2, -4, occasion="conference", **span)))
    assert [(item.id, item.why) for item in issue.sections[0].items] == [("id:0001", "now")]


def test_the_foremost_are_no_more_than_there_is_room_for() -> None:
    """None, one, all."""
    found = coming([dated(n, n + 1) for n in range(3)], "2026-W10", NOW)
    assert [len(foremost(found, size, ())) for size in (0, 1, 9)] == [0, 1, 3]


def gained(count: int) -> dict[str, Any]:
    """So many papers that gained an acceptance this week."""
    updates = [accepted(n, standing="update", topic=f"t{n % 3}") for n in range(count)]
    told = tuple(Acceptance(p.id, CVPR, "12 pages", "Accepted", NOW) for p in updates)
    return {"picks": updates, "acceptances": told}


def week_of(count: int, decisions: tuple[tuple[str, date], ...]) -> list[tuple[str, str]]:
    """The forms and topics of the items of newly accepted."""
    week = gained(count)
    issue = made(*week["picks"], acceptances=week["acceptances"], decisions=decisions)
    (section,) = issue.sections
    picks = printed(issue, "newly_accepted")
    return [(i.form, p.tags[0].topic) for i, p in zip(section.items, picks, strict=True)]


def test_around_a_decision_the_newly_accepted_are_told_by_topic() -> None:
    """Six in full, then up to 24 titles, those of one topic together; the rest is counted."""
    found = week_of(40, (("cvpr", date(2026, 2, 20)),))
    assert [form for form, _ in found] == ["full"] * 6 + ["title"] * 24
    topics = [topic for _, topic in found[6:]]
    assert topics == sorted(topics)
    assert set(topics) == {"t0", "t1", "t2"}


def test_at_other_times_and_for_other_venues_it_is_as_ever() -> None:
    """Four weeks before or after, or a venue that is not core."""
    for decision in (
        ("cvpr", date(2026, 2, 6)),
        ("cvpr", date(2026, 4, 2)),
        ("kdd", date(2026, 3, 1)),
    ):
        assert {form for form, _ in week_of(40, (decision,))} == {"full"}


def test_titles_give_way_before_entries_where_the_issue_is_too_long() -> None:
    """As many go as the words ask for; the entries stay in full."""
    week = gained(40)
    full = made(*week["picks"], acceptances=week["acceptances"], decisions=MARCH)
    plain = made(*week["picks"], acceptances=week["acceptances"])
    assert full.words - plain.words == 24 * len("Paper 7 CVPR 2026".split())
    short = made(
        *week["picks"],
        acceptances=week["acceptances"],
        decisions=MARCH,
        sizes=sizes(words=full.words - 20),
    )
    forms = Counter(item.form for item in short.sections[0].items)
    assert full.words - 30 < short.words <= full.words - 20
    assert forms["full"] == 6
    assert 0 < forms["title"] < 24
