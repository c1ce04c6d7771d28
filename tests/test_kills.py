"""A run that is killed loses nothing: typed once more, it ends as if nobody had killed it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from killing import Left, Point, Typed, copied, left, run, small

SUNDAY_9 = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Scene:
    """A root in which 2026-W09 is owed, and what one undisturbed run of 2026-W10 makes of it."""

    typed: Typed
    undisturbed: Left
    scratch: Path

    def again(self) -> Typed:
        """The run, in a root as it stood before."""
        return replace(self.typed, root=copied(self.typed.root, self.scratch / "again"))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The small paper of one paper a batch, whose arXiv lied on the Sunday before."""
    scratch = tmp_path_factory.mktemp("killed")
    root = scratch / "root"
    root.mkdir()
    with small(papers=1) as paper:
        (root / "feeds.yaml").write_text(paper.feeds_yaml())
        paper.arxiv.lies = 10_000
        assert run(Typed(root, now=SUNDAY_9)) == 1
        paper.arxiv.lies = 0
        # The week is named, so that a run after it was printed collects for no later one.
        typed = Typed(root, ("run", "--week", "2026-W10"))
        once = copied(root, scratch / "once")
        assert run(replace(typed, root=once)) == 0
        yield Scene(typed, left(once), scratch)


@pytest.mark.parametrize(
    "point",
    [
        Point("before Store._tell", 4),  # a source's rows are written, its report is not
        Point("after Store.save", 8),  # arXiv, the last, is kept; the weeks are not composed
        Point("before run.read", 2),  # the week that was owed is printed, the newest is not
        Point("before build._swap", 1),  # the pages are rendered, the site is that of before
    ],
    ids=str,
)
def test_after_a_kill_the_same_run_ends_in_the_same_rows_and_bytes(
    scene: Scene, point: Point
) -> None:
    """A real process and a real SIGKILL; the ledgers of both weeks are among the rows and pages."""
    typed = scene.again()
    assert run(typed, point) == -signal.SIGKILL
    assert run(typed) == 0
    assert left(typed.root).differs(scene.undisturbed) == []


def test_after_ctrl_c_the_same_run_ends_in_the_same_rows_and_bytes(scene: Scene) -> None:
    """While a source is being kept; the run says what is kept."""
    typed = scene.again()
    assert run(typed, Point("before Store._tell", 5), how=signal.SIGINT) == 130
    assert "what was kept by then is kept" in (typed.root / "said.txt").read_text()
    assert run(typed) == 0
    assert left(typed.root).differs(scene.undisturbed) == []
