"""readers.db: its tables, how an older file becomes a newer one, and one connection to it."""

from __future__ import annotations

import hmac
import os
import stat
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sundaypaper.database import Database, DatabaseFile, Migrations, fast_journal

Randomness = Callable[[int], bytes]

migrations = Migrations("readers")


@migrations()
def first_tables(db: Database) -> None:
    """Subscribers, what they agreed to, who gets nothing any more, secrets, and the outbox."""
    # A number that an erased subscriber had never comes back: others would inherit their mails.
    db.execute(
        """create table subscribers (
             id integer primary key autoincrement, address text not null,
             key text not null unique, hash blob not null, filter text not null,
             edition text not null,
             empty text not null, state text not null, token text not null unique,
             origin text not null, created text not null, confirmed text,
             score real not null default 0, scored text)"""
    )
    # So that claiming the next row and settling the one before touch one page.
    db.execute(
        """create table deliveries (
             week text not null, subscriber integer not null, tag text not null,
             state text not null, tries integer not null, queued text not null,
             since text not null, due text not null, claimed text, settled text,
             code integer not null default 0, told text not null default '',
             primary key (week, subscriber)) without rowid"""
    )
    db.table("deliveries").create_index(["tag"])
    db.table("deliveries").create_index(["subscriber"])
    db.table("consents").create(
        {"id": int, "subscriber": int, "at": str, "kind": str, "text": str, "network": str},
        pk="id",
        not_null={"subscriber", "at", "kind", "text"},
    )
    db.table("consents").create_index(["subscriber"])
    db.table("suppressed").create(
        {"hash": bytes, "at": str, "reason": str}, pk="hash", not_null={"at", "reason"}
    )
    db.table("pauses").create({"week": str, "at": str}, pk="week", not_null={"at"})
    db.table("secrets").create({"name": str, "value": bytes}, pk="name", not_null={"value"})


@migrations()
def what_came_back(db: Database) -> None:
    """A mail that came back keeps the code with which it did; older programs know no such state."""
    db.execute("alter table deliveries add column status text not null default ''")


class ReadersFile(DatabaseFile):
    """One connection to readers.db, which only its owner may read; StoreError says what is wrong."""

    def __init__(self, path: Path, randomness: Randomness) -> None:
        _for_its_owner(path)
        super().__init__(path, migrations, fast_journal())
        self._randomness = randomness
        self._secrets = {name: self._secret(name) for name in ("address", "tag")}

    def _create(self) -> None:
        # Never opened once it is there: closing it again would end SQLite's locks on it.
        with suppress(FileExistsError):
            self.path.touch(mode=0o600, exist_ok=False)

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """One transaction that no other writer shares; inside another one it is a part of that."""
        conn = self.db.conn
        with self.guard():
            if conn.in_transaction:
                with self.db.atomic():
                    yield conn
                return
            try:
                # Not deferred: what is read here must still hold when it is written.
                conn.execute("begin immediate")
                yield conn
                conn.execute("commit")
            finally:
                if conn.in_transaction:
                    conn.rollback()

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """A transaction that is rolled back at the end, whatever was written in it."""
        conn = self.db.conn
        with self.guard():
            conn.execute("begin immediate")
            try:
                yield
            finally:
                conn.rollback()

    def tag(self, week: str, token: str) -> str:
        """The tag of an issue to the subscriber with that token: 26 letters and digits."""
        return tag(self._secrets["tag"], week, token)

    def hash(self, key: str) -> bytes:
        """The keyed hash (HMAC-SHA-256) under which an address is suppressed."""
        return hmac.digest(self._secrets["address"], key.encode(), "sha256")

    def token(self) -> str:
        """26 letters and digits that nobody can guess."""
        return spelled(self._randomness(16))

    def _secret(self, name: str) -> bytes:
        asked = "select value from secrets where name = ?"
        with self.guard():
            row = self.db.conn.execute(asked, (name,)).fetchone()
        if row is None:
            with self.writing() as conn:
                fresh = (name, self._randomness(32))
                conn.execute("insert or ignore into secrets (name, value) values (?, ?)", fresh)
                row = conn.execute(asked, (name,)).fetchone()
        return bytes(row[0])


def _for_its_owner(path: Path) -> None:
    """Take the rights of others from a file of ours and its journals, as far as that is possible."""
    for end in ("", "-journal", "-wal", "-shm"):
        file = path.with_name(path.name + end)
        with suppress(OSError):
            kept = file.stat()
            if kept.st_uid == os.geteuid() and stat.S_IMODE(kept.st_mode) != 0o600:
                file.chmod(0o600)


def tag(secret: bytes, week: str, token: str) -> str:
    """The tag of one issue to one subscriber; nobody can guess it without the secret."""
    return spelled(hmac.digest(secret, f"{week}|{token}".encode(), "sha256"))


def spelled(raw: bytes) -> str:
    """The first 128 bits or more as 26 characters of a-z2-7 (RFC 4648)."""
    return b32encode(raw).decode("ascii")[:26].lower()


def stamp(moment: datetime) -> str:
    """A moment as the file keeps it, in UTC and whole seconds, so that texts sort as time does."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
