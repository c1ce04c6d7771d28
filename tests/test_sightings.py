"""What stands in which issue: placed once, late where printed, told once where newly accepted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import examples
from sundaypaper import sightings, weeks
from sundaypaper.models import (
    Acceptance,
    Claim,
    Entry,
    Fetched,
    Kind,
    Place,
    PollState,
    SourceReport,
    Status,
    Wording,
)
from sundaypaper.sightings import IssueCalendar, newly_accepted, place, sighting


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOW = utc("2026-03-08T12:00")  # the Sunday of W10
SUBMITTED = utc("2026-03-03T15:00")  # listed on Wednesday of W10
NEXT_WEEK = utc("2026-03-10T15:00")  # listed on Wednesday of W11
DESK = IssueCalendar(NOW, "2026-W10", frozenset())
PRINTED = IssueCalendar(NOW, "2026-W10", frozenset({"2026-W10"}))


def paper(number: int = 1, published: datetime | None = SUBMITTED, **said: object) -> Entry:
    """A paper of arXiv; what is said of it besides."""
    entry = Entry(
        f"arxiv:2603.{number:05}",
        "paper",
        "arxiv",
        f"https://arxiv.org/abs/2603.{number:05}",
        f"Paper {number}",
        published=published,
        updated=published,
    )
    return replace(entry, **said)  # type: ignore[arg-type]


def post(name: str = "a", source: str = "blog", kind: Kind = "post", **said: object) -> Entry:
    """A post of a feed."""
    entry = Entry(f"post:{name}", kind, source, f"https://blog.example/{name}", f"Post {name}")
    return replace(entry, **said)  # type: ignore[arg-type]


def fetched(
    *news: Entry,
    updates: tuple[Entry, ...] = (),
    wordings: dict[str, tuple[Wording, ...]] | None = None,
) -> Fetched:
    """What a source brought."""
    report = SourceReport("arxiv", "arxiv", "fresh")
    return Fetched(report, PollState("arxiv"), news, updates, wordings=wordings or {})


@dataclass
class Memory:
    """A store in memory, as the pipeline uses one."""

    places: dict[str, Place] = field(default_factory=dict)
    wordings: dict[str, tuple[Wording, ...]] = field(default_factory=dict)

    def take(self, brought: Fetched, desk: IssueCalendar) -> sightings.Placed:
        """Place what was brought and keep it; what had to be written."""
        placed = place(brought, self.places, self.wordings, desk)
        self.places |= {at.entry.id: at for at in placed.places}
        for id, wording in placed.wordings:
            self.wordings[id] = (*self.wordings.get(id, ()), wording)
        return placed

    def only(self) -> Place:
        """The one entry that is kept."""
        (at,) = self.places.values()
        return at


# ---------------------------------------------------------------- the issue in the making


@pytest.mark.parametrize(
    ("now", "week", "printed", "making"),
    [
        ("2026-03-08T12:00", "2026-W10", "", "2026-W10"),
        ("2026-03-08T12:00", "2026-W10", "2026-W09", "2026-W10"),
        ("2026-03-10T12:00", "2026-W10", "2026-W10", "2026-W11"),
        ("2026-03-06T12:00", "2026-W10", "2026-W10", "2026-W11"),
        ("2026-03-08T23:59", "2026-W10", "2026-W10", "2026-W11"),
        ("2026-03-08T12:00", "2026-W10", "2026-W10 2026-W11", "2026-W12"),
        ("2026-02-20T12:00", "2026-W10", "2026-W10", "2026-W11"),
        ("2026-12-31T12:00", "2026-W53", "2026-W53", "2027-W01"),
        ("2026-03-24T12:00", "2026-W10", "2026-W12", "2026-W13"),
        ("2026-03-24T12:00", "2026-W10", "2026-W10", "2026-W13"),
    ],
)
def test_the_issue_in_the_making_is_never_one_that_is_printed(
    now: str, week: str, printed: str, making: str
) -> None:
    """Also on the days between the printing of a week and its end, and with the clock set back."""
    assert IssueCalendar(utc(now), week, frozenset(printed.split())).making == making


def test_a_post_found_after_the_week_was_printed_is_news_in_the_next_issue() -> None:
    """On the same Sunday as the printing; the printed issue does not change and nothing is lost."""
    assert place(fetched(post()), {}, {}, PRINTED).places[0].week == "2026-W11"


# ---------------------------------------------------------------- first met


def test_a_first_run_places_papers_by_listing_day_and_posts_in_the_making() -> None:
    """A paper of next week waits for its own issue and does not count as new in this one."""
    placed = place(fetched(paper(1), paper(2, NEXT_WEEK), post()), {}, {}, DESK)
    assert [(at.week, at.late) for at in placed.places] == [
        ("2026-W10", ""),
        ("2026-W11", ""),
        ("2026-W10", ""),
    ]
    assert placed.new == 2
    assert {at.first_seen for at in placed.places} == {NOW}


def test_the_same_again_writes_nothing() -> None:
    """A second fetch of the same papers and posts, and a third weeks later."""
    memory, brought = Memory(), fetched(paper(), post(), updates=(post("old"), paper(2, version=3)))
    memory.take(brought, DESK)
    for now in (NOW, NOW + timedelta(days=40)):
        again = memory.take(
            brought, IssueCalendar(now, weeks.iso_week(now.date()), frozenset({"2026-W10"}))
        )
        assert again == sightings.Placed((), (), 0)


def test_a_backlog_post_stands_in_no_week_and_stays_there() -> None:
    """What a feed told on its first fetch besides its news is never printed."""
    memory = Memory()
    assert memory.take(fetched(updates=(post(),)), DESK).new == 0
    assert memory.only().week == memory.only().late == ""
    memory.take(fetched(replace(post(), title="Edited")), replace(DESK, week="2026-W11"))
    assert (memory.only().week, memory.only().entry.title) == ("", "Edited")


def test_a_paper_without_a_date_is_news_in_the_issue_in_the_making() -> None:
    """It cannot be placed by a calendar; as an update it stands nowhere."""
    assert place(fetched(paper(published=None)), {}, {}, PRINTED).places[0].week == "2026-W11"
    assert place(fetched(updates=(paper(published=None),)), {}, {}, DESK).places[0].week == ""


def test_a_bundle_states_the_week_as_a_fact() -> None:
    """Neither the date of a paper nor the day on which a post is seen changes it."""
    entries = (paper(week="2026-W07"), post(week="2026-W07"))
    assert [at.week for at in place(fetched(*entries), {}, {}, DESK).places] == ["2026-W07"] * 2


def test_a_paper_of_a_printed_week_is_late_in_the_issue_in_the_making() -> None:
    """It keeps its own week, and counts as new where it is told of."""
    desk = IssueCalendar(NOW + timedelta(days=5), "2026-W11", frozenset({"2026-W10"}))
    placed = place(fetched(paper()), {}, {}, desk)
    assert (placed.places[0].week, placed.places[0].late) == ("2026-W10", "2026-W11")
    assert placed.new == 1


def test_a_paper_of_an_unprinted_week_is_not_late() -> None:
    """An older week that was never printed may still be composed."""
    desk = IssueCalendar(NOW, "2026-W11", frozenset({"2026-W09"}))
    assert place(fetched(paper()), {}, {}, desk).places[0].late == ""


def test_a_paper_first_met_through_an_update_is_an_update_of_its_own_week() -> None:
    """It was announced before we knew it: not late, not newly accepted, touched where updated."""
    old = paper(
        published=utc("2025-06-03T15:00"), updated=SUBMITTED, version=2, comment="Accepted at CVPR"
    )
    desk = IssueCalendar(
        NOW, "2026-W10", frozenset({weeks.iso_week(weeks.listing_day(old.published or NOW))})
    )
    memory = Memory()
    memory.take(fetched(old), desk)
    at = memory.only()
    assert (at.week, at.late, at.touched) == ("2025-W23", "", "2026-W10")
    seen = sighting(at, "2026-W10", memory.wordings[old.id])
    assert seen.standing == "update"
    assert newly_accepted(seen, "2026-W10", read, "") is None


def test_a_held_paper_that_came_out_after_its_first_update_stands_in_its_own_week() -> None:
    """touched never lies before the week in which a paper was announced."""
    papers = [paper(n) for n in range(1, 12)]
    held = paper(
        6, utc("2026-01-13T15:00"), updated=utc("2026-01-20T15:00"), version=2
    )  # ids 1 to 11 say when
    papers[5] = held
    places = place(fetched(*papers), {}, {}, DESK).places
    assert (places[5].week, places[5].touched) == ("2026-W10", "2026-W10")


def later_version(number: int, day: datetime = SUBMITTED) -> Entry:
    """A second version of which arXiv gives one date, its own, for both."""
    return paper(number, day, version=2)


def placed_among(neighbours: datetime, entry: Entry) -> tuple[Place, int]:
    """Where a paper stands among ten whose ids lie around its own, and how many are new in W10."""
    others = [paper(n, neighbours) for n in range(1, 12) if n != 6]
    placed = place(fetched(*others, entry), {}, {}, DESK)
    return next(at for at in placed.places if at.entry.id == entry.id), placed.new


def test_a_later_version_without_its_first_date_stands_where_its_neighbours_do() -> None:
    """Announced two weeks earlier, by its id: an update in the week of its own date."""
    at, new = placed_among(utc("2026-02-17T15:00"), later_version(6))
    assert (at.week, at.late, at.touched, new) == ("2026-W08", "", "2026-W10", 0)
    assert sighting(at, "2026-W10").standing == "update"


def test_a_later_version_that_was_held_is_new_where_its_neighbours_are() -> None:
    """Weeks after its own date its id was given: nobody had seen it before."""
    at, new = placed_among(SUBMITTED, later_version(6, utc("2026-02-03T15:00")))
    assert (at.week, at.touched, new) == ("2026-W10", "2026-W10", 11)


@pytest.mark.parametrize("number", [6, 900])
def test_a_later_version_of_which_no_first_day_is_found_is_never_new(number: int) -> None:
    """Its neighbours name no earlier day, or there are none: an update of its own week."""
    at, new = placed_among(SUBMITTED, later_version(number))
    assert (at.week, at.late, at.touched, new) == ("", "", "2026-W10", 10)
    assert sighting(at, "2026-W10").standing == "update"


def test_one_entry_in_two_lists_is_placed_once_in_its_newest_version() -> None:
    """Version 3 among the updates beats version 1 among the news; the news decides its standing."""
    third = paper(version=3, updated=NEXT_WEEK, comment="final")
    memory = Memory()
    memory.take(fetched(paper(), paper(), updates=(third, paper(version=2))), DESK)
    assert (memory.only().entry, memory.only().week) == (third, "2026-W10")
    assert [w.comment for w in memory.wordings[third.id]] == ["final"]
    undated = paper(2, None), paper(2, None, version=2)
    assert (
        place(fetched(undated[0], updates=undated[1:]), {}, {}, DESK).places[0].week == "2026-W10"
    )
    placed = place(fetched(post(), updates=(post(),)), {}, {}, DESK)
    assert [at.week for at in placed.places] == ["2026-W10"]


# ---------------------------------------------------------------- met again


def test_a_new_version_changes_the_entry_and_never_its_week() -> None:
    """The week of a paper is stored once, whatever its dates say later."""
    memory = Memory()
    memory.take(fetched(paper()), DESK)
    second = paper(published=NEXT_WEEK, updated=NEXT_WEEK, version=2, title="Better")
    memory.take(fetched(second), replace(DESK, week="2026-W11"))
    at = memory.only()
    assert (at.week, at.late, at.touched) == ("2026-W10", "", "2026-W11")
    assert (at.entry.title, at.first_seen) == ("Better", NOW)


def test_an_older_version_than_the_kept_one_is_ignored() -> None:
    """A source a day behind takes back neither the entry nor its comment."""
    memory = Memory()
    memory.take(fetched(paper(version=2, comment="Accepted at CVPR")), DESK)
    assert memory.take(fetched(paper(comment="8 pages")), DESK) == sightings.Placed((), (), 0)


def test_a_paper_keeps_the_source_and_the_week_with_which_it_came() -> None:
    """The same paper from a second source is no change."""
    memory = Memory()
    memory.take(fetched(paper(week="2026-W07")), DESK)
    again = memory.take(fetched(paper(source="another", week="2026-W08")), DESK)
    assert again.places == ()


def test_two_feeds_with_one_story_do_not_take_turns_in_rewriting_it() -> None:
    """The feed that came first speaks for the post; the other one changes nothing."""
    memory = Memory()
    here, there = fetched(post(group="lab")), fetched(post(source="planet", title="Seen elsewhere"))
    memory.take(here, DESK)
    for brought in (there, here, there):
        assert memory.take(brought, DESK).places == ()
    memory.take(fetched(post(group="lab", title="Edited")), DESK)
    assert memory.only().entry.title == "Edited"


def test_a_rewording_is_kept_with_the_issue_in_which_it_is_news() -> None:
    """The same version with another comment; the issue in the making, not the printed one."""
    memory = Memory()
    memory.take(fetched(paper(comment="8 pages")), DESK)
    told = memory.take(fetched(paper(comment="Accepted at CVPR 2026")), PRINTED)
    assert [w.week for _, w in told.wordings] == ["2026-W11"]
    assert (memory.only().touched, memory.only().week) == ("2026-W11", "2026-W10")
    assert memory.only().entry.comment == "Accepted at CVPR 2026"


@pytest.mark.parametrize("said", [paper(comment="8 pages"), paper(journal_ref="J. 1")])
def test_a_change_of_comment_or_journal_reference_is_a_rewording(said: Entry) -> None:
    """Either of them; a change of title is none."""
    memory = Memory()
    memory.take(fetched(paper()), DESK)
    assert memory.take(fetched(paper(title="Other")), DESK).wordings == ()
    assert len(memory.take(fetched(said), DESK).wordings) == 1


def test_recorded_wordings_are_taken_over_once() -> None:
    """A bundle tells the history of a comment; the second reading of it adds nothing."""
    id = paper().id
    history = (
        Wording(utc("2026-02-18T12:00"), 1, "8 pages", "", "2026-W08"),
        Wording(utc("2026-03-04T12:00"), 2, "Accepted at CVPR", "", "2026-W10"),
    )
    brought = fetched(paper(week="2026-W08", version=2, updated=None), wordings={id: history})
    memory = Memory()
    memory.take(brought, DESK)
    assert memory.wordings[id] == history
    assert (memory.only().week, memory.only().touched) == ("2026-W08", "2026-W10")
    assert memory.take(brought, DESK).wordings == ()


def test_posts_have_no_wordings() -> None:
    """Only papers are watched for what their comment says."""
    assert place(fetched(post(comment="x")), {}, {}, DESK).wordings == ()


# ---------------------------------------------------------------- in an issue


def test_an_entry_is_new_late_or_an_update_depending_on_the_issue() -> None:
    """One place, seen from three issues; wordings of later issues are not known in earlier ones."""
    at = Place(paper(), "2026-W10", "2026-W11", "2026-W12", NOW)
    told = tuple(Wording(NOW, 1, week, "", week) for week in ("2026-W10", "2026-W12"))
    seen = [sighting(at, f"2026-W{n}", told) for n in (10, 11, 12)]
    assert [s.standing for s in seen] == ["new", "late", "update"]
    assert [len(s.wordings) for s in seen] == [1, 1, 2]
    assert {s.week for s in seen} == {"2026-W10"}


def read(wording: Wording) -> tuple[Claim, ...]:
    """A reader of comments such as `cvpr accepted, icml rejected`."""
    status: dict[str, Status] = {"accepted": "accepted", "rejected": "rejected"}
    pairs = [part.split() for part in wording.comment.split(",")]
    known = [pair for pair in pairs if len(pair) == 2 and pair[1] in status]
    return tuple(Claim(venue, 2026, "main", status[said]) for venue, said in known)


def gained(week: str, *wordings: tuple[str, str]) -> Acceptance | None:
    """What a paper with these (week, comment) gained in a week."""
    told = tuple(Wording(NOW, 1, comment, "", at) for at, comment in wordings)
    at = Place(paper(), "2026-W08", "", week, NOW)
    return newly_accepted(sighting(at, week, told), week, read, "2026-W08")


def test_a_paper_whose_comment_gains_an_accepted_claim_is_newly_accepted() -> None:
    """With both wordings, the moment, and the issue that had printed it."""
    found = gained("2026-W10", ("2026-W08", "8 pages"), ("2026-W10", "cvpr accepted"))
    assert found == Acceptance(
        paper().id,
        Claim("cvpr", 2026, "main", "accepted"),
        "8 pages",
        "cvpr accepted",
        NOW,
        "2026-W08",
    )


def test_comment_and_journal_reference_are_both_shown() -> None:
    """Joined by a dot; an empty one leaves no trace."""
    told = (
        Wording(NOW, 1, "", "J. 1", "2026-W08"),
        Wording(NOW, 1, "cvpr accepted", "J. 2", "2026-W10"),
    )
    at = Place(paper(), "2026-W08", "", "2026-W10", NOW)
    found = newly_accepted(sighting(at, "2026-W10", told), "2026-W10", read, "")
    assert found is not None
    assert (found.old, found.new) == ("J. 1", "cvpr accepted · J. 2")


@pytest.mark.parametrize(
    "wordings",
    [
        [("2026-W10", "cvpr accepted")],
        [("2026-W10", "8 pages"), ("2026-W10", "cvpr accepted")],
        [("2026-W08", "8 pages")],
        [("2026-W08", "8 pages"), ("2026-W10", "9 pages")],
        [("2026-W08", "8 pages"), ("2026-W10", "cvpr rejected")],
        [("2026-W08", "cvpr accepted"), ("2026-W10", "cvpr accepted, really")],
        [("2026-W07", "cvpr accepted"), ("2026-W08", "8 pages"), ("2026-W10", "cvpr accepted")],
        [("2026-W08", "8 pages"), ("2026-W10", "cvpr accepted"), ("2026-W10", "8 pages")],
        [("2026-W08", "8 pages"), ("2026-W11", "cvpr accepted")],
    ],
)
def test_no_acceptance_is_claimed_where_none_was_gained(wordings: list[tuple[str, str]]) -> None:
    """First wordings, other news, what was said before, what was taken back, what comes later."""
    assert gained("2026-W10", *wordings) is None


def test_a_second_venue_is_a_second_acceptance() -> None:
    """A paper that left one venue and was accepted at another is told of again."""
    found = gained("2026-W10", ("2026-W08", "icml accepted"), ("2026-W10", "cvpr accepted"))
    assert found is not None
    assert found.claim.venue == "cvpr"


def test_a_claim_that_came_and_went_within_a_week_is_still_news_later() -> None:
    """No issue told of it, so the next one that can does."""
    come_and_gone = (
        ("2026-W08", "8 pages"),
        ("2026-W09", "cvpr accepted"),
        ("2026-W09", "8 pages"),
    )
    assert gained("2026-W09", *come_and_gone) is None
    assert gained("2026-W10", *come_and_gone, ("2026-W10", "cvpr accepted")) is not None


COMMENTS = ["", "8 pages", "cvpr accepted", "cvpr rejected", "cvpr accepted ,code", "code"]


@examples(300)
@given(st.lists(st.lists(st.sampled_from(COMMENTS), min_size=1, max_size=3), max_size=8))
def test_whatever_a_comment_does_its_acceptance_is_told_exactly_once(
    life: list[list[str]],
) -> None:
    """Once where the claim stands at the end of a later week; never twice; never for a first one."""
    memory = Memory()
    memory.take(fetched(paper(comment="8 pages")), IssueCalendar(NOW, "2026-W10", frozenset()))
    printed, events = {"2026-W10"}, []
    for n, comments in enumerate(life, 11):
        week = f"2026-W{n}"
        for comment in comments:
            memory.take(
                fetched(paper(comment=comment)), IssueCalendar(NOW, week, frozenset(printed))
            )
        told = memory.wordings[paper().id]
        if found := newly_accepted(sighting(memory.only(), week, told), week, read, ""):
            events.append(found)
        printed.add(week)
    stood = any("cvpr accepted" in comments[-1] for comments in life)
    assert len(events) == stood


# ---------------------------------------------------------------- a season of runs


@examples(60)
@given(
    st.sets(st.integers(0, 70 * 24), min_size=1, max_size=25),
    st.lists(st.tuples(st.integers(0, 70 * 24), st.integers(0, 96)), max_size=30),
)
def test_in_a_season_of_runs_each_paper_is_told_in_exactly_one_issue_that_can_still_tell_it(
    run_hours: set[int], submissions: list[tuple[int, int]]
) -> None:
    """At whatever hours the runs come and however late papers show up, none is lost or doubled.

    A paper's issue is not printed yet at the moment when the paper is placed in it, and stays.
    """
    start = utc("2026-02-02T00:00")
    memory, printed = Memory(), set[str]()
    issues: dict[str, str] = {}
    for hour in sorted(run_hours):
        now = start + timedelta(hours=hour)
        newest = weeks.newest_week(now)
        week = max(newest, weeks.iso_week(now.date())) if newest in printed else newest
        shown = []
        for number, (at, delay) in enumerate(submissions):
            submitted = start + timedelta(hours=at)
            out = weeks.announced_at(weeks.listing_day(submitted))
            if out + timedelta(hours=delay) <= now:
                shown.append(paper(1000 * number, submitted))  # too far apart to be neighbours
        desk = IssueCalendar(now, week, frozenset(printed))
        for place_of in memory.take(fetched(*shown, post(f"at {hour}")), desk).places:
            id, told_in = place_of.entry.id, place_of.late or place_of.week
            assert id not in issues
            assert told_in not in printed
            issues[id] = told_in
        if week == newest:
            printed.add(week)
    assert issues == {id: at.late or at.week for id, at in memory.places.items()}
