"""The archive's index: what it says of each query, asked as a browser asks it, file by file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_reader import Archive, rising, vlq
from sample_issue import sample_issue
from sundaypaper.formats import archive
from sundaypaper.formats.archive.numbers import decode, encode, first, gaps
from sundaypaper.models import Claim, Evidence, Issue, Page, Pick, Tag
from sundaypaper.query import card_of_pick, listed_abstract, match, parse

TABLE = json.loads(Path(__file__).with_name("conformance.json").read_text(encoding="utf-8"))
BASE = sample_issue(110)


def pick_of_row(row: dict[str, Any]) -> Pick:
    """An entry of the conformance table as an issue holds it."""
    return replace(
        BASE.entries[0],
        id=row["id"],
        kind=row["kind"],
        source=row["source"],
        group=row["group"],
        title=row["title"],
        gist=row["summary"],
        authors=tuple(row["authors"]),
        categories=tuple(row["categories"]),
        published=row["published"] and datetime.fromisoformat(row["published"]),
        claims=tuple(Claim(**claim) for claim in row["claims"]),
        tags=tuple(Tag(topic, 1.0, "") for topic in row["topics"]),
        ring=row["ring"],
        evidence=tuple(Evidence(kind, "") for kind in row["has"]),
        week=row["week"],
    )


def issue_of(week: str, picks: Iterable[Pick]) -> Issue:
    """An issue that holds those entries, each with its gist for an abstract."""
    return replace(BASE, week=week, entries=tuple(picks), abstracts={}, amendments=())


def archive_of(segments: Sequence[archive.Segment], *pages: Iterable[Page]) -> Archive:
    """What a reader finds where those segments were published."""
    bodies = {page.path: page.body for made in pages for page in made}
    head = archive.manifest(segments)
    bodies[head.path] = head.body
    return Archive(bodies.__getitem__)


def weekly(*issues: Issue) -> Archive:
    """The archive of some issues, a segment each."""
    made = [archive.of_week(issue, lambda id: "") for issue in issues]
    segments = [archive.of_pages(i.week, pages) for i, pages in zip(issues, made, strict=True)]
    return archive_of(segments, *made)


def in_one(*issues: Issue) -> Archive:
    """The archive of some issues, joined to a single segment."""
    made = [archive.of_week(issue, lambda id: "") for issue in issues]
    segments = [archive.of_pages(i.week, pages) for i, pages in zip(issues, made, strict=True)]
    pages = archive.joined("all", segments)
    return archive_of([archive.of_pages("all", pages)], pages)


# ---------------------------------------------------------------- true answers


def test_every_row_of_the_conformance_table_holds_of_the_index() -> None:
    """What the filter box answers of an entry, and Python, its index answers too."""
    entries = {name: pick_of_row(row) for name, row in TABLE["entries"].items()}
    one = weekly(issue_of("2026-W10", entries.values()))
    queries = dict.fromkeys(case["query"] for case in TABLE["cases"])
    found = {query: {id for _, id in one.find(query)} for query in queries}
    wrong = [
        case
        for case in TABLE["cases"]
        if (entries[case["entry"]].id in found[case["query"]]) != case["expected"]
    ]
    assert wrong == []


TEXTS = st.lists(
    st.sampled_from("of the a state art model models language 1 kettle kettles multi modal".split()),
    max_size=9,
).map(" ".join)  # fmt: skip
WORDS = st.sampled_from(
    "of the state kettle kettles models multimodal multi-modal kett* art".split()
)
LEAVES = st.one_of(
    WORDS,
    st.lists(WORDS.filter(lambda w: w[-1] != "*"), min_size=2, max_size=4).map(
        lambda words: f'"{" ".join(words)}"'
    ),
    TEXTS.filter(bool).map(lambda text: f'title:"{text}"'),
    TEXTS.filter(bool).map(lambda text: f'"{text}*"'),
    st.sampled_from(("author:li", 'author:"w li"', 'author:"weiming li"', "author:mi*", "week:2026-W10", "-week:2026-W10")),
)  # fmt: skip
QUERIES = st.lists(LEAVES, min_size=1, max_size=3).flatmap(
    lambda leaves: st.sampled_from((" ", " OR ", " -")).map(lambda join: join.join(leaves))
)
NAMES = st.lists(
    st.sampled_from(("Wei Li", "Wei-Ming Li", "Weiming Li", "W. M. Li", "Mira Abel")), max_size=2
)


def invented(number: int, title: str, text: str, names: list[str]) -> Pick:
    """An entry with those words."""
    return replace(
        BASE.entries[0], id=f"arxiv:2603.{number:05}", title=title, gist=text, authors=tuple(names)
    )


ENTRIES = st.lists(st.tuples(TEXTS, TEXTS, NAMES), min_size=1, max_size=5)


@given(ENTRIES, ENTRIES, st.lists(QUERIES, min_size=1, max_size=5))
def test_the_index_answers_as_the_filter_does(
    one: list[Any], other: list[Any], queries: list[str]
) -> None:
    """Phrases across function words and frequent ones, forms, names, negations; in segments and joined."""
    picks = [invented(number, *told) for number, told in enumerate([*one, *other])]
    issues = (
        issue_of("2026-W10", picks[: len(one)]),
        issue_of(
            "2026-W11",
            (replace(pick, week="2026-W11", published=None) for pick in picks[len(one) :]),
        ),
    )
    apart, joined = weekly(*issues), in_one(*issues)
    for query in queries:
        wanted = [
            (issue.week, pick.id)
            for issue in reversed(issues)
            for pick in issue.entries
            if match(parse(query), card_of_pick(pick, listed_abstract(pick, issue.abstracts)))
        ]
        assert apart.find(query) == wanted
        assert joined.find(query) == wanted


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("number", "text"), [(0, "A"), (1, "B"), (31, "f"), (32, "gB"), (1000, "of"), (170_000, "wgmF")]
)
def test_numbers_are_base64_vlq_without_a_sign(number: int, text: str) -> None:
    """As in source maps, five bits a digit, but for the bit of the sign."""
    assert encode(number) == text
    assert list(decode(text)) == list(vlq(text)) == [number]


def test_a_list_of_numbers_is_kept_as_its_gaps() -> None:
    """The first as if -1 stood before it, so that neighbours cost a digit of zero."""
    assert gaps([0, 1, 2, 40]) == "AAAlB"
    assert rising("AAAlB") == [0, 1, 2, 40]
    assert first("gBAA") == (32, "AA")
