"""Which ring an entry stands in, what adds to its score, and what is said of it."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundaypaper.errors import SundayPaperError
from sundaypaper.interest.prior import UNREAD, Prior, loaded, read, shipped
from sundaypaper.interest.rank import rank
from sundaypaper.interest.rules import RULES
from sundaypaper.models import (
    Acceptance,
    Claim,
    Entry,
    Evidence,
    Mention,
    Sighting,
    Story,
    Tag,
    Tagged,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TEA = Prior({"kettles": 2.0, "slowly": 1.0, "teapots": -3.0, "hot": 9.0}, low=0.0, high=4.0)
NAMES = {"neurips": "NeurIPS", "other:kettle days": "Kettle Days"}


def claim(venue="cvpr", year=2026, track="main", status="accepted", presentation=None):
    """A claim; CVPR 2026, main track, accepted, unless told otherwise."""
    return Claim(venue, year, track, status, presentation)


def tagged(*claims, id="arxiv:2603.00001", standing="new", week="2026-W10", **more):
    """A tagged paper of the week, with parts replaced by name."""
    about = {k: more.pop(k) for k in list(more) if k in Entry.__dataclass_fields__}
    entry = replace(Entry(id, "paper", "arxiv", "u", "T", published=NOON), **about)
    told = {k: more.pop(k) for k in ("discussed", "copies", "papers") if k in more}
    return Tagged(Story(Sighting(entry, NOON, week, standing), **told), claims, **more)


def ranked(*entries, **more):
    """Picks of the issue 2026-W10."""
    given: dict[str, Any] = {
        "core": ("neurips", "icml", "cvpr"),
        "also": ("iclr", "tmlr"),
        "authors": ("Ada Brewer",),
        "weights": {},
        "week": "2026-W10",
        "year": 2026,
        "venues": NAMES,
        "prior": Prior({}),
    }
    return rank(tuple(entries), **(given | more))


def only(*args, **more):
    """The one pick of one entry."""
    return ranked(tagged(*args, **more))[0]


def parts(pick):
    """Contributions by name."""
    return {c.name: c.value for c in pick.contributions}


def mentions(*sources):
    """Posts that discuss a paper, one a source."""
    return tuple(Mention(f"post:{n}", s, "t", "u") for n, s in enumerate(sources))


@pytest.mark.parametrize("track", ["main", "datasets", "position"])
@pytest.mark.parametrize("year", [2025, 2026, None])
def test_a_current_claim_at_a_core_venue_is_accepted(track, year):
    """Main, datasets and position tracks of the issue's year or the one before, or without one."""
    assert only(claim(year=year, track=track)).ring == "accepted"


@pytest.mark.parametrize(
    "given",
    [
        claim(track="workshop"),
        claim(track="findings"),
        claim(status="submitted"),
        claim(year=2024),
        claim(year=2027),
        claim("iclr"),
        claim("tmlr", track="journal"),
    ],
)
def test_any_other_claim_at_a_core_venue_is_near(given):
    """So is one accepted in the main track of the other venues."""
    assert only(given).ring == "near"


@pytest.mark.parametrize(
    "given", [claim("iclr", track="workshop"), claim("iclr", status="submitted"), claim("other:x")]
)
def test_a_weaker_claim_elsewhere_is_field(given):
    """Workshops and submissions of other venues bring nobody nearer."""
    assert only(given).ring == "field"


def test_a_known_paper_is_accepted_only_when_it_first_says_so():
    """An update with an old claim is near; with a newly gained one it is accepted."""
    gained = Acceptance("arxiv:2603.00001", claim(), "old", "new", NOON)
    assert only(claim(), standing="update").ring == "near"
    assert only(claim(), standing="update", acceptance=gained).ring == "accepted"
    assert only(claim(year=None), standing="update", acceptance=gained).ring == "near"


def test_a_reprint_holds_a_claim_against_the_papers_own_year():
    """The year of publication or the one after, however old the week is."""
    then = datetime(2017, 6, 12, tzinfo=UTC)
    for year, ring in ((2017, "accepted"), (2018, "accepted"), (2019, "near"), (2026, "near")):
        pick = ranked(tagged(claim(year=year), published=then), reprint=True)[0]
        assert pick.ring == ring


