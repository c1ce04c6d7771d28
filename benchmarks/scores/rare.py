"""How well topics are given where they are rare, and to posts: rows that were kept for testing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
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
    yield _posts()


def _rare(data: Path) -> Iterator[Row]:
    asked = [said for n in (1, 2) for said in captured.gold(f"rare-topics-{n}.jsonl")]
    papers = _papers(data, {said["id"] for said in asked})
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


def _posts() -> Row:
    known = captured.posts()
    rows = [_post(known[said["id"]], said) for said in captured.gold("post-topics.jsonl")]
    each, plain = counts(rows, "ours"), counts(rows, "naive")
    return row(
        float(micro(each.sum(axis=0))),
        middle(micro(drawn(each))),
        key="topics.posts",
        group=GROUP,
        n=len(rows),
        of="posts of blogs",
        what="Topics of posts right and found, F1 over all tags",
        means="Posts are short and speak otherwise than abstracts.",
        baseline=float(micro(plain.sum(axis=0))),
        beside=NAIVE,
    )


def _papers(data: Path, ids: set[str]) -> dict[str, dict[str, Any]]:
    """The papers of the real weeks that are asked for."""
    found = {}
    for file in sorted((data / "weeks").glob("*.jsonl.gz")):
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
