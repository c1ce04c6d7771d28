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

from archive_reader import Archive, rising, unpacked, vlq
from sample_issue import sample_issue
from sundaypaper.formats import archive
from sundaypaper.formats.archive import shards
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


def segment(issue: Issue) -> archive.Segment:
    """The segment of an issue."""
    return archive.of_pages(issue.week, archive.of_week(issue, lambda id: ""))


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


@pytest.mark.parametrize("size", [12_000, 1])
def test_every_row_of_the_conformance_table_holds_of_the_index(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """What the filter box answers of an entry, and Python, its index answers too, in few files or many."""
    monkeypatch.setattr(shards, "POSTINGS", size)
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
        BASE.entries[0],
        id=f"arxiv:2603.{number:05}",
        url=f"https://arxiv.org/abs/2603.{number:05}",
        title=title,
        gist=text,
        authors=tuple(names),
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


def test_a_segment_is_the_same_whatever_it_was_joined_of() -> None:
    """Of three weeks at once, or of two that were joined before and one: the same bytes."""
    one, two, three = (
        segment(
            issue_of(week, (replace(pick, score=pick.score / n) for pick in BASE.entries[n::3]))
        )
        for n, week in enumerate(("2026-W01", "2026-W02", "2026-W03"), 1)
    )
    before = archive.of_pages("part", archive.joined("part", [one, two]))
    assert archive.joined("all", [before, three]) == archive.joined("all", [one, two, three])


# ---------------------------------------------------------------- files


def script_of(pages: Iterable[Page], path: str) -> str:
    """One file as text."""
    return next(unpacked(page.body).decode() for page in pages if page.path == path)


def test_a_small_segment_is_what_its_note_says() -> None:
    """Written by hand: numbers, places, a pair, neighbours of a rare word, a block, scores."""
    picks = (
        invented(2, "Kettles of models", "", []),
        replace(invented(1, "The kettle", "kettle state of the", ["Wei Li"]), score=3.5),
    )
    made = archive.of_week(issue_of("2026-W10", picks), lambda id: "p" * (id == picks[0].id))
    terms = script_of(made, "archive/2026-W10/t0.js")
    assert terms.startswith(
        'SundayPaper.archive.terms("2026-W10","t0","Aauthor:li|wei li B*Hwei|wei li B*Acat:cs.cv AA*'
    )
    # In entry 1 and its title: 1 << 1 | 1; in entry 0 and its title, a key with six letters of the last.
    assert "*Akettle D*Gs B*" in terms
    # At 1 behind "the" (1 << 2 | 2, and "the" is 1 before), at 128 alone and last (127 << 2 | 1);
    # at 0 before "of" and last (2 | 1, and "of" is 2 after).
    assert "*GB9P*DQ*" in script_of(made, "archive/2026-W10/p0.js")
    assert script_of(made, "archive/2026-W10/q0.js") == (
        'SundayPaper.archive.terms("2026-W10","q0","Aof models A*Dthe B*Astate of B");\n'
    )
    # At 1, at 130 and at 129, each the last of its entry.
    assert script_of(made, "archive/2026-W10/r0.js") == (
        'SundayPaper.archive.places("2026-W10","r0","D*lI*jI");\n'
    )
    # 4.000, and 0.500 less.
    assert script_of(made, "archive/2026-W10/scores.js") == (
        'SundayPaper.archive.scores("2026-W10","g9D0P");\n'
    )
    assert script_of(made, "archive/2026-W10/e0.js").startswith(
        'SundayPaper.archive.entries("2026-W10",0,[["arxiv:2603.00002","Kettles of models",[],"","p",'
        '"2026-W10","2026-03-02","paper","arxiv","",'
    )


def test_keys_stand_in_the_order_in_which_a_browser_compares() -> None:
    """By UTF-16 units: a character beyond the first 65,536 before one of its last."""
    assert sorted(["\ufa0e", "\U00020000", "z"], key=shards.order) == ["z", "\U00020000", "\ufa0e"]
    words = dict.fromkeys(("﨎", "𠀀a", "𠀀b", "𠀁"), ("B", ""))
    (page,), _ = shards.files("x", ("t", "p"), words)
    # The second shares three units with the first; of the third's pair of units one is shared, which tells no character.
    assert '"A\U00020000a B*Cb B*A\U00020001 B*A\ufa0e B"' in unpacked(page.body).decode()


def test_a_shard_begins_with_the_shortest_key_that_tells_it_from_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the head, which every search loads, is small."""
    monkeypatch.setattr(shards, "POSTINGS", 1)
    words = dict.fromkeys(("diffusers", "diffusion", "robot"), ("B", "D"))
    pages, begins = shards.files("x", ("t", "p"), words)
    assert begins == ("", "diffusi", "r")
    assert [page.path for page in pages][:3] == ["archive/x/t0.js", "archive/x/p0.js", "archive/x/t1.js"]  # fmt: skip


def test_a_head_says_of_each_shard_only_what_is_new_in_its_beginning() -> None:
    """Written by hand: nothing shared, then seven units, then none, then one of two."""
    assert shards.front_coded(("", "diffusi", "diffusi🙂", "r", "ro")) == "A*Adiffusi*H🙂*Ar*Bo"
    assert shards.front_coded(()) == ""


def test_hostile_text_cannot_leave_a_script() -> None:
    """No tag, comment or line separator in any file, and no key that could end a line."""
    bad = "</script><!-- <script>alert(1)\u2028\u2029 \\u003c \"');*\n"
    pick = replace(
        invented(1, bad, bad, [bad]), id=f"post:{bad}", source=bad, url=bad, categories=(bad,)
    )
    made = archive.of_week(issue_of("2026-W10", [pick, invented(2, "x", "", [])]), lambda id: "")
    for page in made:
        call = page.body.decode()
        assert not {"\n", "\r", "\0", "\u2028", "\u2029"} & set(call[:-1])
        assert (call.count('"'), call.count("\\")) == (4, 0)
    one = archive_of([archive.of_pages("2026-W10", made)], made)
    assert one.find("alert -id:2603.00002") == [("2026-W10", pick.id)]
    assert one.find("id:2603.00002") == [("2026-W10", "arxiv:2603.00002")]
    assert one.parts[0].record(1)["title"] == bad
    assert one.parts[0].record(1)["url"] == ""


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
