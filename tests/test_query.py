"""The filter language: what parses, what it matches, and what it tells a person who slips."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any as Json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import calls
from sundaypaper.errors import QueryError
from sundaypaper.models import (
    All,
    Any,
    Card,
    Claim,
    Contribution,
    Entry,
    Evidence,
    Filter,
    Is,
    Node,
    Not,
    Pick,
    Tag,
    Words,
)
from sundaypaper.query import (
    CLAIM_FIELDS,
    EVERYTHING,
    NOTHING,
    TOPIC_FIELDS,
    Vocabulary,
    canonical,
    card_of_entry,
    card_of_pick,
    hints,
    hits,
    loosened,
    match,
    parse,
)
from sundaypaper.query.forms import forms
from sundaypaper.query.names import is_name
from sundaypaper.text import fold

TABLE = json.loads(Path(__file__).with_name("conformance.json").read_text(encoding="utf-8"))


def card_of_row(row: dict[str, Json]) -> Card:
    stated = row["published"] and datetime.fromisoformat(row["published"])
    entry = Entry(
        id=row["id"],
        kind=row["kind"],
        source=row["source"],
        group=row["group"],
        url="https://example.org/",
        title=row["title"],
        summary=row["summary"],
        authors=tuple(row["authors"]),
        categories=tuple(row["categories"]),
        published=stated,
    )
    return card_of_entry(
        entry,
        claims=[Claim(**claim) for claim in row["claims"]],
        topics=row["topics"],
        ring=row["ring"],
        evidence=[Evidence(kind, "") for kind in row["has"]],
        week=row["week"],
    )


CARDS = {name: card_of_row(row) for name, row in TABLE["entries"].items()}


def test_every_row_of_the_conformance_table_holds() -> None:
    """The table that the archive's filter box is checked against holds here too."""
    wrong = [
        c for c in TABLE["cases"] if match(parse(c["query"]), CARDS[c["entry"]]) != c["expected"]
    ]
    assert wrong == []


@pytest.mark.parametrize("row", TABLE["names"], ids=lambda r: f"{r['asked']}: {r['printed']}")
def test_a_name_is_found_as_it_may_be_printed(row: dict[str, Json]) -> None:
    """Initials on either side, and never another person whose given name is written out."""
    card = Card("  ", {"author": frozenset({fold(row["printed"])})})
    assert match(parse(f'author:"{row["asked"]}"'), card) is row["is"]


LISTS = {
    kind: {field: dict(pairs) for field, pairs in named.items()}
    for kind, named in TABLE["vocabulary"].items()
}
NAMES = Vocabulary(LISTS["values"], LISTS["aliases"])


@pytest.mark.parametrize("row", TABLE["meant"], ids=lambda row: row["query"])
def test_a_name_means_what_it_says(row: dict[str, Json]) -> None:
    """Other names, printed names and years stand for the names and claims that entries carry."""
    assert parse(row["query"], vocabulary=NAMES).tree == parse(row["is"]).tree


@pytest.mark.parametrize("row", TABLE["unknown"], ids=lambda row: row["query"])
def test_a_name_that_is_none_is_told_with_the_nearest(row: dict[str, Json]) -> None:
    """It would find nothing, or keep nothing out, and look like an answer."""
    with pytest.raises(QueryError) as caught:
        parse(row["query"], vocabulary=NAMES)
    assert caught.value.column == row["column"]
    assert caught.value.message.startswith(row["says"])


def test_a_kept_query_outlives_its_names() -> None:
    """A topic that has gone since finds nothing; what the rest names is still found."""
    forgiving = NAMES.forgiving()
    kept = parse("topic:gone OR venue:nips2025", vocabulary=forgiving)
    assert kept.tree == parse("topic:gone OR venue:neurips year:2025").tree
    assert [name for name, card in CARDS.items() if match(kept, card)] == ["odd"]


