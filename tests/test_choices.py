"""Choices of a form as a filter, and back: the meaning stays, whatever the lines hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundaypaper import query
from sundaypaper.errors import QueryError
from sundaypaper.models import Any, Filter, Node
from sundaypaper.query import Choices, Offered, Slip, Vocabulary

OFFERED = Offered(
    ("vision", "flow-matching"), ("cvpr", "tmlr"), {"build": "topic:mlops OR has:code", "one": "cat:cs.CV"}
)  # fmt: skip
NAMES = Vocabulary({"topic": {"vision": "vision"}, "venue": {"cvpr": "cvpr"}})


def asks(text: str) -> set[Node]:
    """What a filter lets through, as the members of its outermost OR."""
    tree = query.parse(text).tree
    return set(tree.of) if isinstance(tree, Any) else {tree}


@pytest.mark.parametrize(
    ("choices", "text"),
    [
        (Choices(), ""),
        (Choices(topics=("vision",)), "topic:vision"),
        (Choices(topics=("vision",), venues=("cvpr",)), "topic:vision OR venue:cvpr"),
        (Choices(people=("Fei-Fei Li", " ", "Li, W.")), 'author:"Fei-Fei Li" OR author:"Li, W."'),
        (Choices(people=('Tim "Bo" O’Neil', "“”")), 'author:"Tim Bo O’Neil"'),
        (Choices(queries=("depth -survey", "", "a b")), "depth -survey OR a b"),
        (Choices(queries=("depth OR pose", "a b")), "(depth OR pose) OR a b"),
        (Choices(queries=("(depth OR pose) has:code",)), "(depth OR pose) has:code"),
        (Choices(queries=("depth OR pose –",)), "(depth OR pose – )"),
        (Choices("build", ("vision",)), "(topic:mlops OR has:code) OR topic:vision"),
        (Choices(topics=("vision", "vision")), "topic:vision"),
    ],
)
def test_choices_are_one_filter(choices: Choices, text: str) -> None:
    """An OR of all that is chosen; a query with an OR of its own stays together."""
    assert query.filter_of(choices, OFFERED.editions) == text


def test_an_edition_alone_stays_an_edition() -> None:
    """So that a change of the edition reaches who chose it; with more it is a part of the filter."""
    assert query.wish_of(Choices("build", people=(" ",)), OFFERED.editions) == ("", "build")
    assert query.wish_of(Choices("one", ("vision",)), OFFERED.editions) == ("(cat:cs.CV) OR topic:vision", "")  # fmt: skip
    assert query.choices_of("", "build", OFFERED) == Choices("build")
    assert query.choices_of("", "gone", OFFERED) == Choices()
    assert query.choices_of("topic:vision", "gone", OFFERED) == Choices(topics=("vision",))


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("topic:vision OR venue:CVPR", Choices(topics=("vision",), venues=("cvpr",))),
        ("topic:flow-matching", Choices(topics=("flow-matching",))),
        ("topic:gone OR topic:vis*", Choices(queries=("topic:gone", "topic:vis*"))),
        ("author:li OR author:“Wei Li”*", Choices(people=("li", "Wei Li*"))),
        ("-author:li OR venue:cvpr year:2026", Choices(queries=("-author:li", "venue:cvpr year:2026"))),
        ("(topic:mlops OR has:code) OR depth", Choices("build", queries=("depth",))),
        ("topic:mlops OR has:code OR depth", Choices(queries=("topic:mlops", "has:code", "depth"))),
        ("(a OR b) OR (c) (d)", Choices(queries=("a OR b", "(c) (d)"))),
        ("depth OR depth", Choices(queries=("depth",))),
    ],
)  # fmt: skip
def test_a_filter_is_read_as_choices(text: str, choices: Choices) -> None:
    """What a form offers is ticked there; all else is a query, as it was written."""
    assert query.choices_of(text, "", OFFERED) == choices


WORDS = st.sampled_from(
    (
        *("depth", "-survey", '"flow matching"', "a OR b", "(a OR b) c", "topic:vision", "has:code"),
        *('author:"Wei Li"', "venue:cvpr year:2026", "(x)", "((a OR b))", "cat:cs.CV", "–", "or"),
        *("“x OR y”", "topic:mlops"),
    )
)  # fmt: skip
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=4)
FORMS = st.builds(
    Choices,
    st.sampled_from(["", "build", "one"]),
    st.lists(st.sampled_from(tuple(OFFERED.topics)), max_size=2).map(tuple),
    st.lists(st.sampled_from(tuple(OFFERED.venues)), max_size=2).map(tuple),
    st.lists(st.text(max_size=12), max_size=3).map(tuple),
    LINES.map(tuple),
)


@given(FORMS)
def test_the_meaning_of_choices_survives_the_way_to_a_filter_and_back(choices: Choices) -> None:
    """A form that is shown again and saved as it stands changes nothing."""
    if query.slips(choices, OFFERED, Vocabulary()):
        return
    text, edition = query.wish_of(choices, OFFERED.editions)
    again = query.choices_of(text, edition, OFFERED)
    assert query.slips(again, OFFERED, Vocabulary()) == ()
    second, kept = query.wish_of(again, OFFERED.editions)
    assert kept == edition
    assert (asks(second) == asks(text)) if text else second == ""


@given(st.lists(LINES.map(" OR ".join), min_size=1, max_size=3).map(" ".join))
def test_the_meaning_of_any_filter_survives_the_way_to_choices_and_back(text: str) -> None:
    """Also of one that was typed on the command line and never chosen on a form."""
    try:
        query.parse(text)
    except QueryError:
        return
    choices = query.choices_of(text, "", OFFERED)
    again, edition = query.wish_of(choices, OFFERED.editions)
    meant = Filter("", query.parse(OFFERED.editions[edition]).tree) if edition else query.parse(again)  # fmt: skip
    tree = meant.tree
    assert (set(tree.of) if isinstance(tree, Any) else {tree}) == asks(text)


def test_what_cannot_be_read_is_told_by_its_line_and_column() -> None:
    """With the name that was meant; blank lines count, and every field has its slips."""
    choices = Choices("gone", ("visoin",), ("cvpr",), ("Wei Li", "?!"), ("depth", "", "x topic:visoin", '"open'))  # fmt: skip
    assert query.slips(choices, OFFERED, NAMES) == (
        Slip("edition", 0, 0),
        Slip("topic", 0, 0),
        Slip("people", 2, 1),
        Slip("queries", 3, 3, "there is no topic “visoin”; did you mean “vision”?"),
        Slip("queries", 4, 1, "unclosed quote"),
    )


def test_what_is_too_much_together_is_told() -> None:
    """Each line may be short enough and all of them too long for one filter."""
    (slip,) = query.slips(Choices(queries=("depth " * 700, "pose " * 900)), OFFERED, NAMES)
    assert (slip.field, slip.line) == ("queries", 0)
    assert slip.message.startswith("the query is too long")


def test_venues_are_chosen_from_what_is_offered() -> None:
    """A key that was made up asks for nothing."""
    assert query.slips(Choices(venues=("nowhere",)), OFFERED, NAMES) == (Slip("venue", 0, 0),)
