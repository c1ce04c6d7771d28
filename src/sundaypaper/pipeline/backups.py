"""Back up what cannot be collected again, and put it back: both databases and the editor's files.

A backup is one zip file, not compressed, that only its owner may read. Each database in it is a
copy of one moment without the remains of what was deleted, and was opened to see that it is whole.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from sundaypaper import __version__
from sundaypaper.database import DatabaseFile, fault
from sundaypaper.delivery import Readers
from sundaypaper.errors import BuildError, StoreError
from sundaypaper.pipeline.host import NoProgramError, through
from sundaypaper.pipeline.opening import PAPER, READERS, look_into_store, open_readers
from sundaypaper.store import Store

MANIFEST, FORMAT = "backup.json", 1
FEEDS, DESK, TEMPLATES = "feeds.yaml", "desk", "templates"
DATABASES = (PAPER, READERS)
SIDES = ("", "-journal", "-wal", "-shm")
PRIVATE = 0o600
RIGHTS = {PAPER: 0o666, READERS: PRIVATE}
ZIP = b"PK"
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


def default_file(root: Path, now: datetime, encrypt: str = "") -> Path:
    """The file of a backup that is given no name: they sort by their moment."""
    ends = f".{Path(words_of(encrypt, '--encrypt')[0]).name}" if encrypt else ""
    return root / "backups" / f"paper-{now:{STAMP}}.zip{ends}"


def back_up(
    root: Root, file: Path, now: datetime, also: Iterable[Path] = (), encrypt: str = ""
) -> tuple[str, ...]:
    """Write a backup, whole or not at all; the names of what it holds.

    also are files that feeds.yaml names; those below the root are taken. encrypt is a command that
    reads the backup and prints what is kept of it.

    StoreError where a database is damaged: no backup of before is worth that one. BuildError where
    nothing can be written there.
    """
    _refuse_foreign(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        ours = _begins(root.folder)
        _sweep(file.parent, f"{ours}*.part")
        with TemporaryDirectory(dir=file.parent, prefix=ours, suffix=".part") as name:
            held = {**copies(root, Path(name)), **_written_by_hand(root.folder, also)}
            if not held.keys() & set(DATABASES):
                raise BuildError(
                    f"{root.folder}: nothing is kept here yet; there is nothing to back up"
                )
            whole = Path(name) / "whole.zip"
            _pack(whole, held, now)
            if encrypt:
                whole = encrypted(whole, encrypt)
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
    others = sorted(set(written.parent.glob("paper-*Z.zip*")) - {written})
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


def _written_by_hand(root: Path, also: Iterable[Path]) -> dict[str, Path]:
    """feeds.yaml, the editor's files, templates and what feeds.yaml names, by their names below the root."""
    templates = sorted((root / TEMPLATES).rglob("*"))
    named = sorted(file for file in also if file.resolve().is_relative_to(root.resolve()))
    files = [root / FEEDS, *sorted((root / DESK).glob("*.yaml")), *templates]
    found = {file.relative_to(root).as_posix(): file for file in files if file.is_file()}
    below = ((file.resolve().relative_to(root.resolve()).as_posix(), file) for file in named)
    return found | {name: file for name, file in below if file.is_file() and name not in DATABASES}


def _pack(file: Path, held: Mapping[str, Path], now: datetime) -> None:
    manifest = {"format": FORMAT, "made": now.isoformat(), "version": __version__}
    manifest |= {"by_hand": [name for name in held if name not in DATABASES]}
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
        if _is_sealed(file):
            raise StoreError(f"{file}: is encrypted: give the command that opens it, such as --decrypt 'age -d -i key.txt'") from None  # fmt: skip
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
                (root.folder / path).parent.mkdir(parents=True, exist_ok=True)
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
    """The files of a backup that a person made and that are not there: what is there may be newer."""
    listed = json.loads(packed.read(MANIFEST)).get("by_hand", ())
    for name in packed.namelist():
        folder, _, desk_file = name.rpartition("/")
        by_hand = (
            name == FEEDS or (folder == DESK and desk_file.endswith(".yaml")) or name in listed
        )
        plain = "\\" not in name and all(part not in ("", ".", "..") for part in name.split("/"))
        ours = by_hand and plain and name not in (MANIFEST, *DATABASES)
        if ours and not (root / name).exists():
            yield name


# ---------------------------------------------------------------- encryption

# How files begin that age and gpg wrote.
SEALED = (b"age-encryption.org/", b"-----BEGIN AGE", b"-----BEGIN PGP", b"\x85", b"\x84", b"\x8c", b"\xc1", b"\xc3")  # fmt: skip


def encrypted(whole: Path, command: str) -> Path:
    """What a command makes of a backup, beside it; BuildError where it fails or encrypts nothing."""
    sealed = whole.with_name("sealed")
    _through(command, "--encrypt", whole, sealed)
    with sealed.open("rb") as body:
        begins = body.read(len(ZIP))
    if not begins or begins == ZIP:
        raise BuildError(f"{_program(command)} gave {'the backup as it is' if begins else 'nothing'}: name a command that encrypts its stdin to its stdout, such as 'age -r age1…'")  # fmt: skip
    return sealed


@contextmanager
def decrypted(root: Path, file: Path, command: str) -> Iterator[Path]:
    """The backup that a command makes of an encrypted one, in a private folder while it is used."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root, ".opened-*.part")
        with TemporaryDirectory(dir=root, prefix=".opened-", suffix=".part") as name:
            plain = Path(name) / "whole.zip"
            _through(command, "--decrypt", file, plain)
            yield plain
    except OSError as bad:
        raise BuildError(f"{bad.filename or file}: {bad.strerror or bad}") from bad


def _through(command: str, option: str, source: Path, to: Path) -> None:
    try:
        ended = through(words_of(command, option), source, to)
    except NoProgramError as bad:
        raise BuildError(f"{bad}: install it, or see what {option} names; nothing was done") from None  # fmt: skip
    if ended.status:
        raise BuildError(f"{_program(command)}, which {option} names, ended with status {ended.status}: {ended.told or 'it said nothing'}; nothing was done")  # fmt: skip


def words_of(command: str, option: str) -> list[str]:
    """The words of a command; BuildError where there are none."""
    try:
        words = shlex.split(command)
    except ValueError as bad:
        raise BuildError(f"{option}: {bad}; expected a command such as 'age -d -i key.txt'") from None  # fmt: skip
    if not words:
        raise BuildError(f"{option}: expected a command such as 'age -d -i key.txt'")
    return words


def _program(command: str) -> str:
    return Path(shlex.split(command)[0]).name


def _is_sealed(file: Path) -> bool:
    with suppress(OSError), file.open("rb") as body:
        return body.read(len(SEALED[0])).startswith(SEALED)
    return False


# ---------------------------------------------------------------- on the disk


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
