"""What Pagefind's index over one stub an entry costs and weighs, beside which ours was chosen.

Every entry of the issues of a paper.db is a page with title, abstract and authors, filters of topic,
venue and week, and two ways to sort. Pagefind is no dependency: its command is looked for on the path
(`pip install "pagefind[bin]"`, 1.5). Usage: search_pagefind.py PAPER.DB FOLDER [WEEKS]
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import time
from html import escape
from pathlib import Path

from sundaypaper.models import Pick
from sundaypaper.query import listed_abstract
from sundaypaper.store import Store

KINDS = ("pf_meta", "pf_index", "pf_filter", "pf_fragment", "pagefind", "js")


def main(db: Path, folder: Path, count: int) -> None:
    """Index the newest weeks, and say what that took and what lies there."""
    shutil.rmtree(folder, ignore_errors=True)
    stubs = folder / "stubs"
    stubs.mkdir(parents=True)
    entries = 0
    with Store(db) as store:
        for week in list(store.issue_hashes())[:count]:
            issue = store.issue(week)
            assert issue
            for pick in issue.entries:
                name = re.sub(r"\W", "-", pick.id)
                text = stub(pick, listed_abstract(pick, issue.abstracts), week)
                (stubs / f"{week}-{name}.html").write_text(text, encoding="utf-8")
            entries += len(issue.entries)
    began, cpu = time.perf_counter(), children()
    command = ["pagefind", "--site", str(stubs), "--output-path", str(folder / "out"), "--silent"]
    subprocess.run(command, check=True)
    print(f"{entries} entries: {children() - cpu:.0f} s CPU, {time.perf_counter() - began:.0f} s by the clock")  # fmt: skip
    files = [file for file in (folder / "out").rglob("*") if file.is_file()]
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB")
    for kind in KINDS:
        sizes = [f.stat().st_size for f in files if f.name.endswith(f".{kind}")]
        print(f"  .{kind}: {len(sizes)} files, {sum(sizes) / 1000:.0f} kB, the largest {max(sizes, default=0) / 1000:.0f} kB")  # fmt: skip


def stub(pick: Pick, abstract: str, week: str) -> str:
    """A page that Pagefind reads."""
    filters = [("topic", tag.topic) for tag in pick.tags]
    filters += [("venue", claim.venue) for claim in pick.claims] + [("week", week)]
    spans = "".join(f'<i data-pagefind-filter="{k}">{escape(v)}</i>' for k, v in filters)
    return (
        f'<!doctype html><html lang="en"><body data-pagefind-body><h1>{escape(pick.title)}</h1>'
        f"<p>{escape(', '.join(pick.authors))}</p><p>{escape(abstract)}</p>{spans}"
        f'<i data-pagefind-sort="date">{week}</i><i data-pagefind-sort="score">{pick.score:.3f}</i>'
        f"</body></html>"
    )


def children() -> float:
    """CPU seconds of child processes so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
