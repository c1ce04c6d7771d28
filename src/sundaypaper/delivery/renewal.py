"""Renewing the keys of readers.db, and with them the tokens that stand in every mail.

Links in mails of before lead to the same person for so long that nobody has to look for a newer one.
Suppressions stay: of whoever is known they move to the new key; of addresses that are only a hash the old
key is kept, to know them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sundaypaper.delivery.readers import Readers
from sundaypaper.delivery.tables import stamp

OVERLAP = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many subscribers have new tokens, until when the old ones lead to them, and what moved."""

    subscribers: int
    until: datetime
    suppressions: int
    kept: int
    ended: int


def renew_keys(readers: Readers, now: datetime) -> Renewed:
    """Renew all keys and tokens in one transaction, which a kill leaves undone as a whole.

    Confirmations that are under way end: their links were made with a key that is gone. Counts of mails
    to mailboxes begin anew.
    """
    until = now + OVERLAP
    with readers.fresh_keys() as conn:
        before = conn.execute("select id, key, token, preferences from subscribers").fetchall()
        conn.executemany(
            "insert or replace into old_tokens (token, kind, subscriber, until) values (?, ?, ?, ?)",
            [
                (token, kind, id, stamp(until))
                for id, _, old, opens in before
                for kind, token in (("token", old), ("preferences", opens))
                if token
            ],
        )
        moved = 0
        for id, key, _, _ in before:
            token = readers.token()
            row = (readers.hash(key), token, readers.preferences_of(token), id)
            conn.execute(
                "update subscribers set hash = ?, token = ?, preferences = ? where id = ?", row
            )
            for old in readers.hashes(key)[1:]:
                done = conn.execute(
                    "update or replace suppressed set hash = ? where hash = ?", (row[0], old)
                )
                moved += int(done.rowcount)
        ended = conn.execute(
            "update notices set hash = null, expires = ? where hash is not null and state <> 'used'",
            (stamp(now),),
        )
        conn.execute("delete from mailboxes")
        kept = int(conn.execute("select count(*) from suppressed").fetchone()[0]) - moved
        return Renewed(len(before), until, moved, kept, int(ended.rowcount))
