"""How the shipped model does on the rows that were kept for testing: rare topics, and posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from topic_card import as_row, entry
from topic_corpus import VERDICTS, Row, captured, labels, others
from topic_fit import Flags, f1

from sundaypaper.config import default_topics
from sundaypaper.topics import tags


def rare_lines(data: Path) -> list[str]:
    """A table: each rare topic on its test rows, and on these and the gold rows together."""
    asked = [row for n in (1, 2) for row in _read(VERDICTS / f"rare-topics-{n}.jsonl")]
    texts = dict(others(data))
    told = given([texts[row["id"]] for row in asked])
    gold = _read(data / "gold/topics.jsonl")
    found, (want, skip) = given(gold), labels(gold)
    lines = [
        "| rare topic | test rows | of these yes | precision | recall | F1 | F1 with gold rows |",
        "|---|---|---|---|---|---|---|",
    ]
    ids = [t.id for t in default_topics()]
    for topic in sorted({row["topic"] for row in asked}):
        at = ids.index(topic)
        mine = np.array([row["topic"] == topic for row in asked])
        yes = np.array([row["yes"] for row in asked])[mine]
        said = told[mine, at]
        all_yes, all_said = np.r_[yes, want[:, at]], np.r_[said, found[:, at]]
        all_skip = np.r_[np.zeros_like(yes), skip[:, at]]
        hit = (yes & said).sum()
        precision, recall = hit / max(1, said.sum()), hit / yes.sum()
        alone = _one(said, yes, np.zeros_like(yes))
        both = _one(all_said, all_yes, all_skip)
        lines.append(
            f"| {topic} | {mine.sum()} | {yes.sum()} | {precision:.2f} | {recall:.2f} "
            f"| {alone:.2f} | {both:.2f} |"
        )
    return lines


def post_line(data: Path) -> str:
    """A row of the first table: the posts kept for testing."""
    asked = _read(VERDICTS / "post-topics.jsonl")
    texts = dict(captured(data))
    return as_row(
        f"{len(asked)} posts, never trained on",
        given([texts[row["id"]] for row in asked]),
        *labels(asked),
    )


def given(rows: list[Row]) -> Flags:
    """(N, T): what the program gives each row."""
    topics = default_topics()
    told = [{tag.topic for tag in tags(entry(row), topics)} for row in rows]
    return np.array([[t.id in row for t in topics] for row in told])


def _one(said: Flags, yes: Flags, skip: Flags) -> float:
    return float(f1(said[:, None], yes[:, None], skip[:, None])[2][0])


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.open()]
