"""Publish the pages in place to somewhere else: a plain tree of real files, only what changed.

A target keeps a list of what was published, so that nothing else is ever removed there. What is new
comes first, then what changed, the front page last of it; what is gone is removed at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from sundaypaper import build
from sundaypaper.errors import BuildError
from sundaypaper.forms.targets import Target, target
from sundaypaper.pipeline.host import Run

__all__ = ["Published", "Run", "Target", "publish_to", "target"]

LIST, FORMAT = ".sundaypaper.json", 1
NO_JEKYLL = ".nojekyll"
FRONT = "index.html"
UNDER_WAY = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: files written, removed and left as they were; bytes written."""

    target: str
    written: int
    removed: int
    kept: int
    bytes: int


class Place(Protocol):
    """Somewhere that pages can be put: a folder, or what a program of the host reaches."""

    def there(self) -> Mapping[str, str]:
        """The digests of what was published there before, by name; BuildError where others' files are."""

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Write files of a folder, in this order as far as it can be had."""

    def remove(self, names: Sequence[str]) -> None:
        """Remove files; those that are gone already are no fault."""


def publish_to(output: Path, target: str, run: Run) -> Published:
    """Bring the pages in place below output to a target; run starts a program of the host.

    BuildError says what failed and what to do: the pages there stay as they are, or are whole but
    partly of before, and the next publication goes on from there.
    """
    site = pages_in_place(output)
    try:
        aim = _target(target)
    except ValueError as bad:
        raise BuildError(f"--to: {bad}") from None
    try:
        with TemporaryDirectory(prefix="sundaypaper-") as name:
            if aim.kind == "git":
                return _push(site, aim, target, output, run, Path(name))
            return bring(site, _place(aim, output, run, Path(name)), target, Path(name))
    except OSError as bad:
        raise BuildError(f"{bad.filename or target}: {bad.strerror or bad}; nothing was lost") from bad  # fmt: skip


def _push(site: Path, aim: Target, target: str, output: Path, run: Run, own: Path) -> Published:
    from sundaypaper.pipeline.publishing_git import PAGES, push

    files = {**files_of(site), NO_JEKYLL: _empty(own)}
    if not push(files, aim.where, PAGES, output, run, made_at(output)).changed:
        return Published(target, 0, 0, len(files), 0)
    size = sum(file.stat().st_size for file in files.values())
    return Published(target, len(files), 0, 0, size)


_target = target


def pages_in_place(output: Path) -> Path:
    """The folder of the build in place; BuildError where nothing was published yet."""
    site = (output / build.SITE).resolve()
    if not (site / FRONT).is_file():
        raise BuildError(f"{output}: there are no pages yet; `sundaypaper run` makes them")
    return site


def made_at(output: Path) -> int:
    """When the build in place was swapped in, in whole seconds."""
    return int(build.in_place(output)[1])


def files_of(site: Path) -> dict[str, Path]:
    """All files of a build by their names, sorted."""
    found = (Path(at) / name for at, _, names in os.walk(site) for name in names)
    return {file.relative_to(site).as_posix(): file for file in sorted(found)}


def _empty(folder: Path) -> Path:
    empty = folder / NO_JEKYLL
    empty.write_bytes(b"")
    return empty


def _place(aim: Target, output: Path, run: Run, own: Path) -> Place:
    if aim.kind == "folder":
        from sundaypaper.pipeline.publishing_folder import Folder

        return Folder(Path(aim.where), output)
    from sundaypaper.pipeline.publishing_remote import remote

    return remote(aim, run, own)


# ---------------------------------------------------------------- what to write


def bring(site: Path, place: Place, target: str, own: Path) -> Published:
    """Bring a build to a place; own is a private folder for the list."""
    wanted = {name: digest(file) for name, file in files_of(site).items()}
    there = place.there()
    stale = [name for name, seen in wanted.items() if there.get(name) != seen]
    gone = sorted(there.keys() - wanted.keys())
    if stale or gone:
        # Named before it is written: who is killed in between knows later what was theirs.
        under_way = {**there, **dict.fromkeys(stale, UNDER_WAY)}
        _note(place, own, under_way)
        for wave in waves(stale, there):
            place.put(site, wave)
        place.remove(gone)
        _note(place, own, wanted)
    size = sum((site / name).stat().st_size for name in stale)
    return Published(target, len(stale), len(gone), len(wanted) - len(stale), size)


def waves(stale: Sequence[str], there: Mapping[str, str]) -> Iterator[list[str]]:
    """What to write, one after the other: what is new, what changed from the leaves up, the front."""
    fresh = sorted(name for name in stale if name not in there and name != FRONT)
    changed = sorted(set(stale) - set(fresh) - {FRONT}, key=lambda name: (-name.count("/"), name))
    yield from filter(None, (fresh, changed, [FRONT] if FRONT in stale else []))


def _note(place: Place, own: Path, files: Mapping[str, str]) -> None:
    (own / LIST).write_text(listed(files), encoding="utf-8")
    place.put(own, [LIST])


def listed(files: Mapping[str, str]) -> str:
    """The list of what was published, as the target keeps it."""
    return json.dumps({"format": FORMAT, "files": dict(sorted(files.items()))}, indent=0)


def read_list(text: str, where: str) -> dict[str, str]:
    """What a list names; nothing where it is empty. BuildError where it is no list of ours."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
        if said["format"] > FORMAT:
            raise BuildError(f"{where}: was published by a newer version of Sunday Paper; upgrade the program")  # fmt: skip
        files = said["files"].items()
        return {name: seen for name, seen in files if _is_below(name) and isinstance(seen, str)}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BuildError(
            f"{where}: its {LIST} is damaged, so nobody knows which files there are ours. Empty it "
            "to publish over what is there; nothing of before is removed then"
        ) from None


def _is_below(name: str) -> bool:
    """Whether a name of a list leads nowhere else: others may have written that list."""
    plain = not any(sign in name for sign in "\0\n\r\\")
    return plain and all(part not in ("", ".", "..") for part in name.split("/")) and name != LIST


def digest(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    with file.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()
