"""How right it is to say "more like this", "earlier in this paper", and that two are one person.

Needs SUNDAYPAPER_DATA. Of the labelled papers of the topics gold: how many of the five nearest share
a topic. benchmarks/gold/sequels.jsonl holds pairs of papers with a first author and another author
in common, and whether both are of one line of work; namesakes.jsonl pairs with one name over both,
and whether it is one person's (null where nobody could tell). Usage: related.py [-v]
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sundaypaper import topics
from sundaypaper.links import continues, people
from sundaypaper.models import Entry
from sundaypaper.query import card_of_entry
from sundaypaper.text import fold

HERE = Path(__file__).parent / "gold"
WEEKS = ("2025-W25", "2025-W26", "2026-W10", "2026-W11", "2026-W12")
FIVE = 5
Row = dict[str, Any]


def entry(row: Row) -> Entry:
    """A paper of the data."""
    id = f"arxiv:{row.get('id') or row['arxiv']}"
    return Entry(id, "paper", "arXiv", "", row["title"], row["abstract"], tuple(row.get("authors", ())))  # fmt: skip


def rows(file: Path) -> Iterator[Row]:
    """The lines of a file of JSON, packed or not."""
    raw = file.read_bytes()
    text = gzip.decompress(raw) if file.suffix == ".gz" else raw
    return map(json.loads, text.decode().splitlines())


def near_share(data: Path) -> tuple[float, float, int]:
    """Of the five nearest in the gold the share with a topic in common, that of chance, the papers."""
    gold = [row for row in rows(data / "gold" / "topics.jsonl") if row["topics"]]
    made = topics.vectors([card_of_entry(entry(row)) for row in gold])
    every = list(range(len(gold)))
    width = len(made) // len(gold)
    hits = of = 0
    for at in every:
        own = made[at * width : (at + 1) * width]
        others = [n for n in every if n != at]
        (found,) = topics.nearest(own, [made], others, FIVE)
        hits += sum(_share(gold[at], gold[others[near.number]]) for near in found)
        of += FIVE  # one that is left out for being too far counts as wrong
    pairs = [(a, b) for a in every for b in every if a != b]
    chance = sum(_share(gold[a], gold[b]) for a, b in pairs) / len(pairs)
    return hits / of, chance, len(gold)


def _share(a: Row, b: Row) -> bool:
    return not {*a["topics"]}.isdisjoint(b["topics"])


def judged(data: Path, verbose: bool) -> Iterator[str]:
    """How many sequels and pairs of one name are judged right."""
    known = {f"arxiv:{row['id']}": row for row in rows(data / "readers" / "papers.jsonl.gz")}
    of_weeks: dict[str, Row] = {}
    for week in WEEKS:
        for row in rows(data / "weeks" / f"{week}.jsonl.gz"):
            if row["announce"] in ("new", "cross"):
                of_weeks.setdefault(f"arxiv:{row['id']}", row)
    yield _sequels({**of_weeks, **known}, verbose)
    yield _namesakes(of_weeks, verbose)


def _sequels(known: dict[str, Row], verbose: bool) -> str:
    told = right = missed = 0
    for row in rows(HERE / "sequels.jsonl"):
        earlier, later = (entry(known[f"arxiv:{row[key]}"]) for key in ("earlier", "later"))
        said = continues(later, earlier)
        told, right = told + said, right + (said and row["same_line"])
        missed += row["same_line"] and not said
        if said and not row["same_line"] and verbose:
            print("wrongly goes on:", earlier.title, "|", later.title)
    return f"earlier in this paper: {right} of {told} right, precision {right / told:.3f}; of {right + missed} of one line {right} told"  # fmt: skip


def _namesakes(known: dict[str, Row], verbose: bool) -> str:
    by_name: dict[str, list[str]] = defaultdict(list)
    authors = {id: [fold(author) for author in row["authors"]] for id, row in known.items()}
    for id, names in authors.items():
        for name in dict.fromkeys(names):
            by_name[name].append(id)
    told = right = apart = one = 0
    for row in rows(HERE / "namesakes.jsonl"):
        ids = by_name[row["name"]]
        places = {ids.index(f"arxiv:{row[key]}") for key in "ab"}
        groups = people(row["name"], [authors[id] for id in ids])
        together = any(places <= {*group} for group in groups)
        told, right = told + together, right + (together and row["same"] is True)
        apart, one = apart + (not together), one + (not together and row["same"] is True)
        if together and row["same"] is not True and verbose:
            print("wrongly one person:", row)
    return f"namesakes: {right} of {told} put together are one person; of {apart} kept apart {one} are one too"  # fmt: skip


def main() -> None:
    """Prints the three."""
    data = Path(os.environ["SUNDAYPAPER_DATA"])
    share, chance, papers = near_share(data)
    print(f"more like this: {share:.3f} of the five nearest share a topic (chance {chance:.3f}, {papers} papers)")  # fmt: skip
    for line in judged(data, "-v" in sys.argv):
        print(line)


if __name__ == "__main__":
    main()
