"""Queries of readers.db: subscribers, recipients of the next issue, and one person's export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sundaypaper.addresses import mailbox, plain_address, same
from sundaypaper.delivery.tables import TOKEN, ReadersFile, stamp
from sundaypaper.models import Subscriber

Reason = Literal["left", "complaint", "bounce", "erased", "command"]

FIELDS = ("id", "address", "filter", "edition", "empty", "state", "token", "origin",
          "preferences", "paused")  # fmt: skip
COLUMNS = ", ".join(FIELDS)
ALIVE = timedelta(days=2)
NOTICES = """select kind, mail, state, address, filter, edition, empty, network, asked, claimed,
  settled, expires, tries, code, told from notices where key = ? or subscriber = ? order by id"""
MAILBOX = "select times, last from mailboxes where hash = ?"
PERSON = f"select {COLUMNS}, created, confirmed, score, scored from subscribers where key = ?"  # noqa: S608


def box_name(key: str) -> str:
    """What the mails to the mailbox of an address are counted by, once it is hashed."""
    return f"mailbox {mailbox(key)}"


def subscriber_of(row: Mapping[str, Any]) -> Subscriber:
    """A subscriber from the columns of their row, whatever their order."""
    return Subscriber(**{name: row[name] for name in FIELDS})


class ReaderQueries(ReadersFile):
    """Queries of readers.db that change nothing."""

    def subscribers(self) -> tuple[Subscriber, ...]:
        """All subscribers, in the order of their numbers."""
        with self.guard():
            rows = self.db.query(f"select {COLUMNS} from subscribers order by id")  # noqa: S608
            return tuple(subscriber_of(row) for row in rows)

    def receiving(self, on: date) -> tuple[Subscriber, ...]:
        """Those who get an issue that is sent on a day: confirmed, not suppressed, not pausing."""
        return self._confirmed("paused < ?", on)

    def pausing(self, on: date) -> tuple[Subscriber, ...]:
        """Those who get none on a day because they have paused, and would else."""
        return self._confirmed("paused >= ?", on)

    def _confirmed(self, where: str, on: date) -> tuple[Subscriber, ...]:
        with self.guard():
            rows = self.db.query(
                f"select {COLUMNS} from subscribers where state = 'confirmed' and {where}"  # noqa: S608
                " and hash not in (select hash from suppressed) order by id",
                [on.isoformat()],
            )
            return tuple(subscriber_of(row) for row in rows)

    def find(self, who: int | str) -> Subscriber | None:
        """The subscriber with that number or that token."""
        if isinstance(who, int):
            return self.by_column("id", who)
        if not TOKEN.fullmatch(who):
            return None
        return self.by_column("token", who) or self._by_old(who, "token")

    def by_preferences(self, token: str) -> Subscriber | None:
        """The subscriber whose preferences that token opens."""
        # Said twice: only then does SQLite take the index of those that are not empty.
        where = "preferences <> '' and preferences"
        if not TOKEN.fullmatch(token):
            return None
        return self.by_column(where, token) or self._by_old(token, "preferences")

    def _by_old(self, token: str, kind: str) -> Subscriber | None:
        """The subscriber whose token that was before the keys were renewed."""
        with self.guard():
            row = self.db.conn.execute(
                "select subscriber from old_tokens where token = ? and kind = ?", (token, kind)
            ).fetchone()
        return self.by_column("id", row[0]) if row else None

    def web_base(self, now: datetime) -> str:
        """Where the app serves that was alive within two days; empty where none was."""
        with self.guard():
            row = self.db.conn.execute(
                "select base_url from served where at between ? and ?",
                (stamp(now - ALIVE), stamp(now + ALIVE)),
            ).fetchone()
        return row[0] if row else ""

    def find_address(self, address: str) -> Subscriber | None:
        """The subscriber with that address in any spelling; DeliveryError where it is none."""
        return self.by_column("key", same(plain_address(address)))

    def suppressed(self, address: str) -> Reason | None:
        """Why nothing may be sent to an address, or None."""
        return self.reason(same(plain_address(address)))

    def reason(self, key: str) -> Reason | None:
        """Why nothing may be sent to the address with that key, or None."""
        with self.guard():
            for hash in self.hashes(key):
                row = self.db.conn.execute(
                    "select reason from suppressed where hash = ?", (hash,)
                ).fetchone()
                if row:
                    return row[0]  # type: ignore[no-any-return]
        return None

    def export(self, address: str) -> dict[str, Any]:
        """All that is kept about one person, for that person, as plain data for JSON.

        mailbox counts the mails about subscriptions that went to the mailbox of the address.
        """
        key = same(plain_address(address))
        with self.guard():
            who = next(iter(self.db.query(PERSON, [key])), None)
            number = [who["id"] if who else 0]
            ban = self.db.query(
                "select at, reason from suppressed where hash = ?", [self.hash(key)]
            )
            return {
                "subscriber": who,
                "consents": list(
                    self.db.query(
                        "select at, kind, text, network from consents where subscriber = ?"
                        " order by id",
                        number,
                    )
                ),
                "deliveries": list(
                    self.db.query(
                        "select * from deliveries where subscriber = ? order by week", number
                    )
                ),
                "hook_calls": list(
                    self.db.query(
                        "select event, at, state, body from hook_calls where subscriber = ? order by id",
                        number,
                    )
                ),
                "suppressed": next(iter(ban), None),
                "notices": list(self.db.query(NOTICES, [key, *number])),
                "mailbox": next(iter(self.db.query(MAILBOX, [self.hash(box_name(key))])), None),
            }

    def by_column(self, column: str, value: int | str) -> Subscriber | None:
        """The subscriber whose column has that value."""
        with self.guard():
            rows = list(
                self.db.query(
                    f"select {COLUMNS} from subscribers where {column} = ?",  # noqa: S608
                    [value],
                )
            )
        return subscriber_of(rows[0]) if rows else None

    def known(self, number: int) -> Subscriber:
        """The subscriber with a number that is known to exist."""
        subscriber = self.by_column("id", number)
        assert subscriber is not None
        return subscriber
