"""`sundaypaper backup` and `restore`: a drill, and all that may be wrong with either."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from kept_week import SUNDAY, W10, W11, Root, Terminal, paper
from sundaypaper import database
from sundaypaper.delivery import Readers
from terminal import typed as command_line
from test_lost_files import pages

ADA = "ada@lab.example"
DELIVERY = """base_url: https://paper.example/
delivery: {kind: file, from: Sunday Paper <paper@lab.example>, folder: %s}
"""
FILE = "kept/paper.zip"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a printed week, a reader, a desk file, and a backup of them all."""
    root = Root(tmp_path_factory.mktemp("backed") / "root")
    root.path.mkdir()
    root.configure(DELIVERY % (root.path / "out"))
    root.keep(W10, *(paper(n) for n in range(1, 4)))
    root.desk("intro: A week of kettles.\n")
    root.edit(W10)
    with Readers(root.path / "readers.db", os.urandom) as readers:
        readers.add(ADA, consent="said so", now=SUNDAY[W10])
    now = ("--now", f"{SUNDAY[W10]:%Y-%m-%dT%H:%M:%SZ}")
    assert command_line(root.path, *now, "publish").returncode == 0
    assert command_line(root.path, *now, "backup", str(root.path / FILE)).returncode == 0
    return root.path


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Root:
    """That root, to do with as one likes."""
    return Root(Path(shutil.copytree(made, tmp_path / "root", symlinks=True)))


@pytest.fixture
def typed(
    root: Root, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """The command line of that root."""
    return Terminal(root, monkeypatch, capsys)


def damage(file: Path) -> None:
    """Change three bytes where a table begins."""
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(b"\x77\x77\x77")


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their paths, but those of `output`."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "output" not in p.parts and p.suffix != ".lock"
    }


def mode(file: Path) -> int:
    """The rights of a file."""
    return stat.S_IMODE(file.stat().st_mode)


# ---------------------------------------------------------------- the drill


def test_a_paper_that_was_damaged_comes_back_and_publishes_the_same_bytes(
    root: Root, typed: Terminal
) -> None:
    """Back up, lose three bytes, be told what to type, type it, publish."""
    before = pages(root)
    damage(root.path / "paper.db")
    refused = typed(W11, "run")
    assert refused.status == 1
    assert "paper.db: " in refused.out
    assert "restore it from a backup (`sundaypaper restore FILE`)" in refused.out
    shutil.rmtree(root.path / "output")
    done = typed(W11, "restore", str(root.path / FILE))
    assert done.status == 0, done.out
    assert "paper.db is that of 2026-03-08 12:00 UTC; what stood there is paper.db.replaced-20260315T120000Z now" in done.out  # fmt: skip
    assert "readers.db is whole and stays; --yes replaces it, too" in done.out
    assert typed(W10, "publish").status == 0
    assert pages(root) == before


def test_a_new_machine_gets_all_that_a_person_or_a_run_made(root: Root, typed: Terminal) -> None:
    """Databases, settings and desk files; the rest is made again."""
    kept = files(root.path)
    backup = root.path.parent / "paper.zip"
    (root.path / FILE).rename(backup)
    shutil.rmtree(root.path)
    root.path.mkdir()
    done = typed(W11, "restore", str(backup))
    assert done.status == 0, done.out
    assert set(files(root.path)) == set(kept) - {FILE}
    assert files(root.path)["desk/2026-W10.yaml"] == kept["desk/2026-W10.yaml"]
    assert "who left, came or got a mail since then is not known here" in done.out
    with Readers(root.path / "readers.db", os.urandom) as readers:
        assert [reader.address for reader in readers.subscribers()] == [ADA]
    assert typed(W10, "publish").status == 0
    assert f"issues/{W10}/index.html" in pages(root)


# ---------------------------------------------------------------- backing up


