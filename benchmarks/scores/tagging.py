"""How well topics are given: against gold, and on the shelf, which needs no shared data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sundaypaper import topics
from sundaypaper.config import default_topics
from sundaypaper.models import Entry
from sundaypaper.query import card_of_entry, hits, match
from sundaypaper.topics.rules import tag_of_match

from .card import ROOT, Row, Table, drawn, f1, lines, middle, row

GROUP = "topics"
NAIVE = "the default matches alone, without what was learnt"
FEWEST = 10  # positives of a topic that counts in the macro mean
MICRO_FLOOR, MACRO_FLOOR = 0.88, 0.87
TOPICS = default_topics()
IDS = tuple(topic.id for topic in TOPICS)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A labelled entry and what is said of it; maybe counts neither for nor against."""

    want: frozenset[str]
    maybe: frozenset[str]
    ours: frozenset[str]
    naive: frozenset[str]


def read(said: Mapping[str, Any], summary: str, maybe: Iterable[str] = ()) -> Tagged:
    """A labelled row as the pipeline would tag it, and by the matches alone."""
    entry = Entry(
        id=said["title"],
        kind=said.get("kind", "paper"),
        source="arXiv",
        url="",
        title=said["title"],
        summary=summary,
        categories=tuple(said.get("categories", ())),
    )
    card = card_of_entry(entry)
    ruled = [tag_of_match(t, hits(t.match, card)) for t in TOPICS if match(t.match, card)]
    matched = sorted(ruled, key=lambda tag: -tag.score)
    return Tagged(
        frozenset(said["topics"]),
        frozenset(maybe),
        frozenset(tag.topic for tag in topics.tags(entry, TOPICS, card)),
        frozenset(tag.topic for tag in matched[: topics.MAX_TAGS]),
    )


def counts(rows: Iterable[Tagged], by: str) -> Counts:
    """Right, wrong and missed, (rows, 3, topics)."""
    found = []
    for one in rows:
        got, skip = getattr(one, by), one.maybe - one.want
        right, wrong, missed = one.want & got, got - one.want - skip, one.want - got
        found.append([[t in part for t in IDS] for part in (right, wrong, missed)])
    return np.array(found, dtype=np.int64)


def micro(total: Counts) -> Any:
    """F1 over all pairs of row and topic, of counts (…, 3, topics)."""
    return f1(*np.moveaxis(total.sum(axis=-1), -1, 0))


def macro(total: Counts, often: NDArray[np.bool_]) -> Any:
    """The mean of F1 over the topics that are often enough, of counts (…, 3, topics)."""
    return f1(*np.moveaxis(total[..., often], -2, 0)).mean(axis=-1)


def gold(data: Path) -> list[Tagged]:
    """The shared gold, tagged."""
    rows = lines(data / "gold" / "topics.jsonl")
    return [read(said, said["abstract"], said["maybe"]) for said in rows]


def often(each: Counts) -> NDArray[np.bool_]:
    """Which topics have enough positives."""
    return (each[:, 0] + each[:, 2]).sum(axis=0) >= FEWEST


def measure(rows: list[Tagged]) -> Iterator[Row]:
    """The figures on gold rows."""
    each, plain = counts(rows, "ours"), counts(rows, "naive")
    total, naive, again, counted = each.sum(axis=0), plain.sum(axis=0), drawn(each), often(each)
    yield row(
        float(micro(total)),
        middle(micro(again)),
        key="topics.micro",
        group=GROUP,
        n=len(rows),
        what="Topics right and found, F1 over all tags",
        of="papers",
        means="Every tag counts alike, so that frequent topics weigh most.",
        baseline=float(micro(naive)),
        beside=NAIVE,
        floor=MICRO_FLOOR,
    )
    yield row(
        float(macro(total, counted)),
        middle(macro(again, counted)),
        key="topics.macro",
        group=GROUP,
        n=int(counted.sum()),
        of=f"topics of {FEWEST} papers or more",
        what="Topics right and found, mean F1 of the topics",
        means="Every topic counts alike, so that a rare one cannot hide.",
        baseline=float(macro(naive, counted)),
        beside=NAIVE,
        floor=MACRO_FLOOR,
    )
    yield _given(rows)


def _given(rows: list[Tagged]) -> Row:
    given, by_rule, wanted, possible = (
        sum(len(getattr(one, part)) for one in rows) / len(rows)
        for part in ("ours", "naive", "want", "maybe")
    )
    return row(
        given,
        key="topics.tags",
        group=GROUP,
        n=len(rows),
        of="papers",
        what="Topics that a paper is given",
        form="number",
        better="neither",
        means=f"Neither good nor bad by itself: the labels hold {wanted:.2f} a paper, and call "
        f"{possible:.2f} more possible.",
        baseline=by_rule,
        beside=NAIVE,
    )


def shelf() -> Iterator[Row]:
    """The landmarks of the shelf by title and our own summary, against the topics they state."""
    path = ROOT / "src" / "sundaypaper" / "data" / "shelf" / "entries.jsonl"
    rows = [read(said, said["summary"]) for said in lines(path) if said.get("topics")]
    each, plain = counts(rows, "ours"), counts(rows, "naive")
    yield row(
        float(micro(each.sum(axis=0))),
        middle(micro(drawn(each))),
        key="topics.shelf",
        group=GROUP,
        n=len(rows),
        of="landmarks",
        what="Topics of the landmarks on the shelf, F1 over all tags",
        means="Landmarks since the beginnings of the field, told in sixty words of ours: unlike "
        "what was learnt from, so much the harder. The printed shelf uses its stated topics.",
        baseline=float(micro(plain.sum(axis=0))),
        beside=NAIVE,
    )


def table(rows: list[Tagged]) -> Table:
    """The gold rows by topic."""
    total, naive = counts(rows, "ours").sum(axis=0), counts(rows, "naive").sum(axis=0)
    names = {topic.id: topic.name for topic in TOPICS}
    order = sorted(range(len(IDS)), key=lambda at: (-int(total[0, at] + total[2, at]), IDS[at]))
    return Table(
        "topics",
        GROUP,
        "Topics one by one",
        f"Topics of fewer than {FEWEST} papers say little, and are left out of the mean. "
        f"Naive: {NAIVE}.",
        ("Topic", "Right", "Wrong", "Missed", "Precision", "Recall", "F1", "F1, naive"),
        tuple((names[IDS[at]], *_cells(total[:, at]), _cells(naive[:, at])[-1]) for at in order),
    )


def _cells(counted: Counts) -> tuple[int | float | None, ...]:
    tp, fp, fn = (int(c) for c in counted)
    return (
        *(tp, fp, fn),
        round(tp / (tp + fp), 4) if tp + fp else None,
        round(tp / (tp + fn), 4) if tp + fn else None,
        round(float(f1(tp, fp, fn)), 4) if tp + fn else None,
    )
