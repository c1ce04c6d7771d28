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
from sundaypaper.interest.features import LABS, UNREAD
from sundaypaper.interest.learnt import Bounds, Model, loaded, shipped
from sundaypaper.interest.rank import rank
from sundaypaper.interest.rules import RULES
from sundaypaper.issue.prepared import POST_FLOOR
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
    Votes,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TEA = Model(
    {"kettles": 2.0, "^kettles": 3.0, "boil slowly": 1.0, "teapots": -3.0, "hot": 9.0},
    {"title: a question": 1.0, "authors: how many": 1.0},
    text=Bounds(low=0.0, high=4.0, most=0.6),
    authors=Bounds(low=0.0, high=2.0, most=0.3),
)
NOTHING_LEARNT = Model({}, {}, Bounds(0, 1, 0), Bounds(0, 1, 0))
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
        "model": NOTHING_LEARNT,
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


def votes(count, source="Hugging Face"):
    """Votes of readers elsewhere, as of the week's Sunday."""
    return Votes(source, count, datetime(2026, 3, 8, 8, tzinfo=UTC))


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


def test_orals_stand_before_posters_and_ties_by_id():
    """Best first; how a paper is presented counts, a withdrawn one falls below all."""
    picks = ranked(
        tagged(claim(status="withdrawn"), id="arxiv:5"),
        tagged(id="arxiv:4"),
        tagged(claim(), id="arxiv:3"),
        tagged(claim(), id="arxiv:2"),
        tagged(claim(presentation="oral"), id="arxiv:1"),
    )
    assert [p.id for p in picks] == ["arxiv:1", "arxiv:2", "arxiv:3", "arxiv:4", "arxiv:5"]


def test_the_ring_is_no_part_of_the_score():
    """A paper of the field that readers voted for stands before an accepted one that they did not."""
    picks = ranked(
        tagged(claim(presentation="oral"), id="arxiv:1"),
        tagged(id="arxiv:2", votes=(votes(9),)),
    )
    assert [(p.id, p.ring) for p in picks] == [("arxiv:2", "field"), ("arxiv:1", "accepted")]


@pytest.mark.parametrize(
    ("count", "doublings"), [(0, 0), (1, 1), (7, 3), (255, 8), (1023, 10), (5000, 10)]
)
def test_votes_count_by_their_doublings(count, doublings):
    """As many more to the second hundred as to the first one; more than 1,023 add nothing."""
    found = parts(only(votes=(votes(count),)))
    assert found.get("votes", 0) == pytest.approx(RULES["votes"] * doublings)


def test_votes_are_told_with_their_list_and_day():
    """A reason that a person can check; of two lists the one with more."""
    pick = only(votes=(votes(3, "Elsewhere"), votes(118), votes(1, "Nowhere")))
    assert pick.reasons == ("118 readers at Hugging Face voted for it by 8 March",)
    assert only(votes=(votes(1),)).reasons == ("1 reader at Hugging Face voted for it by 8 March",)


def test_one_line_switches_votes_off():
    """`weights: {votes: 0}` leaves no trace of them."""
    assert ranked(tagged(votes=(votes(9),)), weights={"votes": 0})[0].contributions == ()


@pytest.mark.parametrize("kind", ["code", "data", "survey", "weights", "project"])
def test_evidence_adds_its_weight(kind):
    """What a paper gives counts, each kind under its name."""
    pick = only(evidence=(Evidence(kind, "span"),))
    assert parts(pick) == {kind: RULES[kind]}


def test_more_voices_count_more_until_four():
    """A fifth source that says the same adds nothing."""
    values = [parts(only(discussed=mentions(*"abcdef"[:n])))["discussed"] for n in range(1, 6)]
    assert values[:4] == sorted(set(values[:4]))
    assert values[4] == values[3]


