"""How well the ranking finds what venues accept later, with and without the learnt part.

Needs SUNDAYPAPER_DATA (weeks/ and accepted-papers.csv) and, beside it, measure/lift.py, whose
definition of the pool this takes over: papers listed as new, version 1, that name no venue and no
acceptance. The lift is the share of the first 100 that a venue accepts later over that of the pool.
Usage: lift.py [WEEK …]; 2025-W25 and 2025-W26 by default
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from sundaypaper import gist, query, topics, venues
from sundaypaper.config import default_config
from sundaypaper.interest.rank import rank
from sundaypaper.models import Entry, Pick, Sighting, Story, Tagged
from sundaypaper.venues import comments

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
WEEKS = ("2025-W25", "2025-W26")
TOP, DRAWS, SEED = 100, 2000, 7
NAMED = ("code", "data", "weights", "project", "report", "survey", "topic")


def claimed() -> re.Pattern[str]:
    """The pattern of what names a venue or an acceptance, from measure/lift.py."""
    path = DATA.parent / "measure" / "lift.py"
    spec = importlib.util.spec_from_file_location("measure_lift", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CLAIMED


def accepted() -> set[str]:
    """Ids `arxiv:…` that a venue's list holds."""
    with (DATA / "accepted-papers.csv").open() as file:
        rows = csv.DictReader(file)
        return {f"arxiv:{r['arxiv_id']}" for r in rows if not r["venue"].endswith("_not_accepted")}


def listed(week: str) -> list[dict]:
    """The papers of a week as arXiv listed them."""
    with gzip.open(DATA / "weeks" / f"{week}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def pool(week: str) -> list[dict]:
    """The papers that are counted."""
    pattern = claimed()
    return [
        p
        for p in listed(week)
        if p["announce"] == "new"
        and p["version"] == 1
        and not pattern.search(f"{p.get('comment') or ''} {p.get('journal_ref') or ''}")
    ]


def read(paper: dict, week: str) -> Tagged:
    """A paper as the pipeline would read it."""
    entry = Entry(
        id=f"arxiv:{paper['id']}",
        kind="paper",
        source="arXiv",
        url=f"https://arxiv.org/abs/{paper['id']}",
        title=paper["title"],
        summary=paper["abstract"],
        authors=tuple(paper["authors"]),
        published=datetime.fromisoformat(paper["published"]),
        categories=tuple(paper["categories"]),
        comment=paper["comment"] or "",
        journal_ref=paper["journal_ref"] or "",
    )
    assert entry.published
    claims = comments.claims(
        entry.comment, entry.journal_ref, entry.published.date(), venues.extend(()), entry.title
    )
    tags = topics.tags(entry, default_config().topics, query.card_of_entry(entry))
    story = Story(Sighting(entry, entry.published, week, "new"))
    return Tagged(story, claims, tags, gist.evidence(entry))


def picks(tagged: Sequence[Tagged], week: str, weights: Mapping[str, float]) -> list[Pick]:
    """Picks, best first."""
    config = default_config()
    ranked = rank(
        tuple(tagged),
        core=config.core,
        also=config.also,
        authors=(),
        weights=weights,
        week=week,
        year=int(week[:4]),
    )
    return list(ranked)


def order(tagged: Sequence[Tagged], week: str, weights: Mapping[str, float]) -> list[str]:
    """Ids, best first."""
    return [pick.id for pick in picks(tagged, week, weights)]


def lift(ids: Sequence[str], truth: set[str]) -> tuple[float, float, float]:
    """The lift, and the middle 95 of 100 of papers drawn again with replacement, in their order."""
    hit = np.array([i in truth for i in ids], float)
    draw = np.random.default_rng(SEED)
    drawn = np.sort(draw.integers(0, len(hit), (DRAWS, len(hit))), axis=1)
    lifts = hit[drawn[:, :TOP]].mean(axis=1) / np.maximum(hit[drawn].mean(axis=1), 1e-9)
    low, high = np.quantile(lifts, (0.025, 0.975))
    return float(hit[:TOP].mean() / hit.mean()), float(low), float(high)


def main() -> None:
    """Prints a line a week and ordering, then the mean over the weeks."""
    truth, means = accepted(), dict[str, list[float]]()
    for week in sys.argv[1:] or WEEKS:
        papers = pool(week)
        tagged = [read(p, week) for p in papers]
        ids = [t.story.sighting.entry.id for t in tagged]
        length = {f"arxiv:{p['id']}": len(p["title"]) for p in papers}
        began = time.perf_counter()
        ranked = order(tagged, week, {})
        seconds = time.perf_counter() - began
        orders = {
            "as it is": ranked,
            "learnt: 0": order(tagged, week, {"learnt": 0}),
            "learnt alone": order(tagged, week, dict.fromkeys(NAMED, 0.0)),
            "arrival": sorted(ids),
            "short titles first": sorted(ids, key=lambda i: (length[i], i)),
            "long titles first": sorted(ids, key=lambda i: (-length[i], i)),
        }
        print(f"{week}: {len(ids)} papers, {len(truth & set(ids))} accepted later, ranked in {seconds:.2f} s")  # fmt: skip
        for name, found in orders.items():
            value, low, high = lift(found, truth)
            means.setdefault(name, []).append(value)
            print(f"  {name:20} {value:.2f} ({low:.2f} to {high:.2f})")
    print("mean: " + ", ".join(f"{name} {np.mean(v):.2f}" for name, v in means.items()))


if __name__ == "__main__":
    main()
