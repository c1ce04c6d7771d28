"""A database that is gone or empty: nothing begins afresh where something was kept before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kept_week import W10, W11, Root, Terminal, paper
from sundaypaper.delivery import Readers
from sundaypaper.errors import StoreError
from sundaypaper.store import Store

ADA = "ada@lab.example"
DELIVERY = """base_url: https://paper.example/
delivery: {kind: file, from: Sunday Paper <paper@lab.example>, folder: %s}
"""
# All that open paper.db, with the week of the issue that is printed.
COMMANDS = (
    ("run",),
    ("run", "--week", W11),
    ("collect",),
    ("publish",),
    ("print", "--week", W11),
    ("correct", "2603.00001", "--note", "It boils at 99 degrees."),
    ("remove", "2603.00001", "--reason", "at its authors’ wish"),
    ("desk", "--week", W11),
    ("export",),
    ("preview",),
    ("status",),
    ("explain", "2603.00001"),
    ("feeds", "list"),
    ("topics", "list"),
    ("topics", "try", "kettle"),
    ("editions", "list"),
)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A root without anything but its feeds.yaml."""
    made = Root(tmp_path)
    made.configure(DELIVERY % (tmp_path / "out"))
    return made


@pytest.fixture
def typed(
    root: Root, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """The command line of that root."""
    return Terminal(root, monkeypatch, capsys)


def printed(root: Root) -> None:
    """Print 2026-W10 in the root."""
    root.keep(W10, *(paper(n) for n in range(1, 4)))
    assert root.edit(W10).state == "frozen"


def published(root: Root, typed: Terminal) -> dict[str, bytes]:
    """Print and publish 2026-W10 in the root; what its pages are."""
    printed(root)
    assert typed(W10, "publish").status == 0
    return pages(root)


def pages(root: Root) -> dict[str, bytes]:
    """Every published file by its path."""
    site = (root.path / "output" / "site").resolve()
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


# ---------------------------------------------------------------- paper.db


def test_a_paper_that_is_gone_or_empty_is_refused_where_its_issues_are_published(
    root: Root, typed: Terminal
) -> None:
    """Every command says which file, what is wrong and what to do; no page and no file changes.

    A file of 0 bytes is what a full disk or a broken copy leaves.
    """
    before, file = published(root, typed), root.path / "paper.db"
    file.unlink()
    for words in COMMANDS:
        done = typed(W11, *words)
        assert done.status == 1, words
        assert f"{file}: is missing, but the pages in {root.path / 'output'} show {W10}" in done.out
        assert "Restore paper.db from a backup" in done.out
        assert f"for a new paper, or if they may go, move {root.path / 'output'}" in done.out
        assert not file.exists()
    file.write_bytes(b"")
    for words in COMMANDS:
        done = typed(W11, *words)
        assert done.status == 1, words
        assert f"{file}: is empty (0 bytes)" in done.out, words
        assert "restore it from a backup" in done.out
        assert file.read_bytes() == b""
    assert pages(root) == before


def test_an_old_backup_is_refused_where_younger_issues_are_published(
    root: Root, typed: Terminal
) -> None:
    """It names the week that would be gone from the pages; the archive is not dropped."""
    published(root, typed)
    backup = (root.path / "paper.db").read_bytes()
    root.keep(W11, paper(50))
    root.edit(W11)
    assert typed(W11, "publish").status == 0
    (root.path / "paper.db").write_bytes(backup)
    done = typed(W11, "publish")
    assert done.status == 1
    assert "paper.db: is not whole: " in done.out
    assert f"show {W11}, which would be gone" in done.out
    assert f"issues/{W11}/index.html" in pages(root)


def test_a_paper_begins_anew_where_its_pages_were_moved_away(root: Root, typed: Terminal) -> None:
    """As the sentence says; the pages that were moved lie where they were moved to."""
    published(root, typed)
    (root.path / "paper.db").unlink()
    shutil.move(root.path / "output", root.path / "old")
    assert "no issue yet" in typed(W10, "status").out
    assert typed(W10, "publish").status == 0
    assert (root.path / "old" / "site" / "issues" / W10 / "index.html").is_file()


def test_a_first_command_in_an_empty_root_goes_on_working(root: Root, typed: Terminal) -> None:
    """No pages and no database, or the pages of a paper without an issue."""
    assert typed(W10, "status").status == 0
    assert typed(W10, "publish").status == 0
    (root.path / "paper.db").unlink()
    assert typed(W10, "publish").status == 0


# ---------------------------------------------------------------- readers.db


def test_empty_readers_are_refused(root: Root, typed: Terminal) -> None:
    """Who left would be written to again, and who has the issue would get it again."""
    printed(root)
    assert typed(W10, "subscribers", "add", ADA).status == 0
    (root.path / "readers.db").write_bytes(b"")
    for words in (("send",), ("subscribers", "list"), ("subscribers", "add", ADA), ("deliveries",)):
        done = typed(W10, *words)
        assert done.status == 1, words
        assert f"{root.path / 'readers.db'}: is empty (0 bytes)" in done.out
        assert (root.path / "readers.db").read_bytes() == b""


def test_missing_readers_are_refused_where_mails_went_out(root: Root, typed: Terminal) -> None:
    """What is left of them is the lock of `send`; nobody gets the issue twice. A first send works."""
    printed(root)
    assert typed(W10, "subscribers", "add", ADA).status == 0
    (root.path / "readers.db").unlink()
    assert typed(W10, "subscribers", "add", ADA).status == 0
    assert "1 sent" in typed(W10, "send").out
    for file in root.path.glob("readers.db*"):
        file.unlink()
    for words in (("send",), ("subscribers", "add", ADA), ("deliveries",)):
        done = typed(W10, *words)
        assert done.status == 1, words
        assert f"{root.path / 'readers.db'}: is missing, but `send` has run here before" in done.out
        assert f"remove {root.path / 'send.lock'}" in done.out
        assert not (root.path / "readers.db").exists()
    (root.path / "send.lock").unlink()
    assert typed(W10, "subscribers", "add", ADA).status == 0


def test_a_send_without_a_reader_leaves_readers_that_open_again(
    root: Root, typed: Terminal
) -> None:
    """The lock is never there before the file that it speaks of."""
    printed(root)
    assert "nobody gets it" in typed(W10, "send").out
    assert typed(W10, "subscribers", "add", ADA).status == 0


# ---------------------------------------------------------------- the files themselves


@pytest.mark.parametrize("open", [Store, lambda path: Readers(path, lambda n: b"\1" * n)])
def test_a_first_opening_that_ends_early_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open: type[Store]
) -> None:
    """The first page is there before the first table: the next opening goes on from it."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "new.db"
    monkeypatch.setattr("sundaypaper.database.DatabaseFile._refuse_damaged", end)
    with pytest.raises(KeyboardInterrupt):
        open(path)
    assert path.stat().st_size > 0
    monkeypatch.undo()
    with open(path) as file:
        assert file.db.table_names()


def test_an_empty_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Whatever lies beside it."""
    (tmp_path / "paper.db").write_bytes(b"")
    with pytest.raises(StoreError, match=r"paper\.db: is empty \(0 bytes\).*remove it if nothing"):
        Store(tmp_path / "paper.db")
    assert (tmp_path / "paper.db").read_bytes() == b""