def test_what_an_archive_holds_is_known_too() -> None:
    """Venues beyond the table; a field that is open stays open."""
    more = NAMES.also("venue", ["Rare Days"]).also("edition", ["x"])
    assert (
        parse("venue:rare-days26", vocabulary=more).tree
        == parse('venue:"rare days" year:2026').tree
    )
    assert parse("venue:rare*", vocabulary=more).tree == parse("venue:rare*").tree
    assert more.also("venue", ["rare days"]) == more


@pytest.mark.parametrize("row", TABLE["hints"], ids=lambda row: row["query"])
def test_an_operator_in_lower_case_is_asked_about(row: dict[str, Json]) -> None:
    """Between two parts alone, and never in quotes; the query itself stays as it is."""
    told = hints(row["query"])
    assert [hint.message for hint in told] == row["says"]
    assert [hint.query for hint in told] == row["offers"]


def tree_of_row(row: dict[str, Json]) -> Node:
    match row:
        case {"kind": "all", "of": of}:
            return All(tuple(map(tree_of_row, of)))
        case {"kind": "any", "of": of}:
            return Any(tuple(map(tree_of_row, of)))
        case {"kind": "not", "of": of}:
            return Not(tree_of_row(of))
        case {"kind": "is", "field": field, "value": value, "prefix": prefix}:
            return Is(field, value, prefix)
    return Words(tuple(row["words"]), row["prefix"])


@pytest.mark.parametrize("row", TABLE["trees"], ids=lambda row: str(TABLE["trees"].index(row)))
def test_what_says_nothing_neither_keeps_out_nor_lets_in(row: dict[str, Json]) -> None:
    """All of nothing is every entry and Any of nothing none, with or without claims and inside a tree."""
    wanted = Filter("", tree_of_row(row["tree"]))
    assert [name for name, card in CARDS.items() if match(wanted, card)] == row["holds"]


def test_a_blank_query_is_refused_and_no_query_is_everything() -> None:
    """Nobody reads a blank as a filter; where nobody asked, each entry is there, with claims or none."""
    for blank in ("", "  ", "\t\n", "()", "( )", "-", "NOT"):
        with pytest.raises(QueryError):
            parse(blank)
    assert [name for name, card in CARDS.items() if match(EVERYTHING, card)] == list(CARDS)
    assert [name for name, card in CARDS.items() if match(NOTHING, card)] == []
    assert hits(EVERYTHING, CARDS["two"]) == ()


def test_the_table_names_every_field() -> None:
    """A field that is added without rows is noticed."""
    used = {q.split(":")[0] for c in TABLE["cases"] for q in c["query"].split() if ":" in q}
    fields = "title topic venue year track status presentation ring kind author cat source"
    assert {*fields.split(), "group", "id", "has", "week", "since", "until"} <= used


@pytest.mark.parametrize("row", TABLE["errors"], ids=lambda row: row["query"][:20])
def test_a_slip_is_told_with_its_column(row: dict[str, Json]) -> None:
    """Every way to get it wrong names the place and what would be right."""
    with pytest.raises(QueryError) as caught:
        parse(row["query"])
    assert caught.value.column == row["column"]
    assert row["says"] in caught.value.message
    assert caught.value.query == row["query"]


def test_a_topic_may_not_lean_on_what_is_computed_from_topics() -> None:
    """A topic's own match takes words, title, author, cat and kind, and no other field."""
    parse('flow title:x author:"a b" cat:cs.* kind:paper', only=TOPIC_FIELDS)
    with pytest.raises(QueryError) as caught:
        parse("flow OR topic:vision", only=TOPIC_FIELDS)
    assert caught.value.column == 9
    assert caught.value.message == "topic: cannot be used here; there are author, cat, kind, title"


