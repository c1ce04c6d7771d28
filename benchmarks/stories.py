"""Whether two posts are taken for one story: precision and recall on labelled pairs.

Needs SUNDAYPAPER_DATA. benchmarks/gold/stories.jsonl holds ids and labels alone; half of the pairs
share most words of their titles and are not the same. Usage: stories.py [-v]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from captured import gold, posts

from sundaypaper.links import stories
from sundaypaper.models import Entry, Sighting

SEEN = datetime(2026, 3, 4, tzinfo=UTC)  # for the few posts that state no date


def merged(a: Entry, b: Entry) -> bool:
    """Whether both are told as one."""
    seen = tuple(Sighting(e, e.published or SEEN, "2026-W10", "new") for e in (a, b))
    return len(stories(seen)) == 1


def main() -> None:
    """Prints the counts; with -v the pairs that are wrong."""
    known = posts()
    counts = {(told, same): 0 for told in (True, False) for same in (True, False)}
    for row in gold("stories.jsonl"):
        a, b = known[row["a"]], known[row["b"]]
        told = merged(a, b)
        counts[told, row["same"]] += 1
        if told != row["same"] and "-v" in sys.argv:
            print("wrongly" if told else "not", "merged:", a.title, "|", b.title, a.url, b.url)
    right, wrong, missed = counts[True, True], counts[True, False], counts[False, True]
    print(f"{sum(counts.values())} pairs, {right + missed} of one story: "
          f"precision {right / max(1, right + wrong):.3f} ({wrong} wrongly merged), "
          f"recall {right / max(1, right + missed):.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
