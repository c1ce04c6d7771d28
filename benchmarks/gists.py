"""The gist against labels: how often its sentence says what was done, one JSON line.

Needs SUNDAYPAPER_DATA (a folder with weeks/). A row of gold/gists.jsonl names the sentences of an
abstract, counted from 0, that a careful reader accepts. A gist also counts as unacceptable where
it is not a piece of its abstract, or over 220 characters. Intervals: Wilson, 95 %.
With --wrong every gist that is not acceptable follows. Usage: gists.py [--wrong]
"""

from __future__ import annotations

import json
import sys
import time

from evidence import papers, rows, share

from sundaypaper.gist import gist, sentences

LIMIT = 220


def acceptable(said: str, summary: str, wanted: list[int]) -> bool:
    """Whether a gist is one of the wanted sentences, whole or cut at a word."""
    body = said.strip("…")
    if not body or len(said) > LIMIT:
        return False
    parts = sentences(summary)
    return any(body in parts[at] for at in wanted if at < len(parts))


def main() -> None:
    """Compares, and prints."""
    labels = rows("gists.jsonl")
    entries = papers(labels)
    started = time.perf_counter()
    said = {row["id"]: gist(entries[row["id"]]) for row in labels}
    spent = time.perf_counter() - started
    wrong = [
        row["id"]
        for row in labels
        if not acceptable(said[row["id"]], entries[row["id"]].summary, row["sentences"])
    ]
    result = {
        "benchmark": "gists",
        "acceptable": share(len(labels) - len(wrong), len(labels)),
        "cut": sum("…" in text for text in said.values()),
        "ms_per_entry": round(1000 * spent / len(labels), 3),
    }
    print(json.dumps(result))
    if "--wrong" in sys.argv:
        print(*(json.dumps([i, said[i]], ensure_ascii=False) for i in wrong), sep="\n")


if __name__ == "__main__":
    main()
