"""References on the command line: of an issue, of what a filter finds in a week, or in all weeks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sample_issue import paper, sample_issue
from sundaypaper.config import Config, default_config
from sundaypaper.errors import BuildError, QueryError
from sundaypaper.models import Amendment, Claim, Issue, Item, Section
from sundaypaper.pipeline.exporting import FORMATS, export
from sundaypaper.store import Store
from terminal import typed

CONFIG: Config = default_config()


def week_of(week: str, *numbers: int) -> Issue:
    """An issue that holds these papers, the last first, and prints only the first."""
    picks = [replace(paper(n), week=week, score=float(n)) for n in numbers]
    lead = Section("lead", "Read first", (Item(picks[0].id, ""),))
    return replace(sample_issue(110), week=week, entries=tuple(picks), sections=(lead,), abstracts={picks[-1].id: "All about zymurgy."})  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two issues; the second holds a paper of the first again, and one that was taken out."""
    with Store(tmp_path / "paper.db") as kept:
        kept.keep_issue(week_of("2026-W10", 1, 2, 3))
        kept.keep_issue(week_of("2026-W11", 3, 4, 5))
        made = datetime(2026, 3, 20, tzinfo=UTC)
        kept.amend(Amendment("arxiv:2603.00004", made, "removed", "Its authors asked for it."))
        yield kept


def ids(text: str) -> list[str]:
    """The numbers of the papers of a CSV."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [row["id"].removeprefix("arxiv:2603.0000") for row in rows]


def test_without_a_filter_it_is_what_the_issue_prints(store: Store) -> None:
    """The newest issue where no week is named."""
    assert ids(export(CONFIG, store, None, "csv", "")) == ["3"]
    assert ids(export(CONFIG, store, "2026-W10", "csv", "")) == ["1"]


def test_a_filter_looks_through_all_weeks_and_finds_each_entry_once(store: Store) -> None:
    """Newest week first, the best of a week first, without what was taken out."""
    assert ids(export(CONFIG, store, None, "csv", "kind:paper")) == ["5", "3", "2", "1"]
    assert ids(export(CONFIG, store, "2026-W10", "csv", "kind:paper")) == ["3", "2", "1"]
    assert ids(export(CONFIG, store, None, "csv", "zymurgy")) == ["5"]  # 3 no longer says so
    assert ids(export(CONFIG, store, "2026-W10", "csv", "zymurgy")) == ["3"]
    assert ids(export(CONFIG, store, None, "csv", "id:2603.00004")) == []
    assert export(CONFIG, store, None, "markdown", "id:2603.00005").startswith("- [")


def test_a_venue_that_only_a_claim_names_may_be_asked_for(store: Store) -> None:
    """No table of ours knows it; the boxes of the pages take it, too."""
    own = Claim("other:tiny papers day", 2026, "main", "accepted", None, "Tiny Papers Day 2026")
    issue = week_of("2026-W12", 6)
    store.keep_issue(replace(issue, entries=(replace(issue.entries[0], claims=(own,)),)))
    assert ids(export(CONFIG, store, None, "csv", 'venue:"Tiny Papers Day 2026"')) == ["6"]
    with pytest.raises(QueryError, match="did you mean “tiny papers day”"):
        export(CONFIG, store, None, "csv", 'venue:"tiny paper day"')


def test_what_cannot_be_exported_is_told(store: Store) -> None:
    """No such issue, a whole issue of what a filter finds, slips and names of nothing."""
    with pytest.raises(BuildError, match="no issue of 2026-W09: `sundaypaper run --week 2026-W09`"):
        export(CONFIG, store, "2026-W09", "csv", "kind:paper")
    with pytest.raises(
        BuildError, match="html is a whole issue; with a filter write one of bibtex"
    ):
        export(CONFIG, store, None, "html", "kind:paper")
    with pytest.raises(QueryError, match="did you mean “vision”"):
        export(CONFIG, store, None, "csv", "topic:visoin")
    with Store(Path(":memory:")) as empty, pytest.raises(BuildError, match="no issue yet"):
        export(CONFIG, empty, None, "csv", "")


def test_it_is_typed_at_a_terminal(demo: Path, tmp_path: Path) -> None:
    """Bytes as the format wants them, shown or in a file; an unknown format is told with the nearest."""
    shown = typed(demo, "export", "--format", "ris", "--filter", "topic:generative")
    assert shown.returncode == 0
    assert shown.stdout.startswith("TY  - UNPB\r\nID  - ")
    out = tmp_path / "list.ris"
    typed(demo, "export", "--format", "ris", "--filter", "topic:generative", "--out", str(out))
    assert out.read_bytes().decode() == shown.stdout
    wrong = typed(demo, "export", "--format", "bibtx")
    assert wrong.returncode == 2
    assert "bibtex" in wrong.stderr
    asked = typed(demo, "export", "--format", "csv", "--filter", "topic:generative or topic:vision")
    assert asked.stdout.startswith('"id",')
    assert "did you mean: topic:generative OR topic:vision" in asked.stderr
    assert FORMATS == ("markdown", "html", "bibtex", "ris", "csl-json", "csv")