def test_a_followed_author_brings_a_paper_near():
    """Names are compared folded, and whole."""
    assert only(authors=("Bo Li", "ada BREWER")).ring == "near"
    assert only(authors=("Ada Brewerton",)).ring == "field"


@pytest.mark.parametrize(
    ("sources", "ring"),
    [((), "field"), (("a",), "field"), (("a", "a"), "field"), (("a", "b"), "near")],
)
def test_two_independent_sources_bring_a_paper_near(sources, ring):
    """Two posts of one blog are one voice."""
    assert only(discussed=mentions(*sources)).ring == ring


def test_orals_stand_before_posters_and_accepted_before_the_rest():
    """Best first, ties by id."""
    picks = ranked(
        tagged(id="arxiv:5"),
        tagged(claim("iclr"), id="arxiv:4"),
        tagged(claim(), id="arxiv:3"),
        tagged(claim(), id="arxiv:2"),
        tagged(claim(presentation="oral"), id="arxiv:1"),
    )
    assert [p.id for p in picks] == ["arxiv:1", "arxiv:2", "arxiv:3", "arxiv:4", "arxiv:5"]


@pytest.mark.parametrize("kind", ["code", "data", "survey"])
def test_evidence_adds_its_weight(kind):
    """Code, data and surveys count, each under its name."""
    pick = only(evidence=(Evidence(kind, "span"),))
    assert parts(pick) == {kind: RULES[kind]}


def test_more_voices_count_more_until_four():
    """A fifth source that says the same adds nothing."""
    values = [parts(only(discussed=mentions(*"abcdef"[:n])))["discussed"] for n in range(1, 6)]
    assert values[:4] == sorted(set(values[:4]))
    assert values[4] == values[3]


def test_a_post_gains_by_its_group_and_loses_as_a_vendor():
    """Practitioners and courses rise, vendors fall; the source's own weight adds to it."""
    given = {"kind": "post", "source": "b", "title": "A week with my kettle"}
    scores = {g: only(group=g, **given).score for g in ("practitioner", "course", "", "vendor")}
    assert scores["practitioner"] > scores["course"] > scores[""] > scores["vendor"]
    weighed = ranked(tagged(**given), weights={"source:b": 2.0})[0]
    assert parts(weighed) == {"source": RULES["source"]}


@pytest.mark.parametrize(
    ("paper", "counts"),
    [
        ("arxiv:2603.00001", True),
        ("arxiv:2601.00001", True),
        ("arxiv:2512.00001", False),
        ("arxiv:2604.00001", False),
        ("arxiv:cs/9901002", False),
        ("doi:10.1/x", False),
    ],
)
def test_a_post_gains_by_a_paper_of_the_last_eight_weeks(paper, counts):
    """By the month in the id: a month that ended more than eight weeks ago is too old."""
    pick = only(kind="post", source="b", papers=("arxiv:1706.00001", paper))
    assert parts(pick) == ({"links a paper": RULES["links a paper"]} if counts else {})


def test_a_post_gains_by_others_that_tell_it():
    """A copy in its own source is no other voice."""
    pick = only(kind="post", source="b", copies=mentions("b", "c"))
    assert parts(pick) == {"told elsewhere": RULES["told elsewhere"]}
    assert only(kind="post", source="b", copies=mentions("b")).score == 0


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("Evaluating language models that boil water", "", {"research": 1}),
        ("On kettles", "We run a benchmark.", {"research": 0.5}),
        ("How we keep latency of our models low", "", {"engineering": 1}),
        ("Kettles at home", "Lessons on data pipelines", {"research": 0, "engineering": 0.5}),
        ("Lessons from a broken kettle", "An experiment in my kitchen.", {}),
    ],
)
def test_a_post_gains_by_telling_of_research_or_engineering(title, summary, expected):
    """In the title more than in the summary, and only where it is about machine learning."""
    found = parts(only(kind="post", title=title, summary=summary))
    wanted = {name: RULES[name] * share for name, share in expected.items() if share}
    assert found == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("title", "group", "share"),
    [
        ("Kettle Inc raises 3 million", "vendor", 1),
        ("Introducing Kettle Cloud", "lab", 1),
        ("How Acme brought tea to millions with Kettle", "", 1),
        ("Introducing a benchmark of kettles", "lab", 0.5),
        ("Kettle-4.6", "vendor", 1),
        ("Kettle-4.6", "researcher", 0),
        ("Kettle Inc raises 3 million", "newsletter", 0),
        ("How to brew tea", "vendor", 0),
        ("A week with my kettle", "lab", 0),
    ],
)
def test_an_announcement_costs_a_post(title, group, share):
    """Money, products and customers; half where it is research too; a newsletter only reports."""
    found = parts(only(kind="post", title=title, group=group))
    assert found.get("announcement", 0) == pytest.approx(RULES["announcement"] * share)


