"""What a year weighs: pages by kind and paper.db by table, week by week, before and after pruning.

The real weeks are repeated with ids and dates of their own, as in archive.py. What a year grows to is
worked out of how each kind grew in the second half of the weeks that were made. Needs
SUNDAYPAPER_DATA. Usage: site_size.py [WEEKS [KEEP]], 26 and 13 by default (about 15 minutes).
"""

from __future__ import annotations

import lzma
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from archive import one_week

from sundaypaper.config import default_config
from sundaypaper.models import Masthead
from sundaypaper.pipeline import pruning
from sundaypaper.pipeline.publishing import publish
from sundaypaper.store import Store

YEAR = 52
SMALL = 100_000


def main(count: int, keep: int) -> None:
    """Print the weight of each week, and the figures before and after pruning."""
    config = replace(default_config(), masthead=Masthead("Sunday Paper", "https://p.example/"))
    root = Path(tempfile.mkdtemp(prefix="size-"))
    weighed: list[Counter[str]] = []
    try:
        with Store(root / "paper.db") as store:
            for n in range(count):
                spent = one_week(config, store, root, n)
                weighed.append(by_kind(root / "output" / "site") + tables(store))
                print(f"week {n + 1:2}: {told(weighed[-1])}; publishing {spent['publish']:.1f} s", flush=True)  # fmt: skip
            report("unpruned", weighed)
            print(f"packed as it is: {packed(root / 'paper.db'):.1f} MB")
            began = time.process_time()
            done = pruning.prune(store, keep, lambda week: None)
            print(f"pruned up to {done.until} in {time.process_time() - began:.0f} s of CPU")
            began = time.process_time()
            publish(config, store, root / "output", None)
            print(f"published in {time.process_time() - began:.0f} s of CPU")
            report("pruned", [by_kind(root / "output" / "site") + tables(store)])
        print(f"paper.db {done.before / 1e6:.1f} MB, then {done.after / 1e6:.1f} MB")
        print(f"packed: {packed(root / 'paper.db'):.1f} MB")
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


def by_kind(site: Path) -> Counter[str]:
    """Bytes of a build by kind of file."""
    held: Counter[str] = Counter()
    for file in site.resolve().rglob("*"):
        if file.is_file():
            at = file.relative_to(site.resolve()).parts
            kind = f"{at[0]}/{at[2]}" if at[0] == "issues" and len(at) > 2 else at[0]
            held[f"site {kind}"] += file.stat().st_size
    return held


def tables(store: Store) -> Counter[str]:
    """Bytes of the values of each table; keys and empty pages are in the file besides."""
    held: Counter[str] = Counter()
    for table in store.db.tables:
        sums = " + ".join(f'coalesce(length("{c.name}"), 0)' for c in table.columns)
        held[f"db {table.name}"] = store.db.execute(f'select sum({sums}) from "{table.name}"').fetchone()[0] or 0  # fmt: skip
    return held


def report(name: str, weighed: list[Counter[str]]) -> None:
    """Each kind now, and after a year at the pace of the second half."""
    last, half = weighed[-1], weighed[len(weighed) // 2]
    steps = max(1, len(weighed) - 1 - len(weighed) // 2)
    for kind, size in sorted(last.items(), key=lambda one: -one[1]):
        if size < SMALL:
            continue
        pace = (size - half[kind]) / steps
        year = size + pace * (YEAR - len(weighed)) if len(weighed) > 1 else size
        print(f"  {name} {kind}: {size / 1e6:.2f} MB, {pace / 1e3:.0f} kB a week, {year / 1e6:.0f} MB")  # fmt: skip
    print(f"{name}: {told(last)}")


def told(held: Counter[str]) -> str:
    """The site and the database in MB."""
    site = sum(size for kind, size in held.items() if kind.startswith("site"))
    return f"site {site / 1e6:.1f} MB, tables {(held.total() - site) / 1e6:.1f} MB"


def packed(file: Path) -> float:
    """MB of a database as `state pack` compresses it."""
    packer, size = lzma.LZMACompressor(preset=1), 0
    with file.open("rb") as body:
        while block := body.read(1 << 20):
            size += len(packer.compress(block))
    return (size + len(packer.flush())) / 1e6


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(*(*given, *(26, 13)[len(given) :]))
