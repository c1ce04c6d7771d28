"""How long the filter box of a week takes for a key.

Needs SUNDAYPAPER_DATA (weeks/), Chromium and the tests on the path. Prints milliseconds a keystroke
over 5,000 real papers on one page: from the key to lines, counts and layout done, warm, over HTTP and
from disk.
Usage: PYTHONPATH=src:tests filter.py [WEEK]; 2026-W10 by default
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lift import DATA, read
from playwright.sync_api import Browser

from browsing import chromium, served
from sundaypaper.config import default_config
from sundaypaper.errors import QueryError
from sundaypaper.formats import archive, site
from sundaypaper.formats.vocabulary import vocabulary_page
from sundaypaper.interest.rank import rank
from sundaypaper.models import Funnel, Issue, Masthead, Tagged, TopicName
from sundaypaper.query import parse

ENTRIES, ROUNDS = 5000, 3
QUERIES = (
    "diffusion",
    '"flow matching" OR diffu* -survey',
    "venue:cvpr status:accepted track:main",
    "topic:vision has:code -(kind:post OR ring:field)",
    'author:"wei li" OR author:zhang cat:cs.* since:2026-03-03',
    "transformer (image OR video) -medical",
)
FILES = ("style.css", "more.css", "filter.css", "filter.js", "take.js", "keep.js", "marks.js", "query.js", "archive.js", "favicon.svg")  # fmt: skip
# One key: the value as it is then, and the time until what it leaves is laid out.
KEY = """(text) => new Promise((resolve) => {
  const box = document.querySelector(".filter"), input = box.querySelector("input");
  box.addEventListener("filtered", () => {
    document.body.offsetHeight;
    resolve(performance.now() - began);
  }, {once: true});
  const began = performance.now();
  input.value = text;
  input.dispatchEvent(new Event("input"));
})"""


def papers(week: str) -> tuple[Tagged, ...]:
    """The papers of a real week as the pipeline reads them."""
    with gzip.open(DATA / "weeks" / f"{week}.jsonl.gz", "rt") as rows:
        return tuple(read(json.loads(row), week) for row in rows)


def issue_of(week: str, tagged: tuple[Tagged, ...]) -> Issue:
    """An issue that holds all of them, and prints none."""
    config = default_config()
    picks = rank(tagged, core=config.core, also=config.also, authors=(), weights={}, week=week, year=int(week[:4]))  # fmt: skip
    latest = max(t.story.sighting.first_seen for t in tagged)
    entries = [t.story.sighting.entry for t in tagged]
    return Issue(
        week=week, title="Sunday Paper", composed=latest, state="frozen", headline="", minute=(),
        sections=(), entries=picks, newly_accepted=(), ledger=(), words=0, minutes=0, fingerprint="",
        funnel=Funnel(len(picks), len(picks), 0, 0, 0, 0, 0),
        abstracts={entry.id: entry.summary for entry in entries},
        topics=tuple(TopicName(topic.id, topic.name) for topic in config.topics),
    )  # fmt: skip


def build(folder: Path, issue: Issue) -> None:
    """The pages of the issue and what they load, on disk."""
    frame, env = site.PageFrame(Masthead("Sunday Paper")), site.environment(None)
    index = archive.of_week(issue, lambda id: "")
    names = vocabulary_page(default_config().vocabulary)
    manifest = archive.manifest([archive.of_pages(issue.week, index)])
    for page in (*index, manifest, names, site.all_page(issue, frame, env)):
        file = folder / page.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(page.body)
    for name in FILES:
        shutil.copy(Path(site.__file__).parent.parent.parent / "templates" / name, folder / name)


def keys() -> Iterator[str]:
    """What stands in the box after each key, where that is a query."""
    for query in QUERIES:
        for end in range(1, len(query) + 1):
            try:
                parse(query[:end])
            except QueryError:
                continue
            yield query[:end]


def measure(browser: Browser, url: str) -> tuple[float, list[float]]:
    """Milliseconds until the first answer, and a keystroke when warm."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    page.get_by_label("Filter").focus()
    first = page.evaluate(KEY, "warm")
    took = [page.evaluate(KEY, text) for _ in range(ROUNDS) for text in keys()]
    page.close()
    return first, took


def main() -> None:
    """Prints a line for each way of opening the page."""
    week = sys.argv[1] if len(sys.argv) > 1 else "2026-W10"
    others = (papers(path.name.split(".")[0]) for path in sorted((DATA / "weeks").glob("*.gz")))
    every = {t.story.sighting.entry.id: t for some in others for t in some}
    issue = issue_of(week, tuple(every.values())[:ENTRIES])
    with tempfile.TemporaryDirectory() as name, chromium() as browser, served(Path(name)) as root:
        folder = Path(name)
        build(folder, issue)
        for at in (root, f"{folder.as_uri()}/"):
            first, took = measure(browser, f"{at}issues/{week}/all/index.html")
            middle, high = statistics.median(took), statistics.quantiles(took, n=20)[-1]
            print(f"{at.split(':')[0]}: {len(took)} keys over {ENTRIES:,} entries: median {middle:.1f} ms, p95 {high:.1f} ms, worst {max(took):.1f} ms; first answer after {first:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
