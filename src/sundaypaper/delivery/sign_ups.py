"""Sign-ups: asked on a page, mailed to the owner of the address, confirmed by the link in the mail.

A row of `notices` is asked -> sending -> sent | failed | uncertain, and dropped where no mail may or
need be sent; a deferred one is asked again. Whose link was followed is used. Like the outbox, a row
is claimed in a durable commit before its mail and settled after. All that depends on who has the
address is decided at the claim, so that whoever asks learns nothing from answer or time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sundaypaper.addresses import mailbox, plain_address, same
from sundaypaper.delivery.mailboxes import A_DAY, EVER, Mailboxes
from sundaypaper.delivery.outbox import BACK_OFF, CRASHED, PATIENCE
from sundaypaper.delivery.readers import Readers, checked
from sundaypaper.delivery.records import FOR_GOOD, REASONS
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.refusals import settled
from sundaypaper.delivery.tables import TOKEN, stamp
from sundaypaper.delivery.welcomes import queue_welcome, welcomes
from sundaypaper.models import Answer, Notice, NoticeKind, SignUp, Subscriber

__all__ = ["A_DAY", "EVER", "HOURS", "KEPT_DAYS", "Confirmation", "Pending", "SignUps"]

HOURS, KEPT_DAYS = 48, 7
TEXT = "sign-up page, text 1"
BATCH = 100  # rows are dropped in one transaction, so that others wait for none
OVER = f"the mailbox has had its mails: {A_DAY} a day, {EVER} until one is confirmed"
HERE = "the subscriber has this address already"
OWN = "an address of the paper's own"
GONE = "whoever asked is no subscriber any more"

Row = Mapping[str, Any]

# Who asks again before the mail is out asks for what they say now.
ASK = """
  insert into notices (kind, state, address, key, filter, edition, empty, network, asked, due,
                       subscriber)
  values (:kind, 'asked', :address, :key, :filter, :edition, :empty, :network, :at, :at,
          :subscriber)
  on conflict (kind, key) where state = 'asked' do update set address = excluded.address,
     filter = excluded.filter, edition = excluded.edition, empty = excluded.empty,
     network = excluded.network, asked = excluded.asked, subscriber = excluded.subscriber"""
DUE = "select * from notices where state = 'asked' and due <= ? order by due, id limit ?"
CLAIM = """
  update notices set state = 'sending', mail = :mail, tries = tries + 1, claimed = :at, settled = '',
         since = case tries when 0 then :at else since end, hash = :hash, expires = :expires,
         tag = :tag
  where id = :id"""
SETTLE = "update notices set state = ?, due = ?, settled = ?, code = ?, told = ? where id = ?"
# A deferred mail gives way to what was asked since, but keeps its turn.
RENEWED = """
  update notices set (address, filter, edition, empty, network, asked, subscriber) =
         (select address, filter, edition, empty, network, asked, subscriber from notices
          where id = :newer)
  where id = :id"""
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


class _Verdict(NamedTuple):
    """What is sent for a row, and to which subscriber; why nothing is, where why is not empty."""

    mail: NoticeKind
    subscriber: Subscriber | None = None
    why: str = ""


class SignUps:
    """Sign-ups and the notices about them, in readers.db.

    closed are addresses that never get one: of a mailing list, of the paper itself.
    """

    def __init__(self, readers: Readers, closed: Collection[str] = ()) -> None:
        self.readers, self.mailboxes = readers, Mailboxes(readers)
        self.closed = frozenset(map(mailbox, closed))

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

    # ------------------------------------------------------------ mailing

    def recover(self, now: datetime) -> int:
        """Park what a crash left at `sending`; how many. Only under the lock of the one mailer."""
        with self.readers.writing() as conn:
            done = conn.execute(
                "update notices set state = 'uncertain', settled = ?, told = ?"
                " where state = 'sending'",
                (stamp(now), CRASHED),
            )
            return int(done.rowcount)

    def claim(self, now: datetime) -> Notice | None:
        """Claim the next mail that is due; None where none is. Rows that get no mail are dropped."""
        while self._due(now, 1):
            with self.readers.writing():
                for row in self._due(now, BATCH):
                    if notice := self._claimed(row, now):
                        return notice
        return None

    def _due(self, now: datetime, count: int) -> list[Row]:
        with self.readers.guard():
            return list(self.readers.db.query(DUE, [stamp(now), count]))

    def _claimed(self, row: Row, now: datetime) -> Notice | None:
        mail, subscriber, why = self._judged(row)
        limited = mail != "moved"
        if not why and limited and not self.mailboxes.take(row["key"], now, row["claimed"]):
            why = OVER
        asks = row["kind"] == "confirm" and not row["tries"]
        if why:
            self._settle(row["id"], "dropped", Answer("failed", told=why), now, now)
            if asks:
                self.readers.count("dropped", now)
            return None
        token = self.readers.token() if mail in ("confirm", "move") else ""
        claimed = {
            "id": row["id"],
            "mail": mail,
            "at": stamp(now),
            "hash": self.readers.token_hash(token) if token else None,
            "expires": stamp(now + timedelta(hours=HOURS)),
            "tag": self.readers.tag("notice", str(row["id"])),
        }
        self.readers.db.conn.execute(CLAIM, claimed)
        if asks and mail == "confirm":
            self.readers.count("asked", now)
        who = subscriber.id if subscriber else None
        if mail == "known" and subscriber:
            token = subscriber.preferences
        asked = datetime.fromisoformat(row["asked"])
        return Notice(row["id"], mail, _sign_up(row), asked, token, claimed["tag"], who)

    def _judged(self, row: Row) -> _Verdict:
        """What the owner of an address is written, as things stand in this transaction."""
        kind, key, readers = row["kind"], row["key"], self.readers
        asking = readers.find(row["subscriber"]) if row["subscriber"] else None
        reason, there = readers.reason(key), readers.by_column("key", key)
        if mailbox(key) in self.closed:
            return _Verdict(kind, why=OWN)
        if reason in FOR_GOOD:
            return _Verdict(kind, why=REASONS[reason])
        if kind == "moved":
            return _Verdict("moved", asking)
        if kind == "move" and not self._may_move(asking):
            return _Verdict(kind, why=GONE)
        if there and asking and there.id == asking.id:
            return _Verdict(kind, why=HERE)
        if there and there.state == "confirmed" and not reason:
            return _Verdict("known", there)
        return _Verdict(kind, asking)

    def _may_move(self, asking: Subscriber | None) -> bool:
        """Whether somebody gets mails, or would if only they did not come back."""
        return bool(
            asking
            and asking.state == "confirmed"
            and self.readers.reason(same(asking.address)) in (None, "bounce")
        )

    def settle(self, notice: Notice, answer: Answer, now: datetime) -> None:
        """Write down what became of a claimed mail; a row that is settled, or used, stays as it is.

        What is deferred is tried again, for 48 hours at most, unless whoever has the address went
        meanwhile.
        """
        with self.readers.writing() as conn:
            row = next(iter(self.readers.db.query(
                "select * from notices where id = ? and state in ('sending', 'uncertain')",
                [notice.id],
            )), None)  # fmt: skip
            if row is None:
                return
            until = datetime.fromisoformat(row["since"]) + PATIENCE
            answer = settled(answer) if now < until else answer
            if answer.state != "deferred" or now >= until:
                state = "failed" if answer.state == "deferred" else answer.state
                self._settle(notice.id, state, answer, now, now)
            elif row["expires"] <= stamp(now):
                self._settle(notice.id, "dropped", answer, now, now)
            else:
                newer = conn.execute(
                    "select id from notices where state = 'asked' and kind = ? and key = ?",
                    (row["kind"], row["key"]),
                ).fetchone()
                if newer:
                    conn.execute(RENEWED, {"newer": newer[0], "id": notice.id})
                    conn.execute("delete from notices where id = ?", newer)
                later = now + BACK_OFF[min(row["tries"], len(BACK_OFF)) - 1]
                self._settle(notice.id, "asked", answer, min(later, until), now)

    def _settle(self, id: int, state: str, answer: Answer, due: datetime, now: datetime) -> None:
        words = without_addresses(answer.told)
        row = (state, stamp(due), stamp(now), answer.code, words, id)
        self.readers.db.conn.execute(SETTLE, row)

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
        ended = kind == "move" and (taken or not self._may_move(who))
        state: Literal["open", "expired"] = "open"
        if ended or row["expires"] <= stamp(now):
            state = "expired"
        return Confirmation(state, kind, _sign_up(row), who)

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
        readers, wish = self.readers, {"filter": sign_up.filter, "edition": sign_up.edition}
        added = readers.add(
            sign_up.address, **wish, empty=sign_up.empty, origin="web", consent=asked, now=now,
            again=True, network=network,
        )  # fmt: skip
        readers.count("confirmed", now)
        if not added.new:
            readers.record(added.subscriber.id, "given", asked, now, network)
        changed = readers.change(added.subscriber.id, **wish, empty=sign_up.empty, now=now)
        return changed or added.subscriber

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
        """Forget notices after 7 days, pauses that are over, and counts that limit nothing."""
        with self.readers.writing() as conn:
            conn.execute(OLD, {"at": stamp(now - timedelta(days=KEPT_DAYS))})
            conn.execute(
                "update subscribers set paused = '' where paused <> '' and paused < ?",
                (now.date().isoformat(),),
            )
            self.mailboxes.tidy(now)


def _sign_up(row: Row) -> SignUp:
    return SignUp(row["address"], row["filter"], row["edition"], row["empty"], row["network"])


def _state(row: Row, now: datetime) -> str:
    """The state of a row for a person: a link that leads nowhere any more is expired."""
    mailed = row["state"] in ("sent", "uncertain")
    return "expired" if mailed and row["expires"] <= stamp(now) else str(row["state"])