def test_a_query_is_bounded_in_length_and_depth() -> None:
    """A hostile query is refused, not a stack overflow; what is under the bound parses."""
    assert parse("(" * 50 + "a" + ")" * 50).tree == Words(("a",))
    with pytest.raises(QueryError, match="50 parentheses") as deep:
        parse("(" * 51 + "a" + ")" * 51)
    assert deep.value.column == 51
    assert parse("ab " * 2666).tree == All((Words(("ab",)),) * 2666)
    with pytest.raises(QueryError, match="too long"):
        parse("a" * 8001)
    assert parse("-" * 7998 + "ab").tree == Not(Words(("ab",)))


def test_trees_are_flat_and_operators_bind_as_written_down() -> None:
    """OR is weaker than AND; parentheses and negations that say nothing leave no trace."""
    a, b, c = (Words((w,)) for w in "abc")
    assert parse("a b OR c").tree == Any((All((a, b)), c))
    assert parse("a (b c)").tree == All((a, b, c))
    assert parse("(a OR b) OR c").tree == Any((a, b, c))
    assert parse("-(NOT a)").tree == a
    assert parse("-a b").tree == All((Not(a), b))
    assert parse('a"b"(c)').tree == All((a, Words(("b",), quoted=True), c))
    assert parse("or and not").tree == All((Words(("or",)), Words(("and",)), Words(("not",))))


def test_the_canonical_text_is_as_short_as_its_tree_allows() -> None:
    """Quotes and parentheses stand only where they are needed; periods are written as days."""
    assert canonical(parse('(A) AND ("b" OR (c d))')) == 'a ("b" OR c d)'
    assert canonical(parse("NOT state-of-the-art*")) == "-state-of-the-art*"
    assert canonical(parse("-(a OR Author:Fei-Fei)")) == '-(a OR author:"fei fei")'
    assert canonical(parse("until:2026 cat:cs.*")) == "until:2026-12-31 cat:cs.*"


def test_periods_become_their_first_or_last_day() -> None:
    """since counts from the first day of what was written, until to the last."""
    assert parse("since:2026-02").tree == Is("since", "2026-02-01")
    assert parse("until:2024-02").tree == Is("until", "2024-02-29")
    assert parse("until:2026").tree == Is("until", "2026-12-31")
    assert parse("until:2026-W53").tree == Is("until", "2027-01-03")


def test_the_reason_names_the_words_found_title_first() -> None:
    """A reason shows what stands in the entry, in a branch that holds, the title before the rest."""
    none, one, two = CARDS["none"], CARDS["one"], CARDS["two"]
    assert hits(parse('diffu* OR "flow match*"'), none)[0] == "title: flow matching"
    assert hits(parse("diffu*"), none)[0] == "summary: diffusion"
    assert hits(parse("cat:cs.r*"), none)[0] == "cat: cs.RO"
    assert hits(parse("(flow zzz) OR policies"), none)[0] == "summary: policies"
    assert hits(parse("title:wild"), one)[0] == "title: wild"
    assert hits(parse("venue:cvpr status:accepted"), one)[0] == "venue: cvpr"
    assert hits(parse("author:lin*"), one)[0] == "author: ann lindqvist"
    assert hits(parse("-flow"), two) == ()
    assert hits(parse("flow"), two) == ()
    assert hits(parse("code OR flow OR flow"), none) == ("title: flow", "summary: code")


def test_a_card_made_by_hand_matches_by_its_text_alone() -> None:
    """Without prepared word sets the text still decides."""
    card = Card(" flow matching  for robots ")
    assert match(parse('flow "for rob*"'), card)
    assert not match(parse('"matching for"'), card)
    assert not match(parse('"flow match"'), Card(" flow matching match  "))
    assert hits(parse("robots"), card)[0] == "summary: robots"


def test_two_filters_of_the_same_text_but_different_trees_keep_apart() -> None:
    """What is remembered of a tree belongs to that tree."""
    card = Card(" flow  ")
    assert match(Filter("x", Words(("flow",))), card)
    assert not match(Filter("x", Words(("wave",))), card)


