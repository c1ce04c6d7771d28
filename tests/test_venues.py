"""What comments claim: the rows of claims.jsonl, and what must hold of any text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from time import process_time
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import calls
from sundaypaper.models import Claim, Venue
from sundaypaper.venues import VENUES, extend
from sundaypaper.venues.comments import claims, withdrawn
from sundaypaper.wording.claims import claim_short, claim_words

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "claims.jsonl").read_text("utf-8").splitlines()
]
KEYS = ("venue", "year", "track", "status", "presentation")
PIECES = (
    "ICML 2025|CVPR|NeurIPS'26|ACL|accepted at|submitted to|rejected from|withdrawn|workshop on|@"
    "|(|)|,|. |; |extended version of our|https://a.org/CVPR2025|oral|Findings|39th|Journal of"
    "|in Proceedings of the|Conference on|and|track|challenge|best paper|under review|\x00|é|2026"
    "|TPAMI|to be submitted to"
).split("|")


def said(claim: Claim) -> tuple[object, ...]:
    """A claim without its words, as the rows have it."""
    return tuple(getattr(claim, key) for key in KEYS)


def wanted(row: Mapping[str, object]) -> list[tuple[object, ...]]:
    """The claims of a row."""
    listed = row["claims"]
    assert isinstance(listed, list)
    return [tuple(claim[key] for key in KEYS) for claim in listed]


def read(row: Mapping[str, str]) -> tuple[Claim, ...]:
    """The claims that are read in a row."""
    return claims(row["comment"], row["journal_ref"], title=row.get("title", ""))


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: row["comment"][:60] or row["journal_ref"][:60]
)
def test_a_wording_makes_the_claims_that_a_reader_sees(row: Mapping[str, str]) -> None:
    """Each labelled wording gives exactly its claims, and says whether it is withdrawn."""
    found = [said(claim) for claim in read(row)]
    assert sorted(found, key=str) == sorted(wanted(row), key=str)
    assert withdrawn(row["comment"]) == bool(row.get("withdrawn"))


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: row["comment"][:60] or row["journal_ref"][:60]
)
def test_every_claim_quotes_the_words_it_stands_on(row: Mapping[str, str]) -> None:
    """The span is a non-empty part of the field that it names."""
    for claim in read(row):
        assert claim.span
        assert claim.span in row[claim.field]


def test_the_span_reaches_from_the_role_to_the_track() -> None:
    """A reader sees the words that say accepted, where and in which track."""
    (claim,) = claims("9 pages, 2 figures. Accepted at the Ponds workshop at ICML 2025. Code soon")
    assert claim.span == "Accepted at the Ponds workshop at ICML 2025"


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a/CVPR2026",
        "http://icml.cc/ICML-2025",
        "www.neurips.cc/NeurIPS2025",
        "github.com/a/ICLR2026-code",
        "accepted@icml.cc",
        "https://openreview.net/forum?id=NeurIPS2025",
    ],
)
def test_an_address_claims_nothing(address: str) -> None:
    """A venue's name inside an address is no claim, and the claim beside it stays."""
    assert claims(f"Code: {address}") == ()
    assert [c.venue for c in claims(f"Accepted at WACV 2026. Code: {address}")] == ["wacv"]


def test_a_journal_reference_of_the_same_venue_and_year_is_one_claim() -> None:
    """Comment and reference merge, and keep what the comment says of the presentation."""
    (claim,) = claims("ICML 2025 (oral)", "Proc. of the 42nd Int. Conf. on Machine Learning, 2025")
    assert said(claim) == ("icml", 2025, "main", "accepted", "oral")
    assert claim.field == "comment"


def test_a_journal_reference_of_another_year_is_a_claim_of_its_own() -> None:
    """The reference's claim says that it stands in the reference."""
    found = claims("Accepted at ICLR 2025", "Transactions on Machine Learning Research, 2026")
    assert [(c.venue, c.field) for c in found] == [("iclr", "comment"), ("tmlr", "journal_ref")]


def test_a_number_far_ahead_of_the_listing_is_no_year() -> None:
    """A year more than two after the day of listing is dropped; without a day it stays."""
    listed = date(2026, 12, 31)
    assert claims("Accepted at ICML 2028", listed=listed)[0].year == 2028
    assert claims("Accepted at ICML 2029", listed=listed)[0].year is None
    assert claims("Accepted at ICML 2039")[0].year == 2039