def test_a_backup_is_its_owners_and_holds_nothing_that_was_deleted(
    root: Root, typed: Terminal
) -> None:
    """As private as readers.db, and without the remains that deleted rows leave in a file."""
    # A poll's note, since it is kept as it is: entries are compressed, and a word in them is not found.
    with root.store() as store:
        store.db.table("polls").insert({"source": "Gone", "doc": "Unsayable. " * 2000})
        store.db.table("polls").delete("Gone")
    assert b"Unsayable" in (root.path / "paper.db").read_bytes()
    with Readers(root.path / "readers.db", os.urandom) as readers:
        readers.erase(ADA, SUNDAY[W11])
    done = typed(W11, "backup")
    assert done.status == 0, done.out
    (file,) = (root.path / "backups").iterdir()
    assert (file.name, mode(file)) == ("paper-20260315T120000Z.zip", 0o600)
    assert not [word for word in (b"Unsayable", ADA.encode()) if word in file.read_bytes()]
    assert ADA not in done.out
    with zipfile.ZipFile(file) as packed:
        assert packed.namelist() == ["backup.json", "paper.db", "readers.db", "feeds.yaml", "desk/2026-W10.yaml"]  # fmt: skip


def test_a_backup_holds_one_moment_while_others_write(root: Root, typed: Terminal) -> None:
    """What is not committed yet is not in it, and nobody has to wait."""
    with root.store() as store, store.db.atomic():
        store.db.execute("delete from entries")
        assert typed(W11, "backup", "--keep", "1").status == 0
    (file,) = (root.path / "backups").iterdir()
    with zipfile.ZipFile(file) as packed:
        packed.extract("paper.db", root.path / "seen")
    with sqlite3.connect(root.path / "seen" / "paper.db") as db:
        assert db.execute("select count(*) from entries").fetchone() == (3,)


def test_of_what_is_damaged_no_backup_is_made(root: Root, typed: Terminal) -> None:
    """The backup of before stays as it is, whichever file is damaged."""
    before = (root.path / FILE).read_bytes()
    for name in ("paper.db", "readers.db"):
        whole = (root.path / name).read_bytes()
        damage(root.path / name)
        done = typed(W11, "backup", str(root.path / FILE))
        assert (done.status, f"{name}: " in done.out, "damaged" in done.out) == (1, True, True)
        (root.path / name).write_bytes(whole)
    assert (root.path / FILE).read_bytes() == before
    assert [p.name for p in (root.path / "kept").iterdir()] == ["paper.zip"]


def test_only_a_backup_is_overwritten_by_one(root: Root, typed: Terminal) -> None:
    """A slip of the finger writes over nothing; where there is nothing to keep none is made."""
    before = files(root.path)
    for name in ("paper.db", "feeds.yaml", "desk"):
        done = typed(W11, "backup", str(root.path / name))
        assert done.status == 1
        assert "is no backup" in done.out or "is a folder" in done.out
    assert files(root.path) == before
    assert typed(W11, "backup", str(root.path / FILE)).status == 0
    assert (root.path / FILE).read_bytes() != before[FILE]
    shutil.rmtree(root.path)
    root.path.mkdir()
    done = typed(W11, "backup")
    assert (done.status, "nothing is kept here yet" in done.out) == (1, True)
    assert not (root.path / "backups").exists() or not list((root.path / "backups").iterdir())


def test_so_many_backups_are_kept_and_none_that_has_a_name(root: Root, typed: Terminal) -> None:
    """The newest, by the moment in their names."""
    folder = root.path / "backups"
    folder.mkdir()
    shutil.copy(root.path / FILE, folder / "paper-before-the-move.zip")
    for day in range(1, 4):
        shutil.copy(root.path / FILE, folder / f"paper-2026030{day}T120000Z.zip")
    done = typed(W11, "backup", "--keep", "2")
    assert "2 older ones removed" in done.out
    assert sorted(p.name for p in folder.iterdir()) == [
        "paper-20260303T120000Z.zip",
        "paper-20260315T120000Z.zip",
        "paper-before-the-move.zip",
    ]
    (folder / "paper-20260303T120000Z.zip").rename(folder / "paper-20360101T120000Z.zip")
    assert "1 older one removed" in typed(W11, "backup", "--keep", "1").out
    assert (folder / "paper-20260315T120000Z.zip").exists()


