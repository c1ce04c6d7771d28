"""Evidence against labels: precision and recall of each kind, one JSON line.

Needs SUNDAYPAPER_DATA (a folder with weeks/ and feeds/). The labels (gold/evidence.jsonl) name
papers by arXiv id and week, posts by entry id and the file of their feed. Intervals: Wilson, 95 %.
With --wrong every disagreement follows on a line of its own. Usage: evidence.py [--wrong]
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

from sundaypaper.gist import evidence
from sundaypaper.models import Entry
from sundaypaper.sources.feed import parse
from sundaypaper.text import clean

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
GOLD = Path(__file__).parent / "gold"
# The kinds that the labels know.
KINDS = ("code", "data", "survey", "tutorial", "course", "event", "release")


def rows(name: str) -> list[dict]:
    """The labels of a gold file."""
    return [json.loads(line) for line in (GOLD / name).read_text().splitlines()]


def papers(labels: Iterable[dict]) -> dict[str, Entry]:
    """The papers that rows name, by arXiv id, as the source would make them."""
    wanted: dict[str, set[str]] = {}
    for row in labels:
        wanted.setdefault(row["week"], set()).add(row["id"])
    found = {}
    for week, ids in wanted.items():
        with gzip.open(DATA / "weeks" / f"{week}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for said in map(json.loads, lines):
                if said["id"] in ids:
                    found[said["id"]] = paper(said)
    return found


def paper(said: dict) -> Entry:
    """A recorded paper as an entry."""
    return Entry(
        id=f"arxiv:{said['id']}",
        kind="paper",
        source="arXiv",
        url=f"https://arxiv.org/abs/{said['id']}",
        title=clean(said["title"]),
        summary=clean(said["abstract"]),
        comment=clean(said["comment"] or ""),
    )


def posts(labels: Iterable[dict]) -> dict[str, Entry]:
    """The posts that rows name, by entry id."""
    types = json.loads((DATA / "feeds" / "index.json").read_text())
    found: dict[str, Entry] = {}
    for name in sorted({row["feed"] for row in labels}):
        body = (DATA / "feeds" / name).read_bytes()
        feed = parse(body, types[name]["content_type"], name, f"http://x/{name}")
        found |= {entry.id: entry for entry in feed.entries if entry.id not in found}
    return found


def share(hits: int, of: int) -> dict:
    """A share with its counts and its Wilson interval; null where nothing was counted."""
    if not of:
        return {"share": None, "hits": hits, "of": of}
    z, p = 1.96, hits / of
    middle, spread = p + z * z / (2 * of), z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * spread) / (1 + z * z / of) for sign in (-1, 1))
    return {"share": round(p, 3), "hits": hits, "of": of, "ci": [round(low, 3), round(high, 3)]}


def main() -> None:
    """Compares, and prints."""
    labels = rows("evidence.jsonl")
    entries = papers(r for r in labels if "week" in r) | posts(r for r in labels if "feed" in r)
    right, said, due, wrong = Counter[str](), Counter[str](), Counter[str](), []
    started = time.perf_counter()
    found = {row["id"]: evidence(entries[row["id"]]) for row in labels}
    spent = time.perf_counter() - started
    for row in labels:
        spans = {e.kind: e.span for e in found[row["id"]] if e.kind in KINDS}
        right.update(spans.keys() & set(row["kinds"]))
        said.update(spans.keys())
        due.update(row["kinds"])
        for kind in sorted(spans.keys() ^ set(row["kinds"])):
            span = spans.get(kind, "missed")
            wrong.append([row["id"], kind, span, entries[row["id"]].title])
    result = {
        "benchmark": "evidence",
        "rows": len(labels),
        "posts": sum("feed" in row for row in labels),
        "precision": share(right.total(), said.total()),
        "recall": share(right.total(), due.total()),
        "kinds": {
            kind: {
                "precision": share(right[kind], said[kind]),
                "recall": share(right[kind], due[kind]),
            }
            for kind in KINDS
        },
        "ms_per_entry": round(1000 * spent / len(labels), 3),
    }
    print(json.dumps(result))
    if "--wrong" in sys.argv:
        print(*(json.dumps(w, ensure_ascii=False) for w in wrong), sep="\n")


if __name__ == "__main__":
    main()
