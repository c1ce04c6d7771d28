"""Sign-ups: asked on a page, mailed to the owner of the address, confirmed by the link in the mail.

A row of `notices` whose link was followed is used. That of a link is found by the hash of its token
alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.mailboxes import A_DAY, EVER
from sundaypaper.delivery.notices import HOURS, Notices, Row, sign_up_of
from sundaypaper.delivery.readers import checked
from sundaypaper.delivery.records import FOR_GOOD
from sundaypaper.delivery.tables import TOKEN, stamp
from sundaypaper.delivery.welcomes import queue_welcome, welcomes
from sundaypaper.models import NoticeKind, SignUp, Subscriber

__all__ = ["A_DAY", "EVER", "HOURS", "KEPT_DAYS", "Confirmation", "Pending", "SignUps"]

KEPT_DAYS = 7
TEXT = "sign-up page, text 1"

# Who asks again before the mail is out asks for what they say now, and at the latest now: their first
# time may be one that a clock had ahead of us.
ASK = """
  insert into notices (kind, state, address, key, filter, edition, empty, network, asked, due,
                       subscriber)
  values (:kind, 'asked', :address, :key, :filter, :edition, :empty, :network, :at, :at,
          :subscriber)
  on conflict (kind, key) where state = 'asked' do update set address = excluded.address,
     filter = excluded.filter, edition = excluded.edition, empty = excluded.empty,
     network = excluded.network, asked = excluded.asked, subscriber = excluded.subscriber,
     due = case tries when 0 then min(due, excluded.due) else due end"""
# What identifies somebody goes as soon as the subscriber's row has it; the hash stays, so that the
# same link can say that it was followed.
USED = """
  update notices set state = 'used', address = '', key = '', filter = '', edition = '', network = '',
         subscriber = :subscriber, settled = :at
  where id = :id or (kind = :kind and key = :key)"""
OLD = """
  delete from notices where state <> 'sending' and asked < :at
    and (state <> 'used' or settled < :at)"""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the link of a confirmation mail stands for.

    open: it can be confirmed; confirmed and moved: it has been, by this call; again: it was before;
    expired: nothing can be confirmed by it any more; unknown: it is none of ours. sign_up is there
    while it is open, confirmed, moved or expired; subscriber where one is meant.
    """

    state: Literal["open", "confirmed", "again", "expired", "unknown", "moved"]
    kind: NoticeKind = "confirm"
    sign_up: SignUp | None = None
    subscriber: Subscriber | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-up that is not confirmed. state is that of its row, or expired."""

    asked: datetime
    state: str
    address: str
    source: Literal["web"] = "web"


class SignUps(Notices):
    """Sign-ups and moves in readers.db, and the notices about them."""

    # ------------------------------------------------------------ asking

    def ask(self, sign_up: SignUp, now: datetime) -> None:
        """Note that somebody wants to subscribe; one that waits for the same address gives way.

        DeliveryError where it is no address; QueryError, DeliveryError: the filter.
        """
        self._ask("confirm", None, sign_up, now)

    def ask_move(self, subscriber: int, address: str, network: str, now: datetime) -> None:
        """Note that a subscriber wants another address. DeliveryError where it is none."""
        self._ask("move", subscriber, SignUp(address, network=network), now)

    def _ask(
        self, kind: NoticeKind, subscriber: int | None, sign_up: SignUp, now: datetime
    ) -> None:
        plain = plain_address(sign_up.address)
        row = {
            "kind": kind,
            "address": plain,
            "key": same(plain),
            "filter": checked(sign_up.filter),
            "edition": sign_up.edition,
            "empty": sign_up.empty,
            "network": sign_up.network,
            "at": stamp(now),
            "subscriber": subscriber,
        }
        with self.readers.writing() as conn:
            conn.execute(ASK, row)

    # ------------------------------------------------------------ confirming

    def look(self, token: str, now: datetime) -> Confirmation:
        """What the link with a token stands for; changes nothing."""
        return self._standing(self._by_token(token), now)

    def _by_token(self, token: str) -> Row | None:
        if not TOKEN.fullmatch(token):
            return None
        hash = self.readers.token_hash(token)
        with self.readers.guard():
            found = self.readers.db.query("select * from notices where hash = ?", [hash])
            return next(iter(found), None)

    def _standing(self, row: Row | None, now: datetime) -> Confirmation:
        if row is None:
            return Confirmation("unknown")
        kind: NoticeKind = row["kind"]
        who = self.readers.find(row["subscriber"]) if row["subscriber"] else None
        if row["state"] == "used":
            return Confirmation("again", kind, subscriber=who) if who else Confirmation("unknown")
        if self.readers.reason(row["key"]) in FOR_GOOD:
            return Confirmation("unknown")
        there = self.readers.by_column("key", row["key"])
        taken = there and there.state == "confirmed" and there != who
        ended = kind == "move" and (taken or not self.may_move(who))
        state: Literal["open", "expired"] = "open"
        if ended or row["expires"] <= stamp(now):
            state = "expired"
        return Confirmation(state, kind, sign_up_of(row), who)

    def confirm(self, token: str, network: str, now: datetime, week: str = "") -> Confirmation:
        """Confirm the sign-up, or the move, of a token, once.

        A sign-up makes a subscriber with its wish, and queues the issue of week for them, the newest
        that is printed; empty for none. Nobody comes back by it who complained, or whom the operator
        suppressed.
        """
        with self.readers.writing():
            row = self._by_token(token)
            found = self._standing(row, now)
            if row is None or found.state != "open" or not found.sign_up:
                return found
            if found.kind == "move":
                return self._moved(row, found, network, now)
            subscriber = self._subscribed(row, found.sign_up, network, now)
            self._use(row, subscriber, now)
            if week:
                queue_welcome(self.readers, week, subscriber, now)
            return Confirmation("confirmed", "confirm", found.sign_up, subscriber)

    def _subscribed(self, row: Row, sign_up: SignUp, network: str, now: datetime) -> Subscriber:
        asked = f"{TEXT}; asked {row['asked']} from {sign_up.network or 'an unknown network'}"
        readers, before = self.readers, self.readers.find_address(sign_up.address)
        filter, edition, empty = sign_up.filter, sign_up.edition, sign_up.empty
        added = readers.add(
            sign_up.address, filter=filter, edition=edition, empty=empty, origin="web",
            consent=asked, now=now, again=True, network=network,
        )  # fmt: skip
        readers.count("confirmed", now)
        if not added.new and before and before.origin != "group":
            readers.record(added.subscriber.id, "given", asked, now, network)
        who = added.subscriber
        changed = readers.change(who.id, filter=filter, edition=edition, empty=empty, now=now)
        return changed or who

    def _moved(self, row: Row, found: Confirmation, network: str, now: datetime) -> Confirmation:
        before = found.subscriber
        assert before
        subscriber = self.readers.move(before.id, row["address"], network, now)
        self.readers.lift(row["key"])
        self._use(row, subscriber, now)
        self._ask("moved", subscriber.id, SignUp(before.address, network=network), now)
        return Confirmation("moved", "move", found.sign_up, subscriber)

    def _use(self, row: Row, subscriber: Subscriber, now: datetime) -> None:
        """Mark a row as used, and with it all others for that address: one answer is enough."""
        used = {"id": row["id"], "kind": row["kind"], "key": row["key"]}
        self.readers.db.conn.execute(USED, {**used, "subscriber": subscriber.id, "at": stamp(now)})
        self.mailboxes.give_back(row["key"])

    # ------------------------------------------------------------ looking, tidying

    def pending(self, now: datetime) -> tuple[Pending, ...]:
        """Sign-ups that nobody has confirmed, oldest first."""
        with self.readers.guard():
            rows = list(self.readers.db.query(
                "select asked, state, expires, address from notices"
                " where kind = 'confirm' and mail in ('', 'confirm') and state <> 'used'"
                " order by asked, id"
            ))  # fmt: skip
        return tuple(
            Pending(datetime.fromisoformat(row["asked"]), _state(row, now), row["address"])
            for row in rows
        )

    def welcomes(self, now: datetime) -> tuple[tuple[str, int], ...]:
        """Week and subscriber of each welcome that is due."""
        return welcomes(self.readers, now)

    def tidy(self, now: datetime) -> None:
        """Forget notices after 7 days, pauses that are over, and counts that limit nothing.

        The journal is emptied after it: an app that runs for months would keep their addresses there.
        """
        with self.readers.leaving_no_trace(), self.readers.writing() as conn:
            conn.execute(OLD, {"at": stamp(now - timedelta(days=KEPT_DAYS))})
            conn.execute(
                "update subscribers set paused = '' where paused <> '' and paused < ?",
                (now.date().isoformat(),),
            )
            conn.execute("delete from old_tokens where until < ?", (stamp(now),))
            self.mailboxes.tidy(now)


def _state(row: Row, now: datetime) -> str:
    """The state of a row for a person: a link that leads nowhere any more is expired."""
    mailed = row["state"] in ("sent", "uncertain")
    return "expired" if mailed and row["expires"] <= stamp(now) else str(row["state"])
