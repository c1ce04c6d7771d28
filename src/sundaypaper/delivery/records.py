"""What is recorded about people beside their wishes, and how it is forgotten.

Consents, suppressions, counts by day that name nobody, and the end of a person's notices.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sundaypaper.addresses import plain_address, same
from sundaypaper.database import sqlite3
from sundaypaper.delivery.queries import ReaderQueries, Reason
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.tables import stamp
from sundaypaper.errors import StoreError
from sundaypaper.models import Subscriber

Kind = Literal["given", "imported", "withdrawn", "changed"]
# Of a day: sign-ups that got a mail to confirm, or none; who confirmed one; who joined, however
# they came; and who went, and why.
Tally = Literal["asked", "dropped", "confirmed", "joined", Reason]

REASONS: Mapping[str, str] = {
    "left": "the person left",
    "complaint": "the person reported the mail as unwanted",
    "bounce": "mails to it came back",
    "erased": "the person asked to be erased",
    "command": "it was suppressed by hand",
}
# No sign-up brings a mail to an address that was suppressed for one of these.
FOR_GOOD: tuple[Reason, Reason] = ("complaint", "command")
SUPPRESS = "insert or ignore into suppressed (hash, at, reason) values (?, ?, ?)"
FOR_MORE = "update suppressed set reason = ? where hash = ? and reason not in (?, ?)"
TRIES = 3  # each waits as long as SQLite does for another connection
READ = "inbox"  # counted by day: the inbox was read, with mails in it or not
# Of a day and an issue; who goes is counted at the issue that they got last.
COUNT = """
  insert into tallies (day, what, week, times) values (?, ?, ?, 1)
  on conflict (day, what, week) do update set times = times + 1"""
LAST_GOT = """
  select coalesce(max(week), '') from deliveries
  where subscriber = ? and state in ('sent', 'returned', 'uncertain')"""
# The old address is told of a move whatever came after it.
VOID = """
  update notices set expires = :at, state = case state when 'asked' then 'dropped' else state end
  where (key = :key or subscriber = :subscriber) and kind <> 'moved' and state <> 'used'"""


class ReaderRecords(ReaderQueries):
    """Writes consents, suppressions and counts, and forgets people."""

    def count_reading(self, now: datetime) -> None:
        """Count that the inbox was read, so that somebody notices when it no more is."""
        with self.writing() as conn:
            conn.execute(COUNT, (now.date().isoformat(), READ, ""))

    def erase(self, address: str, now: datetime) -> bool:
        """Forget a person; whether they were a subscriber.

        What stays is the keyed hash, to honour the objection, and the bare number of each mail,
        so that sums still hold. The file is rewritten: freed pages would still hold the address.
        StoreError where others read the file for so long that this has to be done again.
        """
        key = same(plain_address(address))
        with self.writing() as conn:
            subscriber = self.by_column("key", key)
            if subscriber:
                self.count_leaver(subscriber, "erased", now)
                self._forget(subscriber.id, now)
            conn.execute("delete from notices where key = ?", (key,))
            self.suppress_key(key, "erased", now)
        self._rewrite()
        return subscriber is not None

    def _forget(self, subscriber: int, now: datetime) -> None:
        self.db.table("consents").delete_where("subscriber = ?", [subscriber])
        self.db.table("notices").delete_where("subscriber = ?", [subscriber])
        self.db.table("hook_calls").delete_where("subscriber = ?", [subscriber])
        self.db.table("old_tokens").delete_where("subscriber = ?", [subscriber])
        self.db.conn.execute(
            "update deliveries set state = 'suppressed', settled = ?"
            " where subscriber = ? and state in ('queued', 'deferred')",
            (stamp(now), subscriber),
        )
        self.db.conn.execute(
            "update deliveries set tag = '', code = 0, told = '', status = '', filter = '',"
            " edition = '' where subscriber = ?",
            (subscriber,),
        )
        self.db.table("subscribers").delete(subscriber)

    def _rewrite(self) -> None:
        """Rewrite the file, so that nothing deleted stays in its free pages or in the journal."""
        with self.guard():
            self.db.execute("pragma journal_size_limit = 0").fetchone()
            done = any(self._rewritten() for _ in range(TRIES))
            self.db.execute("pragma journal_size_limit = -1").fetchone()
        if not done:
            raise StoreError(
                f"{self.path}: the person is forgotten, but other commands hold the file, so a trace "
                "of them may stay on the disk until those end: run erase again then"
            )

    def _rewritten(self) -> bool:
        """Whether the file was rewritten; False where another connection held it for too long."""
        try:
            self.db.execute("vacuum")
            return not self.db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        except sqlite3.OperationalError as bad:
            if bad.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False

    # ------------------------------------------------------------ parts of a transaction

    def suppress_key(self, key: str, reason: Reason, now: datetime) -> bool:
        """Suppress the address with a key; False where it was.

        A first reason stays, unless the new one is for good.
        """
        row = (self.hash(key), stamp(now), reason)
        done = self.db.conn.execute(SUPPRESS, row)
        if not done.rowcount and reason in FOR_GOOD:
            self.db.conn.execute(FOR_MORE, (reason, row[0], *FOR_GOOD))
        return bool(done.rowcount)

    def lift(self, key: str) -> None:
        """End the suppression of the address with a key."""
        for hash in self.hashes(key):
            self.db.table("suppressed").delete_where("hash = ?", [hash])

    def record(
        self, subscriber: int, kind: Kind, text: str, now: datetime, network: str | None = None
    ) -> None:
        """Write down what somebody agreed to, changed or withdrew, and from which network."""
        self.db.table("consents").insert(
            {
                "subscriber": subscriber,
                "at": stamp(now),
                "kind": kind,
                "text": without_addresses(text),
                "network": network,
            }
        )

    def count(self, what: Tally, now: datetime, week: str = "") -> None:
        """Count something of a day, and of an issue where it belongs to one."""
        self.db.conn.execute(COUNT, (stamp(now)[: len("2026-03-08")], what, week))

    def count_leaver(self, subscriber: Subscriber, what: Reason, now: datetime) -> None:
        """Count somebody who is about to go, unless they get nothing already."""
        if subscriber.state != "confirmed" or self.reason(same(subscriber.address)):
            return
        row = self.db.conn.execute(LAST_GOT, (subscriber.id,)).fetchone()
        self.count(what, now, row[0])

    def void_notices(self, key: str, subscriber: int, now: datetime) -> None:
        """End what was asked for an address before somebody went: the last word counts."""
        self.db.conn.execute(VOID, {"at": stamp(now), "key": key, "subscriber": subscriber})
