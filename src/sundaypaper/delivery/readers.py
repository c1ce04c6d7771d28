"""Subscribers: adding, changing, leaving, bounces.

No message of this module contains an address: it says "subscriber 17", or the line of a file.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from unicodedata import normalize

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.mailboxes import Mailboxes
from sundaypaper.delivery.preferences import Preferences
from sundaypaper.delivery.queries import Reason
from sundaypaper.delivery.records import REASONS, Kind
from sundaypaper.delivery.redaction import ADDRESS
from sundaypaper.delivery.tables import stamp
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Subscriber
from sundaypaper.query import parse
from sundaypaper.text import BREAKS, CONTROL

Empty = Literal["say", "skip"]
Origin = Literal["command", "import", "group", "web"]

HARD, SOFT, OFF = 1.0, 0.5, 3.0
FORGOTTEN = timedelta(days=60)
# Beside blanks that take no room: U+200C and U+200D stay, since words of some languages hold them.
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SPREADSHEET = re.compile(r"=|#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!)")
# What may be an address and is nobody of ours: author:x@lab.example.
OF_A_FIELD = re.compile(r'\w+:("[^"]*"|\S+)')


class Added(NamedTuple):
    """The subscriber, and whether this call made them one (or brought them back)."""

    subscriber: Subscriber
    new: bool


class Readers(Preferences):
    """Writes subscribers, consents and suppressions to readers.db.

    randomness(n) gives n bytes that nobody can guess.
    """

    # ------------------------------------------------------------ coming

    def add(
        self,
        address: str,
        *,
        filter: str = "",
        edition: str = "",
        empty: Empty = "say",
        origin: Origin = "command",
        consent: str,
        now: datetime,
        again: bool = False,
        network: str | None = None,
    ) -> Added:
        """Make an address a confirmed subscriber; one who is there already keeps their wishes.

        A member of the group whom anything but its list adds is no more the list's to change or end.
        consent says why they may be written to, network from where they asked. again: the person
        asked anew, which lifts a suppression and is recorded. DeliveryError: no address, a suppressed one, or one in the place
        of the filter; QueryError: the filter.
        """
        plain = plain_address(address)
        filter = checked(filter)
        with self.writing():
            reason = self.reason(same(plain))
            if reason and not again:
                raise DeliveryError(
                    f"this address is suppressed: {REASONS[reason]}; add it only where the person "
                    "asked anew, and say so (--again)"
                )
            there = self.by_column("key", same(plain))
            kind: Kind = "imported" if origin in ("import", "group") else "given"
            if there and there.state == "confirmed" and not reason:
                if there.origin == "group" != origin:
                    self.db.table("subscribers").update(there.id, {"origin": origin})
                    self.record(there.id, kind, consent, now, network)
                return Added(self.known(there.id), False)
            wish = {"filter": filter, "edition": edition, "empty": empty, "origin": origin}
            number = self._confirm(there, plain, wish, now)
            if reason:
                self.lift(same(plain))
                consent = f"asked anew after a suppression ({reason}): {consent}"
            self.record(number, kind, consent, now, network)
            self.count("joined", now)
            return Added(self.known(number), True)

    def _confirm(
        self, there: Subscriber | None, plain: str, wish: dict[str, str], now: datetime
    ) -> int:
        table, at = self.db.table("subscribers"), stamp(now)
        state = {"state": "confirmed", "confirmed": at, "score": 0.0, "scored": None, "paused": ""}
        if there:
            table.update(there.id, wish | state)
            return there.id
        key = same(plain)
        who = {"address": plain, "key": key, "hash": self.hash(key)}
        token = self.token()
        who |= {"token": token, "preferences": self.preferences_of(token), "created": at}
        table.insert(who | wish | state)
        subscriber = self.by_column("key", key)
        assert subscriber is not None
        return subscriber.id

    def change(
        self,
        who: int | str,
        *,
        filter: str | None = None,
        edition: str | None = None,
        empty: Empty | None = None,
        now: datetime,
        by_list: bool = False,
    ) -> Subscriber | None:
        """Change what somebody gets; None where nobody has that number or token.

        by_list: their group's list says so. A member whose wish anything else changes is no more the
        list's to change or end, or its next reading would undo what they chose. QueryError, DeliveryError: the filter, as in add.
        """
        asked = {
            "filter": None if filter is None else checked(filter),
            "edition": edition,
            "empty": empty,
        }
        with self.writing():
            subscriber = self.find(who)
            if not subscriber:
                return None
            new = {k: v for k, v in asked.items() if v is not None and v != getattr(subscriber, k)}
            if new:
                own = {"origin": "web"} if subscriber.origin == "group" and not by_list else {}
                self.db.table("subscribers").update(subscriber.id, new | own)
                self.record(subscriber.id, "changed", ", ".join(new), now)
            return self.known(subscriber.id)

    # ------------------------------------------------------------ going

    def leave(self, who: int | str, how: str, now: datetime) -> Subscriber | None:
        """End a subscription for good, however often it is asked; None where nobody is meant.

        how is kept with the consents: "leave mail", "command". Sign-ups of before are void.
        """
        with self.writing():
            subscriber = self.find(who)
            if not subscriber:
                return None
            if subscriber.state != "left":
                self.retire(subscriber, how, now)
            self._end(subscriber, "left", now)
            Mailboxes(self).give_back(same(subscriber.address))
            return self.known(subscriber.id)

    def retire(self, subscriber: Subscriber, how: str, now: datetime) -> None:
        """End a subscription in such a way that the person may be added again."""
        with self.writing():
            self.count_leaver(subscriber, "left", now)
            self.db.table("subscribers").update(subscriber.id, {"state": "left"})
            self.record(subscriber.id, "withdrawn", how, now)

    def suppress(self, address: str, reason: Reason, now: datetime) -> None:
        """Never write to an address again, a subscriber's or not."""
        key = same(plain_address(address))
        with self.writing():
            if subscriber := self.by_column("key", key):
                self.stop(subscriber.id, reason, now)
                return
            self.suppress_key(key, reason, now)

    def complain(self, subscriber: int, now: datetime) -> bool:
        """Suppress a subscriber who reported a mail as unwanted; whether that is new."""
        return self.stop(subscriber, "complaint", now)

    def stop(self, subscriber: int, reason: Reason, now: datetime) -> bool:
        """Suppress the address of a subscriber; False where it was, or where they are gone."""
        with self.writing():
            kept = self.find(subscriber)
            if not kept:
                return False
            self.count_leaver(kept, reason, now)
            if not self._end(kept, reason, now):
                return False
            self.record(kept.id, "withdrawn", f"suppressed: {reason}", now)
            return True

    def _end(self, subscriber: Subscriber, reason: Reason, now: datetime) -> bool:
        key = same(subscriber.address)
        self.void_notices(key, subscriber.id, now)
        return self.suppress_key(key, reason, now)

    def score(self, subscriber: int, hard: bool, day: date) -> bool:
        """Count a bounce of that day; whether it suppressed the address.

        Mailman's way: 1 for a hard and 0.5 for a soft one, at most one a day, all forgotten after
        60 days without one, off at 3. One bounce may be a server's bad day, and one broken mail
        may bounce ten times; three days of it within the memory of the list are an address that
        is gone. A bounce of an earlier day than the last one counted says nothing new.
        """
        with self.writing() as conn:
            row = conn.execute(
                "select score, scored from subscribers where id = ?", (subscriber,)
            ).fetchone()
            if row is None:
                return False
            today = date(day.year, day.month, day.day)
            last = date.fromisoformat(row[1]) if row[1] else date.min
            if today <= last:
                return False
            kept = row[0] if row[1] and today - last <= FORGOTTEN else 0.0
            score = kept + (HARD if hard else SOFT)
            self.db.table("subscribers").update(
                subscriber, {"score": score, "scored": today.isoformat()}
            )
            at = datetime(today.year, today.month, today.day, tzinfo=UTC)
            return score >= OFF and self.stop(subscriber, "bounce", at)


def checked(filter: str) -> str:
    """A filter as one line, without blanks around it; "" is no filter.

    QueryError where it does not parse. DeliveryError, which does not show it, where a mail address
    is among its words, since lists of subscribers show filters, or where nobody can have meant it.
    """
    text = one_line(filter)
    if CONTROL.search(text):
        raise DeliveryError(
            "the filter holds control characters, which nobody types: write it anew"
        )
    if ADDRESS.search(OF_A_FIELD.sub("", text)):
        raise DeliveryError(
            "there is what looks like an address in the filter: are the columns in order, and is "
            "only one person on the line?"
        )
    if SPREADSHEET.match(text):
        raise DeliveryError(
            "the filter is a formula of a spreadsheet, or its error: a cell that begins with - or = has "
            "to be of the kind text there"
        )
    if text:
        parse(text)
    return text


def one_line(filter: str) -> str:
    """A filter without line breaks and without what takes no room, as copying brings it along."""
    return " ".join(normalize("NFC", UNSEEN.sub("", BREAKS.sub(" ", filter))).split())
