"""The state of a paper for hosts without a disk: what it needs to go on, in one file or one commit.

A state may lie where others can read it, so it holds no reader: one who mails to persons keeps a
disk and makes backups.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from sundaypaper import __version__
from sundaypaper.config import Config
from sundaypaper.delivery import carrying
from sundaypaper.errors import BuildError, StoreError
from sundaypaper.pipeline.backups import (
    DATABASES,
    DESK,
    RIGHTS,
    Root,
    copies,
    look_into,
    put_back,
    settle,
)
from sundaypaper.pipeline.host import Run
from sundaypaper.pipeline.opening import PAPER, READERS, look_into_store, open_readers
from sundaypaper.pipeline.publishing_git import MovedError, fetch, push

ABOUT, FORMAT = "state.json", 1
PACK, PART = "state.zip", "state.zip."
PACE = "arxiv.lock"
SEEN = ".state"
BRANCH = re.compile(r"git:(?P<remote>[^-\s].*)/(?P<branch>[A-Za-z0-9_][A-Za-z0-9_.-]*)")
# The usual host of git takes no file over 100 MB.
MOST = 95_000_000
# A database so large is none of a paper's; a state may come from others' hands.
LARGEST = 4_000_000_000
# The quickest of those that make it small: 60 MB become 22 in 4 s, and 19 in 23 s at the usual one.
PRESET = 1
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """What a state holds, its size, and whether it is another than the one that was there."""

    held: tuple[str, ...]
    bytes: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The moment of a state, its files, each with where the one before lies now, if anywhere."""

    made: datetime
    files: dict[str, Path | None]


# ---------------------------------------------------------------- packing


def pack(
    root: Root, config: Config, to: str, now: datetime, run: Run, pace: Path | None, force: bool
) -> Packed:
    """Write the state of a paper to a file or, as git:REMOTE/BRANCH, as the one commit of a branch.

    force replaces a state that this paper does not come from. BuildError where readers are kept,
    a newer state lies there, or it cannot be written.
    """
    _refuse_readers(root, config)
    branch = BRANCH.fullmatch(to)
    if to.startswith(("git:", "-")) and not branch:
        raise BuildError(f"{to}: expected a file, or git:REMOTE/BRANCH such as git:origin/state")
    try:
        with TemporaryDirectory(dir=root.folder, prefix=".state-", suffix=".part") as name:
            whole = Path(name) / PACK
            held = _write(whole, root, config, now, pace, Path(name))
            size = whole.stat().st_size
            if branch is None:
                return Packed(held, size, _place(whole, Path(to), force))
            parts = _in_parts(whole)
            remote, at = branch["remote"], int(now.timestamp())
            expected = None if force else seen(root.folder, to)
            done = push(parts, remote, branch["branch"], root.folder, run, at, expected)
            _note(root.folder, to, done.commit)
            return Packed(held, size, done.changed)
    except MovedError as bad:
        raise BuildError(
            f"{bad}, and this paper does not go on from what lies there: `sundaypaper state unpack "
            f"{to}` takes it over; with --yes it is replaced"
        ) from None
    except OSError as bad:
        raise BuildError(f"{bad.filename or to}: cannot be written: {bad.strerror or bad}") from bad


def _refuse_readers(root: Root, config: Config) -> None:
    """Raise BuildError where persons are kept, or feeds.yaml will have them kept."""
    remedy = (
        "A state may lie where others read it. Let a mailing list keep its members (delivery: {kind: "
        "list, …}), or run where there is a disk, with `sundaypaper backup`"
    )
    if config.readers:
        raise BuildError(
            f"readers: in feeds.yaml names a group, whose mails are kept. {remedy}; nothing was packed"
        )
    if not (root.folder / READERS).exists():
        return
    with open_readers(root.folder, root.send_lock, root.random) as readers:
        if found := carrying.persons(readers, _list_of(config)):
            raise BuildError(f"{root.folder / READERS} holds {found}. {remedy}; nothing was packed")


def _list_of(config: Config) -> str:
    return config.delivery.to if config.delivery and config.delivery.is_list else ""


