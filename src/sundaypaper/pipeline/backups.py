"""Back up what cannot be collected again, and put it back: both databases and the editor's files.

A backup is one zip file, not compressed, that only its owner may read. Each database in it is a
copy of one moment without the remains of what was deleted, and was opened to see that it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from sundaypaper import __version__
from sundaypaper.database import DatabaseFile, fault
from sundaypaper.delivery import Readers
from sundaypaper.errors import BuildError, StoreError
from sundaypaper.pipeline.opening import PAPER, READERS, look_into_store, open_readers
from sundaypaper.store import Store

MANIFEST, FORMAT = "backup.json", 1
FEEDS, DESK = "feeds.yaml", "desk"
DATABASES = (PAPER, READERS)
SIDES = ("", "-journal", "-wal", "-shm")
PRIVATE = 0o600
RIGHTS = {PAPER: 0o666, READERS: PRIVATE}
STAMP = "%Y%m%dT%H%M%SZ"

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Root:
    """The folders of a paper, the lock of sending, and randomness for a new readers.db."""

    folder: Path
    output: Path
    send_lock: Path
    random: Random


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup put back: its moment, and by file where the one before lies now, if anywhere."""

    made: datetime
    files: Mapping[str, Path | None]
    left_alone: tuple[str, ...]


# ---------------------------------------------------------------- backing up


def default_file(root: Path, now: datetime) -> Path:
    """The file of a backup that is given no name: they sort by their moment."""
    return root / "backups" / f"paper-{now:{STAMP}}.zip"


def back_up(root: Root, file: Path, now: datetime) -> tuple[str, ...]:
    """Write a backup, whole or not at all; the names of what it holds.

    StoreError where a database is damaged: no backup of before is worth that one. BuildError where
    nothing can be written there.
    """
    _refuse_foreign(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        ours = _begins(root.folder)
        _sweep(file.parent, f"{ours}*.part")
        with TemporaryDirectory(dir=file.parent, prefix=ours, suffix=".part") as name:
            held = {**copies(root, Path(name)), **_written_by_hand(root.folder)}
            if not held.keys() & set(DATABASES):
                raise BuildError(
                    f"{root.folder}: nothing is kept here yet; there is nothing to back up"
                )
            whole = Path(name) / "whole.zip"
            _pack(whole, held, now)
            os.replace(whole, file)
            settle(file.parent)
    except OSError as bad:
        raise BuildError(f"{file}: cannot be written: {bad.strerror or bad}") from bad
    return tuple(held)


def _begins(root: Path) -> str:
    """How the folder of a backup at work is named: several papers may keep theirs in one place."""
    return f".backup-{zlib.crc32(os.fsencode(root.resolve())):08x}-"


def forget_older(written: Path, keep: int) -> int:
    """Remove all backups beside the one just written but the newest without a name; how many went.

    The one just written stays even where a clock that was ahead has dated others later.
    """
    others = sorted(set(written.parent.glob("paper-*Z.zip")) - {written})
    older = others[: max(0, len(others) - (keep - 1))]
    for file in older:
        file.unlink()
    return len(older)


def copies(root: Root, folder: Path) -> dict[str, Path]:
    """Copies of the databases that are there, each opened once as a command would."""
    copies = {}
    paper, readers = root.folder / PAPER, root.folder / READERS
    with look_into_store(root.folder, root.output) as store:
        if paper.exists():
            copies[PAPER] = _copy(store, folder / PAPER)
            Store(folder / PAPER).close()
    if readers.exists() or root.send_lock.exists():
        with open_readers(root.folder, root.send_lock, root.random) as kept:
            copies[READERS] = _copy(kept, folder / READERS)
            Readers(folder / READERS, root.random).close()
    return copies


def _copy(database: DatabaseFile, to: Path) -> Path:
    to.touch(mode=PRIVATE)
    database.copy_to(to)
    return to


def _written_by_hand(root: Path) -> dict[str, Path]:
    """feeds.yaml and the editor's files, by their names below the root."""
    files = (root / FEEDS, *sorted((root / DESK).glob("*.yaml")))
    return {file.relative_to(root).as_posix(): file for file in files if file.is_file()}


def _pack(file: Path, held: Mapping[str, Path], now: datetime) -> None:
    manifest = {"format": FORMAT, "made": now.isoformat(), "version": __version__}
    file.touch(mode=PRIVATE)
    with file.open("r+b") as raw:
        with zipfile.ZipFile(raw, "w", strict_timestamps=False) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest))
            for name, path in held.items():
                packed.write(path, name)
        raw.flush()
        os.fsync(raw.fileno())
    with zipfile.ZipFile(file) as packed:
        if bad := packed.testzip():
            raise BuildError(f"{file}: {bad} did not arrive on the disk as it was written")


def _refuse_foreign(file: Path) -> None:
    """Raise BuildError where a file of that name is there and is no backup."""
    if file.is_dir():
        raise BuildError(f"{file}: is a folder; name a file in it")
    if file.exists():
        try:
            with opened(file):
                return
        except StoreError:
            raise BuildError(f"{file}: is there and is no backup; nothing was written") from None


