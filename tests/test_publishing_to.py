"""`publish --to`: a plain tree of real files elsewhere, only what changed, nobody else's touched."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from sundaypaper import build
from sundaypaper.build import Group
from sundaypaper.errors import BuildError
from sundaypaper.forms.targets import Target, target
from sundaypaper.models import Page
from sundaypaper.pipeline.host import Ended, NoProgramError, masked, run_program
from sundaypaper.pipeline.publishing_to import LIST, Published, publish_to

FIRST = {
    "index.html": b"<a href=e/1/>one</a>",
    "404.html": b"gone",
    "style.css": b"p {}",
    "e/1/index.html": b"one",
    "issues/2026-W10/index.html": b"ten",
}
SECOND = {
    "index.html": b"<a href=e/2/>two</a>",
    "404.html": b"gone",
    "style.css": b"p {}",
    "e/2/index.html": b"two",
    "issues/2026-W10/index.html": b"ten, after it nine",
}


def made(output: Path, pages: Mapping[str, bytes]) -> None:
    """Publish pages below output, as a run does."""
    body = repr(sorted(pages.items()))
    group = Group("all", body, lambda: [Page(name, said) for name, said in pages.items()])
    build.publish(output, [group])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The folder output with a build of five pages in place."""
    made(tmp_path / "root/output", FIRST)
    return tmp_path / "root/output"


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder but the list of them, by their names."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and ".git" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found if p.name != LIST}


def no_program(words: Sequence[str], **_: object) -> Ended:
    """A host without the program that is asked for."""
    raise NoProgramError(f"{words[0]} is not installed here")


# ---------------------------------------------------------------- which target


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/var/www/paper", Target("folder", "/var/www/paper")),
        ("site", Target("folder", "site")),
        ("rsync://lab.example/www/paper/", Target("rsync", "rsync://lab.example/www/paper")),
        ("me@lab.example:/var/www", Target("rsync", "me@lab.example:/var/www")),
        ("s3://bucket/paper", Target("s3", "s3://bucket/paper")),
        ("gh-pages", Target("git", "origin")),
        ("gh-pages:upstream", Target("git", "upstream")),
        ("gh-pages:git@git.example:me/paper.git", Target("git", "git@git.example:me/paper.git")),
        ("nas:www", Target("rclone", "nas:www")),
    ],
)
def test_a_target_says_which_program_brings_the_pages(text: str, meant: Target) -> None:
    """Each form of a target is told from the others."""
    assert target(text) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected a folder"),
        ("-rsh", "looks like an option"),
        ("gh-pages:--upload-pack=id", "is no remote of git"),
        ("gh-pages:ext::sh -c id", "is no remote of git"),
        ("a\nb", "expected a folder"),
        ("ftp://lab.example/x", "nothing can be published to"),
        ("rsync://lab.example", "nothing can be published to"),
        ("s3://", "nothing can be published to"),
    ],
)
def test_what_is_no_target_is_refused(text: str, told: str) -> None:
    """Options, commands of git, and places that no program here brings pages to."""
    with pytest.raises(ValueError, match=told):
        target(text)


@pytest.mark.parametrize(
    "text", ["gh-pages:https://me:hunter22@git.example/p", "rsync://me:hunter22@lab.example/w/p"]
)
def test_a_password_in_a_target_is_refused_and_not_shown(text: str) -> None:
    """It would stand in feeds.yaml, in the process list and in messages."""
    with pytest.raises(ValueError, match="password") as told:
        target(text)
    assert "hunter22" not in str(told.value)


# ---------------------------------------------------------------- a folder


def test_a_folder_gets_real_files_and_what_a_static_host_needs(
    output: Path, tmp_path: Path
) -> None:
    """No link is among them, and the page for what is not found and the mark against Jekyll are."""
    done = publish_to(output, str(tmp_path / "www"), no_program)
    assert done == Published(str(tmp_path / "www"), 5, 0, 0, 34)
    assert files(tmp_path / "www") == {**FIRST, ".nojekyll": b""}
    assert not any(p.is_symlink() for p in (tmp_path / "www").rglob("*"))