def test_what_a_killed_backup_left_is_removed_by_the_next(
    root: Root, typed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies of readers.db lie in it. That of another paper may be at work in the same folder."""

    real = os.replace

    def replace(whole: Path, file: Path) -> None:
        if whole.name == "whole.zip":  # as a kill would leave it
            shutil.copytree(whole.parent, whole.parent.with_suffix(".left.part"))
        real(whole, file)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        assert typed(W10, "backup").status == 0
    (left,) = (root.path / "backups").glob(".backup-*.part")
    assert (left / "readers.db").exists()
    other = root.path / "backups" / ".backup-00000000-x.part"
    other.mkdir()
    assert typed(W11, "backup").status == 0
    assert not left.exists()
    assert other.exists()


# ---------------------------------------------------------------- putting back


def test_what_is_whole_is_replaced_only_with_a_yes(root: Root, typed: Terminal) -> None:
    """Then it is kept beside, and so is its journal, which would be played into the other file."""
    root.keep(W11, paper(50))
    (root.path / "paper.db-journal").write_bytes(b"")
    before = files(root.path)
    refused = typed(W11, "restore", str(root.path / FILE))
    assert refused.status == 1
    assert "paper.db and readers.db: whole as far as can be seen" in refused.out
    assert "With --yes" in refused.out
    assert files(root.path) == before
    done = typed(W11, "restore", str(root.path / FILE), "--yes", "--only", "paper.db")
    assert done.status == 0, done.out
    after = files(root.path)
    assert after["paper.db.replaced-20260315T120000Z"] == before["paper.db"]
    assert "paper.db.replaced-20260315T120000Z-journal" in after
    assert "paper.db-journal" not in after
    assert after["readers.db"] == before["readers.db"]
    with root.store() as store:
        assert store.known([paper(50).id]) == {}
        assert len(store.of_week(W10)) == 3


def test_two_restores_in_one_second_keep_both_beside(root: Root, typed: Terminal) -> None:
    """What stood there first is the file that somebody may still want."""
    damage(root.path / "paper.db")
    before = files(root.path)["paper.db"]
    for _ in range(2):
        done = typed(W11, "restore", str(root.path / FILE), "--yes", "--only", "paper.db")
        assert done.status == 0, done.out
    after = files(root.path)
    assert after["paper.db.replaced-20260315T120000Z"] == before
    assert "paper.db.replaced-20260315T120000Z-2" in after


def test_what_an_editor_wrote_since_stays(root: Root, typed: Terminal) -> None:
    """feeds.yaml and desk files may be newer than the backup; only what is gone comes back."""
    root.desk("intro: Another intro.\n")
    (root.path / "feeds.yaml").write_text("sources: [{kind: arxiv}]\ntitle: Mine\n")
    (root.path / "paper.db").unlink()
    assert typed(W11, "restore", str(root.path / FILE)).status == 0
    assert files(root.path)["desk/2026-W10.yaml"] == b"intro: Another intro.\n"
    assert b"title: Mine" in files(root.path)["feeds.yaml"]


def test_what_another_program_holds_is_not_taken_for_damaged(
    root: Root, typed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing takes its place without a yes; what holds it may be about to write."""
    monkeypatch.setattr(database, "PATIENCE", 0)
    before = files(root.path)
    with closing(database.sqlite3.connect(root.path / "paper.db", isolation_level=None)) as other:
        other.execute("begin exclusive")
        done = typed(W11, "restore", str(root.path / FILE))
        other.execute("rollback")
    assert done.status == 1
    assert "database is locked" in done.out
    assert "another program holding the file" in done.out
    assert files(root.path) == before


@pytest.mark.parametrize("harm", ["text", "cut", "flipped", "by hand", "newer", "lacking", "gone"])
def test_a_backup_that_is_not_whole_changes_nothing(root: Root, typed: Terminal, harm: str) -> None:
    """It is read to its end, and opened, before anything is moved."""
    file = root.path / FILE
    raw = bytearray(file.read_bytes())
    at = raw.index(b"SQLite format 3") + 5000
    at = raw.index(b"sources:") if harm == "by hand" else at
    raw[at] ^= 0xFF
    (root.path / "feeds.yaml").unlink()
    match harm:
        case "text":
            file.write_text("no backup")
        case "cut":
            file.write_bytes(file.read_bytes()[:-5000])
        case "flipped" | "by hand":
            file.write_bytes(raw)
        case "newer" | "lacking":
            with zipfile.ZipFile(file, "w") as packed:
                known = {"format": 2, "made": "2027-01-01T00:00:00+00:00", "version": "9.0"}
                packed.writestr("backup.json", json.dumps(known if harm == "newer" else {}))
        case "gone":
            file.unlink()
    before = files(root.path)
    done = typed(W11, "restore", str(file), "--yes")
    assert done.status == 1
    says = {"newer": "upgrade the program", "gone": "cannot be read: No such file"}
    assert says.get(harm, "is damaged or no backup") in done.out
    assert files(root.path) == before


@pytest.mark.parametrize("moves", range(1, 5))
def test_a_restore_that_is_killed_is_typed_again(
    root: Root, typed: Terminal, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    """After each of its moves: a file is the old one, the new one, or missing and refused."""

    class KilledError(BaseException):
        """Nothing may catch it."""

    real, done = os.replace, []

    def replace(*names: Path) -> None:
        done.append(names)
        if len(done) == moves:
            raise KilledError
        real(*names)

    expected = pages(root)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        with pytest.raises(KilledError):
            typed(W11, "restore", str(root.path / FILE), "--yes")
    again = typed(W11, "restore", str(root.path / FILE), "--yes")
    assert again.status == 0, again.out
    assert not list(root.path.glob(".restore-*"))
    assert typed(W10, "publish").status == 0
    assert pages(root) == expected


def test_a_backup_that_is_older_than_the_pages_says_which_issue_it_lacks(
    root: Root, typed: Terminal
) -> None:
    """It is put back all the same; what to do with the pages is said."""
    root.keep(W11, paper(50))
    root.edit(W11)
    assert typed(W11, "publish").status == 0
    damage(root.path / "paper.db")
    done = typed(W11, "restore", str(root.path / FILE))
    assert done.status == 1
    assert "paper.db is that of 2026-03-08" in done.out
    assert f"show {W11}, which would be gone" in done.out


def test_nothing_is_put_back_while_a_run_or_a_sending_is_at_work(
    root: Root, typed: Terminal
) -> None:
    """Status 75, and nothing is moved."""
    from sundaypaper.locks import run_lock

    for lock in ("run.lock", "send.lock"):
        with run_lock(root.path / lock):
            before = files(root.path)
            assert typed(W11, "restore", str(root.path / FILE), "--yes").status == 75
            assert files(root.path) == before


def test_a_backup_without_readers_does_not_say_that_mails_went_out(
    root: Root, typed: Terminal
) -> None:
    """The lock of sending would say so, and the next `send` would ask for a readers.db."""
    (root.path / "readers.db").unlink()
    assert typed(W11, "backup", str(root.path / FILE)).status == 0
    (root.path / "paper.db").unlink()
    assert typed(W11, "restore", str(root.path / FILE)).status == 0
    assert not (root.path / "send.lock").exists()
    assert mode(root.path / "paper.db") != 0o600


# ---------------------------------------------------------------- what else belongs to a paper


def test_templates_and_the_list_of_a_group_move_with_the_paper(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """A paper that moved looks as before and mails to the same people; others' files stay away."""
    root.configure((DELIVERY % (root.path / "out")) + "readers: {from: lab/people.csv}\n")
    for name in ("lab/people.csv", "lab/other.csv", "templates/reader/told.html"):
        (root.path / name).parent.mkdir(parents=True, exist_ok=True)
        (root.path / name).write_text(f"address\n{ADA}\n")
    assert typed(W10, "backup", str(tmp_path / "paper.zip")).status == 0
    new = Terminal(Root(tmp_path / "new"), typed.monkeypatch, typed.capsys)
    assert new(W11, "restore", str(tmp_path / "paper.zip")).status == 0
    assert (tmp_path / "new/templates/reader/told.html").exists()
    assert (tmp_path / "new/lab/people.csv").read_text() == f"address\n{ADA}\n"
    assert not (tmp_path / "new/lab/other.csv").exists()


def test_a_backup_that_somebody_made_writes_nothing_outside(
    root: Root, typed: Terminal, tmp_path: Path
) -> None:
    """Whatever names its list holds."""
    evil = "../evil.txt"
    with zipfile.ZipFile(root.path / FILE) as good, zipfile.ZipFile(tmp_path / "b.zip", "w") as bad:
        for name in good.namelist():
            body = good.read(name)
            if name == "backup.json":
                body = json.dumps({**json.loads(body), "by_hand": [evil]}).encode()
            bad.writestr(name, body)
        bad.writestr(evil, "x")
    assert typed(W11, "restore", str(tmp_path / "b.zip"), "--yes").status == 0
    assert not (root.path.parent / "evil.txt").exists()


# ---------------------------------------------------------------- encryption

# Stands in for age: turns each byte round, and wants the key that it was made with.
SEALING = """import sys
body = sys.stdin.buffer.read()
if "open" in sys.argv and not body.startswith(b"age-encryption.org/v1 " + sys.argv[1].encode()):
    sys.exit("no identity matched any of the recipients")
head = b"age-encryption.org/v1 " + sys.argv[1].encode()
body = body[len(head):] if "open" in sys.argv else body
body = body.translate(bytes(range(255, -1, -1)))
sys.stdout.buffer.write(body if "open" in sys.argv else head + body)
"""


@pytest.fixture
def sealing(tmp_path: Path) -> str:
    """A command that encrypts, for want of a better one."""
    (tmp_path / "seal.py").write_text(SEALING)
    return f"{sys.executable} {tmp_path / 'seal.py'}"


def test_an_encrypted_backup_shows_nothing_and_comes_back(
    root: Root, typed: Terminal, tmp_path: Path, sealing: str
) -> None:
    """Neither an address nor a name of a file; its owner alone may read even that."""
    file = tmp_path / "paper.zip.age"
    done = typed(W10, "backup", str(file), "--encrypt", f"{sealing} key")
    assert done.status == 0, done.out
    assert mode(file) == 0o600
    assert ADA.encode() not in file.read_bytes()
    assert b"readers.db" not in file.read_bytes()
    assert not list(tmp_path.glob(".backup-*"))
    new = Terminal(Root(tmp_path / "new"), typed.monkeypatch, typed.capsys)
    done = new(W11, "restore", str(file), "--decrypt", f"{sealing} key open")
    assert done.status == 0, done.out
    with Readers(tmp_path / "new/readers.db", os.urandom) as readers:
        assert [reader.address for reader in readers.subscribers()] == [ADA]
    assert not list((tmp_path / "new").glob(".opened-*"))
    assert root.path.exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("", "is encrypted: give the command that opens it"),
        ("{sealing} other open", "ended with status 1: no identity matched"),
        ("no-such-program -d", "no-such-program is not installed here"),
        ("'", "No closing quotation"),
    ],
)
def test_a_backup_that_cannot_be_opened_changes_nothing(
    command: str, told: str, root: Root, typed: Terminal, tmp_path: Path, sealing: str
) -> None:
    """No key, another one, no program, a slip of the pen: each with what to do."""
    file = tmp_path / "paper.zip.age"
    assert typed(W10, "backup", str(file), "--encrypt", f"{sealing} key").status == 0
    before = files(root.path)
    words = ("--decrypt", command.format(sealing=sealing)) if command else ()
    done = typed(W11, "restore", str(file), "--yes", *words)
    assert done.status == 1
    assert told in done.out
    assert files(root.path) == before


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("cat", "gave the backup as it is"),
        ("true", "gave nothing"),
        ("false", "ended with status 1"),
        ("no-such-program", "is not installed here"),
    ],
)
def test_what_encrypts_nothing_leaves_no_file(
    command: str, told: str, typed: Terminal, tmp_path: Path
) -> None:
    """A plain backup under the name of an encrypted one would be carried anywhere."""
    done = typed(W10, "backup", str(tmp_path / "paper.zip.age"), "--encrypt", command)
    assert done.status == 1
    assert told in done.out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["root"]
