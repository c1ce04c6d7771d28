"""How well topics are given where they are rare, and to posts: rows that were kept for testing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import captured
import numpy as np

from sundaypaper import topics
from sundaypaper.models import Entry
from sundaypaper.query import card_of_entry

from .card import Row, drawn, f1, middle, row
from .tagging import GROUP, IDS, NAIVE, TOPICS, Tagged, counts, micro, read

NAMES = {topic.id: topic.name for topic in TOPICS}


def measure(data: Path) -> Iterator[Row]:
    """A figure for each rare topic, and one for posts."""
    yield from _rare(data)
    yield _posts(
        "post-topics.jsonl", "topics.posts", "Posts are short and speak otherwise than abstracts."
    )
    yield from _fresh(data)


def _rare(data: Path) -> Iterator[Row]:
    asked = [said for n in (1, 2) for said in captured.gold(f"rare-topics-{n}.jsonl")]
    papers = _among(sorted((data / "weeks").glob("*.jsonl.gz")), {said["id"] for said in asked})
    for topic in sorted({said["topic"] for said in asked}, key=IDS.index):
        rows = [_one(papers[said["id"]], said) for said in asked if said["topic"] == topic]
        each, plain = (_verdicts(rows, topic, by) for by in ("ours", "naive"))
        yield row(
            float(f1(*each.sum(axis=0))),
            middle(f1(*np.moveaxis(drawn(each), -1, 0))),
            key=f"topics.rare.{topic}",
            group=GROUP,
            n=len(rows),
            of="papers, half of them near misses",
            what=f"{NAMES[topic]}, right and found on hard rows, F1",
            means="A rare topic on rows of its own, half of which only look as if they were of it.",
            baseline=float(f1(*plain.sum(axis=0))),
            beside=NAIVE,
        )


def _fresh(data: Path) -> Iterator[Row]:
    """Rows that were labelled before any run, of papers and posts that are in no other file."""
    asked = {
        key: captured.gold(f"{name}.jsonl")
        for key, name in (("papers", "paper-topics"), ("rare", "rare-paper-topics"))
    }
    found = _among([data / "readers/papers.jsonl.gz"], {s["id"] for a in asked.values() for s in a})
    drawn_by = {
        "papers": ("papers drawn by lot", "Papers of 57 weeks, as they come."),
        "rare": (
            "papers drawn by words",
            "Papers that look as if they were of a rare topic, most of which are not.",
        ),
    }
    for key, said in asked.items():
        rows = [
            read({**found[one["id"]], **one}, found[one["id"]]["abstract"], one["maybe"])
            for one in said
        ]
        of, means = drawn_by[key]
        yield _over(rows, f"topics.fresh.{key}", of, f"Topics of {of}, F1 over all tags", means)
    yield _posts(
        "post-topics-2.jsonl",
        "topics.fresh.posts",
        "Two of three are of sites that the other posts are not from, and a third say no more "
        "than their titles do.",
    )


def _posts(file: str, key: str, means: str) -> Row:
    known = captured.posts()
    rows = [_post(known[said["id"]], said) for said in captured.gold(file)]
    what = "Topics of posts right and found, F1 over all tags"
    return _over(rows, key, "posts of blogs", what, means)


def _over(rows: list[Tagged], key: str, of: str, what: str, means: str) -> Row:
    """F1 over all tags of these rows, beside that of the matches."""
    each, plain = counts(rows, "ours"), counts(rows, "naive")
    return row(
        float(micro(each.sum(axis=0))),
        middle(micro(drawn(each))),
        key=key,
        group=GROUP,
        n=len(rows),
        of=of,
        what=what,
        means=means,
        baseline=float(micro(plain.sum(axis=0))),
        beside=NAIVE,
    )


def _among(files: Iterable[Path], ids: set[str]) -> dict[str, dict[str, Any]]:
    """The papers that are asked for, of these files."""
    found = {}
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                if paper["id"] in ids:
                    found[paper["id"]] = paper
    return found


def _one(paper: dict[str, Any], said: dict[str, Any]) -> Tagged:
    wanted = {**paper, "topics": [said["topic"]] if said["yes"] else []}
    return read(wanted, paper["abstract"])


def _post(entry: Entry, said: dict[str, Any]) -> Tagged:
    given = frozenset(tag.topic for tag in topics.tags(entry, TOPICS, card_of_entry(entry)))
    plain = read({"title": entry.title, "kind": "post", "topics": said["topics"]}, entry.summary)
    return Tagged(frozenset(said["topics"]), frozenset(said["maybe"]), given, plain.naive)


def _verdicts(rows: list[Tagged], topic: str, by: str) -> np.ndarray:
    """Right, wrong and missed, (rows, 3), of one topic."""
    told = [(topic in one.want, topic in getattr(one, by)) for one in rows]
    return np.array([(want and got, got and not want, want and not got) for want, got in told], int)
