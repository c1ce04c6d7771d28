"""Counts the mails about subscriptions that went to a mailbox: one a day, and three ever.

Only keyed hashes are kept: who the mailbox belongs to cannot be read from them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sundaypaper.delivery.queries import ReaderQueries, box_name
from sundaypaper.delivery.tables import stamp

A_DAY, EVER = 1, 3
APART = timedelta(days=1) / A_DAY

COUNTED = "select times, last from mailboxes where hash = ?"
COUNT = """
  insert into mailboxes (hash, times, last) values (:hash, :more, :at)
  on conflict (hash) do update set times = times + :more, last = :at"""


class Mailboxes:
    """The counts in readers.db, of each mailbox and of each address; parts of a transaction.

    Variants of an address end in one mailbox, and share its count. Each address has one of its own
    beside it, so that whoever confirms theirs gives back no more than was sent to it.
    """

    def __init__(self, readers: ReaderQueries) -> None:
        self.readers = readers

    def take(self, key: str, now: datetime, tried: str = "") -> bool:
        """Count a mail to the address with a key; False, and nothing counted, where it is too many.

        tried is when the same mail was tried before, as the count has it: it counts once, and goes
        only where no other went to that mailbox since. What a clock that ran ahead has counted holds
        nobody back for longer than a day.
        """
        conn = self.readers.db.conn
        box, own = self.readers.hash(box_name(key)), self.readers.hash(f"address {key}")
        times, last = conn.execute(COUNTED, (box,)).fetchone() or (0, "")
        if tried and last != tried:
            return False
        lately = stamp(now - APART) < last <= stamp(now + APART)
        if not tried and (times >= EVER or lately):
            return False
        for hash in (box, own):
            conn.execute(COUNT, {"hash": hash, "more": 0 if tried else 1, "at": stamp(now)})
        return True

    def give_back(self, key: str) -> None:
        """Forget what was counted for one address, whose owner has answered; not when it was."""
        conn = self.readers.db.conn
        box, own = self.readers.hash(box_name(key)), self.readers.hash(f"address {key}")
        times = conn.execute(COUNTED, (own,)).fetchone()
        if times:
            conn.execute("delete from mailboxes where hash = ?", (own,))
            conn.execute("update mailboxes set times = times - ? where hash = ?", (times[0], box))

    def tidy(self, now: datetime) -> None:
        """Forget what limits nothing any more."""
        self.readers.db.conn.execute(
            "delete from mailboxes where times <= 0 and last <= ?", (stamp(now - APART),)
        )
