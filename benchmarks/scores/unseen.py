"""Comments that nobody had looked at: each first run as it was, and how they are read since.

benchmarks/gold/unseen-claims.jsonl has the labels, made before the program read the comments;
first-runs.jsonl what it then made of each draw. That record is never renewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .card import ROOT, Row, f1, lines, row, share, wilson
from .claims import NAIVE, core, counts, exact, false_main
from .comments import naive, ours, unseen

GROUP = "unseen"
FIRST_RUNS = ROOT / "benchmarks" / "gold" / "first-runs.jsonl"
NTH = {1: "First", 2: "Second"}


def first_runs() -> Iterator[Row]:
    """What the program made of each draw before anybody had looked at it."""
    for run in lines(FIRST_RUNS):
        yield from _first_run(run)


def _first_run(run: Mapping[str, Any]) -> Iterator[Row]:
    nth, said, plain = NTH[run["drawn"]], run["core"], run["naive"]
    right, wrong, missed = said["right"], said["wrong"], said["missed"]
    kept: dict[str, Any] = {"group": GROUP, "better": "neither", "beside": NAIVE}
    yield share(
        right,
        right + wrong,
        key=f"unseen.{run['drawn']}.precision",
        of="claims made",
        what=f"{nth} draw: NeurIPS, ICML, CVPR, claims that are right",
        means=f"Read for the first time on {run['on']}, kept as it was then.",
        baseline=plain["right"] / (plain["right"] + plain["wrong"]),
        **kept,
    )
    yield share(
        right,
        right + missed,
        key=f"unseen.{run['drawn']}.recall",
        of="claims to be found",
        what=f"{nth} draw: NeurIPS, ICML, CVPR, claims that are found",
        means="Of what the authors said about these three venues, the share that was read.",
        baseline=plain["right"] / (right + missed),
        **kept,
    )
    yield row(
        run["false_main"],
        key=f"unseen.{run['drawn']}.false_main",
        of="comments",
        what=f"{nth} draw: comments wrongly told as accepted in a main track",
        n=run["rows"],
        means="Of any venue, and the mistake that matters most.",
        form="count",
        baseline=plain["false_main"],
        **kept,
    )


def since(data: Path) -> Iterator[Row]:
    """The same comments as they are read now, after the mistakes were looked at."""
    rows = unseen(data)
    right, wrong, missed = (int(c) for c in counts(rows, ours, core).sum(axis=0))
    yield row(
        float(f1(right, wrong, missed)),
        wilson(2 * right, 2 * right + wrong + missed),
        key="unseen.since.core",
        group=GROUP,
        n=right + missed,
        of="claims to be found",
        what="Both draws, looked at since: NeurIPS, ICML, CVPR, F1",
        means="A promise that what was mended stays so, no estimate.",
        baseline=float(f1(*counts(rows, naive, core).sum(axis=0))),
        beside=NAIVE,
    )
    yield share(
        exact(rows, ours),
        len(rows),
        key="unseen.since.exact",
        group=GROUP,
        of="comments",
        what="Both draws, looked at since: comments read right in every part",
        means="Every venue, year, track and status of a comment is read, and nothing else.",
        baseline=exact(rows, naive) / len(rows),
        beside=NAIVE,
    )
    yield row(
        false_main(rows, ours),
        key="unseen.since.false_main",
        group=GROUP,
        of="comments",
        what="Both draws, looked at since: wrongly told as accepted in a main track",
        n=len(rows),
        means="None may come back.",
        form="count",
        better="less",
        baseline=false_main(rows, naive),
        beside=NAIVE,
    )