def test_only_what_changed_is_written_and_only_what_was_published_is_removed(
    output: Path, tmp_path: Path
) -> None:
    """A page that stays keeps its time, for caches; a file of somebody's stays."""
    www = tmp_path / "www"
    publish_to(output, str(www), no_program)
    os.utime(www / "style.css", (1, 1))
    (www / "e/1/notes.txt").write_bytes(b"mine")
    made(output, SECOND)
    done = publish_to(output, str(www), no_program)
    assert (done.written, done.removed, done.kept) == (3, 1, 2)
    assert (www / "style.css").stat().st_mtime == 1
    assert files(www) == {**SECOND, ".nojekyll": b"", "e/1/notes.txt": b"mine"}
    assert publish_to(output, str(www), no_program).written == 0


def test_a_folder_that_is_empty_after_its_page_has_gone_goes_too(
    output: Path, tmp_path: Path
) -> None:
    """A server would list it."""
    publish_to(output, str(tmp_path / "www"), no_program)
    made(output, SECOND)
    publish_to(output, str(tmp_path / "www"), no_program)
    assert not (tmp_path / "www/e/1").exists()


def test_a_page_that_somebody_changed_there_is_mended(output: Path, tmp_path: Path) -> None:
    """What is compared is what lies there, not what was written once."""
    publish_to(output, str(tmp_path / "www"), no_program)
    (tmp_path / "www/style.css").write_bytes(b"p { color: red }")
    assert publish_to(output, str(tmp_path / "www"), no_program).written == 1
    assert (tmp_path / "www/style.css").read_bytes() == b"p {}"


def test_a_visitor_in_mid_publication_finds_what_pages_name(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New pages come first, the front page last, and what is gone is removed after it."""
    www = tmp_path / "www"
    publish_to(output, str(www), no_program)
    made(output, SECOND)
    seen: list[str] = []
    real = os.replace

    def watched(old: Path, new: Path) -> None:
        real(old, new)
        there = "1" if (www / "e/1/index.html").exists() else ""
        seen.append(Path(new).relative_to(www).as_posix() + there)

    monkeypatch.setattr("sundaypaper.pipeline.publishing_folder.os.replace", watched)
    publish_to(output, str(www), no_program)
    assert seen == [
        f"{LIST}1",
        "e/2/index.html1",
        "issues/2026-W10/index.html1",
        "index.html1",
        LIST,
    ]


def test_what_was_killed_in_between_is_ended_by_the_next(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that came before the kill is known as ours, also where the next build lacks it."""
    www = tmp_path / "www"
    publish_to(output, str(www), no_program)
    made(output, SECOND)
    real = os.replace

    def killed(old: Path, new: Path) -> None:
        if Path(new) == www / "index.html":
            raise KeyboardInterrupt
        real(old, new)

    with monkeypatch.context() as patched:
        patched.setattr("sundaypaper.pipeline.publishing_folder.os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_to(output, str(www), no_program)
    assert (www / "e/2/index.html").exists()
    made(output, FIRST)
    publish_to(output, str(www), no_program)
    assert files(www).keys() - {".index.html.new"} == {*FIRST, ".nojekyll"}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("/", "is no folder for pages alone"),
        ("~", "is no folder for pages alone"),
        ("{root}/output/www", "neither lie in there nor around it"),
        ("{root}", "neither lie in there nor around it"),
        ("{root}/output", "neither lie in there nor around it"),
        ("{foreign}", "is not empty and was not made by `publish`"),
        ("{foreign}/file", "is no folder"),
    ],
)
def test_a_folder_that_is_not_for_pages_is_refused(
    where: str, told: str, output: Path, tmp_path: Path
) -> None:
    """Whose files would be among the pages, and where pages are made."""
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/file").write_bytes(b"mine")
    name = where.format(root=output.parent, foreign=tmp_path / "foreign")
    with pytest.raises(BuildError, match=told):
        publish_to(output, name, no_program)
    assert files(tmp_path / "foreign") == {"file": b"mine"}


def test_an_empty_list_lets_pages_lie_beside_other_files(output: Path, tmp_path: Path) -> None:
    """Who says so may publish into a folder that holds something; that stays."""
    (tmp_path / "www").mkdir()
    (tmp_path / "www/robots.txt").write_bytes(b"mine")
    (tmp_path / "www" / LIST).write_bytes(b"")
    publish_to(output, str(tmp_path / "www"), no_program)
    assert files(tmp_path / "www") == {**FIRST, ".nojekyll": b"", "robots.txt": b"mine"}


