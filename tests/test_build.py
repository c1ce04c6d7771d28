"""Pages to a directory: one swap, nothing written for nothing, the old site up whatever happens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sundaypaper.build import Group, fingerprint, publish
from sundaypaper.errors import BuildError, BusyError
from sundaypaper.locks import run_lock
from sundaypaper.models import Page


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The output folder; it does not exist yet."""
    return tmp_path / "output"


def group(name: str, text: str, *paths: str) -> Group:
    """A group of pages that all hold the text, which is its fingerprint too."""
    pages = [Page(path, text.encode()) for path in paths or (f"{name}/index.html",)]
    return Group(name, text, lambda: pages)


def untouchable(name: str, text: str) -> Group:
    """A group that must not be rendered."""

    def make() -> Sequence[Page]:
        pytest.fail(f"{name} was rendered again")

    return Group(name, text, make)


def site(output: Path) -> dict[str, str]:
    """What a visitor finds, by path."""
    root = output / "site"
    return {
        file.relative_to(root).as_posix(): file.read_text()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def everything(output: Path) -> dict[str, tuple[int, int, int]]:
    """Inode, time of change and size of all that lies below the output folder, links as links."""
    found = {}
    for path in sorted(output.rglob("*")):
        stat = path.lstat()
        found[str(path)] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return found


@contextmanager
def folder_of_somebody_else() -> Iterator[Path]:
    """A read-only folder, seen by a user without privileges even where root runs the tests."""
    user = os.geteuid()
    with TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        os.seteuid(65534 if user == 0 else user)
        try:
            yield Path(name)
        finally:
            os.seteuid(user)
            Path(name).chmod(0o755)


def leftovers(output: Path) -> list[str]:
    """Names below the output folder that a finished run does not leave."""
    names = [p.name for p in [*output.iterdir(), *(output / "builds").iterdir()]]
    builds = {p.name for p in (output / "builds").iterdir() if p.is_dir()}
    orphans = {n for n in names if n.endswith(".json") and n[:-5] not in builds}
    return sorted({n for n in names if n.startswith(".")} | orphans)


# ---------------------------------------------------------------- publishing


def test_a_first_build_is_a_link_to_a_folder_with_all_pages(output: Path) -> None:
    """The link is relative, so that the output folder may be moved as a whole."""
    built = publish(output, [group("a", "1", "index.html", "a/b/c.html"), group("b", "2")])
    assert site(output) == {"index.html": "1", "a/b/c.html": "1", "b/index.html": "2"}
    assert (built.rendered, built.linked, built.changed) == (3, 0, True)
    assert os.readlink(output / "site") == f"builds/{built.folder.name}"
    output.rename(output.with_name("moved"))
    assert len(site(output.with_name("moved"))) == 3


def test_an_equal_build_writes_nothing_and_renders_nothing(output: Path) -> None:
    """Not a byte, not a time of change."""
    publish(output, [group("a", "1"), group("b", "2")])
    before = everything(output)
    built = publish(output, [untouchable("a", "1"), untouchable("b", "2")])
    assert (built.rendered, built.linked, built.changed) == (0, 0, False)
    assert everything(output) == before


def test_an_unchanged_group_is_linked_from_the_build_before(output: Path) -> None:
    """The same file on the disk, not a copy; only the changed group is rendered."""
    publish(output, [group("a", "1", "x", "y"), group("b", "2")])
    inode = (output / "site/x").stat().st_ino
    built = publish(output, [untouchable("a", "1"), group("b", "3")])
    assert (built.rendered, built.linked, built.changed) == (1, 2, True)
    assert (output / "site/x").stat().st_ino == inode
    assert site(output) == {"x": "1", "y": "1", "b/index.html": "3"}


def test_where_files_cannot_be_linked_they_are_copied(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems have no hard links."""

    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    publish(output, [group("a", "1"), group("b", "2")])
    monkeypatch.setattr(os, "link", refuse)
    publish(output, [untouchable("a", "1"), group("b", "3")])
    assert site(output) == {"a/index.html": "1", "b/index.html": "3"}


def test_a_group_that_is_gone_takes_its_pages_with_it(output: Path) -> None:
    """And one that changed leaves no page of before."""
    publish(output, [group("a", "1", "old", "kept"), group("b", "2")])
    publish(output, [group("a", "2", "kept", "new")])
    assert site(output) == {"kept": "2", "new": "2"}


def test_a_build_that_is_rendered_anew_leaves_the_one_before_as_it_was(output: Path) -> None:
    """A reader in the middle of a page keeps the old file, also where the path stays."""
    first = publish(output, [group("a", "1"), group("b", "2")]).folder
    publish(output, [group("a", "changed"), group("b", "2")])
    assert (first / "a/index.html").read_text() == "1"
    assert (first / "b/index.html").read_text() == "2"


def test_all_builds_but_the_one_in_place_and_the_one_before_are_forgotten(output: Path) -> None:
    """With their manifests; whatever the clock said when they were made."""
    folders = []
    for n in range(5):
        folders.append(publish(output, [group("a", str(n))]).folder)
        os.utime(folders[-1], (2000 - n, 2000 - n))
    kept = {folder.name for folder in folders[-2:]}
    assert {p.name for p in (output / "builds").iterdir()} == kept | {f"{k}.json" for k in kept}
    assert site(output) == {"a/index.html": "4"}


def test_a_build_that_comes_back_is_published_again(output: Path) -> None:
    """From 1 to 2 and back to 1, as when a change of feeds.yaml is undone."""
    for text in ("1", "2", "1", "2"):
        publish(output, [group("a", text), group("b", "same")])
        assert site(output) == {"a/index.html": text, "b/index.html": "same"}


def test_no_groups_make_an_empty_site(output: Path) -> None:
    """Nothing was composed yet."""
    assert publish(output, []).changed
    assert site(output) == {}


def test_a_fingerprint_tells_apart_where_one_part_ends_and_the_next_begins() -> None:
    """Text and its bytes are one; order and borders count."""
    assert fingerprint("ab", "c") != fingerprint("a", "bc") != fingerprint("abc")
    assert fingerprint("a", "b") != fingerprint("b", "a")
    assert fingerprint("é") == fingerprint("é".encode())
    assert len(fingerprint()) == 32


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "..", "", ".", "a\0b"])
def test_a_page_outside_of_the_build_is_refused(output: Path, path: str) -> None:
    """Nothing of that build is published, nothing is written elsewhere."""
    publish(output, [group("a", "1")])
    with pytest.raises(BuildError, match="must lie below the build"):
        publish(output, [group("a", "2"), group("b", "2", path)])
    assert site(output) == {"a/index.html": "1"}
    assert {p.name for p in output.parent.rglob("x")} == set()


def test_a_manifest_that_names_files_elsewhere_is_not_followed(output: Path) -> None:
    """The manifest lies in a folder that others may write to."""
    built = publish(output, [group("a", "1")])
    (output / "secret").write_text("s")
    manifest = {"a": {"fingerprint": "1", "files": ["../../secret"]}}
    built.folder.with_suffix(".json").write_text(json.dumps(manifest))
    with pytest.raises(BuildError, match="must lie below the build"):
        publish(output, [group("a", "1"), group("b", "2")])
    assert site(output) == {"a/index.html": "1"}


@pytest.mark.parametrize("first", ["linked", "rendered"])
def test_two_pages_with_one_path_are_refused(output: Path, first: str) -> None:
    """Writing to a linked file would change the site that is up."""
    publish(output, [group("a", "1", "index.html")])
    groups = [group("a", "1", "index.html"), group("b", "2", "index.html")]
    with pytest.raises(BuildError, match="two pages have this path"):
        publish(output, groups if first == "linked" else groups[::-1])
    assert site(output) == {"index.html": "1"}


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_a_site_that_is_not_our_link_is_refused_before_any_work(
    output: Path, make: Callable[[Path], None]
) -> None:
    """Somebody's own folder or file stays as it is; nothing is rendered for nothing."""
    output.mkdir()
    make(output / "site")
    with pytest.raises(BuildError, match=r"output/site: is not the link .*; move it away"):
        publish(output, [untouchable("a", "1")])
    assert [p.name for p in output.iterdir()] == ["site"]


def test_an_output_that_cannot_be_written_is_told_with_a_sentence(tmp_path: Path) -> None:
    """With the name of the file in the way."""
    (tmp_path / "output").write_text("a file")
    with pytest.raises(BuildError, match=r"output.*: Not a directory; the pages before stay"):
        publish(tmp_path / "output", [group("a", "1")])


def test_a_read_only_output_is_told_with_a_sentence() -> None:
    """As somebody who may not write everywhere; the lock of a run says so too."""
    with folder_of_somebody_else() as folder:
        with pytest.raises(BuildError, match="Permission denied; the pages before stay in place"):
            publish(folder, [group("a", "1")])
        with pytest.raises(BuildError, match="Permission denied; a run needs"), run_lock(folder / "l"):  # fmt: skip
            pytest.fail("no lock was taken")


# ---------------------------------------------------------------- interrupted

STEPS = ["make", "mkdir", "write_bytes", "rename", "write_text", "symlink_to", "replace", "link"]


class Killed(BaseException):
    """Stands for a kill: nothing may catch it and clean up."""


def stop_at(step: str, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let one step of the next build fail, the first time it is taken."""

    def fail(*_: object, **__: object) -> None:
        raise error

    owner: object = os if step in ("replace", "link") else Path
    if step == "link":
        monkeypatch.setattr(shutil, "copyfile", fail)
    if step != "make":
        monkeypatch.setattr(owner, step, fail)


@pytest.mark.parametrize("error", [Killed(), OSError(28, "No space left on device")])
@pytest.mark.parametrize("step", STEPS)
def test_a_build_that_ends_at_any_step_leaves_the_old_site_up_and_the_next_one_heals(
    output: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """Killed or out of space; the next run publishes what an undisturbed one would, no crumbs left."""
    before = {"a/index.html": "1", "b/index.html": "1"}
    after = {"a/index.html": "1", "b/index.html": "2"}

    def failing() -> Sequence[Page]:
        raise error

    publish(output, [group("a", "1"), group("b", "1")])
    with monkeypatch.context() as patched:
        stop_at(step, patched, error)
        changed = Group("b", "2", failing) if step == "make" else group("b", "2")
        told = BuildError if isinstance(error, OSError) else Killed
        with pytest.raises(told):
            publish(output, [group("a", "1"), changed])
    assert site(output) == before
    publish(output, [group("a", "1"), group("b", "2")])
    assert site(output) == after
    assert leftovers(output) == []


@pytest.mark.parametrize("step", ["make", "write_bytes", "rename", "write_text", "replace"])
def test_what_a_killed_build_left_is_removed_by_a_run_that_builds_nothing(
    output: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Also where the change that was being built has been undone meanwhile."""

    def killed() -> Sequence[Page]:
        raise Killed

    publish(output, [group("a", "1")])
    with monkeypatch.context() as patched:
        stop_at(step, patched, Killed())
        with pytest.raises(Killed):
            publish(output, [Group("a", "2", killed) if step == "make" else group("a", "2")])
    assert publish(output, [untouchable("a", "1")]).changed is False
    assert leftovers(output) == []
    assert site(output) == {"a/index.html": "1"}


def test_a_build_that_was_never_published_does_not_push_out_the_one_before(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed just before its swap; readers of the site until now find their pages all the same."""
    former = publish(output, [group("a", "1")]).folder
    with monkeypatch.context() as patched:
        stop_at("replace", patched, Killed())
        with pytest.raises(Killed):
            publish(output, [group("a", "2")])
    last = publish(output, [group("a", "3")]).folder
    assert {p for p in (output / "builds").iterdir() if p.is_dir()} == {former, last}
    assert leftovers(output) == []


def test_crumbs_of_any_name_are_swept_up_by_the_next_run(output: Path) -> None:
    """A folder half made, a manifest whose build is gone, a link that was never swapped in."""
    publish(output, [group("a", "1")])
    (output / "builds/.dead.part/a").mkdir(parents=True)
    (output / "builds/gone.json").write_text("{}")
    (output / ".site.new").symlink_to("builds/gone")
    assert len(leftovers(output)) == 3
    assert publish(output, [untouchable("a", "1")]).changed is False
    assert leftovers(output) == []


def test_the_site_always_has_a_whole_build_behind_it(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen from between all steps of a build: first the old pages, from the swap on the new ones."""
    old = {"a/index.html": "1", "b/index.html": "1"}
    new = {"a/index.html": "1", "b/index.html": "2"}
    publish(output, [group("a", "1"), group("b", "1")])
    seen: list[dict[str, str]] = []

    def watched(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def step(*args: object, **more: object) -> object:
            seen.append(site(output))
            result = real(*args, **more)
            seen.append(site(output))
            return result

        monkeypatch.setattr(owner, name, step)

    for name in ("mkdir", "write_bytes", "rename", "write_text", "symlink_to", "unlink"):
        watched(Path, name)
    for name in ("replace", "link"):
        watched(os, name)
    watched(shutil, "rmtree")
    publish(output, [group("a", "1"), group("b", "2")])
    assert seen[0] == old
    assert seen[-1] == new
    assert [page for page in seen if page not in (old, new)] == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"fingerprint": "1"}}', None])
def test_a_lost_or_damaged_manifest_costs_only_time(output: Path, text: str | None) -> None:
    """Everything is rendered again at the next change; without a change the site stays as it is."""
    built = publish(output, [group("a", "1"), group("b", "2")])
    manifest = built.folder.with_suffix(".json")
    if text is None:
        manifest.unlink()
    else:
        manifest.write_text(text)
    assert publish(output, [untouchable("a", "1"), untouchable("b", "2")]).changed is False
    assert publish(output, [group("a", "1"), group("b", "3")]).rendered == 2
    assert site(output) == {"a/index.html": "1", "b/index.html": "3"}


def test_a_page_that_somebody_deleted_is_rendered_again(output: Path) -> None:
    """Its group cannot be linked; publishing goes on all the same."""
    publish(output, [group("a", "1"), group("b", "2")])
    (output / "site/a/index.html").unlink()
    assert publish(output, [group("a", "1"), group("b", "3")]).rendered == 2
    assert site(output) == {"a/index.html": "1", "b/index.html": "3"}


def test_a_build_that_somebody_deleted_is_made_again(output: Path) -> None:
    """A link to nowhere is no site, even where its name is right."""
    built = publish(output, [group("a", "1")])
    shutil.rmtree(built.folder)
    assert publish(output, [group("a", "1")]).changed
    assert site(output) == {"a/index.html": "1"}


# ---------------------------------------------------------------- the lock of a run

HOLDER = """
import sys
from pathlib import Path
from sundaypaper.locks import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(file: Path) -> subprocess.Popen[str]:
    """Another process, holding the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("kill", [True, False])
def test_a_second_run_is_told_that_another_is_at_work_until_that_one_ends(
    tmp_path: Path, kill: bool
) -> None:
    """Two real processes; a kill frees the lock as an end does, though the file stays."""
    file = tmp_path / "new" / "run.lock"
    other = holder(file)
    with other:
        with pytest.raises(BusyError, match=r"another run is at work \(it holds .*run\.lock\)"), run_lock(file):  # fmt: skip
            pytest.fail("two runs at once")
        if kill:
            other.send_signal(signal.SIGKILL)
        else:
            other.communicate()
        other.wait()
    with run_lock(file):
        assert file.exists()


def test_the_lock_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    """And the run's own error is told as it was."""
    file = tmp_path / "run.lock"
    with pytest.raises(PermissionError, match="its own"), run_lock(file):
        raise PermissionError("its own")
    with run_lock(file), pytest.raises(BusyError), run_lock(file):
        pytest.fail("two runs at once")


def test_a_lock_that_cannot_be_made_is_told_with_a_sentence(tmp_path: Path) -> None:
    """A folder in its place, a file in place of its folder."""
    (tmp_path / "file").touch()
    with pytest.raises(BuildError, match="a run needs to write here"), run_lock(tmp_path):
        pytest.fail("no lock was taken")
    with pytest.raises(BuildError, match="file"), run_lock(tmp_path / "file" / "run.lock"):
        pytest.fail("no lock was taken")
