"""What subscribers do on their own pages beside changing a wish: pausing, and moving."""

from __future__ import annotations

from datetime import date, datetime

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.records import ReaderRecords
from sundaypaper.delivery.tables import stamp
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Subscriber

NOBODY = "nobody has this number any more: they were erased meanwhile"


class Preferences(ReaderRecords):
    """Pauses and moves of subscribers, and where the app serves that offers them."""

    def pause(self, who: int, until: date, network: str, now: datetime) -> Subscriber:
        """Send nothing to a subscriber up to and on a day; a later pause replaces an earlier one.

        DeliveryError where that day is over (UTC), or nobody has that number.
        """
        if until < now.date():
            raise DeliveryError("a pause ends today at the earliest: name a later day")
        return self._paused(who, until.isoformat(), f"paused until {until}", network, now)

    def resume(self, who: int, now: datetime) -> Subscriber:
        """End the pause of a subscriber; what was sent during it does not come later."""
        return self._paused(who, "", "pause ended", None, now)

    def _paused(
        self, who: int, until: str, told: str, network: str | None, now: datetime
    ) -> Subscriber:
        with self.writing():
            subscriber = self._somebody(who)
            if subscriber.paused != until:
                self.db.table("subscribers").update(who, {"paused": until})
                self.record(who, "changed", told, now, network)
            return self.known(who)

    def move(self, who: int, address: str, network: str, now: datetime) -> Subscriber:
        """Give a subscriber another address, and a token of its own: links of before end.

        Call it only where the owner of the new address agreed. Somebody who left under that address
        is the same person: what is kept about them goes over. The address before is suppressed, as
        that of somebody who left: no list that still has it brings it back. DeliveryError where it
        is no address, or a subscriber's who gets the mail.
        """
        plain = plain_address(address)
        key = same(plain)
        with self.writing():
            subscriber = self._somebody(who)
            there = self.by_column("key", key)
            if there and there.id != who:
                self._take_over(there, who)
            token = self.token()
            row: dict[str, object] = {"address": plain, "key": key, "hash": self.hash(key)}
            row |= {"token": token, "preferences": self.preferences_of(token)}
            row |= {"score": 0.0, "scored": None}
            if subscriber.origin == "group":  # else its list would end what it does not name
                row |= {"origin": "web"}
            self.void_notices(same(subscriber.address), who, now)
            if key != same(subscriber.address):
                self.suppress_key(same(subscriber.address), "left", now)
            self.db.table("old_tokens").delete_where("subscriber = ?", [who])
            self.db.table("subscribers").update(who, row)
            self.record(who, "changed", "address", now, network)
            return self.known(who)

    def _take_over(self, there: Subscriber, who: int) -> None:
        """Give what is kept about somebody who left to the subscriber who has their address now."""
        if there.state == "confirmed":
            raise DeliveryError("this address is a subscriber’s: end that subscription first")
        conn = self.db.conn
        conn.execute("update consents set subscriber = ? where subscriber = ?", (who, there.id))
        conn.execute(
            "update or ignore deliveries set subscriber = ? where subscriber = ?", (who, there.id)
        )
        conn.execute("update notices set subscriber = ? where subscriber = ?", (who, there.id))
        conn.execute("update old_tokens set subscriber = ? where subscriber = ?", (who, there.id))
        self.db.table("subscribers").delete(there.id)

    def _somebody(self, who: int) -> Subscriber:
        subscriber = self.find(who)
        if not subscriber:
            raise DeliveryError(NOBODY)
        return subscriber

    def served(self, base_url: str, now: datetime) -> None:
        """Note that an app is alive whose addresses begin with base_url, which ends with a slash."""
        with self.writing() as conn:
            conn.execute(
                "insert or replace into served (one, base_url, at) values (1, ?, ?)",
                (base_url, stamp(now)),
            )