def _write(
    whole: Path, root: Root, config: Config, now: datetime, pace: Path | None, own: Path
) -> tuple[str, ...]:
    """Pack into a file, which is read again; the names of what it holds."""
    held = copies(root, own)
    if PAPER not in held:
        raise BuildError(f"{root.folder}: nothing is kept here yet; there is nothing to pack")
    if READERS in held:
        if _list_of(config):
            carrying.take_keys_out(held[READERS], root.random)
        else:
            del held[READERS]
    about: dict[str, Any] = {"format": FORMAT, "made": now.isoformat(), "version": __version__}
    about["ran"], about["databases"] = last_run(root), {}
    with zipfile.ZipFile(whole, "w", strict_timestamps=False) as packed:
        for name, file in held.items():
            about["databases"][name] = _add_compressed(packed, file, name)
        desk = sorted((root.folder / DESK).glob("*.yaml"))
        for file in desk:
            packed.write(file, f"{DESK}/{file.name}")
        if pace and pace.is_file():
            packed.write(pace, PACE)
        packed.writestr(ABOUT, json.dumps(about))
        names = tuple(name for name in packed.namelist() if name != ABOUT)
    with _opened(whole) as (packed, about):
        for name in about["databases"]:
            _unpack(packed, about, name, own / f"{name}.again")
    return tuple(name.removesuffix(".xz") for name in names)


def last_run(root: Root) -> str:
    """When the newest run began, as text that sorts as time does; "" without any."""
    with look_into_store(root.folder, root.output) as store:
        runs = store.last_runs(1)
    return runs[0].started.isoformat() if runs else ""


def _add_compressed(packed: zipfile.ZipFile, file: Path, name: str) -> dict[str, Any]:
    """Add a database; its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with (
        file.open("rb") as body,
        packed.open(f"{name}.xz", "w", force_zip64=True) as member,
        lzma.open(member, "wb", preset=PRESET) as out,
    ):
        while block := body.read(BLOCK):
            digest.update(block)
            size += len(block)
            out.write(block)
    return {"size": size, "sha256": digest.hexdigest()}


def _place(whole: Path, to: Path, force: bool) -> bool:
    """Move a state to its file; BuildError where that is another's or of a paper further on."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.is_dir():
        raise BuildError(f"{to}: is a folder; name a file in it")
    if to.exists() and not force:
        try:
            with _opened(to) as (_, there), _opened(whole) as (_, ours):
                newer = there["ran"] > ours["ran"]
        except StoreError:
            raise BuildError(f"{to}: is there and is no state; nothing was written") from None
        if newer:
            raise BuildError(
                f"{to}: is of a later run ({there['ran']}) than any here: `sundaypaper state unpack "
                f"{to}` takes it over; with --yes it is replaced"
            )
    fresh = to.with_name(f".{to.name}.new")
    shutil.copyfile(whole, fresh)
    os.replace(fresh, to)
    settle(to.parent)
    return True


def _in_parts(whole: Path) -> dict[str, Path]:
    """The file as what a host of git takes: itself, or numbered parts of it."""
    if whole.stat().st_size <= MOST:
        return {PACK: whole}
    parts: dict[str, Path] = {}
    with whole.open("rb") as body:
        while block := body.read(MOST):
            part = whole.with_name(f"{PART}{len(parts):02}")
            part.write_bytes(block)
            parts[part.name] = part
    return parts


def seen(root: Path, target: str) -> str:
    """The commit of a branch that this root's state comes from; "" where it comes from none."""
    try:
        said = json.loads((root / SEEN).read_text("utf-8"))
        return str(said["commit"]) if said["of"] == target else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _note(root: Path, target: str, commit: str) -> None:
    (root / SEEN).write_text(json.dumps({"of": target, "commit": commit}), encoding="utf-8")


# ---------------------------------------------------------------- unpacking


def unpack(
    root: Root, source: str, now: datetime, run: Run, pace: Path | None, force: bool
) -> Unpacked | None:
    """Take over a state from a file or a branch; None where there is no such branch yet.

    What stood here is kept beside, under another name. BuildError where the paper here ran later and
    force is False; StoreError where the state is damaged: nothing was touched then.
    """
    branch = BRANCH.fullmatch(source)
    if source.startswith(("git:", "-")) and not branch:
        raise BuildError(
            f"{source}: expected a file, or git:REMOTE/BRANCH such as git:origin/state"
        )
    try:
        root.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=root.folder, prefix=".state-", suffix=".part") as name:
            own, commit, file = Path(name), "", Path(source)
            if branch:
                commit = fetch(branch["remote"], branch["branch"], root.folder, run, own)
                if not commit:
                    return None
                file = _joined(own, source)
            done = _take_over(root, file, own, now, pace, force)
            if branch:
                _note(root.folder, source, commit)
            return done
    except OSError as bad:
        raise BuildError(f"{bad.filename or root.folder}: {bad.strerror or bad}") from bad