def test_a_users_own_venue_is_read_and_replaces_by_key() -> None:
    """Own venues are added, or stand in for the table's of the same key."""
    own = Venue("pondconf", "PondConf", ("pondconf", "conference on ponds"), 2000)
    icml = Venue("icml", "ICML", ("our own meeting",))
    venues = extend((own, icml))
    assert len(venues) == len(VENUES) + 1
    assert said(claims("Accepted at the 26th Conference on Ponds", venues=venues)[0]) == (
        ("pondconf", 2026, "main", "accepted", None)
    )
    assert claims("Accepted at Our Own Meeting 2026", venues=venues)[0].venue == "icml"
    assert all(c.venue != "icml" for c in claims("ICML 2026 oral", venues=venues))


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn due to an error in theorem 2",
        "Withdrawn by the authors",
        "The manuscript was retracted",
        "We withdraw this submission to correct the proofs",
    ],
)
def test_a_withdrawn_paper_claims_nothing(comment: str) -> None:
    """The comment says that the paper itself is taken back."""
    assert withdrawn(comment)
    assert claims(f"{comment}. Accepted at ICML 2026") == ()


def test_a_paper_withdrawn_from_a_venue_is_not_withdrawn() -> None:
    """It left the venue, not arXiv."""
    assert not withdrawn("Withdrawn from ICLR 2026")
    assert not withdrawn("9 pages, accepted at ICML 2026")


def test_a_nomination_is_not_worded_as_an_award() -> None:
    """A line of a list and a claim in words say which of both it is."""
    won = Claim("cvpr", 2026, "main", "accepted", "best_paper")
    nominated = Claim("cvpr", 2026, "main", "accepted", "finalist")
    names = {"cvpr": "CVPR"}
    assert claim_short(won, names) == "CVPR 2026 best paper"
    assert claim_short(nominated, names) == "CVPR 2026 best paper finalist"
    assert claim_words(nominated, names) == "accepted at CVPR 2026 (best paper finalist)"


def test_a_name_in_capitals_counts_in_capitals_only() -> None:
    """Ordinary words are no venues: rss, chi, tip, alt and acl in small letters."""
    for word in ("rss", "chi", "tip", "alt", "acl", "www", "colt", "uai"):
        assert claims(f"accepted {word} 2025") == ()
        assert [c.venue for c in claims(f"Accepted at {word.upper()} 2025")] == [word]


def test_the_table_has_one_entry_a_key_and_no_name_twice() -> None:
    """Keys and names are unique, so that a name means one venue."""
    names = [name.casefold() for venue in VENUES for name in venue.names]
    assert len({venue.key for venue in VENUES}) == len(VENUES) > 60
    assert len(set(names)) == len(names)
    assert all(names)


hostile = pytest.mark.parametrize(
    "piece",
    ["ICML 2025 ", "(", "a", "accepted at ", "@", "a@", "A ", "extended version of ", "a.b", "a-",
     "IEEE/CVF ", "Conference on ", "under review ", "'25 ", " ", "10.1234/", "AbC", "20",
     "ICML, NeurIPS and CVPR workshop at ", "Track track ", "best ", "https://", "A1", "1st ",
     "A/", "the ", "\x00", "é"],
)  # fmt: skip


def hostile_texts(piece: str) -> tuple[str, ...]:
    """100 kB of a piece, bare, after a role word and after a venue."""
    text = piece * (100_000 // len(piece))
    return text, "Accepted to the " + text, "ICML 2025 " + text


@hostile
def test_a_hostile_text_costs_no_more_than_its_beginning(piece: str) -> None:
    """4,000 characters of a comment are read, and 4,000 of a journal reference."""
    for words in hostile_texts(piece):
        read: list[object] = []
        work = partial(claims, words, words)
        assert calls(lambda: read.append(work())) < 250_000  # noqa: B023 it is called at once
        assert read == [claims(words[:4000], words[:4000])]


@pytest.mark.clock
@hostile
def test_a_hostile_text_is_read_in_half_a_second(piece: str) -> None:
    """No regular expression goes back and forth in it."""
    for words in hostile_texts(piece):
        assert timeit(partial(claims, words, words), timer=process_time, number=1) < 0.5


def test_a_comment_costs_few_calls() -> None:
    """2,000 at the most on average, so that a week's comments are read while one waits."""

    def all_of_them() -> None:
        for row in ROWS:
            read(row)

    assert calls(all_of_them) < 2000 * len(ROWS)


@pytest.mark.clock
def test_four_thousand_comments_take_seconds_at_the_most() -> None:
    """A week's comments are read while one waits."""

    def all_of_them() -> None:
        for row in ROWS:
            read(row)

    assert timeit(all_of_them, timer=process_time, number=4000 // len(ROWS)) < 4


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.text(max_size=80))
def test_any_text_is_read_and_quoted(pieces: list[str], noise: str) -> None:
    """No text raises; spans are parts of it; values are those of the rubric; reading is stable."""
    comment = " ".join(pieces) + noise
    found = claims(comment, noise)
    assert found == claims(comment, noise)
    for claim in found:
        assert claim.span in (comment if claim.field == "comment" else noise)
        assert claim.venue
        assert claim.status in ("accepted", "submitted", "rejected", "withdrawn")
        assert claim.track in (
            "main findings workshop datasets position demo challenge journal other".split()
        )
