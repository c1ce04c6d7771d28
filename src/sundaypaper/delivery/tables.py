"""readers.db: its tables, how an older file becomes a newer one, and one connection to it."""

from __future__ import annotations

import hmac
import os
import re
import stat
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sundaypaper.database import (
    Database,
    DatabaseFile,
    Migrations,
    begin_writing,
    fast_journal,
    sqlite3,
)

Randomness = Callable[[int], bytes]

SECRETS = ("address", "tag", "preferences", "notice")
# As spelled() writes them; what looks otherwise need not be looked for.
TOKEN = re.compile(r"[a-z2-7]{26}")

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


@migrations()
def sign_ups_and_pauses(db: Database) -> None:
    """What the readers' pages need: a key for preferences, pauses, notices, and counts by day."""
    for column in (
        "subscribers add column preferences text not null default ''",
        "subscribers add column paused text not null default ''",
        "deliveries add column filter text not null default ''",
        "deliveries add column edition text not null default ''",
        "deliveries add column welcome integer not null default 0",
    ):
        db.execute(f"alter table {column}")
    for index in (
        "unique index subscribers_preferences on subscribers (preferences) where preferences <> ''",
        "index subscribers_without on subscribers (id) where preferences = ''",
        "index deliveries_welcome on deliveries (week, subscriber) where welcome = 1",
    ):
        db.execute(f"create {index}")
    # kind is what was asked for, mail what was sent for it: who is here already is told so.
    db.execute(
        """create table notices (
             id integer primary key autoincrement, kind text not null,
             mail text not null default '', state text not null,
             address text not null, key text not null, filter text not null,
             edition text not null, empty text not null, network text not null,
             asked text not null, due text not null, since text not null default '',
             claimed text not null default '', settled text not null default '',
             expires text not null default '', tries integer not null default 0,
             subscriber integer, hash blob, tag text not null default '',
             code integer not null default 0, told text not null default '')"""
    )
    for index in (
        "unique index notices_waiting on notices (kind, key) where state = 'asked'",
        "index notices_due on notices (due) where state = 'asked'",
        "unique index notices_hash on notices (hash) where hash is not null",
        "index notices_tag on notices (tag) where tag <> ''",
        "index notices_key on notices (key)",
        "index notices_subscriber on notices (subscriber)",
    ):
        db.execute(f"create {index}")
    db.execute(
        """create table mailboxes (
             hash blob primary key, times integer not null, last text not null) without rowid"""
    )
    db.execute(
        """create table served (
             one integer primary key check (one = 1), base_url text not null, at text not null)"""
    )
    db.execute(
        """create table tallies (
             day text not null, what text not null, week text not null, times integer not null,
             primary key (day, what, week)) without rowid"""
    )
    _what_was_before(db)


def _what_was_before(db: Database) -> None:
    """Wishes of the mails that went out, as far as is known, and who came and left by day."""
    db.execute(
        """update deliveries set filter = s.filter, edition = s.edition from subscribers s
             where s.id = deliveries.subscriber and deliveries.claimed is not null
               and s.filter || s.edition <> ''"""
    )
    db.execute(
        """insert into tallies
             select substr(at, 1, 10), 'joined', '', count(*) from consents
             where kind in ('given', 'imported') group by 1"""
    )
    db.execute(
        """insert into tallies
             select substr(c.at, 1, 10),
                    case when c.text like 'suppressed: %' then substr(c.text, 13) else 'left' end,
                    coalesce((select max(d.week) from deliveries d
                              where d.subscriber = c.subscriber and d.claimed <= c.at
                                and d.state in ('sent', 'returned', 'uncertain')), ''),
                    count(*)
             from consents c where c.kind = 'withdrawn' group by 1, 2, 3"""
    )


@migrations()
def hook_calls(db: Database) -> None:
    """Calls to hooks, one a thing that happened; addresses that rest or want no more calls."""
    db.execute(
        """create table hook_calls (
             id integer primary key, event text not null, key text not null,
             call text not null unique, subscriber integer, body text not null, at text not null,
             state text not null, tries integer not null default 0, due text not null,
             settled text, told text not null default '', unique (event, key))"""
    )
    db.table("hook_calls").create_index(["state", "due"])
    db.table("hook_calls").create_index(["subscriber"])
    db.table("hook_calls").create_index(["settled"])
    db.execute(
        """create table hook_ends (
             event text primary key, failures integer not null default 0,
             rest text not null default '', gone text not null default '')"""
    )
    db.table("subscribers").create_index(["confirmed"])


