"""Where what is shared by all papers of a user is kept: arXiv's pace, and what happens without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loopback import Answer, Loopback
from sundaypaper import config
from sundaypaper.pipeline.opening import Clock, open_tools, state_folder


def root(folder: Path, sources: str) -> Path:
    """A paper with some sources."""
    folder.mkdir()
    (folder / "feeds.yaml").write_text(f"network: {{allow_private: true}}\nsources:\n{sources}")
    return folder


ARXIV = "- {kind: arxiv, categories: [cs.LG]}\n"


def stand_in(url: str) -> str:
    """arXiv's API at another address."""
    return f"- {{kind: arxiv, categories: [cs.LG], api_url: '{url}'}}\n"


class Machine:
    """A machine on whose clock time passes only when somebody sleeps."""

    def __init__(self, state: Path | None) -> None:
        self.now, self.state = 1000.0, state
        self.told: list[str] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def ask(self, paper: Path) -> float:
        """One request of a paper to arXiv; when it began."""
        clock = Clock(lambda: self.now, lambda: self.now, self.sleep, lambda: None)
        loaded = config.load(paper / "feeds.yaml")
        with open_tools(paper, loaded, clock, self.told.append, self.state) as tools, tools.pace:
            return self.now


def test_two_papers_of_a_user_keep_one_pace(tmp_path: Path) -> None:
    """arXiv counts them as one: the second waits for the first, and neither root holds a file."""
    one, two = root(tmp_path / "one", ARXIV), root(tmp_path / "two", ARXIV)
    machine = Machine(tmp_path / "state")
    began = [machine.ask(paper) for paper in (one, two, one)]
    assert began == pytest.approx([1000, 1003.05, 1006.1])
    assert machine.told == []
    assert not list(tmp_path.glob("*/*.lock"))
    (file,) = (tmp_path / "state" / "sundaypaper").iterdir()
    assert file.name == "arxiv.lock"
    assert file.stat().st_mode & 0o077 == 0


def test_a_stand_in_has_a_pace_of_its_own(tmp_path: Path) -> None:
    """Two papers on one mirror wait for each other; what it says blocks nobody who asks arXiv."""
    mirror = stand_in("http://127.0.0.1:8911/api/query")
    papers = [
        root(tmp_path / name, text) for name, text in (("a", mirror), ("b", mirror), ("c", ARXIV))
    ]
    machine = Machine(tmp_path / "state")
    assert [machine.ask(paper) for paper in papers] == pytest.approx([1000, 1003.05, 1003.05])
    names = {file.name for file in (tmp_path / "state" / "sundaypaper").iterdir()}
    assert names == {"arxiv.lock", "arxiv-127.0.0.1-8911.lock"}


def test_a_paper_without_arxiv_keeps_nothing(tmp_path: Path) -> None:
    """No folder is made for what is never asked."""
    paper = root(
        tmp_path / "one", "- {kind: feed, name: A, url: 'https://a.example/', group: lab}\n"
    )
    machine = Machine(tmp_path / "state")
    loaded = config.load(paper / "feeds.yaml")
    clock = Clock(lambda: 0.0, lambda: 0.0, lambda _s: None, lambda: None)
    with open_tools(paper, loaded, clock, machine.told.append, machine.state):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert not list(paper.glob("*.lock"))


@pytest.mark.parametrize("kind", ["no home", "a file in its place", "a folder in its place"])
def test_a_pace_that_cannot_be_shared_is_kept_in_the_root_and_told(
    kind: str, tmp_path: Path
) -> None:
    """The run goes on; what it means and how to mend it is said."""
    state = tmp_path / "state"
    if kind == "a file in its place":
        state.write_text("")
    elif kind == "a folder in its place":
        (state / "sundaypaper" / "arxiv.lock").mkdir(parents=True)
    machine = Machine(None if kind == "no home" else state)
    paper = root(tmp_path / "one", ARXIV)
    machine.ask(paper)
    assert (paper / "arxiv.lock").is_file()
    (told,) = machine.told
    assert "holds for this paper alone" in told
    assert "XDG_STATE_HOME" in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_told(tmp_path: Path) -> None:
    """As above, where rights are lacking."""
    (tmp_path / "state").mkdir(mode=0o500)
    machine = Machine(tmp_path / "state")
    machine.ask(root(tmp_path / "one", ARXIV))
    assert "Permission denied" in machine.told[0]


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/s", "HOME": "/home/a"}, "/s"),
        ({"XDG_STATE_HOME": "not/absolute", "HOME": "/home/a"}, "/home/a/.local/state"),
        ({"XDG_STATE_HOME": "", "HOME": "/home/a"}, "/home/a/.local/state"),
        ({"HOME": ""}, None),
        ({}, None),
    ],
)
def test_the_folder_is_that_of_xdg(environ: dict[str, str], folder: str | None) -> None:
    """XDG_STATE_HOME where it is absolute, as its specification says, else below the home."""
    assert state_folder(environ) == (None if folder is None else Path(folder))


def test_two_papers_ask_a_stand_in_three_seconds_apart(tmp_path: Path) -> None:
    """Seen from the server: their requests come in turn, never two within the spacing."""
    machine = Machine(tmp_path / "state")
    seen: list[float] = []

    def arxiv(_asked: object) -> Answer:
        seen.append(machine.now)
        return Answer(body=b"x")

    with Loopback({"/api/query": arxiv}) as server:
        text = stand_in(server.url("/api/query"))
        papers = [root(tmp_path / name, text) for name in ("one", "two")]
        for paper in papers * 2:
            clock = Clock(lambda: machine.now, lambda: machine.now, machine.sleep, lambda: None)
            loaded = config.load(paper / "feeds.yaml")
            opened = open_tools(paper, loaded, clock, machine.told.append, machine.state)
            with opened as tools, tools.pace:
                tools.net.get(server.url("/api/query"))
    assert seen == pytest.approx([1000, 1003.05, 1006.1, 1009.15])
