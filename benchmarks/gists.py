"""The gist against labels: how often it stands alone and shows what was found, one JSON line.

Needs SUNDAYPAPER_DATA (a folder with weeks/). A row of gold/gists.jsonl names the sentences of an
abstract, counted from 0: those that a careful reader accepts by themselves, those that stand only
after a sentence that names the work, and those of both that state a number or a finding. Half of
the rows are to develop on; the others were kept until the rules were done. A row of
gold/gists-judged.jsonl is a gist of a later draw as it was judged when it was first printed,
with its fingerprint: which of them still read the same is counted; since draw 5 it also says
whether the abstract states a measured number, and whether that is shown. Intervals: Wilson, 95 %.
With --wrong every gist of the kept rows that is not acceptable follows. Usage: gists.py [--wrong]
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterable

from evidence import papers, rows, share

from sundaypaper.gist import gist, sentences
from sundaypaper.models import Entry

LIMIT = 280
POINTS_BACK = re.compile(
    r"(?:However|Therefore|Thus|Moreover|Furthermore|To address|To this end|In this (?:work|paper)|"
    r"(?:This|These|Those|Such) (?!paper|work|study)|It (?!is shown)|They|Their|Its)\b"
)


def parts(said: str) -> list[str]:
    """The parts of a gist, without the dots between them."""
    return [part.strip() for part in said.removesuffix("…").split("… ") if part.strip()]


def places(said: str, summary: str) -> list[int | None]:
    """For each part the sentence of the abstract that holds it, None where none does."""
    whole = list(enumerate(sentences(summary)))
    return [next((at for at, text in whole if part in text), None) for part in parts(said)]


def acceptable(said: str, summary: str, row: dict) -> bool:
    """Whether a gist stands alone: its first part by itself, the others behind it."""
    at = places(said, summary)
    if not at or len(said) > LIMIT or dangling(said) or cut(said):
        return False
    return at[0] in row["sentences"] and all(
        place in row["sentences"] + row["after"] for place in at[1:]
    )


def finding_shown(said: str, summary: str, row: dict) -> bool:
    """Whether a gist holds a sentence that states a number or a finding."""
    return any(place in row["found"] for place in places(said, summary))


def dangling(said: str) -> bool:
    """Whether a gist begins with a word that points back."""
    return POINTS_BACK.match(parts(said)[0]) is not None


def cut(said: str) -> bool:
    """Whether a gist ends at a word in the middle of a sentence."""
    return said.endswith("…")


def fingerprint(said: str) -> str:
    """What tells whether a gist still reads as it was judged."""
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def kept() -> list[dict]:
    """The labels that were kept aside."""
    return [row for row in rows("gists.jsonl") if row["use"] == "kept"]


def judged() -> list[dict]:
    """The gists of the last draw, as judged in its first run."""
    all_rows = rows("gists-judged.jsonl")
    last = max(row["draw"] for row in all_rows)
    return [row for row in all_rows if row["draw"] == last]


def unchanged(labels: Iterable[dict], entries: dict[str, Entry]) -> int:
    """How many judged gists still read the same."""
    return sum(fingerprint(gist(entries[row["id"]])) == row["gist"] for row in labels)


def count(
    good: Callable[[str, str, dict], bool],
    pick: Callable[[Entry], str],
    labels: Iterable[dict],
    entries: dict[str, Entry],
) -> int:
    """How many of the sentences that pick chooses are good."""
    chosen = ((pick(entries[row["id"]]), entries[row["id"]].summary, row) for row in labels)
    return sum(bool(said) and good(said, summary, row) for said, summary, row in chosen)


def main() -> None:
    """Compares, and prints."""
    labels, last = kept(), judged()
    entries = papers([*labels, *last])
    started = time.perf_counter()
    said = {row["id"]: gist(entries[row["id"]]) for row in labels}
    spent = time.perf_counter() - started
    stating = [row for row in labels if row["found"]]
    finding = [row for row in last if row["finding"]]
    measured = [row for row in last if row["number"]]
    result = {
        "benchmark": "gists",
        "kept": {
            "acceptable": share(count(acceptable, gist, labels, entries), len(labels)),
            "found": share(count(finding_shown, gist, stating, entries), len(stating)),
            "dangling": share(sum(map(dangling, said.values())), len(labels)),
            "cut": share(sum(map(cut, said.values())), len(labels)),
        },
        "judged": {
            name: share(sum(row[name] for row in last), len(last))
            for name in ("acceptable", "dangling", "cut")
        }
        | {
            "found": share(sum(row["shown"] for row in finding), len(finding)),
            "number": share(sum(row["number_shown"] for row in measured), len(measured)),
        },
        "judged_unchanged": unchanged(last, entries),
        "ms_per_entry": round(1000 * spent / len(labels), 3),
    }
    print(json.dumps(result))
    if "--wrong" in sys.argv:
        wrong = (
            [row["id"], said[row["id"]]]
            for row in labels
            if not acceptable(said[row["id"]], entries[row["id"]].summary, row)
        )
        print(*(json.dumps(one, ensure_ascii=False) for one in wrong), sep="\n")


if __name__ == "__main__":
    main()
