"""Open a SQLite file, check and migrate it; damage raises StoreError with what to do.

Every module takes `sqlite3` from here, since two of them in one process would not know each
other's errors. It is the one that sqlite-utils uses: a wheel with a newer SQLite than many
systems have. What sqlite-utils has for tables and migrations is taken from here too.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, Self

from pysqlite3 import dbapi2 as sqlite3

from sundaypaper.errors import StoreError

# sqlite-utils imports numpy wherever it is installed, to know its types; no row of ours has any,
# and every command would wait for it.
_NUMPY = sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    if _NUMPY is None:
        del sys.modules["numpy"]

__all__ = [
    "RESTORE",
    "Database",
    "DatabaseFile",
    "Journal",
    "Migrations",
    "begin_writing",
    "fast_journal",
    "fault",
    "glance",
    "readable",
    "sqlite3",
]

RESTORE = "restore it from a backup (`sundaypaper restore FILE`)"
DAMAGED = f"the file is damaged or not a database; {RESTORE}, or move it away"
EMPTIED = f"is empty (0 bytes), so all that it held is gone; {RESTORE}, or remove it if nothing was ever kept in it"
NEWER = "written by a newer version of Sunday Paper"
# What SQLite says of a text with a byte changed, before it shows the text.
TEXT_OF_ROW = " with text "
PATIENCE = 10  # seconds that a command waits for one that writes
HASTE = 1  # seconds that a look may wait for it
# Before this version two writers could lose a commit of the write-ahead log.
SAFE_LOG = (3, 51, 3)

Journal = Literal["delete", "persist", "wal"]


class DatabaseFile:
    """A connection to a database file; StoreError says what is wrong with it.

    Opening creates the file and its folder, refuses damage, a file of no bytes and what a newer
    program wrote, and applies the migrations that are pending.
    """

    def __init__(self, path: Path, migrations: Migrations, journal: Journal = "delete") -> None:
        self.path = path
        with self.guard():
            path.parent.mkdir(parents=True, exist_ok=True)
            with _one_at_a_time(path):
                new = not path.exists()
                if new:
                    self._create()
                elif path.is_file() and not path.stat().st_size:
                    raise StoreError(f"{path}: {EMPTIED}")
                self.db = Database(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE))
                try:
                    self._prepare(migrations, journal, new)
                except BaseException:
                    self.db.close()
                    raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def copy_to(self, file: Path) -> None:
        """Write all that is committed to an empty file, without the remains of what was deleted."""
        with self.guard():
            self.db.execute("vacuum into ?", [str(file)])

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Raise errors of SQLite and of the system inside as StoreError."""
        with _guarded(self.path):
            yield

    def _create(self) -> None:
        """Create the file with other rights than SQLite would; by default nothing is done."""

    def _prepare(self, migrations: Migrations, journal: Journal, new: bool) -> None:
        if new:  # Its first page at once: whatever ends us from here on, it is not empty.
            self.db.execute("pragma user_version = 0")
        self._refuse_damaged()
        self._refuse_newer(migrations)
        self.db.execute(f"pragma journal_mode={journal}").fetchone()
        self.db.execute("pragma synchronous=full")
        migrations.apply(self.db)

    def _refuse_damaged(self) -> None:
        _refuse_damage(self.db)

    def _refuse_newer(self, migrations: Migrations) -> None:
        known = {m.name for m in migrations.pending(Database(memory=True))}
        applied = {m.name for m in migrations.applied(self.db)}
        if newer := applied - known:
            raise StoreError(
                f"{self.path}: {NEWER} ({', '.join(sorted(newer))}); upgrade the program"
            )


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as bad:
        what = str(bad).partition(TEXT_OF_ROW)[0]  # which may be an address
        raise StoreError(f"{path}: {what}; {_cure(bad)}") from bad
    except OSError as bad:
        raise StoreError(f"{path}: {bad.strerror or bad}") from bad


def begin_writing(conn: sqlite3.Connection) -> None:
    """Begin a transaction that no other writer shares; wait for it as long as the connection would.

    SQLite asks again after pauses of up to 100 ms. One that writes without a pause, as a sending does,
    leaves gaps that are shorter: who looks so rarely may miss them for seconds. Here it pauses for
    1 ms each time.
    """
    (patience,) = conn.execute("pragma busy_timeout").fetchone()
    conn.execute(f"pragma busy_timeout = {min(1, patience)}").fetchone()
    try:
        left = patience
        while not _began(conn, last=left <= 0):
            left -= 1
    finally:
        conn.execute(f"pragma busy_timeout = {patience}").fetchone()


def _began(conn: sqlite3.Connection, last: bool) -> bool:
    try:
        conn.execute("begin immediate")
    except sqlite3.OperationalError as bad:
        if last or bad.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def glance(path: Path) -> Iterator[Database]:
    """A connection that reads a few rows, without the checks and migrations of an opening.

    What a newer or older program wrote is there as it is; StoreError says what is wrong.
    """
    with _guarded(path):
        uri = f"{path.absolute().as_uri()}?mode=ro"
        conn = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE)
        with closing(Database(conn)) as db:
            yield db


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Keep two first openings from making the same tables. The folder is locked, since a second
    handle on the file itself would end SQLite's own locks when it is closed.
    """
    if str(path) == ":memory:":
        yield
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # A file system that locks no folder, as NFS: SQLite's own locks keep the file whole.
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _refuse_damage(db: Database) -> None:
    verdict = db.execute("pragma quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict.replace("\n", " "))


def fault(path: Path) -> str:
    """What is wrong with a database file, nothing where it is whole as far as a quick check sees.

    StoreError where that cannot be seen, as when another program holds it.
    """
    if not path.is_file() or not path.stat().st_size:
        return "is missing or empty"
    try:
        with closing(Database(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE))) as db:
            _refuse_damage(db)
            db.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.DatabaseError as bad:
        if _is_of_now(bad):
            raise StoreError(f"{path}: {bad}; {_cure(bad)}") from bad
        return str(bad)
    return ""


def readable(path: Path) -> bool:
    """Whether a file opens as a database at once; says nothing of what lies deeper in it."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=HASTE)) as db:
            return bool(db.execute("select count(*) from sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        return False


def fast_journal() -> Journal:
    """The journal that commits fastest without losing a commit, with the SQLite that is here."""
    return "wal" if sqlite3.sqlite_version_info >= SAFE_LOG else "persist"


def _is_of_now(bad: Exception) -> bool:
    """Whether an error speaks of the moment, and not of damage in the file."""
    return isinstance(bad, sqlite3.OperationalError) and TEXT_OF_ROW not in str(bad)


def _cure(bad: Exception) -> str:
    if "disk I/O error" in str(bad):
        return "the disk failed to read or write: see what the system's log says of it before the next run"
    if "disk is full" in str(bad):
        return "make room on the disk; what was kept before is kept, and the next run goes on from there"
    if _is_of_now(bad):
        return "is the disk full, the folder read-only, or another program holding the file?"
    return DAMAGED
