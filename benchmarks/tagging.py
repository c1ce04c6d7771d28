"""Papers a second that are tagged on one core: the matches, the model, and all of the tags.

Needs SUNDAYPAPER_DATA (a folder with weeks/). CPU time, median of five rounds over 2,000 papers.
"one by one" asks each default match on its own, as `query.match` does: what the matches asked all
at once are to be compared with. Usage: tagging.py [WEEK …]; 2026-W10 by default
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported

from sundaypaper import query, topics
from sundaypaper.config import default_topics
from sundaypaper.models import Card, Entry
from sundaypaper.topics import model
from sundaypaper.topics.matches import Matches

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
MANY, ROUNDS = 2_000, 5
TOPICS = default_topics()


def papers(weeks: Iterable[str]) -> list[Entry]:
    """The first 2,000 papers of these weeks."""
    files = [DATA / "weeks" / f"{week}.jsonl.gz" for week in weeks]
    lines = [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]
    return [
        Entry(
            id=f"arxiv:{row['id']}",
            kind="paper",
            source="arXiv",
            url="",
            title=row["title"],
            summary=row["abstract"],
            authors=tuple(row["authors"]),
            categories=tuple(row["categories"]),
        )
        for row in map(json.loads, lines[:MANY])
    ]


def speed(work: Callable[[int], object], many: int) -> float:
    """Papers a second of CPU time, the median of five rounds after one to warm up."""
    spent = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        for at in range(many):
            work(at)
        spent.append(time.process_time() - start)
    return many / statistics.median(spent[1:])


def one_by_one(card: Card) -> list[bool]:
    """The default matches as the filter language asks them."""
    return [query.match(topic.match, card) for topic in TOPICS]


def main() -> None:
    """Measure and tell."""
    entries = papers(sys.argv[1:] or ["2026-W10"])
    cards = [query.card_of_entry(entry) for entry in entries]
    shipped, matches = model.load(), Matches(topic.match for topic in TOPICS)
    places = range(len(TOPICS))
    verdicts = [one_by_one(card) for card in cards]

    def at_once(at: int) -> list[bool]:
        found = matches.on(cards[at])
        return [found.holds(place) for place in places]

    works: dict[str, Callable[[int], object]] = {
        "cards (title and summary folded)": lambda at: query.card_of_entry(entries[at]),
        "matches, one by one (baseline)": lambda at: one_by_one(cards[at]),
        "matches, all at once": at_once,
        "model, matches known": lambda at: model.read(cards[at], shipped, verdicts[at]),
        "tags, scores and reasons": lambda at: topics.tags(entries[at], TOPICS, cards[at]),
    }
    for name, work in works.items():
        print(f"{name:34} {speed(work, len(entries)):>7,.0f} papers a second")


if __name__ == "__main__":
    main()
