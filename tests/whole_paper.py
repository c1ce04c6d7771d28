"""A paper of four weeks with every kind of page, as the tests of the pages open it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from published import MASTHEAD, publish
from sample_issue import ledger, sample_issue
from sundaypaper.models import Amendment, Editorial, Entry, Issue, Place
from sundaypaper.store import Store

HOME = replace(MASTHEAD, base_url="https://paper.example/")
NEWEST = "2026-W10"
WEEKS = ("2026-W07", "2026-W08", "2026-W09", NEWEST)
MADE = datetime(2026, 3, 9, 8, tzinfo=UTC)
AMENDMENTS = (
    Amendment("arxiv:2603.00001", MADE, "note", "The code moved to another address."),
    Amendment("arxiv:2603.00003", MADE, "removed", "Its authors asked for it."),
    Amendment("arxiv:2603.00007", MADE, "removed", "Its authors asked for it."),
)
# One page of each kind; what follows "?" is asked of its script.
KINDS = (
    "index.html",
    f"issues/{NEWEST}/index.html",
    f"issues/{NEWEST}/all/index.html",
    f"issues/{NEWEST}/all/index.html?q=depth",
    f"issues/{NEWEST}/ledger/index.html",
    "archive/index.html",
    "trends/index.html",
    "topics/index.html",
    "topics/vision/index.html",
    "paths/index.html",
    "archive/2026-Q1/index.html",
    "venues/index.html",
    "venues/cvpr/index.html",
    "venues/cvpr/2026/index.html",
    "e/arxiv-2603.00000/index.html",
    "e/post-00000000000007d1/index.html",
    "editions/index.html",
    "editions/research/index.html",
    "issues/index.html",
    "e/index.html",
    "sources/index.html",
    "subscribe/index.html",
    "corrections/index.html",
    "authors/index.html",
    "authors/ada-adeyemi/index.html",
    "search/index.html",
    "search/index.html?q=depth",
    "mine/index.html",
    "about/index.html",
    "404.html",
)


def newest(count: int = 150) -> Issue:
    """The sample issue with an editor's words."""
    words = Editorial(intro="A week of *depth*, and of people who\nwrite down what failed.", signed="The editor")  # fmt: skip
    return replace(sample_issue(count), editorial=words)


def kept_papers() -> list[Place]:
    """The papers of the week as their source said them; a note on one is told in the corrections."""
    return [
        Place(
            Entry(p.id, "paper", p.source, p.url, p.title, authors=p.authors),
            NEWEST,
            "",
            NEWEST,
            MADE,
        )
        for p in newest().entries
        if p.kind == "paper"
    ]


def publish_whole(folder: Path) -> Path:
    """Publish four weeks with reports and amendments below a folder; returns the folder of the pages."""
    with Store(folder / "paper.db") as store:
        for week in WEEKS:
            store.keep_reports(week, ledger())
        store.save(kept_papers(), [], [])
    earlier = (replace(sample_issue(150), week=week) for week in WEEKS[:-1])
    return publish(folder, *earlier, newest(), masthead=HOME, amendments=AMENDMENTS)
