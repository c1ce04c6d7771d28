"""The archive's index over a year: what a week costs, how large it gets, what an answer weighs.

The five real weeks are repeated under other ids, dates, names and here and there another word, since
no week uses the words of the last. Needs SUNDAYPAPER_DATA and the tests on the path. Usage:
PYTHONPATH=src:tests search_archive.py FOLDER [WEEKS], 52 by default (about ten minutes); FOLDER then
holds `archive/`, for a browser to ask.
"""

from __future__ import annotations

import gzip
import re
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import mean

from archive import FIRST, REAL, shifted

from archive_reader import Archive
from sundaypaper import weeks
from sundaypaper.config import Config, default_config
from sundaypaper.formats import archive as index
from sundaypaper.models import Issue, Masthead, Page, Pick
from sundaypaper.pipeline.archive_groups import Span, parts_of, spans_of
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.editing import edit
from sundaypaper.pipeline.reading import EntryReader, read
from sundaypaper.store import Store

QUERIES = {
    "a word": "diffusion",
    "a rare word": "kolmogorov",
    "two words": "diffusion robot",
    "a phrase": '"vision language model"',
    "a phrase across function words": '"mixture of experts"',
    "a rare phrase": '"optimal transport maps"',
    "an author": 'author:"wei li"',
    "a rare author": 'author:"yoshua bengio"',
    "venue and topic": "venue:cvpr topic:generative",
    "topic with code": "topic:mlops has:code",
    "an id": "id:2604.00001",
    "a beginning": "quantiz*",
    "nothing found": "xyzzyx",
    "without a word": "diffusion -video",
    "in a month": "diffusion venue:cvpr since:2026-03 until:2026-03",
}
FIRST_PAGE = 20
# One word in so many of a week's vocabulary is written otherwise than in the real week.
VARIED = 40
LONG = re.compile(r"\b[a-z]{6,}\b")


def main(folder: Path, count: int) -> None:
    """Print a line a week, then a line a query."""
    config = replace(default_config(), masthead=Masthead("Sunday Paper", "https://p.example/"))
    shutil.rmtree(folder / "archive", ignore_errors=True)
    real = tuple(real_issues(config))
    held: list[Span] = []
    spent: list[float] = []
    for n in range(count):
        began = time.process_time()
        issue = varied(real[n % len(real)], n)
        spans = spans_of([weeks.after(FIRST, k) for k in range(n + 1)], issue.week)
        made = time.process_time()
        write(folder, index.of_week(issue, lambda id: ""))
        joined = join(folder, [span for span in spans if span not in held])
        head(folder, spans)
        held = list(spans)
        spent.append(time.process_time() - made)
        size = sum(f.stat().st_size for f in (folder / "archive").rglob("*.js"))
        print(f"{issue.week}: {len(issue.entries)} entries, {spent[-1]:.1f} s CPU{joined}, {size / 1e6:.0f} MB (made up in {made - began:.1f} s)", flush=True)  # fmt: skip
    files = sum(1 for _ in (folder / "archive").rglob("*.js"))
    print(f"a week: {mean(spent):.1f} s CPU on average, {max(spent):.1f} s at most; {files} files")
    ask(folder)


def real_issues(config: Config) -> Iterator[Issue]:
    """The issues of the five real weeks, as the first five of the year."""
    root = Path(tempfile.mkdtemp(prefix="search-archive-"))
    try:
        with Store(root / "paper.db") as store:
            for n, real in enumerate(REAL):
                week = weeks.after(FIRST, n)
                now = weeks.complete_at(week) + timedelta(hours=6)
                store.save(*shifted(real, n, week), ())
                edit(config, store, read(EntryReader(config, store), store, week, now), now, Collected(()))  # fmt: skip
                issue = store.issue(week)
                assert issue
                yield issue
    finally:
        shutil.rmtree(root, ignore_errors=True)


def varied(issue: Issue, n: int) -> Issue:
    """The issue as that of the n-th week."""
    week = weeks.after(FIRST, n)
    by = weeks.monday(week) - weeks.monday(issue.week)
    ids = {pick.id: f"arxiv:{26 + n // 48:02}{n // 4 % 12 + 1:02}.{(n % 4) * 20_000 + k:05}" for k, pick in enumerate(issue.entries)}  # fmt: skip
    entries = tuple(other(pick, ids[pick.id], by, n) for pick in issue.entries)
    abstracts = {ids[id]: reworded(text, n) for id, text in issue.abstracts.items() if id in ids}
    return replace(issue, week=week, entries=entries, abstracts=abstracts)


def other(pick: Pick, id: str, by: timedelta, n: int) -> Pick:
    """An entry under another id, some days later, of authors of whom a third has another name."""
    return replace(
        pick,
        id=id,
        url=f"https://arxiv.org/abs/{id.removeprefix('arxiv:')}",
        title=reworded(pick.title, n),
        gist=reworded(pick.gist, n),
        authors=tuple(renamed(name, n) for name in pick.authors),
        published=pick.published and pick.published + by,
        week=pick.week and weeks.after(pick.week, by.days // 7),
    )


def renamed(name: str, n: int) -> str:
    """The name, of one in three with another last letter."""
    other = zlib.crc32(f"{name} {n}".encode()) % 3 == 0
    return name[:-1] + "aeiou"[n % 5] if other else name


def reworded(text: str, n: int) -> str:
    """The text with the words of that week."""
    return LONG.sub(lambda found: _word(found[0], n), text)


def _word(word: str, n: int) -> str:
    return f"{word}{n // 5}x" if zlib.crc32(f"{word} {n // 5}".encode()) % VARIED == 0 else word


def write(folder: Path, pages: tuple[Page, ...]) -> None:
    """Write pages below a folder."""
    for page in pages:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.body)


def join(folder: Path, spans: list[Span]) -> str:
    """Join what is over from what is there, and remove that; what was joined, in words."""
    told = ""
    for span in spans:
        if span.name in span.weeks:
            continue
        parts = parts_of(span)
        write(folder, index.joined(span.name, [of_folder(folder, part.name) for part in parts]))
        for part in parts:
            shutil.rmtree(folder / "archive" / part.name)
        told = f" with {span.name} of {len(parts)}"
    return told


def head(folder: Path, spans: tuple[Span, ...]) -> None:
    """Write the manifest."""
    write(folder, (index.manifest([of_folder(folder, span.name) for span in spans]),))


def of_folder(folder: Path, name: str) -> index.Segment:
    """A segment as it lies below a folder."""
    return index.Segment(name, lambda file: (folder / "archive" / name / file).read_bytes())


def ask(folder: Path) -> None:
    """What the files of each answer weigh: its first page of records, and a count of all."""
    for name, query in QUERIES.items():
        asked: dict[str, int] = {}
        packed: dict[str, int] = {}

        def read(
            path: str, asked: dict[str, int] = asked, packed: dict[str, int] = packed
        ) -> bytes:
            raw = (folder / path).read_bytes()
            asked[path], packed[path] = len(raw), len(gzip.compress(raw, 6))
            return raw

        found = Archive(read).numbers(query)
        before = sum(asked.values())
        for part, number in found[:FIRST_PAGE]:
            part.record(number)
        print(f"{name}: {query}: {len(found)} entries, {sum(asked.values()) / 1000:.0f} kB ({before / 1000:.0f} before the records), gzip {sum(packed.values()) / 1000:.0f} kB, {len(asked)} requests", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 52)
