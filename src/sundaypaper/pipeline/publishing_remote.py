"""Places that a program of the host reaches: rsync, rclone, aws."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sundaypaper.errors import BuildError
from sundaypaper.forms.targets import Target
from sundaypaper.pipeline.host import Ended, NoProgramError, Run, checked
from sundaypaper.pipeline.publishing_to import LIST, Place, read_list

# rsync: some files could not be had, as one that is not there. rclone: no folder, no file.
ABSENT_RSYNC, ABSENT_RCLONE = (23,), (3, 4)
A_REQUEST = 1000  # the most keys that one request of S3 removes


def remote(aim: Target, run: Run, own: Path) -> Place:
    """The place of a target, by the program for it; BuildError says what to install."""
    if aim.kind == "rsync":
        _demand(run, ("rsync", "--version"), "rsync")
        return Rsync(aim.where, run, own)
    if aim.kind == "rclone":
        _demand(run, ("rclone", "version"), "rclone")
        return Rclone(aim.where, aim.where, run, own)
    if _has(run, ("rclone", "version")):
        bucket = aim.where.removeprefix("s3://")
        return Rclone(f":s3,env_auth=true:{bucket}", aim.where, run, own)
    _demand(run, ("aws", "--version"), "rclone or the AWS command line")
    return Aws(aim.where, run, own)


def _has(run: Run, words: Sequence[str]) -> bool:
    try:
        return run(words).status == 0
    except NoProgramError:
        return False


def _demand(run: Run, words: Sequence[str], what: str) -> None:
    if not _has(run, words):
        raise BuildError(
            f"{words[0]} is not there or does not run: install {what} (of your system's packages), "
            "and see that it is on the PATH of who runs this"
        )


def _refuse_foreign(where: str) -> BuildError:
    return BuildError(
        f"{where}: is not empty and was not made by `publish`, so it is left alone. Name a place of "
        f"its own, or put an empty file {LIST} there to publish beside what it holds"
    )


def _failed(where: str, program: str, ended: Ended) -> BuildError:
    told = ended.told or "it said nothing"
    return BuildError(f"{where}: {program} ended with status {ended.status}: {told}")


def _on_lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()


class Rsync:
    """A module of an rsync daemon, or a folder behind ssh."""

    def __init__(self, where: str, run: Run, own: Path) -> None:
        self._where, self._run, self._own = where, run, own

    def there(self) -> Mapping[str, str]:
        """What its list names."""
        fetched = self._own / "there.json"
        got = self._run(("rsync", "-s", "--timeout=120", f"{self._where}/{LIST}", str(fetched)))
        if not got.status:
            return read_list(fetched.read_text("utf-8", "replace"), self._where)
        if got.status not in ABSENT_RSYNC:
            raise _failed(self._where, "rsync", got)
        seen = self._run(("rsync", "-s", "--timeout=120", "--list-only", f"{self._where}/"))
        if seen.status and seen.status not in ABSENT_RSYNC:
            raise _failed(self._where, "rsync", seen)
        if any(line.rstrip()[-2:] != b" ." for line in seen.out.splitlines()):
            raise _refuse_foreign(self._where)
        return {}

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Send files; each is renamed to its place when it is whole."""
        self._send(folder, names, "--chmod=D755,F644", "--perms")

    def remove(self, names: Sequence[str]) -> None:
        """Remove files: named, but missing in what is sent."""
        with TemporaryDirectory(dir=self._own) as empty:
            for name in names:  # rsync asks for the folder of what is missing
                (Path(empty) / name).parent.mkdir(parents=True, exist_ok=True)
            self._send(Path(empty), names, "--delete-missing-args")

    def _send(self, folder: Path, names: Sequence[str], *options: str) -> None:
        if not names:
            return
        to = (f"{folder}/", f"{self._where}/")
        how = ("rsync", "-s", "--timeout=120", "--checksum", "--files-from=-", "--from0", *options)
        given = "".join(f"{name}\0" for name in names).encode()
        ended = self._run((*how, *to), given=given)
        if ended.status:
            raise _failed(self._where, "rsync", ended)


class Rclone:
    """A remote of rclone; where is how rclone takes it, shown how a person does."""

    def __init__(self, where: str, shown: str, run: Run, own: Path) -> None:
        self._where, self._shown, self._run, self._own = where, shown, run, own

    def _at(self, name: str) -> str:
        ends = self._where.endswith((":", "/"))
        return f"{self._where}{'' if ends else '/'}{name}"

    def there(self) -> Mapping[str, str]:
        """What its list names."""
        seen = self._run(("rclone", "lsf", "--max-depth", "1", self._where))
        if seen.status in ABSENT_RCLONE:
            return {}
        if seen.status:
            raise _failed(self._shown, "rclone", seen)
        names = seen.out.decode("utf-8", "replace").splitlines()
        if not names:
            return {}
        if LIST not in names:
            raise _refuse_foreign(self._shown)
        text = checked(self._run, ("rclone", "cat", self._at(LIST)))
        return read_list(text.decode("utf-8", "replace"), self._shown)

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Copy files."""
        self._do("copy", names, "--checksum", str(folder), self._where)

    def remove(self, names: Sequence[str]) -> None:
        """Remove files."""
        if names:
            self._do("delete", names, self._where)

    def _do(self, what: str, names: Sequence[str], *words: str) -> None:
        listed = self._own / "names"
        listed.write_bytes(_on_lines(names))
        ended = self._run(("rclone", what, "--files-from-raw", str(listed), *words))
        if ended.status:
            raise _failed(self._shown, "rclone", ended)


class Aws:
    """A bucket of S3 by the command line of AWS."""

    def __init__(self, where: str, run: Run, own: Path) -> None:
        self._where, self._run, self._own = where, run, own
        self._bucket, _, prefix = where.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix}/" if prefix else ""

    def there(self) -> Mapping[str, str]:
        """What its list names."""
        asked = ("aws", "s3api", "list-objects-v2", "--bucket", self._bucket, "--output", "json")
        for prefix in (self._prefix + LIST, self._prefix):
            seen = self._run((*asked, "--prefix", prefix, "--max-keys", "1", "--no-paginate"))
            if seen.status:
                raise _failed(self._where, "aws", seen)
            if json.loads(seen.out or b"{}").get("Contents"):
                if prefix == self._prefix:
                    raise _refuse_foreign(self._where)
                text = checked(self._run, ("aws", "s3", "cp", f"{self._where}/{LIST}", "-"))
                return read_list(text.decode("utf-8", "replace"), self._where)
        return {}

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Copy files, from a folder that holds them alone."""
        with TemporaryDirectory(dir=self._own) as name:
            for page in names:
                to = Path(name) / page
                to.parent.mkdir(parents=True, exist_ok=True)
                to.symlink_to(os.path.abspath(folder / page))
            ended = self._run(
                ("aws", "s3", "cp", "--recursive", "--only-show-errors", name, f"{self._where}/")
            )
        if ended.status:
            raise _failed(self._where, "aws", ended)

    def remove(self, names: Sequence[str]) -> None:
        """Remove files, so many in a request as S3 takes."""
        for at in range(0, len(names), A_REQUEST):
            keys = [{"Key": self._prefix + name} for name in names[at : at + A_REQUEST]]
            asked = self._own / "gone.json"
            asked.write_text(json.dumps({"Objects": keys, "Quiet": True}), encoding="utf-8")
            words = ("aws", "s3api", "delete-objects", "--bucket", self._bucket)
            ended = self._run((*words, "--delete", f"file://{asked}"))
            if ended.status or json.loads(ended.out or b"{}").get("Errors"):
                raise _failed(self._where, "aws", ended)