def test_a_pick_gives_the_card_that_its_entry_gave() -> None:
    """The archive's page and the week's run see the same entry; the gist stands in for a summary."""
    when = datetime(2026, 3, 3, 12, tzinfo=UTC)
    claims = (Claim("icml", 2026, "main", "accepted"),)
    entry = Entry(
        "arxiv:2603.1", "paper", "arxiv", "u", "Flow", "It flows. Well.", ("A Li",),
        published=when, categories=("cs.LG",), group="lab", week="2026-W10", topics=("generative",),
    )  # fmt: skip
    pick = Pick(
        "arxiv:2603.1", "paper", "arxiv", "lab", "u", "Flow", ("A Li",), when, "2026-W10", "new",
        "near", ("cs.LG",), "", "", claims, (Tag("generative", 1.0, ""),),
        (Evidence("code", ""),), "It flows.", 1.0, (Contribution("x", 1.0, ""),), (),
    )  # fmt: skip
    card = card_of_entry(entry, claims=claims, ring="near", evidence=pick.evidence)
    assert card_of_pick(pick, "It flows. Well.") == card
    assert card.day == date(2026, 3, 3)
    assert card_of_pick(pick).text == " flow  it flows "


def test_an_entry_without_a_date_stands_at_its_start_or_in_its_week() -> None:
    """An event counts on the day it starts, an undated post on the Monday of its week."""
    starts = datetime(2026, 7, 6, 9, tzinfo=UTC)
    event = Entry("post:1", "event", "calendar", "u", "A school", starts=starts, week="2026-W10")
    assert card_of_entry(event).day == date(2026, 7, 6)
    assert card_of_entry(Entry("post:2", "post", "x", "u", "A"), week="2026-W10").day == date(
        2026, 3, 2
    )
    assert card_of_entry(Entry("post:3", "post", "x", "u", "A")).day is None


# ---------------------------------------------------------------- properties

WORD = st.sampled_from(["flow", "matching", "survey", "diffusion", "c", "code", "zebra"])
WORDS = st.builds(Words, st.lists(WORD, min_size=1, max_size=3).map(tuple), st.booleans())
FIELD = st.sampled_from(
    [
        *(Is("title", "flow matching"), Is("author", "li", True), Is("author", "fei fei li")),
        *(Is("cat", "cs.", True), Is("cat", "stat.ml"), Is("topic", "reinforcement learning")),
        *(Is("venue", "cvpr"), Is("venue", "tiny papers day"), Is("status", "accepted")),
        *(Is("status", "rejected"), Is("year", "2025"), Is("presentation", "best_paper")),
        *(Is("id", "doi:10.1000/x(1)"), Is("week", "2026-W10"), Is("since", "2026-03-03")),
        *(Is("until", "2026-03-03"), Is("has", "code"), Is("ring", "near"), Is("kind", "post")),
    ]
)


def joined(kind: type[All] | type[Any], members: list[Node]) -> Node:
    flat = [n for m in members for n in (m.of if isinstance(m, kind) else (m,))]
    return kind(tuple(flat))


