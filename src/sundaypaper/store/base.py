"""The connection to paper.db, and reading of stored documents; damage raises StoreError."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self, TypeVar

from sundaypaper.codec import from_json
from sundaypaper.database import DAMAGED, NEWER, DatabaseFile
from sundaypaper.errors import StoreError
from sundaypaper.store.tables import migrations
from sundaypaper.store.upcast import NewerFormatError, upcast

CHUNK = 500
# Errors that a document which no version wrote may raise where it is read or upcast.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error)
T = TypeVar("T")


class Base(DatabaseFile):
    """A connection to paper.db, migrated; StoreError says what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, migrations)

    def in_memory(self) -> Self:
        """A copy of all that is kept, in memory: whatever happens to it, the file stays as it is."""
        with self.guard():
            copy = type(self)(Path(":memory:"))
            self.db.conn.backup(copy.db.conn)
        return copy

    def read(self, kind: type[T], document: str | bytes, name: str) -> T:
        """Read a stored document of any format; bytes are compressed.

        name is what the StoreError calls it where it is damaged or a newer version wrote it.
        """
        try:
            return decoded(kind, document)
        except UNREADABLE as bad:
            raise self.unreadable(name, bad) from bad

    def unreadable(self, name: str, bad: Exception) -> StoreError:
        """The error for a document of that name that cannot be read."""
        if isinstance(bad, NewerFormatError):
            return StoreError(f"{self.path}: {name} was {NEWER} ({bad}); upgrade the program")
        return StoreError(f"{self.path}: {name} is unreadable; {DAMAGED}")


def decoded(kind: type[T], document: str | bytes) -> T:
    """A stored document; bytes are compressed. Any of UNREADABLE where it is none."""
    raw = zlib.decompress(document) if isinstance(document, bytes) else document.encode()
    return from_json(kind, upcast(kind.__name__, raw))


def chunks(ids: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]
