"""A root with a real database that holds a week or two of invented papers, and its commands."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sundaypaper import cli, config
from sundaypaper.models import Entry, Issue, Place, PollState, SourceReport, Wording
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.editing import edit
from sundaypaper.pipeline.reading import EntryReader, read
from sundaypaper.store import Store

W10, W11, W12 = "2026-W10", "2026-W11", "2026-W12"
SUNDAY = {
    W10: datetime(2026, 3, 8, 12, tzinfo=UTC),
    W11: datetime(2026, 3, 15, 12, tzinfo=UTC),
    W12: datetime(2026, 3, 22, 12, tzinfo=UTC),
    "Wednesday": datetime(2026, 3, 11, 12, tzinfo=UTC),  # of W11
    "2099-W10": datetime(2099, 3, 8, 12, tzinfo=UTC),  # a rehearsal of a day that has not come
}
CODE = "Code: https://github.com/example/kettle"


def paper(number: int, **more: object) -> Entry:
    """The n-th invented paper; every one names its code unless told otherwise."""
    base = Entry(
        id=f"arxiv:2603.{number:05}",
        kind="paper",
        source="arXiv",
        url=f"https://arxiv.org/abs/2603.{number:05}",
        title=f"Kettle Number {number} Boils Quietly",
        summary=f"We boil kettle {number} with less heat than anybody before us.",
        authors=(f"Ada Example {number}",),
        published=datetime(2026, 3, 3, 9, tzinfo=UTC),
        categories=("cs.LG",),
        comment=f"{number} pages. {CODE}{number}",
    )
    return replace(base, **more)  # type: ignore[arg-type]


@dataclass
class Root:
    """A root: its folder, and what a person or a run does in it."""

    path: Path

    def store(self) -> Store:
        """paper.db."""
        return Store(self.path / "paper.db")

    def configure(self, text: str = "") -> None:
        """Write feeds.yaml with one arXiv source and whatever is said besides."""
        (self.path / "feeds.yaml").write_text(
            f"sources: [{{kind: arxiv, categories: [cs.SC]}}]\n{text}"
        )

    def keep(self, week: str, *entries: Entry, state: str = "fresh", touched: str = "") -> None:
        """Keep entries as if arXiv had brought them in that week."""
        seen = SUNDAY[touched or week]
        places = [Place(e, week, "", touched or week, seen) for e in entries]
        said = [
            (e.id, Wording(seen, e.version, e.comment, e.journal_ref, touched or week))
            for e in entries
        ]
        with self.store() as store:
            store.save(places, said, [PollState("arXiv")])
            report = SourceReport("arXiv", "arxiv", state, detail="a page was empty")  # type: ignore[arg-type]
            store.keep_reports(touched or week, [report])

    def edit(self, week: str, *shelf: Entry) -> Issue:
        """Read and edit a week as a run does after it has collected, landmarks of the shelf too."""
        made = config.load(self.path / "feeds.yaml")
        with self.store() as store:
            of_week = read(EntryReader(made, store), store, week, SUNDAY[week], shelf)
            return edit(made, store, of_week, SUNDAY[week], Collected((), shelf))

    def issue(self, week: str) -> Issue:
        """What is kept of a week."""
        with self.store() as store:
            issue = store.issue(week)
        assert issue is not None
        return issue

    def desk(self, text: str, week: str = W10) -> Path:
        """Write a desk file."""
        path = self.path / "desk" / f"{week}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path


@dataclass
class Typed:
    """What a command left behind."""

    status: int
    out: str


@dataclass
class Terminal:
    """Runs `sundaypaper` in this process, in a root, on a Sunday."""

    root: Root
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, week: str, *words: str) -> Typed:
        now = f"{SUNDAY[week]:%Y-%m-%dT%H:%M:%SZ}"
        line = ["sundaypaper", "--root", str(self.root.path), "--now", now, *words]
        self.monkeypatch.setattr(sys, "argv", line)
        self.capsys.readouterr()
        try:
            cli.main()
            status = 0
        except SystemExit as done:
            status = int(done.code or 0)
        told = self.capsys.readouterr()
        return Typed(status, told.out + told.err)


def items(issue: Issue, section: str) -> list[str]:
    """The ids that a section prints, in its order."""
    return [item.id for one in issue.sections if one.id == section for item in one.items]


def whole_text(path: Path) -> str:
    """All that is published, as one text."""
    site = (path / "output" / "site").resolve()
    files = (p for p in site.rglob("*") if p.suffix in (".html", ".json", ".js", ".atom", ".xml"))
    return "\n".join(p.read_text() for p in sorted(files))
