"""One connection to paper.db: opened, checked, migrated; damage told as a StoreError."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sundaypaper.codec import from_json
from sundaypaper.database import DAMAGED, DatabaseFile
from sundaypaper.errors import StoreError
from sundaypaper.models import Entry, Place
from sundaypaper.store.tables import migrations

CHUNK = 500
T = TypeVar("T")


class Base(DatabaseFile):
    """One connection to paper.db, migrated; StoreError tells what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, migrations)

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