def test_a_list_that_somebody_wrote_removes_nothing_outside(output: Path, tmp_path: Path) -> None:
    """Names that lead out of the folder are none of ours."""
    (tmp_path / "out.txt").write_bytes(b"mine")
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / LIST).write_text(
        '{"format": 1, "files": {"../out.txt": "x", "/etc/nothing": "x", "a/../../out.txt": "x"}}'
    )
    assert publish_to(output, str(tmp_path / "www"), no_program).removed == 0
    assert (tmp_path / "out.txt").read_bytes() == b"mine"


def test_a_link_that_leads_out_of_the_folder_is_not_followed(output: Path, tmp_path: Path) -> None:
    """Else pages would be written where nobody meant them."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / LIST).write_bytes(b"")
    (tmp_path / "www/e").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BuildError, match="leads out of"):
        publish_to(output, str(tmp_path / "www"), no_program)
    assert files(tmp_path / "elsewhere") == {}


def test_without_pages_nothing_is_published(tmp_path: Path) -> None:
    """An empty paper must not take the place of one that is read."""
    with pytest.raises(BuildError, match="there are no pages yet"):
        publish_to(tmp_path / "output", str(tmp_path / "www"), no_program)


# ---------------------------------------------------------------- programs of the host


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("rsync://lab.example/www/p", "install rsync"),
        ("nas:www", "install rclone"),
        ("s3://bucket/p", "install rclone or the AWS command line"),
        ("gh-pages:/srv/site.git", "git is not installed here"),
    ],
)
def test_a_program_that_is_missing_is_named(where: str, told: str, output: Path) -> None:
    """With what to do about it."""
    with pytest.raises(BuildError, match=told):
        publish_to(output, where, no_program)


def test_what_a_program_says_is_told_without_secrets() -> None:
    """Values of variables that look like secrets, and who stands before an @ in an address."""
    environ = {"AWS_SECRET_ACCESS_KEY": "s3cr3t-of-mine", "HOME": "/home/me"}
    said = b"403: s3cr3t-of-mine at https://me:pw@git.example/x\nin /home/me\n"
    told = masked(said, environ.items())
    assert told == "403: … at https://…@git.example/x / in /home/me"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[str]:
    """The address of a module of an rsync daemon on loopback."""
    if not shutil.which("rsync"):
        pytest.skip("rsync is not here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "served").mkdir()
    own = f"uid = {os.getuid()}\ngid = {os.getgid()}\n" if os.getuid() == 0 else ""
    conf = f"use chroot = no\nport = {port}\n[pages]\npath = {tmp_path}/served\nread only = no\n{own}"  # fmt: skip
    (tmp_path / "rsyncd.conf").write_text(conf)
    words = ("rsync", "--daemon", "--no-detach", f"--config={tmp_path}/rsyncd.conf")
    with subprocess.Popen([*words, "--address=127.0.0.1"]) as server:
        _until(lambda: _listens(port))
        yield f"rsync://127.0.0.1:{port}/pages/paper"
        server.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def _until(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it did not begin")


def _the_same_everywhere(output: Path, where: str, there: Path) -> None:
    """Publish twice to a place that a program reaches, others' files beside; the folder of it."""
    first = publish_to(output, where, run_program)
    assert (first.written, first.removed) == (5, 0)
    assert files(there) == FIRST
    (there / "e/1/notes.txt").write_bytes(b"mine")
    made(output, SECOND)
    second = publish_to(output, where, run_program)
    assert (second.written, second.removed, second.kept) == (3, 1, 2)
    assert files(there) == {**SECOND, "e/1/notes.txt": b"mine"}
    assert publish_to(output, where, run_program).written == 0


def test_a_real_rsync_daemon_gets_what_changed(output: Path, tmp_path: Path, daemon: str) -> None:
    """Through the host's rsync, over its own protocol."""
    _the_same_everywhere(output, daemon, tmp_path / "served/paper")


def test_a_place_behind_rsync_that_is_not_ours_is_refused(
    output: Path, tmp_path: Path, daemon: str
) -> None:
    """As a folder is."""
    (tmp_path / "served/paper").mkdir()
    (tmp_path / "served/paper/file").write_bytes(b"mine")
    with pytest.raises(BuildError, match="is not empty and was not made by `publish`"):
        publish_to(output, daemon, run_program)
    assert files(tmp_path / "served/paper") == {"file": b"mine"}


