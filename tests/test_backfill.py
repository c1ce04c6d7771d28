"""`backfill`: past weeks from what arXiv knows today, the oldest first, as nobody's news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from running import job
from sundaypaper.models import IssueHead, PollState
from sundaypaper.pipeline.backfilling import backfill_week, weeks_to_fill
from sundaypaper.pipeline.run import publish_pages
from sundaypaper.pipeline.standing import is_fresh
from terminal import typed
from test_pipeline import Arxiv
from test_votes import FIRST, Desk, Listing, a_desk, row, votes_in

W10 = "2026-W10"
PRINTED = datetime(2026, 3, 8, 8, tzinfo=UTC)
LATER = datetime(2026, 4, 20, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A root over a small arXiv and a list that knows one of its papers."""
    with a_desk(tmp_path, Listing({W10: [row("2603.00001", 60)]})) as made:
        yield made


def head(week: str, state: Literal["frozen", "draft"] = "frozen") -> IssueHead:
    """An issue as the archive lists it."""
    return IssueHead(week, state, "A headline", 1, 1, PRINTED)


def test_the_weeks_before_the_newest_are_filled_the_oldest_first() -> None:
    """A printed one is left alone, a draft is not; the newest is for `run`."""
    heads = (head("2026-W11"), head("2026-W09", "draft"))
    assert weeks_to_fill(heads, "2026-W12", 3) == ("2026-W09", "2026-W10")
    assert weeks_to_fill((head("2026-W11"),), "2026-W12", 1) == ()
    assert weeks_to_fill((), "2027-W01", 2) == ("2026-W52", "2026-W53")


def test_a_past_week_is_dated_as_it_would_have_been_and_says_what_it_is(
    desk: Desk, tmp_path: Path
) -> None:
    """Printed at its own time, so feeds list it behind what is new; without votes of today."""
    issue = backfill_week(job(desk.config(), desk.store, tmp_path, LATER, desk.tools), W10)
    assert (issue.state, issue.composed) == ("frozen", PRINTED)
    assert issue.reprint.startswith("Printed on 20 April 2026 from what arXiv knows")
    assert FIRST in {pick.id for pick in issue.entries}
    assert votes_in(issue) == {}
    assert not [path for path in desk.server.paths() if path.startswith("/list")]


def test_arxiv_is_asked_for_the_weeks_alone_and_nothing_is_remembered(
    desk: Desk, tmp_path: Path
) -> None:
    """A list by last update would be read back for months; the next run asks as it would have."""
    before = desk.store.poll("arXiv")
    backfill_week(job(desk.config(), desk.store, tmp_path, LATER, desk.tools), W10)
    asked = [path for path in desk.server.paths() if path.startswith("/api/query")]
    assert asked
    assert all("submittedDate" in path and "lastUpdatedDate" not in path for path in asked)
    assert desk.store.poll("arXiv") == before == PollState("arXiv")


def test_a_week_that_falls_short_is_a_draft_and_the_next_call_prints_it(tmp_path: Path) -> None:
    """It goes on from there."""
    with a_desk(tmp_path, Listing()) as desk:
        arxiv = desk.server.script["/api/query"]
        assert isinstance(arxiv, Arxiv)
        arxiv.lies = 1000
        short = backfill_week(job(desk.config(), desk.store, tmp_path, LATER, desk.tools), W10)
        assert short.state == "draft"
        assert weeks_to_fill(desk.store.heads(), "2026-W11", 1) == (W10,)
        arxiv.lies = 0
        again = backfill_week(job(desk.config(), desk.store, tmp_path, LATER, desk.tools), W10)
        assert again.state == "frozen"
        assert weeks_to_fill(desk.store.heads(), "2026-W11", 1) == ()


def test_an_editor_is_not_waited_for(desk: Desk, tmp_path: Path) -> None:
    """`hold` is for weeks in the making; who types backfill has decided."""
    issue = backfill_week(
        job(desk.config(more="print: {hold: true}\n"), desk.store, tmp_path, LATER, desk.tools), W10
    )
    assert issue.state == "frozen"


def test_nobody_is_mailed_a_past_week_however_young_it_is(desk: Desk, tmp_path: Path) -> None:
    """On the Friday after, its time was five days ago; its pages are made all the same."""
    friday = PRINTED + timedelta(days=5)
    backfill_week(job(desk.config(), desk.store, tmp_path, friday, desk.tools), W10)
    publish_pages(job(desk.config(), desk.store, tmp_path, friday))
    (made,) = desk.store.heads()
    assert not is_fresh(desk.config(), made, friday)
    assert is_fresh(desk.config(), head(W10), friday)
    assert (tmp_path / "output" / "site" / "issues" / W10 / "index.html").is_file()


def test_a_paper_without_arxiv_is_told_that_it_cannot(tmp_path: Path) -> None:
    """No other source can be asked for the past."""
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: bundle, name: A, path: shelf}]\n")
    done = typed(tmp_path, "backfill", "--weeks", "2")
    assert done.returncode == 1
    assert "no source of kind arxiv" in done.stderr
    assert not (tmp_path / "paper.db").exists()