def test_a_post_gains_by_its_group():
    """Practitioners before courses, labs before newsletters; a vendor gains nothing by being one."""
    given = {"kind": "post", "source": "b", "title": "A week with my kettle"}
    groups = ("practitioner", "course", "lab", "newsletter", "vendor", "")
    scores = [only(group=g, **given).score for g in groups]
    assert scores[:4] == sorted(scores[:4], reverse=True)
    assert len(set(scores[:4])) == 4
    assert scores[3] > scores[4] == scores[5] == 0
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
        ("A week in my kitchen", "", {}),
        ("A jailbreak in my kitchen", "", {"research": 0.5}),
        ("A jailbreak, and its oversight", "", {"research": 0.75}),
        ("On kettles", "We found an exploit. The exploit boils.", {"research": 1 - 0.5**0.5}),
        ("A jailbreak", "The jailbreak boils.", {"research": 0.5}),
        ("Docker at home", "", {"field": 1, "engineering": 0.5}),
        ("Tea", "Docker at home", {"field": 0.5, "engineering": 1 - 0.5**0.5}),
        ("How to debug a kettle, faster", "", {"lesson": 0.5}),
        ("Tea", "word " * 200 + "jailbreak", {}),
    ],
)
def test_a_post_gains_by_words_of_research_and_engineering(title, summary, expected):
    """Each further word adds half of what is missing, in the summary less; engineering only of ML."""
    found = parts(only(kind="post", title=title, summary=summary))
    wanted = {name: RULES[name] * share for name, share in expected.items()}
    assert found == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize(
    ("title", "group", "name", "share"),
    [
        ("Kettle Inc raises more", "vendor", "company news", 0.5),
        ("Kettle Inc raises funding", "vendor", "company news", 0.75),
        ("How Acme brought tea to millions with Kettle", "", "business", 0.75),
        ("How to brew tea", "", "business", 0),
        ("#KETTLETECHWEEK", "vendor", "event", 0.5),
        ("Tea and the elections", "lab", "politics", 0.5),
        ("What the kettle teaches us", "lab", "politics", 0),
        ("Tea in the US", "lab", "politics", 0.5),
        ("Kettle for iOS and Android", "vendor", "product news", 0.75),
        ("Kettle Inc raises more", "newsletter", "company news", 0),
        ("A week with my kettle", "lab", "event", 0),
    ],
)
def test_news_of_companies_customers_events_and_products_costs_a_post(title, group, name, share):
    """Money, customers, events, politics and products, each by itself; a newsletter only reports."""
    found = parts(only(kind="post", title=title, group=group))
    assert found.get(name, 0) == pytest.approx(RULES[name] * share)


def test_what_is_out_lifts_a_post_and_is_its_reason():
    """A release that is found in the title counts, and says its name."""
    pick = only(kind="post", evidence=(Evidence("release", "Kettle 4"),))
    assert parts(pick) == {"release": RULES["release"]}
    assert pick.reasons == ("is out: Kettle 4",)


def test_no_single_word_makes_or_breaks_a_post():
    """A lab's post on a topic stands above the floor without a word of research, and an event does not."""
    topic = (Tag("vision", 0.98, "title: cup"),)
    plain = only(kind="post", group="lab", title="Cups from temporal segments", tags=topic)
    party = only(kind="post", group="lab", title="#TEATECHWEEK", tags=topic)
    word = only(kind="post", group="lab", title="Cups and jailbreaks, a festival", tags=topic)
    assert party.score < POST_FLOOR <= plain.score
    assert abs(plain.score - word.score) < 0.5


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


@pytest.mark.parametrize(
    ("title", "summary", "share"),
    [
        ("Kettles", "", (2 + 3) / 2**0.5 / 4 * 0.6),
        ("T", "Kettles boil slowly, kettles boil.", (2 + 1) / 2**0.5 / 4 * 0.6),
        ("T?", "Slowly kettles boil.", (2 + 1) / 4 * 0.6),
        ("T", "hot https://teapots.example/teapots", 0.6),
        ("Teapots", "", 0),
        ("Nothing", "known", 0),
    ],
)
def test_a_paper_gains_by_how_it_reads(title, summary, share):
    """Words, pairs and those of the title, each once; facts beside them; never below or over."""
    found = parts(ranked(tagged(title=title, summary=summary), model=TEA)[0])
    assert found.get("learnt", 0) == pytest.approx(RULES["learnt"] * share, abs=1e-4)