def test_a_host_that_nobody_answers_at_is_told_with_what_rsync_said(output: Path) -> None:
    """And is not taken for one that is empty."""
    if not shutil.which("rsync"):
        pytest.skip("rsync is not here")
    with pytest.raises(BuildError, match=r"rsync ended with status 10: .*Connection refused"):
        publish_to(output, "rsync://127.0.0.1:1/pages/paper", run_program)


def test_rsync_goes_through_ssh_with_a_user_and_a_path(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for ssh runs the far end here; a blank in the path is no fault."""
    if not shutil.which("rsync"):
        pytest.skip("rsync is not here")
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nwhile [ "$1" = -l ]; do shift 2; done\nshift\nexec "$@"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("RSYNC_RSH", str(ssh))
    _the_same_everywhere(output, f"me@lab.example:{tmp_path}/over ssh", tmp_path / "over ssh")


def test_a_remote_of_rclone_gets_what_changed(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the kind local, named by variables as rclone has it."""
    if not shutil.which("rclone"):
        pytest.skip("rclone is not here")
    monkeypatch.setenv("RCLONE_CONFIG_HERE_TYPE", "local")
    _the_same_everywhere(output, f"here:{tmp_path}/far", tmp_path / "far")


# ---------------------------------------------------------------- a branch


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository; git knows no user and reads no settings of this machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.delenv(f"GIT_{name}", raising=False)
    git(tmp_path, "init", "-q", "--bare", "site.git")
    return tmp_path / "site.git"


def git(folder: Path, *words: str) -> str:
    """What git prints."""
    done = subprocess.run(("git", *words), cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def shown(remote: Path, branch: str) -> dict[str, bytes]:
    """The files of a branch."""
    names = git(remote, "ls-tree", "-r", "--name-only", branch).splitlines()
    found = {name: git(remote, "show", f"{branch}:{name}").encode() for name in names}
    return {name: body for name, body in found.items() if name != LIST}


def test_a_branch_has_one_commit_without_history(output: Path, remote: Path) -> None:
    """However often it is published; the same pages are not pushed again."""
    first = publish_to(output, f"gh-pages:{remote}", run_program)
    assert (first.written, first.bytes) == (6, 34)
    assert publish_to(output, f"gh-pages:{remote}", run_program).written == 0
    made(output, SECOND)
    publish_to(output, f"gh-pages:{remote}", run_program)
    assert shown(remote, "gh-pages") == {**SECOND, ".nojekyll": b""}
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"


def test_a_branch_that_others_made_or_changed_is_left_alone(
    output: Path, remote: Path, tmp_path: Path
) -> None:
    """A force that asks nobody would lose their work."""
    publish_to(output, f"gh-pages:{remote}", run_program)
    git(tmp_path, "clone", "-q", "-b", "gh-pages", str(remote), "copy")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@lab.example")
    git(tmp_path / "copy", *who, "commit", "-q", "--allow-empty", "-m", "mine")
    git(tmp_path / "copy", "push", "-q")
    made(output, SECOND)
    with pytest.raises(BuildError, match="was not made by this program or has changed since"):
        publish_to(output, f"gh-pages:{remote}", run_program)
    assert git(remote, "log", "-1", "--format=%s", "gh-pages") == "mine"
    git(remote, "branch", "-D", "gh-pages")
    assert publish_to(output, f"gh-pages:{remote}", run_program).written == 6


def test_the_repository_at_hand_lends_its_remote_and_keeps_everything(
    output: Path, remote: Path
) -> None:
    """No branch, index, file or object of it is another afterwards; its hooks are not run."""
    root = output.parent
    git(root, "init", "-q")
    git(root, "remote", "add", "origin", str(remote))
    (root / ".gitattributes").write_text("* text eol=crlf\n")
    (root / ".git/hooks/pre-push").write_text("#!/bin/sh\nexit 1\n")
    (root / ".git/hooks/pre-push").chmod(0o755)
    before = {p: p.read_bytes() for p in (root / ".git").rglob("*") if p.is_file()}
    publish_to(output, "gh-pages", run_program)
    assert {p: p.read_bytes() for p in (root / ".git").rglob("*") if p.is_file()} == before
    assert shown(remote, "gh-pages") == {**FIRST, ".nojekyll": b""}


def test_without_a_repository_it_says_how_to_name_one(output: Path, remote: Path) -> None:
    """A name of a remote means something in a repository alone."""
    assert remote.exists()
    with pytest.raises(BuildError, match="gh-pages:ADDRESS"):
        publish_to(output, "gh-pages", run_program)