def test_a_tutorial_teaches():
    """Tutorials and courses gain alike, and once."""
    both = (Evidence("tutorial", "s"), Evidence("course", "s"))
    assert parts(only(kind="post", evidence=both)) == {"lesson": RULES["lesson"]}


@pytest.mark.parametrize(("number", "narrowed", "held"), [(15, (), 0), (16, (), 16), (16, "b", 0)])
def test_a_source_that_floods_the_week_enters_only_when_it_is_narrowed(number, narrowed, held):
    """More than 15 posts of one source fall below all others, unless it has an `only:`."""
    flood = [tagged(kind="post", source="b", id=f"post:{n}") for n in range(number)]
    other = tagged(kind="post", source="c", id="post:z", group="vendor")
    picks = ranked(*flood, other, narrowed=narrowed)
    assert sum("too many" in parts(pick) for pick in picks) == held
    assert (picks[0].id == "post:z") is bool(held)


def test_a_paper_gains_by_how_it_reads():
    """The share between low and high, with the words that say most; posts are not read so."""
    pick = ranked(tagged(title="Hot kettles", summary="Slowly, https://hot.example/"), prior=TEA)[0]
    value = (9 + 2 + 1) / 3**0.5 / 4
    assert value > 1
    assert parts(pick) == {"prior": RULES["prior"]}
    assert pick.reasons == ("reads like papers that venues accept: kettles, slowly",)
    for kind in ("post", "course"):
        assert ranked(tagged(title="Kettles", kind=kind), prior=TEA)[0].score == 0


def test_the_prior_never_lowers_a_score_and_counts_no_word_twice():
    """Below low is 0; a word counts once; what we wrote ourselves is not read."""
    assert TEA("Teapots", "teapots and kettles") == (0.0, ())
    assert TEA("Kettles", "kettles kettles") == TEA("Kettles", "") == (0.5, ("kettles",))
    assert TEA("Nothing", "known") == (0.0, ())
    assert ranked(tagged(title="Kettles", own_words=True), prior=TEA)[0].score == 0


def test_one_line_switches_the_prior_off():
    """`weights: {prior: 0}` leaves no trace of it."""
    one = tagged(title="Kettles")
    assert "prior" in parts(ranked(one, prior=TEA)[0])
    assert ranked(one, prior=TEA, weights={"prior": 0})[0].contributions == ()


def test_the_prior_weighs_less_than_a_ring():
    """However well a paper reads, one that a venue accepted stands before it."""
    assert RULES["prior"] < RULES["ring.near"]


def test_what_tells_of_an_acceptance_is_not_read():
    """Venues, years and addresses are no words of the shipped model, nor learnt."""
    assert read("Accepted at NeurIPS 2025", "code: https://kettle.example/tea tea") == {"at", "tea"}
    assert not UNREAD & shipped().weights.keys()
    assert not any(word.isdigit() for word in shipped().weights)


def test_the_shipped_prior_is_small_and_reads_a_paper():
    """It gives a share and two words at most."""
    data = resources.files("sundaypaper").joinpath("data/prior.json.gz").read_bytes()
    assert len(data) < 2_000_000
    share, words = loaded(data)("Rendering scenes", "Extensive experiments on benchmarks.")
    assert 0 <= share <= 1
    assert len(words) <= 2


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"PK\x03\x04",
        b"kettle",
        gzip.compress(b"{}", mtime=0)[:4],
        gzip.compress(b"{}", mtime=0)[:10] + b"\xff" * 20,
        gzip.compress(b"tea", mtime=0),
        gzip.compress(b"[1]", mtime=0),
        gzip.compress(b'{"unit": 1, "line": [1], "weights": {}}', mtime=0),
        gzip.compress(b'{"unit": 1, "line": [1, 3], "weights": []}', mtime=0),
        gzip.compress(b'{"unit": 1, "line": [1, 3], "weights": {"tea": null}}', mtime=0),
    ],
    ids=["empty", "zip", "text", "head", "packing", "words", "list", "line", "weights", "null"],
)
def test_a_damaged_prior_says_what_to_do(damage):
    """Whatever lies in its place."""
    with pytest.raises(
        SundayPaperError, match=r"prior\.json\.gz is damaged .* install the package anew"
    ):
        loaded(damage)


