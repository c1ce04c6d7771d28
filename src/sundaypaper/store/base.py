"""One connection to paper.db: opened, checked, migrated; damage told as a StoreError."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlite_utils import Database

from sundaypaper.codec import from_json
from sundaypaper.errors import StoreError
from sundaypaper.models import Entry, Place
from sundaypaper.store.tables import migrations

CHUNK = 500
DAMAGED = "the file is damaged or not a database; restore it from a backup, or move it away"
T = TypeVar("T")


class Base:
    """One connection to paper.db, migrated; StoreError tells what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.guard():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.db = Database(sqlite3.connect(path, isolation_level=None, timeout=10))
            try:
                self._refuse_damaged()
                self._refuse_newer()
                migrations.apply(self.db)
            except BaseException:
                self.db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    @contextmanager
    def guard(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as bad:
            raise StoreError(f"{self.path}: {bad}; {_cure(bad)}") from bad
        except OSError as bad:
            raise StoreError(f"{self.path}: {bad.strerror or bad}") from bad

    def _refuse_damaged(self) -> None:
        told = self.db.execute("pragma quick_check(1)").fetchone()[0]
        if told != "ok":
            raise sqlite3.DatabaseError(told.replace("\n", " "))

    def _refuse_newer(self) -> None:
        known = {m.name for m in migrations.pending(Database(memory=True))}
        applied = {m.name for m in migrations.applied(self.db)}
        if newer := applied - known:
            raise StoreError(
                f"{self.path}: written by a newer version of sundaypaper "
                f"({', '.join(sorted(newer))}); upgrade the program"
            )

    def read(self, kind: type[T], document: str | bytes) -> T:
        """A document back to what it was; bytes are compressed. StoreError where it is damaged."""
        try:
            raw = zlib.decompress(document) if isinstance(document, bytes) else document
            return from_json(kind, raw)
        except (ValueError, zlib.error) as bad:
            raise StoreError(f"{self.path}: a row of {kind.__name__} is unreadable; {DAMAGED}") from bad  # fmt: skip

    def _place(self, row: Mapping[str, Any]) -> Place:
        entry = self.read(Entry, row["doc"])
        try:
            first_seen = datetime.fromisoformat(row["first_seen"])
        except ValueError as bad:
            raise StoreError(
                f"{self.path}: the row of {entry.id} is unreadable; {DAMAGED}"
            ) from bad
        return Place(entry, row["week"], row["late"], row["touched"], first_seen)


def chunks(ids: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]


def _cure(bad: sqlite3.DatabaseError) -> str:
    if isinstance(bad, sqlite3.OperationalError):
        return "is the disk full, the folder read-only, or another program holding the file?"
    return DAMAGED
