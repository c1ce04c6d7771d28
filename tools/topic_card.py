"""The figures of docs/topics-model.md, measured with the program's own code."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from topic_fit import Flags, Floats, best_threshold, chosen, f1, interval

from sundaypaper.config import default_topics
from sundaypaper.models import Entry
from sundaypaper.query import card_of_entry, match
from sundaypaper.topics import model, tags

FIRST, LAST = "<!-- figures -->", "<!-- end of figures -->"
SEED = 20


def line(given: Flags, want: Flags, skip: Flags) -> str:
    """`0.880 micro, 0.860 macro, 1.9 tags a row`."""
    micro, macro, _ = f1(given, want, skip)
    return f"{micro:.4f} micro, {macro:.4f} macro, {given.sum(1).mean():.2f} tags a row"


def write(
    home: Path,
    data: Path,
    rows: list[dict[str, Any]],
    scores: Floats,
    fold: np.ndarray,
    want: Flags,
    skip: Flags,
    posts: str,
    rare: list[str],
) -> None:
    """Put the figures between the two marks of the model card; posts is a row, rare a table."""
    given = np.zeros_like(want)
    for k in range(fold.max() + 1):
        rest = fold != k
        threshold = best_threshold(scores[rest], want[rest], skip[rest])
        given[~rest] = chosen(scores[~rest], float(threshold))
    post = np.array([row["id"].startswith("post:") for row in rows])
    gold = [json.loads(text) for text in (data / "gold/topics.jsonl").open()]
    told = [
        "| rows | micro F1 | 95 % | macro F1 | tags a row |",
        "|---|---|---|---|---|",
        as_row("training rows, five-fold", given, want, skip),
        as_row("of these the papers", given[~post], want[~post], skip[~post]),
        as_row("of these the posts", given[post], want[post], skip[post]),
        *_gold(gold, want, given, skip, posts),
        "",
        *rare,
    ]
    file = home / "docs/topics-model.md"
    before, _, rest_of = file.read_text("utf-8").partition(FIRST)
    after = rest_of.partition(LAST)[2]
    body = "\n".join([FIRST, "", *told, "", *_speed(rows), "", LAST])
    file.write_text(before + body + after, "utf-8")


def as_row(name: str, given: Flags, want: Flags, skip: Flags) -> str:
    """One line of the first table: micro F1 with its interval, macro F1, tags a row."""
    micro, macro, _ = f1(given, want, skip)
    low, high = interval(given, want, skip, SEED)
    many = given.sum(1).mean()
    mean = f"{macro:.3f}" if macro else "–"  # no topic has ten rows
    return f"| {name} | {micro:.3f} | {low:.3f} to {high:.3f} | {mean} | {many:.2f} |"


def _gold(
    gold: list[dict[str, Any]], want: Flags, given: Flags, skip: Flags, posts: str
) -> list[str]:
    topics = default_topics()
    told = [{t.topic for t in tags(entry(row), topics)} for row in gold]
    found = np.array([[t.id in row for t in topics] for row in told])
    wanted = np.array([[t.id in row["topics"] for t in topics] for row in gold])
    skipped = np.array([[t.id in row["maybe"] for t in topics] for row in gold]) & ~wanted
    each, folded = f1(found, wanted, skipped)[2], f1(given, want, skip)[2]
    names = [
        f"| {t.id} | {want[:, j].sum()} | {folded[j]:.2f} | {wanted[:, j].sum()} | {each[j]:.2f} |"
        for j, t in enumerate(topics)
    ]
    return [
        as_row(f"gold, {len(gold)} papers, never trained on", found, wanted, skipped),
        posts,
        "",
        "| topic | training rows | F1, five-fold | gold rows | F1, gold |",
        "|---|---|---|---|---|",
        *names,
    ]


def _speed(rows: list[dict[str, Any]]) -> list[str]:
    """Papers a second on one core: the model beside its matches, the matches, and all of tags."""
    entries = [entry(row) for row in rows[:2000]]
    cards = [card_of_entry(each) for each in entries]
    topics = default_topics()
    tags(entries[0], topics, cards[0])
    start = time.process_time()
    verdicts = [[match(topic.match, card) for topic in topics] for card in cards]
    ruled = time.process_time()
    for card, known in zip(cards, verdicts, strict=True):
        model.read(card, verdicts=known)
    read = time.process_time()
    for each, card in zip(entries, cards, strict=True):
        tags(each, topics, card)
    done = time.process_time()
    speed = [f"{len(cards) / spent:,.0f}" for spent in (read - ruled, ruled - start, done - read)]
    return [
        f"On one core: {speed[0]} papers a second for the model alone, {speed[1]} for the default "
        f"matches alone, {speed[2]} for tags with scores and reasons."
    ]


def entry(row: dict[str, Any]) -> Entry:
    """The entry that a row of gold or of training describes."""
    id = row.get("id") or row["arxiv"]
    post = id.startswith("post:")
    return Entry(
        id=id if post else f"arxiv:{id}",
        kind="post" if post else "paper",
        source="",
        url="",
        title=row["title"],
        summary=row["abstract"],
        categories=() if post else tuple(row["categories"]),
    )