@pytest.mark.parametrize(("number", "value"), [(1, 0), (2, 0.693147), (7, 1.945910), (900, 2)])
def test_a_paper_gains_by_the_number_of_its_authors(number, value):
    """A part of its own, with its own bound; who they are says nothing."""
    for name in ("Bo Li", "Cy Pot"):
        pick = ranked(tagged(authors=(name,) * number), model=TEA)[0]
        share = value / 2 * 0.3
        assert parts(pick).get("authors", 0) == pytest.approx(RULES["learnt"] * share, abs=1e-4)


def test_only_the_authors_own_words_of_a_paper_are_read():
    """Posts, courses and what we wrote ourselves have no learnt part."""
    for more in ({"kind": "post"}, {"kind": "course"}, {"own_words": True}):
        found = parts(ranked(tagged(title="Kettles?", authors=("A",) * 9, **more), model=TEA)[0])
        assert not {"learnt", "authors"} & found.keys()


def test_what_is_learnt_is_explained_and_no_reason_to_print():
    """The words stand in `explain`; a person cannot check them, nor a topic."""
    tag = Tag("vision", 0.9, "title: seeing")
    pick = ranked(tagged(title="Hot kettles", authors=("A", "B"), tags=(tag,)), model=TEA)[0]
    assert {c.name: c.reason for c in pick.contributions} == {
        "topic": "on vision (title: seeing)",
        "learnt": "reads like what readers vote for: kettles",
        "authors": "2 authors: readers vote more for the work of many",
    }
    assert pick.reasons == ()


def test_one_line_switches_the_learnt_part_off():
    """`weights: {learnt: 0}` leaves no trace of it."""
    one = tagged(title="Kettles", authors=("A", "B"))
    assert {"learnt", "authors"} <= parts(ranked(one, model=TEA)[0]).keys()
    assert ranked(one, model=TEA, weights={"learnt": 0})[0].contributions == ()


def test_a_technical_report_counts():
    """Where the title or the comment says so."""
    for more in ({"title": "Kettle 3 Technical Report"}, {"comment": "Tech report, 9 pages"}):
        assert parts(only(**more)) == {"report": RULES["report"]}
    assert parts(only(summary="Unlike a technical report.")) == {}


def test_the_learnt_part_is_at_most_a_third_of_the_range():
    """Of all that a paper can gain and lose; authors and labs at most half of that."""
    model = shipped()
    presented = max(RULES[f"presentation.{p}"] for p in ("best_paper", "finalist", "oral"))
    tracks = [value for name, value in RULES.items() if name.startswith("track.")]
    statuses = [value for name, value in RULES.items() if name.startswith("status.")]
    gifts = ("weights", "report", "project", "code", "data", "survey", "topic")
    most = sum(RULES[name] for name in (*gifts, "author", "newly accepted"))
    most += 8 * RULES["votes"] + 4 * RULES["discussed"] + presented + max(tracks)
    learnt = RULES["learnt"] * (model.text.most + model.authors.most)
    assert learnt <= (most + learnt - min(statuses)) / 3
    assert 0 < model.authors.most <= model.text.most


LAB_REPORT = {
    "id": "arxiv:1",
    "title": "Qwen-Agent 3: Open Agentic Language Models that Reason",
    "summary": "We release Qwen-Agent 3, a family of open large language models for agents with "
    "reinforcement learning and reasoning at test time, up to 235B parameters. " * 4,
    "comment": "Technical report. Project page: https://qwen.github.io/agent",
    "authors": tuple(f"Author {n}" for n in range(60)),
    "categories": ("cs.CL", "cs.AI"),
    "evidence": tuple(Evidence(kind, "s") for kind in ("code", "weights", "data", "project")),
}
THEORY = {
    "id": "arxiv:2",
    "title": "On the Rate of Convergence of Stochastic Mirror Descent",
    "summary": "We prove tight lower bounds for convex functions.",
    "authors": ("Emmy Noether", "Sophie Germain"),
    "categories": ("cs.LG", "math.OC"),
}


def test_a_theory_paper_of_two_authors_with_votes_stands_first():
    """Before a lab's report with everything that the learnt part favours; without votes behind."""
    lab, theory = tagged(**LAB_REPORT), tagged(**THEORY)
    voted = tagged(**THEORY, votes=(votes(150),))
    assert [p.id for p in ranked(lab, theory, model=shipped())] == ["arxiv:1", "arxiv:2"]
    assert [p.id for p in ranked(lab, voted, model=shipped())] == ["arxiv:2", "arxiv:1"]


