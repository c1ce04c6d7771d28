"""`state pack` and `state unpack`: a paper goes on where no disk is kept, and no reader leaves."""

from __future__ import annotations

import os
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept_week import SUNDAY, W10, W11, Root, Terminal, paper
from sundaypaper.delivery import Outbox, Readers, sync_group
from sundaypaper.delivery.list_files import People, Row
from sundaypaper.pipeline import state
from sundaypaper.store import Run

ADA, LIST = "ada@lab.example", "all@lists.lab.example"
TO_A_LIST = f"""base_url: https://paper.example/
delivery: {{kind: list, from: Sunday Paper <paper@lab.example>, to: {LIST}, server: {{host: mail.lab.example}}}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A root with a printed week and a desk file."""
    made = Root(tmp_path / "root")
    made.path.mkdir()
    made.configure("")
    made.keep(W10, *(paper(n) for n in range(1, 4)))
    made.desk("intro: A week of kettles.\n")
    made.edit(W10)
    return made


@pytest.fixture
def typed(
    root: Root, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    """The command line of that root, of a user who has asked arXiv before."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "known"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return Terminal(root, monkeypatch, capsys)


def elsewhere(root: Root, typed: Terminal, folder: Path) -> Terminal:
    """The command line of a new root with the same feeds.yaml."""
    folder.mkdir()
    (folder / "feeds.yaml").write_bytes((root.path / "feeds.yaml").read_bytes())
    return Terminal(Root(folder), typed.monkeypatch, typed.capsys)


def pages(output: Path) -> dict[str, bytes]:
    """The pages in place."""
    site = (output / "site").resolve()
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def test_a_paper_goes_on_from_a_file(root: Root, typed: Terminal, tmp_path: Path) -> None:
    """What is published from it on a new machine is what was published before."""
    assert typed(W10, "publish").status == 0
    packed = typed(W10, "state", "pack", str(tmp_path / "state.zip"))
    assert packed.status == 0, packed.out
    new = elsewhere(root, typed, tmp_path / "new")
    done = new(W10, "state", "unpack", str(tmp_path / "state.zip"))
    assert done.status == 0, done.out
    assert (tmp_path / "new/desk/2026-W10.yaml").exists()
    assert new(W10, "publish").status == 0
    assert pages(tmp_path / "new/output") == pages(root.path / "output")


def test_a_branch_holds_one_commit_and_knows_who_wrote_it(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """A paper that does not go on from what lies there does not replace it."""
    subprocess.run(("git", "init", "-q", "--bare", "far.git"), cwd=tmp_path, check=True)
    branch = f"git:{tmp_path}/far.git/state"
    new = elsewhere(root, typed, tmp_path / "new")
    empty = new(W10, "state", "unpack", branch)
    assert (empty.status, "there is no state yet" in empty.out) == (0, True)
    assert typed(W10, "state", "pack", branch).status == 0
    assert typed(W11, "state", "pack", branch).status == 0
    count = ("git", "rev-list", "--count", "state")
    done = subprocess.run(count, cwd=tmp_path / "far.git", check=True, capture_output=True)
    assert done.stdout == b"1\n"
    assert new(W10, "state", "unpack", branch).status == 0
    assert new(W10, "state", "pack", branch).status == 0
    refused = typed(W11, "state", "pack", branch)
    assert refused.status == 1
    assert "this paper does not go on from what lies there" in refused.out
    assert typed(W11, "state", "pack", branch, "--yes").status == 0


def test_a_state_in_parts_is_put_together(
    root: Root, typed: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hosts of git take no file over 100 MB."""
    subprocess.run(("git", "init", "-q", "--bare", "far.git"), cwd=tmp_path, check=True)
    branch = f"git:{tmp_path}/far.git/state"
    monkeypatch.setattr(state, "MOST", 3_000)
    assert typed(W10, "state", "pack", branch).status == 0
    sizes = ("git", "ls-tree", "-l", "state")
    done = subprocess.run(sizes, cwd=tmp_path / "far.git", check=True, capture_output=True)
    assert max(int(line.split()[3]) for line in done.stdout.splitlines()) == 3_000
    new = elsewhere(root, typed, tmp_path / "new")
    assert new(W10, "state", "unpack", branch).status == 0
    assert new(W10, "publish").status == 0


# ---------------------------------------------------------------- readers


def test_a_state_that_would_hold_a_reader_is_refused(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """It says what is kept, not who, and what to do."""
    with Readers(root.path / "readers.db", os.urandom) as readers:
        readers.add(ADA, consent="said so", now=SUNDAY[W10])
    done = typed(W10, "state", "pack", str(tmp_path / "state.zip"))
    assert done.status == 1
    assert "holds subscribers, what they agreed to." in done.out
    assert "kind: list" in done.out
    assert ADA not in done.out
    assert not (tmp_path / "state.zip").exists()


def test_who_gets_nothing_any_more_is_a_reader_too(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """A keyed hash with its key beside it is an address to whoever guesses."""
    with Readers(root.path / "readers.db", os.urandom) as readers:
        readers.suppress(ADA, "left", SUNDAY[W10])
    done = typed(W10, "state", "pack", str(tmp_path / "state.zip"))
    assert "holds addresses that get nothing any more" in done.out
    assert done.status == 1


def test_a_list_goes_along_with_what_it_got_and_without_keys(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """So that an issue goes to the list once, and nobody can sign in our name."""
    root.configure(TO_A_LIST)
    with Readers(root.path / "readers.db", os.urandom) as readers:
        sync_group(readers, People((Row("feeds.yaml", LIST),)), SUNDAY[W10])
        (member,) = readers.subscribers()
        Outbox(readers).queue(W10, [member.id], SUNDAY[W10])
        keys = {bytes(key) for (key,) in readers.db.conn.execute("select value from secrets")}
    done = typed(W10, "state", "pack", str(tmp_path / "state.zip"))
    assert done.status == 0, done.out
    new = elsewhere(root, typed, tmp_path / "new")
    assert new(W10, "state", "unpack", str(tmp_path / "state.zip")).status == 0
    taken = (tmp_path / "new/readers.db").read_bytes()
    assert not any(key in taken for key in keys)
    assert member.token.encode() not in taken
    with Readers(tmp_path / "new/readers.db", os.urandom) as readers:
        assert [(d.week, d.state) for d in Outbox(readers).deliveries(W10)] == [(W10, "queued")]


# ---------------------------------------------------------------- what may be wrong


def test_a_state_of_an_earlier_run_does_not_replace_a_later_paper(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """Unless somebody says so; what stood there is kept beside."""
    assert typed(W10, "state", "pack", str(tmp_path / "state.zip")).status == 0
    later = datetime(2030, 1, 1, tzinfo=UTC)
    with root.store() as store:
        store.log_run(Run(later, later, W11, 0, 1.0, {}))
    refused = typed(W11, "state", "unpack", str(tmp_path / "state.zip"))
    assert refused.status == 1
    assert "ran later (2030-01-01" in refused.out
    done = typed(W11, "state", "unpack", str(tmp_path / "state.zip"), "--yes")
    assert done.status == 0
    assert "what stood there is paper.db.replaced-" in done.out


@pytest.mark.parametrize("at", [300, -20])
def test_a_damaged_state_changes_nothing(
    at: int, root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """A byte in the database or in the list of the file."""
    file = tmp_path / "state.zip"
    assert typed(W10, "state", "pack", str(file)).status == 0
    raw = bytearray(file.read_bytes())
    raw[at] ^= 0xFF
    file.write_bytes(raw)
    before = (root.path / "paper.db").read_bytes()
    done = typed(W11, "state", "unpack", str(file), "--yes")
    assert done.status == 1
    assert "is damaged or no state of this program" in done.out
    assert (root.path / "paper.db").read_bytes() == before
    assert not list(root.path.glob(".state-*"))


def test_a_state_names_no_other_file(root: Root, typed: Terminal, tmp_path: Path) -> None:
    """Who can write to the branch cannot write beside the paper."""
    file = tmp_path / "state.zip"
    assert typed(W10, "state", "pack", str(file)).status == 0
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("desk/../../evil.yaml", "x")
        packed.writestr("evil.txt", "x")
    assert typed(W11, "state", "unpack", str(file)).status == 0
    assert not (tmp_path / "evil.yaml").exists()
    assert not (root.path / "evil.txt").exists()


def test_a_file_that_is_no_state_is_not_written_over(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """A slip of the pen costs nobody's file."""
    (tmp_path / "thesis.zip").write_bytes(b"mine")
    done = typed(W10, "state", "pack", str(tmp_path / "thesis.zip"))
    assert done.status == 1
    assert "is there and is no state" in done.out
    assert (tmp_path / "thesis.zip").read_bytes() == b"mine"
    assert (root.path / "paper.db").exists()