def grown(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(nodes, min_size=2, max_size=3)
    return st.one_of(
        nodes.map(lambda n: n.of if isinstance(n, Not) else Not(n)),
        some.map(lambda ns: joined(All, ns)),
        some.map(lambda ns: joined(Any, ns)),
    )


TREES: st.SearchStrategy[Node] = st.recursive(st.one_of(WORDS, FIELD), grown, max_leaves=8)


@given(TREES)
def test_the_canonical_text_parses_to_the_same_tree(tree: Node) -> None:
    """canonical loses nothing and is its own canonical form."""
    text = canonical(Filter("", tree))
    assert parse(text).tree == tree
    assert canonical(parse(text)) == text


@given(TREES, st.sampled_from(sorted(CARDS)))
def test_not_is_the_complement(tree: Node, name: str) -> None:
    """An entry matches a filter or its negation, never both."""
    assert match(Filter("", tree), CARDS[name]) != match(Filter("", Not(tree)), CARDS[name])


@given(TREES, TREES)
def test_or_is_the_union(left: Node, right: Node) -> None:
    """OR gives exactly what either side gives."""
    sides = matching(left) | matching(right)
    assert matching(joined(Any, [left, right])) == sides


@given(TREES, TREES)
def test_and_is_the_intersection_but_for_the_one_claim_rule(left: Node, right: Node) -> None:
    """AND never gives more than both sides, and exactly both where a side holds no claim field."""
    both = matching(left) & matching(right)
    joint = matching(joined(All, [left, right]))
    assert joint <= both
    if not (speaks_of_claims(left) and speaks_of_claims(right)):
        assert joint == both


@given(TREES, st.sampled_from(sorted(CARDS)))
def test_a_reason_is_given_only_for_a_match(tree: Node, name: str) -> None:
    """No reason is made up for an entry that the filter does not ask for."""
    asked = Filter("", tree)
    assert match(asked, CARDS[name]) or hits(asked, CARDS[name]) == ()


@given(st.one_of(st.text(max_size=40), st.text('ab"“”():*-ORANDT \nyear:2c+', max_size=40)))
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    """No text ends in another exception, and what parses can be written down and read again."""
    column, found = 1, None
    try:
        found = parse(text)
    except QueryError as e:
        column = e.column
    assert 1 <= column <= len(text) + 1
    assert found is None or parse(canonical(found)).tree == found.tree


def matching(tree: Node) -> set[str]:
    return {name for name, card in CARDS.items() if match(Filter("", tree), card)}


def speaks_of_claims(node: Node) -> bool:
    if isinstance(node, Not):
        return speaks_of_claims(node.of)
    if isinstance(node, All | Any):
        return any(map(speaks_of_claims, node.of))
    return isinstance(node, Is) and node.field in CLAIM_FIELDS


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("llm", {"llms"}),
        ("benchmarks", {"benchmark", "benchmarkses"}),
        ("study", {"studies"}),
        ("analysis", {"analyses", "analysises", "analysi"}),
        ("analyses", {"analysis", "analys", "analyse", "analyseses"}),
        ("bias", {"biases", "bia"}),
        ("matrix", {"matrices", "matrixes"}),
        ("class", {"classes"}),
        ("gpus", {"gpu", "gpuses"}),
        ("apis", {"api", "apises"}),
        ("vis", {"vises"}),
        ("axis", {"axes", "axises", "axi"}),
        ("corpora", {"corpus", "corporas"}),
        ("criterion", {"criteria", "criterions"}),
        ("news", set()),
        ("ga", set()),
        ("dynamics", set()),
        ("gpt4", set()),
        ("a", set()),
    ],
)
def test_a_word_goes_with_its_singular_and_its_plural(word: str, others: set[str]) -> None:
    """Both are looked for; a form that no text has harms nobody, a word of other sense would."""
    assert set(forms(word)) == {word, *others}


def test_a_query_written_anew_keeps_what_stood_in_quotes() -> None:
    """Quotes say that a word is meant as it is written, so they are not lost on the way."""
    for text in (
        '"llm"',
        "llm",
        "multi-modal",
        '"multi modal"',
        'title:"llm"',
        "title:fine-tuning",
    ):
        assert canonical(parse(text)) == text


def test_the_work_for_a_name_grows_with_its_length_alone() -> None:
    """Initials may stand for many names, and a feed may print an author of nothing but initials."""

    def work(n: int) -> int:
        return calls(lambda: is_name(" ".join("a" * n + "b"), " ".join("a" * 2 * n)))

    few, many = work(6), work(12)
    assert many < 6 * few


def test_a_phrase_is_loosened_into_its_words_and_keeps_its_star() -> None:
    """Of "flow match*" the last word may go on in the looser filter, too."""
    assert loosened(parse('"flow match*"').tree) == (parse("flow match*").tree,)
    assert loosened(parse("fine-tuning").tree) == (parse("fine tuning").tree,)
    assert loosened(parse("flow").tree) == ()
