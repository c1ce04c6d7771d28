"""What a change of a comment tells: an acceptance once and never twice, and one taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

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
    Place,
    PollState,
    SourceReport,
    Wording,
)
from sundaypaper.sightings import IssueCalendar, newly_accepted, taken_back
from sundaypaper.venues.comments import claims, withdrawn

START = datetime(2026, 3, 8, 12, tzinfo=UTC)  # the Sunday of W10
SILENT = "9 pages"
CVPR = "Accepted at CVPR 2026"
SAYS_CVPR = (
    CVPR,
    "CVPR 2026. Project page: https://ponds.example",
    "9 pages, 3 figures, CVPR26 (camera-ready)",
    "Published at the IEEE/CVF Conference on Computer Vision and Pattern Recognition 2026",
    "cvpr 2026, oral",
    "accepted by CVPR",
)
SAYS_NOTHING = ("", SILENT, "Code: https://ponds.example", "Submitted to CVPR 2026", "Under review")


@dataclass(frozen=True, slots=True)
class Life:
    """What the issues told of one paper: (week, event) of acceptances and of what was taken back."""

    gained: tuple[tuple[str, Acceptance], ...]
    taken: tuple[tuple[str, Acceptance], ...]

    @property
    def venues(self) -> list[str]:
        """The venues of the acceptances, in the order told."""
        return [event.claim.venue for _, event in self.gained]


def read(wording: Wording) -> tuple[Claim, ...]:
    """The claims of a wording, read as a run reads them."""
    return claims(wording.comment, wording.journal_ref, wording.seen.date())


def live(*comments: str, first_met: str = "new", journal_refs: tuple[str, ...] = ()) -> Life:
    """A paper with a comment a week, an issue printed every Sunday, through the real functions."""
    known: dict[str, Place] = {}
    told: tuple[Wording, ...] = ()
    printed: set[str] = set()
    gained, taken = [], []
    for n, comment in enumerate(comments):
        now = START + timedelta(weeks=n)
        week = weeks.iso_week(now.date())
        entry = paper(comment, journal_refs[n] if journal_refs else "", now, n, first_met)
        new = first_met == "new" and n == 0
        brought = ((entry,), ()) if new else ((), (entry,))
        fetched = Fetched(SourceReport("arXiv", "arxiv", "fresh"), PollState("arXiv"), *brought)
        desk = IssueCalendar(now, week, frozenset(printed))
        placed = sightings.place(fetched, known, {entry.id: told}, desk)
        known |= {place.entry.id: place for place in placed.places}
        told += tuple(wording for _, wording in placed.wordings)
        seen = sightings.sighting(known[entry.id], week, told)
        if event := newly_accepted(seen, week, read, "2026-W10"):
            gained.append((week, event))
        if event := taken_back(seen, week, read, withdrawn, "2026-W10"):
            taken.append((week, event))
        printed.add(week)
    return Life(tuple(gained), tuple(taken))


def paper(comment: str, journal_ref: str, now: datetime, n: int, first_met: str) -> Entry:
    """The paper as the source shows it in its n-th week."""
    submitted = START - timedelta(days=4) if first_met == "new" else START - timedelta(days=400)
    return Entry(
        "arxiv:2603.00001",
        "paper",
        "arXiv",
        "https://arxiv.org/abs/2603.00001",
        "Ponds",
        published=submitted,
        updated=now - timedelta(days=4),
        version=n + (1 if first_met == "new" else 2),
        comment=comment,
        journal_ref=journal_ref,
    )


# ---------------------------------------------------------------- once


def test_a_paper_that_gains_an_acceptance_is_told_with_both_wordings() -> None:
    """In the issue of the week in which the new wording was seen."""
    ((week, event),) = live(SILENT, SILENT, CVPR).gained
    assert week == "2026-W12"
    assert (event.old, event.new, event.printed) == (SILENT, CVPR, "2026-W10")
    assert (event.claim.venue, event.claim.year, event.change) == ("cvpr", 2026, "gained")


def test_what_was_submitted_or_rejected_before_is_news_when_it_is_accepted() -> None:
    """A submission is not yet an acceptance, also not where the venue is the same."""
    assert live("Submitted to CVPR 2026", CVPR).venues == ["cvpr"]
    assert live("Rejected from ICLR 2026", "Accepted at ICML 2026").venues == ["icml"]


def test_a_journal_reference_alone_is_an_acceptance() -> None:
    """The comment need not change."""
    life = live(SILENT, SILENT, journal_refs=("", "Transactions on Machine Learning Research 2026"))
    assert life.venues == ["tmlr"]


def test_of_two_acceptances_in_one_week_that_of_the_proceedings_is_told() -> None:
    """Not the workshop's, though it stands first; and the workshop's does not come later."""
    both = "Best paper at the Ponds Workshop at ICLR 2026; accepted at ICML 2026"
    assert live(SILENT, both, both + ". Code soon").venues == ["icml"]


# ---------------------------------------------------------------- never twice


@pytest.mark.parametrize("wording", SAYS_CVPR[1:])
def test_another_wording_of_the_same_acceptance_is_silent(wording: str) -> None:
    """Told when it was gained, whatever the comment says of it afterwards."""
    assert live(SILENT, CVPR, wording, CVPR).venues == ["cvpr"]


def test_a_claim_that_was_dropped_and_returns_is_not_told_again() -> None:
    """Authors who replace a comment and put the old one back have no news."""
    life = live(SILENT, CVPR, SILENT, CVPR, SILENT, CVPR)
    assert life.venues == ["cvpr"]
    assert [week for week, _ in life.taken] == ["2026-W12"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Accepted at ICLR 2025", "Accepted at ICLR 2026"),
        ("Accepted at the Ponds Workshop at ICML 2026", "ICML 2026"),
        ("NACCL 2026", "NAACL 2026"),
        ("Accepted to IEEE Pond Letters (PL)", "Accepted to PL 2026, IEEE"),
        ("To appear at the 12th International Conference on Ponds", "Accepted at ICP 2026"),
    ],
)
def test_a_slip_put_right_or_a_shorter_name_is_silent(before: str, after: str) -> None:
    """A year or letter corrected, the workshop left out, an acronym for a name."""
    assert live(SILENT, before, after).venues == [venue_of(before)]


def venue_of(comment: str) -> str:
    """The venue that a comment claims first."""
    return claims(comment)[0].venue


@pytest.mark.parametrize(
    ("before", "after", "venue"),
    [
        ("Accepted at the Ponds Workshop at NeurIPS 2025", "Accepted at NeurIPS 2026", "neurips"),
        ("Accepted at the Ponds Workshop at ICML 2025", CVPR, "cvpr"),
        ("Accepted at Pondworks 2026", CVPR, "cvpr"),
        (CVPR, "Accepted at IEEE Transactions on Ponds", "other:ieee transactions on ponds"),
        (
            "Accepted at the Workshop on Lakes 2026",
            "Published in the Journal of Ponds, 2026",
            "other:journal of ponds",
        ),
    ],
)
def test_a_second_acceptance_is_news_of_its_own(before: str, after: str, venue: str) -> None:
    """A workshop's paper comes to a conference, a conference's to a journal."""
    assert live(SILENT, before, after).venues == [venue_of(before), venue]


# ---------------------------------------------------------------- never at all


def test_a_paper_first_met_through_an_update_that_claims_already_is_no_news() -> None:
    """Its earlier wording is unknown, so nobody knows when it was gained; nor do edits tell."""
    assert live(CVPR, CVPR + ". Code soon", "CVPR 2026 oral", first_met="update").gained == ()


def test_a_paper_first_met_through_an_update_can_gain_an_acceptance_later() -> None:
    """From then on its wording is known."""
    assert live(SILENT, CVPR, first_met="update").venues == ["cvpr"]


def test_an_acceptance_of_a_year_before_the_last_is_no_news() -> None:
    """Said late, it goes to no section; that of last year does."""
    assert live(SILENT, "Accepted at CVPR 2024").gained == ()
    assert live(SILENT, "Accepted at CVPR 2025").venues == ["cvpr"]
    assert live(SILENT, "Accepted at CVPR 2024", "Accepted at CVPR 2026").gained == ()


@pytest.mark.parametrize("wording", SAYS_NOTHING)
def test_a_change_without_an_acceptance_is_no_news(wording: str) -> None:
    """Pages, addresses, a submission."""
    life = live(SILENT, wording, SILENT)
    assert (life.gained, life.taken) == ((), ())


# ---------------------------------------------------------------- taken back


def test_a_comment_that_no_longer_claims_anything_has_lost_its_claim() -> None:
    """With both wordings and the claim that it had."""
    ((week, event),) = live(CVPR, SILENT).taken
    assert (week, event.change, event.claim.venue) == ("2026-W11", "lost", "cvpr")
    assert (event.old, event.new) == (CVPR, SILENT)


@pytest.mark.parametrize(
    "wording", ["This paper is withdrawn: theorem 2 is wrong", "The paper has been retracted"]
)
def test_an_accepted_paper_that_is_withdrawn_says_so(wording: str) -> None:
    """Told as withdrawn, not as lost."""
    ((_, event),) = live(CVPR, wording, SILENT).taken
    assert (event.change, event.new) == ("withdrawn", wording)


@pytest.mark.parametrize(
    "comments",
    [
        (SILENT, SILENT),
        (SILENT, "This paper is withdrawn"),
        (CVPR, "Accepted at ICML 2026"),
        (CVPR, CVPR + ", oral"),
        ("Accepted at CVPR 2020", SILENT),
    ],
)
def test_nothing_is_taken_back_where_nothing_was_claimed_or_something_still_is(
    comments: tuple[str, ...],
) -> None:
    """No claim before, another claim now, the same claim in other words, a claim too old."""
    assert live(*comments).taken == ()


# ---------------------------------------------------------------- whatever authors do


@examples(200)
@given(
    st.lists(st.sampled_from((*SAYS_CVPR, *SAYS_NOTHING)), max_size=8),
    st.sampled_from(("new", "update")),
)
def test_however_a_comment_is_edited_its_acceptance_is_told_once(
    comments: list[str], first_met: str
) -> None:
    """Once where it is gained, never where it was there from the first, and lost once at most."""
    life = live(SILENT, *comments, first_met=first_met)
    gained = [comment in SAYS_CVPR for comment in comments]
    assert life.venues == ["cvpr"] * any(gained)
    if any(gained):
        assert life.gained[0][0] == f"2026-W{11 + gained.index(True)}"
    went = any(one and not later for one, later in pairwise(gained))
    assert len(life.taken) == went
    assert live(CVPR, *comments, first_met=first_met).gained == ()
