"""One commit without history on a branch, pushed by force: for pages, and for a state.

Nothing of the repository at hand changes: new objects go into a folder of their own, no file is
checked out, no branch of it moves. Its remotes and credentials are used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sundaypaper.errors import BuildError
from sundaypaper.pipeline.host import NoProgramError, Run, checked

PAGES = "gh-pages"
# Says which commit of a branch we pushed: what else stands there is somebody's.
OURS = "refs/sundaypaper/"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
WHO = {
    "GIT_AUTHOR_NAME": "Sunday Paper",
    "GIT_AUTHOR_EMAIL": "sundaypaper@localhost",
    "GIT_COMMITTER_NAME": "Sunday Paper",
    "GIT_COMMITTER_EMAIL": "sundaypaper@localhost",
}
# What the repository or its user sets must not change a byte, start a hook or wait for an answer.
PLAIN = ("-c", "core.compression=1", "-c", "gc.auto=0", "-c", "maintenance.auto=false")


class MovedError(BuildError):
    """A branch has another commit than the one that it had when it was last seen."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git that writes its objects elsewhere, and the address of the remote."""

    run: Run
    folder: Path
    adding: Mapping[str, str]
    address: str
    shown: str

    def git(self, *words: str, given: bytes = b"", adding: Mapping[str, str] | None = None) -> str:
        """What git prints, stripped; BuildError names the remote where it fails."""
        try:
            done = checked(
                self.run,
                ("git", *PLAIN, *words),
                folder=self.folder,
                given=given,
                adding={**self.adding, **(adding or {})},
            )
        except NoProgramError:
            raise BuildError("git is not installed here: install it to publish by it") from None
        except BuildError as bad:
            raise BuildError(f"{self.shown}: {bad}") from None
        return done.decode("utf-8", "replace").strip()

    def there(self, branch: str) -> tuple[str, str]:
        """The commits of a branch and of our mark for it, each empty where there is none."""
        asked = (f"refs/heads/{branch}", f"{OURS}{branch}")
        lines = self.git("ls-remote", "--", self.address, *asked).splitlines()
        found = {name: commit for commit, _, name in (line.partition("\t") for line in lines)}
        return found.get(asked[0], ""), found.get(asked[1], "")


@dataclass(frozen=True, slots=True)
class Pushed:
    """The commit that a branch has now, and whether it was another before."""

    commit: str
    changed: bool


def push(
    files: Mapping[str, Path],
    remote: str,
    branch: str,
    near: Path,
    run: Run,
    at: int,
    expected: str | None = None,
) -> Pushed:
    """Make files the only commit of a branch.

    near lies in the repository whose remote it is, where remote is a name. at is the time of the
    commit; expected the one that the branch must have if any, where it is told. BuildError where
    others' work stands on the branch, another commit than expected, or git fails.
    """
    with TemporaryDirectory(prefix="sundaypaper-git-") as name:
        repository = opened(remote, near, run, Path(name))
        before, ours = repository.there(branch)
        if before not in ("", ours):
            raise BuildError(
                f"{repository.shown}: its branch {branch} was not made by this program or has changed "
                f"since, so it is left alone. If it may go: git push {repository.shown} --delete {branch}"
            )
        if before and expected is not None and before != expected:
            raise MovedError(f"{repository.shown}: its branch {branch} was written from elsewhere")
        commit = _commit(repository, files, f"Publish {branch}", at)
        if commit == before:
            return Pushed(commit, changed=False)
        seen = {f"refs/heads/{branch}": before, f"{OURS}{branch}": ours}
        lease = (f"--force-with-lease={ref}:{old}" for ref, old in seen.items())
        both = (f"{commit}:{ref}" for ref in seen)
        how = ("--quiet", "--atomic", "--no-verify")
        repository.git("push", *how, *lease, "--", repository.address, *both)
    return Pushed(commit, changed=True)


def opened(remote: str, near: Path, run: Run, own: Path) -> Repository:
    """The repository that near lies in, or an empty one where remote is an address or a path."""
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_INDEX_FILE": str(own / "index")}
    shown = remote if NAME.fullmatch(remote) else _without_user(remote)
    here = Repository(run, near.resolve(), {}, remote, shown)
    objects = own / "objects"
    objects.mkdir()
    if NAME.fullmatch(remote) and not Path(remote).exists():
        try:
            folder = here.git("rev-parse", "--absolute-git-dir")
            address = here.git("remote", "get-url", "--push", "--", remote)
        except BuildError as bad:
            raise BuildError(
                f"{near} lies in no git repository with a remote {remote} ({bad}); name the "
                "repository: gh-pages:ADDRESS"
            ) from None
        old = here.git("rev-parse", "--path-format=absolute", "--git-path", "objects")
        elsewhere = {
            "GIT_DIR": folder,
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": old,
        }
        return Repository(run, own, {**quiet, **elsewhere}, address, shown)
    bare = own / "bare"
    here.git("init", "--quiet", "--bare", "--", str(bare))
    address = str(Path(remote).resolve()) if Path(remote).exists() else remote
    return Repository(run, own, {**quiet, "GIT_DIR": str(bare)}, address, shown)


def _without_user(address: str) -> str:
    return re.sub(r"(?<=://)[^/@]+@", "", address)


def _commit(repository: Repository, files: Mapping[str, Path], message: str, at: int) -> str:
    """A commit of files, byte by byte as they are, without a parent."""
    names = list(files)
    paths = "".join(f"{files[name].resolve()}\n" for name in names).encode()
    blobs = repository.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=paths)
    lines = zip(names, blobs.splitlines(), strict=True)
    index = "".join(f"100644 {blob}\t{name}\0" for name, blob in lines).encode()
    repository.git("update-index", "-z", "--index-info", given=index)
    tree = repository.git("write-tree")
    date = {"GIT_AUTHOR_DATE": f"@{at} +0000", "GIT_COMMITTER_DATE": f"@{at} +0000"}
    try:
        repository.git("var", "GIT_COMMITTER_IDENT")
        repository.git("var", "GIT_AUTHOR_IDENT")
    except BuildError:
        date |= WHO
    return repository.git("commit-tree", tree, "-m", message, adding=date)


def fetch(remote: str, branch: str, near: Path, run: Run, into: Path) -> str:
    """Write the files at the top of a branch into a folder; its commit, "" where there is no branch."""
    with TemporaryDirectory(prefix="sundaypaper-git-") as name:
        repository = opened(remote, near, run, Path(name))
        commit, _ = repository.there(branch)
        if not commit:
            return ""
        plain = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        repository.git("fetch", *plain, "--", repository.address, f"refs/heads/{branch}")
        for entry in filter(None, repository.git("ls-tree", "-z", commit).split("\0")):
            said, _, file = entry.partition("\t")
            _, kind, blob = said.split()
            if kind == "blob" and NAME.fullmatch(file):
                words, adding = ("git", "cat-file", "blob", blob), repository.adding
                (into / file).write_bytes(checked(run, words, folder=Path(name), adding=adding))
    return commit
