"""Write groups of pages to a new build, and swap the link `site` to it in one atomic step.

A build is made of groups of pages. A group whose fingerprint is that of the build before is linked
from there, file by file, and not rendered again; a build that would equal the one in place is not
made at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sundaypaper.errors import BuildError
from sundaypaper.models import Page

SITE = "site"
NEW_SITE = ".site.new"
BUILDS = "builds"


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that change together: a name, a fingerprint of what they are made from, and a maker."""

    name: str
    fingerprint: str
    make: Callable[[], Sequence[Page]]


@dataclass(frozen=True, slots=True)
class Derived:
    """Pages made from other pages of the same build; make is called with its folder."""

    name: str
    fingerprint: str
    make: Callable[[Path], Sequence[Page]]


@dataclass(frozen=True, slots=True)
class Built:
    """The result of publishing: the folder, files rendered and linked, and if any changed."""

    folder: Path
    rendered: int
    linked: int
    changed: bool


def fingerprint(*parts: bytes | str) -> str:
    """32 hex digits over all parts, in order."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()[:32]


def publish(output: Path, groups: Sequence[Group], derived: Sequence[Derived] = ()) -> Built:
    """Publish all groups below output/site; BuildError names the file that cannot be written."""
    every: tuple[Group | Derived, ...] = (*groups, *derived)
    name = fingerprint(*(part for g in every for part in (g.name, g.fingerprint)))
    site, folder = output / SITE, output / BUILDS / name
    try:
        _refuse_what_is_no_link(site)
        _remove_leftovers(output)
        before = _target(site)
        if before == folder and folder.is_dir():
            return Built(folder, 0, 0, changed=False)
        built = _write(before, folder, every)
        _swap(site, folder)
        _forget(folder.parent, keep=(folder, before))
    except OSError as bad:
        raise BuildError(f"{bad.filename or output}: {bad.strerror or bad}; the pages before stay in place") from bad  # fmt: skip
    return built


def kept(output: Path, name: str, fingerprint: str) -> Path | None:
    """The folder of the build in place, if it holds that group of that fingerprint with all files."""
    before = _target(output / SITE)
    if before is None or not before.is_dir():
        return None
    group = Group(name, fingerprint, tuple)
    return before if _files(before, _manifest(before).get(name), group) else None


def in_place(output: Path) -> tuple[str, float]:
    """The name of the build in place and when it was swapped in, in seconds; ("", 0) without one."""
    site = output / SITE
    try:
        return Path(os.readlink(site)).name, site.lstat().st_mtime
    except OSError:
        return "", 0.0


def _target(site: Path) -> Path | None:
    return site.parent / os.readlink(site) if site.is_symlink() else None


def _refuse_what_is_no_link(site: Path) -> None:
    if site.exists() and not site.is_symlink():
        raise BuildError(f"{site}: is not the link that this program makes; move it away")


def _remove_leftovers(output: Path) -> None:
    """Remove what a run that was killed left behind."""
    (output / NEW_SITE).unlink(missing_ok=True)
    for part in (output / BUILDS).glob(".*.part"):
        shutil.rmtree(part, ignore_errors=True)
    for manifest in (output / BUILDS).glob("*.json"):
        if not manifest.with_suffix("").is_dir():
            manifest.unlink(missing_ok=True)


def _write(before: Path | None, folder: Path, groups: Sequence[Group | Derived]) -> Built:
    old = _manifest(before) if before else {}
    fresh = folder.parent / f".{folder.name}.part"
    fresh.mkdir(parents=True)
    places = _Places(fresh)
    manifest: dict[str, dict[str, object]] = {}
    rendered = linked = 0
    for group in groups:
        files = _files(before, old.get(group.name), group) if before else None
        if before and files is not None:
            for file in files:
                _link(f"{before}/{file}", places.of(file))
            linked += len(files)
        else:
            pages = group.make(fresh) if isinstance(group, Derived) else group.make()
            for page in pages:
                Path(places.of(page.path)).write_bytes(page.body)
            files = [page.path for page in pages]
            rendered += len(files)
        manifest[group.name] = {"fingerprint": group.fingerprint, "files": files}
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    text = json.dumps(manifest, indent=1)
    (folder.parent / f"{folder.name}.json").write_text(text, encoding="utf-8")
    return Built(folder, rendered, linked, changed=True)


def _files(before: Path, kept: object, group: Group | Derived) -> list[str] | None:
    """The files of a group in the build before; None where it has changed or one of them is gone."""
    if not isinstance(kept, dict) or kept.get("fingerprint") != group.fingerprint:
        return None
    files = kept.get("files")
    if not isinstance(files, list):
        return None
    there = all(isinstance(f, str) and os.path.isfile(f"{before}/{f}") for f in files)
    return files if there else None


def _manifest(folder: Path) -> Mapping[str, dict[str, object]]:
    """The groups of a build; empty where its manifest is gone, which costs only time."""
    try:
        manifest = json.loads((folder.parent / f"{folder.name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


class _Places:
    """Where the pages of a build go. Thousands are linked each week, so paths are plain text."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.taken, self.made = folder, set[str](), set[str]()

    def of(self, page: str) -> str:
        """Where a page goes; BuildError where that is outside of the build, or taken.

        A taken one may be a link to a file of the build before, which must not be written to.
        """
        parts = page.split("/")
        if "\0" in page or not all(part not in ("", ".", "..") for part in parts):
            raise BuildError(f"{page!r}: a page must lie below the build")
        if page in self.taken:
            raise BuildError(f"{page!r}: two pages have this path")
        self.taken.add(page)
        inside = page.rpartition("/")[0]
        if inside not in self.made:
            os.makedirs(self.folder / inside, exist_ok=True)
            self.made.add(inside)
        return f"{self.folder}/{page}"


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _swap(site: Path, folder: Path) -> None:
    """Point the link at the folder in one step."""
    fresh = site.parent / NEW_SITE
    fresh.symlink_to(Path(BUILDS) / folder.name)
    os.replace(fresh, site)


def _forget(builds: Path, keep: tuple[Path | None, ...]) -> None:
    """Remove all builds but the one in place and the one before, which somebody may be reading."""
    for folder in list(builds.iterdir()):
        if folder.is_dir() and folder not in keep:
            shutil.rmtree(folder, ignore_errors=True)
            (builds / f"{folder.name}.json").unlink(missing_ok=True)