# ---------------------------------------------------------------- putting back


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """A backup, opened; StoreError where it is none, is damaged, or a newer version made it."""
    try:
        with zipfile.ZipFile(file) as packed:
            _made(packed)
            yield packed
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as bad:
        raise StoreError(f"{file}: is damaged or no backup of this program ({bad})") from bad
    except OSError as bad:
        raise StoreError(f"{file}: cannot be read: {bad.strerror or bad}") from bad


def _made(packed: zipfile.ZipFile) -> datetime:
    manifest = json.loads(packed.read(MANIFEST))
    if manifest["format"] > FORMAT:
        raise StoreError(
            f"{packed.filename}: was made by a newer version of Sunday Paper "
            f"({manifest['version']}); upgrade the program"
        )
    return datetime.fromisoformat(manifest["made"])


def wanted(root: Path, file: Path, only: Collection[str], sound: bool) -> tuple[str, ...]:
    """The databases that a backup would put back: missing and damaged ones, with sound all of them.

    only names those that are asked for; all where it is empty. BuildError where there is none.
    """
    with opened(file) as packed:
        held = [name for name in DATABASES if name in packed.namelist()]
    if missing := set(only) - set(held):
        raise BuildError(f"{file}: holds no {' and no '.join(sorted(missing))}")
    asked = [name for name in held if name in only or not only]
    names = tuple(name for name in asked if sound or fault(root / name))
    if not names:
        stand = " and ".join(asked)
        raise BuildError(
            f"{stand}: whole as far as can be seen, so nothing was put back. "
            f"With --yes what {file} holds takes the place of {stand}; what stands there is kept beside it"
        )
    return names


def restore(root: Root, file: Path, names: Collection[str], now: datetime) -> Restored:
    """Put databases of a backup back, and the editor's files that are missing.

    What stood there is kept beside, under another name. Until all was read whole and the databases
    were opened nothing is touched. StoreError where the backup is damaged; BuildError where the root cannot be
    written.
    """
    try:
        _sweep(root.folder, ".restore-*.part")
        with (
            TemporaryDirectory(dir=root.folder, prefix=".restore-", suffix=".part") as name,
            opened(file) as packed,
        ):
            fresh, made = Path(name), _made(packed)
            for database in names:
                _unpack(packed, database, fresh / database, RIGHTS[database])
            by_hand = tuple(_missing_by_hand(packed, root.folder))
            for path in by_hand:
                _unpack(packed, path, fresh / path)
            look_into(fresh, names, root.random)
            files: dict[str, Path | None] = {
                database: put_back(fresh / database, root.folder / database, now)
                for database in names
            }
            for path in by_hand:
                (root.folder / path).parent.mkdir(exist_ok=True)
                os.replace(fresh / path, root.folder / path)
                files[path] = None
            settle(root.folder)
            left_alone = [n for n in DATABASES if n in packed.namelist() and n not in names]
    except OSError as bad:
        raise BuildError(f"{root.folder}: cannot be written: {bad.strerror or bad}") from bad
    return Restored(made, files, tuple(left_alone))


def _unpack(packed: zipfile.ZipFile, name: str, to: Path, mode: int = 0o666) -> None:
    """Write one file of a backup; what it read wrongly raises BadZipFile."""
    to.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(handle, "wb") as out, packed.open(name) as member:
        shutil.copyfileobj(member, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


def look_into(folder: Path, names: Collection[str], random: Random) -> None:
    """Open what was unpacked as a command would: StoreError where it is damaged or too new."""
    if PAPER in names:
        Store(folder / PAPER).close()
    if READERS in names:
        Readers(folder / READERS, random).close()


def put_back(fresh: Path, place: Path, now: datetime) -> Path | None:
    """Move what stands in a place aside, its journals too, and the new file there.

    A journal of the old file beside the new one would be played into it.
    """
    aside = _free(place.with_name(f"{place.name}.replaced-{now:{STAMP}}"))
    moved = None
    for side in SIDES:
        old = place.with_name(place.name + side)
        if old.exists():
            moved = aside
            os.replace(old, aside.with_name(aside.name + side))
    os.replace(fresh, place)
    return moved


def _free(wanted: Path) -> Path:
    """That place, or the next that nothing stands in: two restores in one second keep both."""
    numbered = (wanted.with_name(f"{wanted.name}-{n}") for n in count(2))
    return next(place for place in chain((wanted,), numbered) if not place.exists())


def _missing_by_hand(packed: zipfile.ZipFile, root: Path) -> Iterator[str]:
    """The editor's files of a backup that are not there: what is there may be newer."""
    for name in packed.namelist():
        folder, _, desk_file = name.rpartition("/")
        ours = name == FEEDS or (folder == DESK and desk_file.endswith(".yaml"))
        if ours and not (root / name).exists():
            yield name


def _sweep(folder: Path, pattern: str) -> None:
    """Remove what a command that was killed left."""
    for part in folder.glob(pattern):
        shutil.rmtree(part, ignore_errors=True)


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
