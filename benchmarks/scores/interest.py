"""What readers and editors chose, as rows: the five weeks, and the folds of the training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import worth

from .card import ROOT, Row, row, share

FOLDS = ROOT / "benchmarks" / "gold" / "interest-folds.json"
PLAIN, VOTED, NAIVE = (
    "as it is, without votes",
    "as it is, with votes by Sunday",
    "many authors first",
)
NAIVE_VOTED = "votes by Sunday alone"
LOVED = "the 20 papers of a week that readers voted for most"
EDITOR = "what the editor of a weekly list of all fields chose"


def measure() -> Iterator[Row]:
    """All of it, without votes, with votes, then by cross-validation."""
    weeks = [worth.orders(week) for week in worth.WEEKS]
    found = {name: worth.judged([week[name] for week in weeks]) for name in weeks[0]}
    yield from _of_readers("", "without votes", found[PLAIN], found[NAIVE], NAIVE)
    yield from _of_readers("votes.", "with votes", found[VOTED], found[NAIVE_VOTED], NAIVE_VOTED)
    yield from _of_lists(found)
    yield from _of_folds(json.loads(FOLDS.read_text(encoding="utf-8")))


def _of_readers(
    key: str, how: str, ours: dict[str, Any], naive: dict[str, Any], name: str
) -> Iterator[Row]:
    for top in (25, 100):
        yield share(
            ours[f"loved@{top}"],
            ours["loved"],
            key=f"interest.{key}loved{top}",
            group="interest",
            of=LOVED,
            what=f"Most voted, among the first {top} of their week {how}",
            means=f"How many of {LOVED} stand among the first {top} by score.",
            baseline=naive[f"loved@{top}"] / naive["loved"],
            beside=name,
        )
    yield share(
        ours["picked@100"],
        ours["picked"],
        key=f"interest.{key}picked100",
        group="interest",
        of=EDITOR,
        what=f"An editor’s choices, among the first 100 of their week {how}",
        means="How many of the papers that a person chose for a weekly list stand there.",
        baseline=naive["picked@100"] / naive["picked"],
        beside=name,
    )


def _of_lists(found: dict[str, dict[str, Any]]) -> Iterator[Row]:
    for key, name, naive in (("", PLAIN, NAIVE), ("votes.", VOTED, NAIVE_VOTED)):
        lists = found[name]["lists"]
        yield row(
            found[name]["lists_mean"],
            key=f"interest.{key}lists",
            group="interest",
            n=sum(number for _, number in lists.values()),
            of=f"choices of {len(lists)} public lists",
            what=f"What stands before an editor’s choice, {name.removeprefix('as it is, ')}",
            means="Of the papers of the same primary category and week, the share before the "
            "choice: 0 is best, half is chance; the mean over the lists but “safety”.",
            baseline=found[naive]["lists_mean"],
            beside=naive,
            better="less",
        )


def _of_folds(folds: dict[str, Any]) -> Iterator[Row]:
    for top in (25, 100):
        yield share(
            folds[f"loved@{top}"],
            folds["loved"],
            key=f"interest.folds.loved{top}",
            group="interest",
            of=f"most voted papers of {folds['weeks']} weeks",
            what=f"Most voted, among the first {top} by cross-validation, without votes",
            means="Each fifth of the weeks is judged by what the other four taught; the figure "
            "stands as tools/train_interest.py --folds left it.",
        )
    yield row(
        folds["picked@100"],
        key="interest.folds.picked100",
        group="interest",
        n=folds["picked"],
        of=EDITOR,
        what="An editor’s choices, among the first 100 by cross-validation, without votes",
        means="The same weeks, each choice by the weight that undoes the sampling.",
    )
