"""Queries of readers.db: subscribers, recipients of the next issue, and one person's export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.tables import ReadersFile
from sundaypaper.models import Subscriber

Reason = Literal["left", "complaint", "bounce", "erased", "command"]

FIELDS = ("id", "address", "filter", "edition", "empty", "state", "token", "origin")
COLUMNS = ", ".join(FIELDS)
PERSON = f"select {COLUMNS}, created, confirmed, score, scored from subscribers where key = ?"  # noqa: S608


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

    def receiving(self) -> tuple[Subscriber, ...]:
        """Those who get the next issue: confirmed, and not suppressed."""
        with self.guard():
            rows = self.db.query(
                f"select {COLUMNS} from subscribers where state = 'confirmed'"  # noqa: S608
                " and hash not in (select hash from suppressed) order by id"
            )
            return tuple(subscriber_of(row) for row in rows)

    def find(self, who: int | str) -> Subscriber | None:
        """The subscriber with that number or that token."""
        column = "id" if isinstance(who, int) else "token"
        return self.by_column(column, who)

    def find_address(self, address: str) -> Subscriber | None:
        """The subscriber with that address in any spelling; DeliveryError where it is none."""
        return self.by_column("key", same(plain_address(address)))

    def suppressed(self, address: str) -> Reason | None:
        """Why nothing may be sent to an address, or None."""
        return self.reason(same(plain_address(address)))

    def reason(self, key: str) -> Reason | None:
        """Why nothing may be sent to the address with that key, or None."""
        with self.guard():
            row = self.db.conn.execute(
                "select reason from suppressed where hash = ?", (self.hash(key),)
            ).fetchone()
        return row[0] if row else None

    def export(self, address: str) -> dict[str, Any]:
        """All that is kept about one person, for that person, as plain data for JSON."""
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
                "suppressed": next(iter(ban), None),
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