@pytest.mark.parametrize("part", ["unit", "line", "weights"])
def test_a_prior_that_lacks_a_part_is_damaged(part):
    """Words without weights, or without what a weight is worth, give no ranking."""
    whole = {"unit": 0.5, "line": [1.0, 3.0], "weights": {"tea": -4, "kettle": 6}}
    read = loaded(gzip.compress(json.dumps(whole).encode(), mtime=0))
    assert (read.weights, read.low, read.high) == ({"tea": -2.0, "kettle": 3.0}, 1.0, 3.0)
    del whole[part]
    with pytest.raises(SundayPaperError, match="damaged"):
        loaded(gzip.compress(json.dumps(whole).encode(), mtime=0))


def test_neither_title_nor_version_counts():
    """Length and version change no score."""
    assert only(claim(), title="T" * 200, version=9).score == only(claim()).score


def test_a_weight_of_the_configuration_replaces_the_default():
    """By the name of the rule; all others stay."""
    one = tagged(claim(), evidence=(Evidence("code", "s"),))
    pick = ranked(one, weights={"code": 7.0})[0]
    assert parts(pick)["code"] == 7.0
    assert parts(pick)["ring"] == RULES["ring.accepted"]


def test_the_reasons_are_for_a_person():
    """Who says it, where it is, and the strongest first."""
    pick = only(
        claim("neurips", 2025, "datasets", presentation="oral"),
        evidence=(Evidence("code", "https://www.github.com/a/b"),),
        discussed=mentions("a", "b"),
    )
    assert pick.reasons == (
        "the authors say: accepted at NeurIPS 2025 (datasets track) as an oral",
        "discussed in 2 posts",
        "code is linked: github.com/a/b",
    )
    assert only(claim(status="submitted")).reasons == ("the authors say: submitted to CVPR 2026",)


def test_what_lowers_a_score_is_no_reason_to_read():
    """It stands among the contributions, not among the reasons."""
    pick = only(kind="post", group="vendor", evidence=(Evidence("data", "s"),))
    assert parts(pick)["group"] < 0
    assert pick.reasons == ("comes with a dataset or benchmark",)


def test_nothing_gives_nothing():
    """No entries, no picks; a paper without a reason has no score."""
    assert ranked() == ()
    assert only().score == 0
    assert only().contributions == ()


CLAIMS = st.builds(
    claim,
    st.sampled_from(["cvpr", "iclr", "other:x"]),
    st.sampled_from([None, 2024, 2026]),
    st.sampled_from(["main", "workshop", "journal"]),
    st.sampled_from(["accepted", "submitted", "rejected", "withdrawn"]),
    st.sampled_from([None, "oral", "best_paper"]),
)


@given(
    st.lists(CLAIMS, max_size=3),
    st.lists(st.sampled_from(["code", "data", "survey", "release"]), unique=True),
    st.floats(0.01, 1),
    st.integers(0, 6),
    st.sampled_from(["new", "late", "update", "backlog"]),
    st.sampled_from(["paper", "post", "course"]),
    st.floats(-3, 3),
)
def test_contributions_sum_to_the_score(claims, kinds, sure, voices, standing, kind, weight):
    """Whatever an entry carries and weighs; and every contribution has its reason."""
    one = tagged(
        *claims,
        kind=kind,
        group="lab",
        title="How we evaluate hot models",
        standing=standing,
        evidence=tuple(Evidence(k, "s") for k in kinds),
        tags=(Tag("vision", sure, "title: seeing"),),
        discussed=mentions(*"abcdef"[:voices]),
    )
    weights = {"code": weight, "discussed": weight, "prior": weight, "ring.field": weight}
    pick = ranked(one, prior=TEA, weights=weights)[0]
    assert abs(sum(c.value for c in pick.contributions) - pick.score) < 1e-9
    assert all(c.reason and c.value for c in pick.contributions)
