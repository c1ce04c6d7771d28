"""A year of issues: what a week costs after 2 weeks and after 52, and how large it gets.

The five real weeks are repeated with shifted dates, ids and venue years until there are 52. Each
week is kept, read, edited and published as a run does it. Needs SUNDAYPAPER_DATA. Usage:
archive.py [WEEKS], 52 by default (about fifteen minutes).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from sundaypaper import build, weeks
from sundaypaper.config import Config, default_config
from sundaypaper.models import Entry, Masthead, Place, SourceReport, Wording
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.editing import edit
from sundaypaper.pipeline.publishing import publish
from sundaypaper.pipeline.reading import EntryReader, read
from sundaypaper.store import Store

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
REAL = ("2025-W25", "2025-W26", "2026-W10", "2026-W11", "2026-W12")
FIRST = "2026-W01"


def main(count: int) -> None:
    """Print a line a week, and the figures at the end."""
    config = replace(default_config(), masthead=Masthead("Sunday Paper", "https://p.example/"))
    root = Path(tempfile.mkdtemp(prefix="archive-"))
    spent: list[dict[str, float]] = []
    try:
        with Store(root / "paper.db") as store:
            for n in range(count):
                spent.append(one_week(config, store, root, n))
                told = " ".join(f"{k} {v:.2f}" for k, v in spent[-1].items())
                print(f"week {n + 1:2}: {told}", flush=True)
            report(config, store, root, spent)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def one_week(config: Config, store: Store, root: Path, n: int) -> dict[str, float]:
    """Keep, read, edit and publish the n-th week; CPU seconds by step."""
    week = weeks.after(FIRST, n)
    places, wordings = shifted(REAL[n % len(REAL)], n, week)
    now = weeks.complete_at(week) + timedelta(days=3)  # the print time is past, so it is frozen
    spent: dict[str, float] = {}
    with timed(spent, "keep"):
        store.save(places, wordings, ())
        store.keep_reports(week, [SourceReport("arXiv", "arxiv", "fresh", None, len(places), 1)])
    with timed(spent, "read"):
        of_week = read(EntryReader(config, store), store, week, now)
    with timed(spent, "edit"):
        edit(config, store, of_week, now, Collected(()))
    with timed(spent, "publish"):
        publish(config, store, root / "output", None)
    return spent


class timed:
    """CPU seconds of a block, kept under a name."""

    def __init__(self, spent: dict[str, float], name: str) -> None:
        self.spent, self.name = spent, name

    def __enter__(self) -> None:
        self.began = time.process_time()

    def __exit__(self, *_: object) -> None:
        self.spent[self.name] = time.process_time() - self.began


def shifted(real: str, n: int, week: str) -> tuple[list[Place], list[tuple[str, Wording]]]:
    """The papers of a real week as those of another: ids of their own, dates moved along."""
    by = weeks.monday(week) - weeks.monday(real)
    places, wordings = [], []
    for paper in papers(real):
        entry = entry_of(paper, n, by)
        assert entry.updated
        seen = entry.updated
        mine = week if paper["announce"] == "new" else ""
        places.append(Place(entry, mine, "", week, seen))
        wordings.append((entry.id, Wording(seen, entry.version, entry.comment, "", week)))
    return places, wordings


def papers(real: str) -> Iterator[dict]:
    """The rows of a real week."""
    with gzip.open(DATA / "weeks" / f"{real}.jsonl.gz", "rt") as lines:
        yield from map(json.loads, lines)


def entry_of(paper: dict, n: int, by: timedelta) -> Entry:
    """A paper under an id that no other week has: a running number of the month it moves to."""
    published = datetime.fromisoformat(paper["published"]) + by
    number = int(hashlib.sha256(f"{paper['id']} {n}".encode()).hexdigest()[:9], 16) % 10**5
    id = f"arxiv:{(26 + n // 12) % 100:02}{n % 12 + 1:02}.{number:05}"
    return Entry(
        id=id,
        kind="paper",
        source="arXiv",
        url=f"https://arxiv.org/abs/{id[6:]}",
        title=paper["title"],
        summary=paper["abstract"],
        authors=tuple(paper["authors"]),
        published=published,
        updated=datetime.fromisoformat(paper["updated"]) + by,
        version=paper["version"],
        categories=tuple(paper["categories"]),
        comment=paper["comment"] or "",
        journal_ref=paper["journal_ref"] or "",
    )


def report(config: Config, store: Store, root: Path, spent: list[dict[str, float]]) -> None:
    """The figures that are asked for."""
    site = root / "output" / "site"
    totals = [sum(week.values()) for week in spent]
    early, late = median(totals[1:6]), median(totals[-5:])
    print(f"a week: {early:.2f} s after 2 weeks, {late:.2f} s after {len(spent)}: {late / early:.2f} times")  # fmt: skip
    steps = {k: (median(w[k] for w in spent[1:6]), median(w[k] for w in spent[-5:])) for k in spent[0]}  # fmt: skip
    for name, (first, last) in steps.items():
        print(f"  {name}: {first:.2f} s, then {last:.2f} s")
    whole = digest(site)
    files = [file for file in site.rglob("*") if file.is_file()]
    raw = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {raw / 1e6:.1f} MB raw, {raw / 1e6 / len(spent):.2f} MB a week")
    zipped = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    print(f"{zipped / 1e6:.1f} MB gzip, {zipped / 1e6 / len(spent):.2f} MB a week")
    print(f"paper.db {(root / 'paper.db').stat().st_size / 1e6:.0f} MB")
    again = root / "again"
    began = time.process_time()
    publish(config, store, again, None)
    print(f"full build: {time.process_time() - began:.1f} s CPU")
    print("rebuilt byte for byte" if digest(again / build.SITE) == whole else "THE REBUILD DIFFERS")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory: {most:.0f} MB at most")


def digest(site: Path) -> str:
    """One number over every file of a build."""
    every = hashlib.sha256()
    for file in sorted(p for p in site.rglob("*") if p.is_file()):
        every.update(file.relative_to(site).as_posix().encode() + b"\0" + file.read_bytes())
    return every.hexdigest()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 52)