def test_what_counts_elsewhere_is_not_learnt():
    """No venue, no address and no lab's name is a word of the shipped model, nor a number."""
    spoken = {word for term in shipped().terms for word in term.removeprefix("^").split()}
    assert len(spoken) > 1000
    assert not (UNREAD | LABS) & spoken
    assert not any(term.removeprefix("^").isdigit() for term in shipped().terms)


def test_the_shipped_model_is_small_and_reads_a_paper():
    """It gives two shares within their bounds, and two words at most."""
    data = resources.files("sundaypaper").joinpath("data/interest.json.gz").read_bytes()
    assert len(data) < 4_000_000
    liking = loaded(data)(tagged(**LAB_REPORT).story.sighting.entry)
    assert 0 < liking.text <= shipped().text.most
    assert 0 < liking.authors <= shipped().authors.most
    assert len(liking.words) <= 2


WHOLE = {
    "unit": 0.5,
    "terms": {"tea": -4, "^kettle": 6},
    "facts": {"comment": 0.25},
    "text": [-1.0, 3.0, 0.6],
    "authors": [0.0, 2.0, 0.3],
}


def packed(**changed):
    """A small model as a file, with parts replaced by name."""
    return gzip.compress(json.dumps(WHOLE | changed).encode(), mtime=0)


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
        packed(text=[1.0, 3.0]),
        packed(terms=[]),
        packed(terms={"tea": None}),
        packed(facts={"title": "long"}),
    ],
    ids=[
        "empty",
        "zip",
        "text",
        "head",
        "packing",
        "words",
        "list",
        "bounds",
        "terms",
        "null",
        "fact",
    ],
)
def test_a_damaged_model_says_what_to_do(damage):
    """Whatever lies in its place."""
    with pytest.raises(
        SundayPaperError, match=r"interest\.json\.gz is damaged .* install the package anew"
    ):
        loaded(damage)


@pytest.mark.parametrize("part", list(WHOLE))
def test_a_model_that_lacks_a_part_is_damaged(part):
    """Words without weights, or without what a weight is worth, give no ranking."""
    read = loaded(packed())
    assert read.terms == {"tea": -2.0, "^kettle": 3.0}
    assert read.facts == {"comment": 0.25}
    assert (read.text, read.authors) == (Bounds(-1.0, 3.0, 0.6), Bounds(0.0, 2.0, 0.3))
    lacking = json.dumps({name: value for name, value in WHOLE.items() if name != part})
    with pytest.raises(SundayPaperError, match="damaged"):
        loaded(gzip.compress(lacking.encode(), mtime=0))


def test_a_weight_of_the_configuration_replaces_the_default():
    """By the name of the rule; all others stay."""
    one = tagged(claim(), evidence=(Evidence("code", "s"),))
    pick = ranked(one, weights={"code": 7.0})[0]
    assert parts(pick)["code"] == 7.0
    assert parts(pick)["track"] == RULES["track.main"]


def test_the_reasons_are_for_a_person():
    """Who says it, where it is, and the strongest first."""
    pick = only(
        claim("neurips", 2025, "datasets", presentation="oral"),
        evidence=(Evidence("code", "https://www.github.com/a/b"),),
        discussed=mentions("a", "b"),
    )
    assert pick.reasons == (
        "discussed in 2 posts",
        "the authors say: accepted at NeurIPS 2025 (datasets track) as an oral",
        "code is linked: github.com/a/b",
    )


def test_what_lowers_a_score_is_no_reason_to_read():
    """It stands among the contributions, not among the reasons."""
    pick = only(kind="post", title="A festival", evidence=(Evidence("data", "s"),))
    assert parts(pick)["event"] < 0
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
        votes=(votes(voices),),
    )
    weights = {"code": weight, "discussed": weight, "learnt": weight, "votes": weight}
    pick = ranked(one, model=TEA, weights=weights)[0]
    assert abs(sum(c.value for c in pick.contributions) - pick.score) < 1e-9
    assert all(c.reason and c.value for c in pick.contributions)