def _joined(folder: Path, source: str) -> Path:
    whole = folder / PACK
    parts = sorted(folder.glob(f"{PART}*"))
    if not whole.exists() and not parts:
        raise StoreError(f"{source}: holds no state of this program")
    if parts:
        with whole.open("wb") as out:
            for part in parts:
                with part.open("rb") as body:
                    shutil.copyfileobj(body, out, BLOCK)
    return whole


def _take_over(
    root: Root, file: Path, own: Path, now: datetime, pace: Path | None, force: bool
) -> Unpacked:
    with _opened(file) as (packed, about):
        if not force and (root.folder / PAPER).exists() and (ran := last_run(root)) > about["ran"]:
            raise BuildError(
                f"{root.folder / PAPER}: ran later ({ran}) than this state ({about['ran'] or 'never'}); "
                "--yes takes the state all the same, and keeps what stands here beside it"
            )
        names = tuple(about["databases"])
        for name in names:
            _unpack(packed, about, name, own / name)
        look_into(own, names, root.random)
        files: dict[str, Path | None] = {}
        for name in names:
            (own / name).chmod(RIGHTS[name] & 0o644 if name == PAPER else RIGHTS[name])
            files[name] = put_back(own / name, root.folder / name, now)
        for name in packed.namelist():
            files |= _take_desk_file(packed, name, root.folder)
        _take_pace(packed, pace)
        settle(root.folder)
        return Unpacked(datetime.fromisoformat(about["made"]), files)


def _take_desk_file(packed: zipfile.ZipFile, name: str, root: Path) -> dict[str, Path | None]:
    """Put a desk file where none is: what is there may be newer."""
    folder, _, file = name.rpartition("/")
    to = root / DESK / file
    if folder != DESK or not file.endswith(".yaml") or to.exists():
        return {}
    to.parent.mkdir(exist_ok=True)
    to.write_bytes(packed.read(name))
    return {name: None}


def _take_pace(packed: zipfile.ZipFile, pace: Path | None) -> None:
    """What arXiv asked us to wait for holds on the next host, too, where it knows nothing yet."""
    if pace is None or PACE not in packed.namelist() or (pace.exists() and pace.stat().st_size):
        return
    pace.parent.mkdir(parents=True, exist_ok=True)
    pace.write_bytes(packed.read(PACE))


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """A state and what it says of itself; StoreError where it is none or damaged."""
    try:
        with zipfile.ZipFile(file) as packed:
            about = json.loads(packed.read(ABOUT))
            if about["format"] > FORMAT:
                raise StoreError(
                    f"{file}: was made by a newer version of Sunday Paper ({about['version']}); "
                    "upgrade the program"
                )
            if PAPER not in about["databases"] or not set(about["databases"]) <= set(DATABASES):
                raise ValueError("it names other files")
            str.encode(about["ran"])
            yield packed, about
    except (zipfile.BadZipFile, lzma.LZMAError, KeyError, ValueError, TypeError, EOFError) as bad:
        raise StoreError(f"{file}: is damaged or no state of this program ({bad})") from bad


def _unpack(packed: zipfile.ZipFile, about: dict[str, Any], name: str, to: Path) -> None:
    """Write a database and compare it with what was packed; ValueError where it differs."""
    said = about["databases"][name]
    if not 0 < said["size"] <= LARGEST:
        raise ValueError(f"{name} is said to be too large")
    with (
        packed.open(f"{name}.xz") as member,
        lzma.open(member) as body,
        to.open("xb") as out,
    ):
        if _copied(body.read, out, said["size"]) != said["sha256"]:
            raise ValueError(f"{name} is not what was packed")
        out.flush()
        os.fsync(out.fileno())


def _copied(read: Callable[[int], bytes], out: BinaryIO, size: int) -> str:
    """The SHA-256 of what was copied; ValueError once it is more than size."""
    digest, left = hashlib.sha256(), size
    while block := read(BLOCK):
        left -= len(block)
        if left < 0:
            raise ValueError("it holds more than it says")
        digest.update(block)
        out.write(block)
    return digest.hexdigest()