@migrations()
def renewed_keys(db: Database) -> None:
    """Tokens of before the keys were renewed, which stand in mails that went out, for a while."""
    db.execute(
        """create table old_tokens (
             token text not null, kind text not null, subscriber integer not null,
             until text not null, primary key (token, kind)) without rowid"""
    )
    db.table("old_tokens").create_index(["subscriber"])


class ReadersFile(DatabaseFile):
    """One connection to readers.db, which only its owner may read; StoreError says what is wrong."""

    def __init__(self, path: Path, randomness: Randomness) -> None:
        _for_its_owner(path)
        super().__init__(path, migrations, fast_journal())
        self._randomness = randomness
        self._secrets = {name: self._secret(name) for name in SECRETS}
        self._seen = self._changes()
        with self.guard():
            # What is deleted is overwritten: a sign-up that nobody confirmed leaves no address.
            self.db.execute("pragma secure_delete = on").fetchone()
            self._fill_preferences()

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
                begin_writing(conn)
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
            begin_writing(conn)
            try:
                yield
            finally:
                conn.rollback()

    @contextmanager
    def leaving_no_trace(self) -> Iterator[None]:
        """Empty the journal after what is deleted inside, which would still hold it.

        Where another connection reads from it just then, the next call empties it.
        """
        with self.guard():
            self.db.execute("pragma journal_size_limit = 0").fetchone()
            try:
                yield
            finally:
                with suppress(sqlite3.OperationalError):
                    self.db.execute("pragma wal_checkpoint(truncate)").fetchone()
                self.db.execute("pragma journal_size_limit = -1").fetchone()

    def tag(self, week: str, token: str) -> str:
        """The tag of an issue to the subscriber with that token: 26 letters and digits."""
        return tag(self._key("tag"), week, token)

    def hash(self, key: str) -> bytes:
        """The keyed hash (HMAC-SHA-256) under which an address is suppressed."""
        return hmac.digest(self._key("address"), key.encode(), "sha256")

    def hashes(self, key: str) -> tuple[bytes, ...]:
        """The hash of an address, then those under the keys that were renewed since."""
        with self.guard():
            before = self.db.conn.execute(
                "select value from secrets where name glob 'address.[0-9]*' order by name"
            ).fetchall()
        return (self.hash(key), *(hmac.digest(k, key.encode(), "sha256") for (k,) in before))

    def token_hash(self, token: str) -> bytes:
        """The keyed hash under which a token of a confirmation is kept."""
        return hmac.digest(self._key("notice"), token.encode(), "sha256")

    def preferences_of(self, token: str) -> str:
        """The token of the preferences of the subscriber with that token; not to be turned round."""
        return spelled(hmac.digest(self._key("preferences"), token.encode(), "sha256"))

    def token(self) -> str:
        """26 letters and digits that nobody can guess."""
        return spelled(self._randomness(16))

    def _fill_preferences(self) -> None:
        """Give those a token of preferences who were here before there was one."""
        asked = "select id, token from subscribers where preferences = ''"
        if self.db.conn.execute(f"{asked} limit 1").fetchone() is None:
            return
        with self.writing() as conn:
            rows = [(self.preferences_of(token), id) for id, token in conn.execute(asked)]
            conn.executemany("update subscribers set preferences = ? where id = ?", rows)

    def _key(self, name: str) -> bytes:
        """A key as it is now: another program may have renewed them meanwhile."""
        changes = self._changes()
        if changes != self._seen:
            self._secrets = {one: self._secret(one) for one in SECRETS}
            self._seen = changes
        return self._secrets[name]

    def _changes(self) -> int:
        """A number that differs once another connection has written."""
        with self.guard():
            return int(self.db.conn.execute("pragma data_version").fetchone()[0])

    @contextmanager
    def fresh_keys(self) -> Iterator[Any]:
        """One transaction with new keys in place of all; that of addresses is kept beside.

        Who uses the file otherwise takes the new ones from then on. Where it fails all are as before.
        """
        before = dict(self._secrets)
        try:
            with self.writing() as conn:
                self._renew(conn)
                yield conn
        except BaseException:
            self._secrets = before
            raise

    def _renew(self, conn: Any) -> None:
        count = conn.execute("select count(*) from secrets where name glob 'address.[0-9]*'")
        number = int(count.fetchone()[0]) + 1
        conn.execute(
            "insert into secrets (name, value) values (?, ?)",
            (f"address.{number:04}", self._secrets["address"]),
        )
        for name in SECRETS:
            fresh = self._randomness(32)
            conn.execute("update secrets set value = ? where name = ?", (fresh, name))
            self._secrets[name] = fresh

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
