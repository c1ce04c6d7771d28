"""Filters asked all at once: the same answers as one by one."""

from __future__ import annotations

import pytest

from sundaypaper.config import default_topics
from sundaypaper.models import Card, Claim, Entry, Filter
from sundaypaper.query import card_of_entry, hits, match, parse
from sundaypaper.topics import words
from sundaypaper.topics.matches import Matches
from test_query import CARDS as CONFORMANCE
from test_query import TABLE, tree_of_row

QUERIES = (
    "robot",
    "rob*",
    '"two hands"',
    '"two ha*"',
    'title:"two hands"',
    "title:rob*",
    "title:hand",
    "cat:cs.RO -kind:post",
    "cat:cs.*",
    "-survey",
    "-(robot survey)",
    "-(robot OR survey)",
    "(robot OR zeppelin) (hands OR -gloves)",
    '-(robot -("two hands" OR gloves)) OR zeppelin',
    'author:"ada example"',
    "venue:cvpr status:accepted",
    "venue:icml OR robot",
    "-venue:icml",
    "since:2026",
    "robot robot*",
)
CARDS = (
    ("A robot with two hands", "It has no gloves.", ("cs.RO",)),
    ("Two-handed robots", "A survey of hands and of two hands.", ("cs.AI",)),
    ("Robotics", "", ()),
    ("", "", ()),
)


def card(title: str, summary: str, categories: tuple[str, ...]) -> Card:
    entry = Entry(
        id="arxiv:2603.00001",
        kind="paper",
        source="arxiv",
        url="",
        title=title,
        summary=summary,
        authors=("Ada Example",),
        categories=categories,
    )
    claims = (
        Claim("cvpr", 2026, "main", "submitted"),
        Claim("iclr", 2026, "main", "accepted"),
    )
    return card_of_entry(entry, claims=claims)


@pytest.mark.parametrize("told", CARDS)
def test_what_holds_and_why_is_what_each_filter_says_alone(
    told: tuple[str, str, tuple[str, ...]],
) -> None:
    """Words, phrases, beginnings, fields, negations and claims, together and one by one."""
    filters = (*map(parse, QUERIES), *(t.match for t in default_topics()))
    found = Matches(filters).on(card(*told))
    for number, one in enumerate(filters):
        assert found.holds(number) == match(one, card(*told)), one.text
        if found.holds(number):
            assert found.reasons(number) == hits(one, card(*told)), one.text


def test_asking_twice_says_the_same() -> None:
    """What is remembered of words changes no answer."""
    matches = Matches(map(parse, QUERIES))
    for told in (*CARDS, *CARDS):
        found = matches.on(card(*told))
        assert [found.holds(n) for n in range(len(QUERIES))] == [
            match(parse(query), card(*told)) for query in QUERIES
        ]


def test_a_card_of_text_alone_is_enough() -> None:
    """Neither the set of words nor a title needs to be prepared."""
    found = Matches((parse("diffusion"), parse("title:diffusion"))).on(Card(" diffusion  "))
    assert (found.holds(0), found.holds(1)) == (True, False)


def test_the_lexicon_counts_what_the_bag_counts() -> None:
    """The same terms as often, with words of pairs that are no terms themselves."""
    vocabulary = {"red": 0, "red fox": 1, "fox": 2, "blue hat": 3, "hat red": 4}
    lexicon = words.Lexicon(vocabulary)
    for text in (" red fox  red hat red fox ", " blue hat  fox ", "", " hat ", " odd red "):
        found, often = lexicon.bag(text)
        counted = list(zip(found.tolist(), often.tolist(), strict=True))
        assert counted == sorted(words.bag(text, vocabulary).items())


def test_what_says_nothing_neither_keeps_out_nor_lets_in() -> None:
    """The trees of the conformance table, asked all at once."""
    matches = Matches(Filter("", tree_of_row(row["tree"])) for row in TABLE["trees"])
    for name, one in CONFORMANCE.items():
        found = matches.on(one)
        held = [found.holds(number) for number in range(len(TABLE["trees"]))]
        assert held == [name in row["holds"] for row in TABLE["trees"]]
