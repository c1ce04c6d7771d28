"""Databases that earlier versions wrote: they open, and say what they said then."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sundaypaper import pipeline
from sundaypaper.config import default_config
from sundaypaper.delivery import Readers
from sundaypaper.models import Subscriber
from sundaypaper.store import Store

# paper-0.1.0.db and readers-0.1.0.db: they are the state called 0.1.0.
DATA = Path(__file__).parent / "data"
WEEKS = ("2026-W47", "2026-W46", "2026-W45")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A copy of the paper.db of 0.1.0."""
    return Path(shutil.copy(DATA / "paper-0.1.0.db", tmp_path / "paper.db"))


@pytest.fixture
def readers(tmp_path: Path) -> Path:
    """A copy of the readers.db of 0.1.0."""
    return Path(shutil.copy(DATA / "readers-0.1.0.db", tmp_path / "readers.db"))


def test_the_first_paper_shows_its_issues(paper: Path) -> None:
    """Heads, sections and picks of the three weeks, as the demo of 0.1.0 printed them."""
    with Store(paper) as store:
        heads = store.heads()
        issue = store.issue("2026-W46")
        picked = store.picked(["2026-W46"])["2026-W46"]
    assert tuple(head.week for head in heads) == WEEKS
    assert [(head.printed, head.listed) for head in heads] == [(28, 31), (25, 29), (25, 29)]
    assert heads[1].headline == "11 papers say they were accepted at NeurIPS, ICML and CVPR."
    assert issue is not None
    assert (issue.state, len(issue.entries), issue.words, issue.minutes) == ("frozen", 31, 1316, 6)
    assert [item.id for item in issue.sections[0].items][:2] == ["arxiv:2304.08485", "arxiv:2203.02155"]  # fmt: skip
    assert issue.newly_accepted[0].claim.span == "ICML 2025 Oral"
    assert picked.where["arxiv:2304.08485"] == ("lead",)


def test_the_first_paper_knows_its_entries_and_sources(paper: Path) -> None:
    """An entry with its place and wordings, a poll state, the reports and the run log."""
    with Store(paper) as store:
        place = store.known(["arxiv:1706.03762"])["arxiv:1706.03762"]
        wordings = store.wordings(["arxiv:2504.10415"])["arxiv:2504.10415"]
        poll = store.poll("Landmarks")
        reports = store.reports("2026-W46")
        run = store.last_runs(1)[0]
    assert (place.entry.title, place.week) == ("Attention Is All You Need", "2026-W45")
    assert place.entry.authors[-1] == "Illia Polosukhin"
    assert [wording.version for wording in wordings] == [1, 2]
    assert (poll.etag, poll.fetched_once) == ("", False)
    assert {name: report.state for name, report in reports.items()} == {
        "Landmarks": "fresh",
        "Example feed": "failed",
        "The shelf": "unchanged",
    }
    assert (run.week, run.status, run.detail["failed"]) == ("2026-W47", 0, [])


def test_the_first_paper_lists_claims_and_counts(paper: Path) -> None:
    """NeurIPS 2014 as its page lists it, and what a week brought."""
    with Store(paper) as store:
        lines = store.claimed("neurips", 2014, 9)
        counts = {(c.week, c.kind, c.key): (c.entries, c.printed) for c in store.counts(WEEKS)}
    assert [(line.id, line.week, line.claim.track) for line in lines] == [
        ("arxiv:1406.2661", "2026-W47", "main"),
        ("arxiv:1409.3215", "2026-W46", "main"),
        ("arxiv:1503.02531", "2026-W45", "workshop"),
    ]
    assert lines[1].title == "Sequence to Sequence Learning with Neural Networks"
    assert counts["2026-W46", "all", ""] == (28, 22)
    assert counts["2026-W45", "topic", "vision"] == (5, 3)


def test_the_first_paper_is_published(paper: Path, tmp_path: Path) -> None:
    """All pages and documents of its three weeks are made from the old file alone."""
    config = replace(default_config(), sources=())
    with Store(paper) as store:
        pipeline.publish(config, store, tmp_path / "output", None)
    site = tmp_path / "output" / "site"
    document = json.loads((site / "issues" / "2026-W46" / "issue.json").read_bytes())
    assert document["format"] == 1
    assert document["headline"] == "11 papers say they were accepted at NeurIPS, ICML and CVPR."
    assert "LLM-SRBench" in (site / "issues" / "2026-W46" / "index.html").read_text("utf-8")
    assert "Sequence to Sequence" in (site / "venues" / "neurips" / "2014" / "index.html").read_text("utf-8")  # fmt: skip


def test_the_first_readers_get_what_they_asked_for(readers: Path) -> None:
    """The one subscriber with every wish, and the record of why they may be written to."""
    with Readers(readers, bytes) as file:
        assert file.subscribers() == file.receiving() == (
            Subscriber(
                id=1,
                address="reader@lab.example",
                filter="topic:robotics has:code",
                edition="",
                empty="say",
                state="confirmed",
                token="4ipkolgjyqjw7ua6bsbsuokzfq",
                origin="command",
            ),
        )  # fmt: skip
        kept = file.export("reader@lab.example")
    assert kept["consents"][0]["text"] == "added by hand with `subscribers add`"
    assert kept["suppressed"] is None
