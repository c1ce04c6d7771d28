"""Notices: mails about a subscription, claimed before they are sent and settled after, as the outbox
does it.

A row is asked -> sending -> sent | failed | uncertain, and dropped where no mail may or need be sent;
a deferred one is asked again. All that depends on who has the address is decided at the claim, so
that whoever asks learns nothing from answer or time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sundaypaper.addresses import mailbox, same
from sundaypaper.delivery.mailboxes import A_DAY, EVER, Mailboxes
from sundaypaper.delivery.outbox import BACK_OFF, CRASHED, PATIENCE
from sundaypaper.delivery.readers import Readers
from sundaypaper.delivery.records import FOR_GOOD, REASONS
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.refusals import settled
from sundaypaper.delivery.tables import stamp
from sundaypaper.models import Answer, Notice, NoticeKind, SignUp, Subscriber

HOURS = 48  # so long a link is good
BATCH = 100  # rows are dropped in one transaction, so that others wait for none
OVER = f"the mailbox has had its mails: {A_DAY} a day, {EVER} until one is confirmed"
HERE = "the subscriber has this address already"
OWN = "an address of the paper's own"
GONE = "whoever asked is no subscriber any more"

Row = Mapping[str, Any]

DUE = "select * from notices where state = 'asked' and due <= ? order by due, id limit ?"
CLAIM = """
  update notices set state = 'sending', mail = :mail, tries = tries + 1, claimed = :at, settled = '',
         since = case tries when 0 then :at else since end, hash = :hash, expires = :expires,
         tag = :tag
  where id = :id"""
CLAIMED = "select * from notices where id = ? and state in ('sending', 'uncertain')"
SETTLE = "update notices set state = ?, due = ?, settled = ?, code = ?, told = ? where id = ?"
WAITING = "select id from notices where state = 'asked' and kind = ? and key = ?"
# A deferred mail takes over what was asked since, and keeps its turn.
RENEWED = """
  update notices set (address, filter, edition, empty, network, asked, subscriber) =
         (select address, filter, edition, empty, network, asked, subscriber from notices
          where id = :newer)
  where id = :id"""
RETURNED = """
  update notices set state = 'failed', settled = ?, told = ?
  where tag = ? and state in ('sent', 'uncertain')"""


class Verdict(NamedTuple):
    """What is sent for a row, and of which subscriber; why nothing is, where why is not empty."""

    mail: NoticeKind
    subscriber: Subscriber | None = None
    why: str = ""


class Notices:
    """The notices in readers.db, as a mailer needs them.

    closed are addresses that never get one: of a mailing list, of the paper itself. has_group says
    whether feeds.yaml names a group: its members get no issue where it does not.
    """

    def __init__(
        self, readers: Readers, closed: Collection[str] = (), has_group: bool = True
    ) -> None:
        self.readers, self.mailboxes, self.has_group = readers, Mailboxes(readers), has_group
        self.closed = frozenset(map(mailbox, closed))

    def recover(self, now: datetime) -> int:
        """Park what a crash left at `sending`; how many. Only under the lock of the one mailer."""
        with self.readers.writing() as conn:
            done = conn.execute(
                "update notices set state = 'uncertain', settled = ?, told = ?"
                " where state = 'sending'",
                (stamp(now), CRASHED),
            )
            return int(done.rowcount)

    # ------------------------------------------------------------ claims

    def is_due(self, now: datetime) -> bool:
        """Whether a row could be claimed now; what comes of it, only the claim tells."""
        return bool(self._due(now, 1))

    def claim(self, now: datetime) -> Notice | None:
        """Claim the next mail that is due; None where none is. Rows that get no mail are dropped."""
        while self.is_due(now):
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
        is_new = row["kind"] == "confirm" and not row["tries"]
        if why:
            self._settle(row["id"], "dropped", Answer("failed", told=why), now, now)
            if is_new:
                self.readers.count("dropped", now)
            return None
        if is_new and mail == "confirm":
            self.readers.count("asked", now)
        return self._sending(row, mail, subscriber, now)

    def _sending(
        self, row: Row, mail: NoticeKind, subscriber: Subscriber | None, now: datetime
    ) -> Notice:
        token = self.readers.token() if mail in ("confirm", "move") else ""
        tag = self.readers.tag("notice", str(row["id"]))
        claimed = {
            "id": row["id"],
            "mail": mail,
            "at": stamp(now),
            "hash": self.readers.token_hash(token) if token else None,
            "expires": stamp(now + timedelta(hours=HOURS)),
            "tag": tag,
        }
        self.readers.db.conn.execute(CLAIM, claimed)
        if mail == "known" and subscriber:
            token = subscriber.preferences
        who = subscriber.id if subscriber else None
        asked = datetime.fromisoformat(row["asked"])
        return Notice(row["id"], mail, sign_up_of(row), asked, token, tag, who)

    def _judged(self, row: Row) -> Verdict:
        """What the owner of an address is written, as things stand in this transaction."""
        kind, key, readers = row["kind"], row["key"], self.readers
        asking = readers.find(row["subscriber"]) if row["subscriber"] else None
        reason, there = readers.reason(key), readers.by_column("key", key)
        if mailbox(key) in self.closed:
            return Verdict(kind, why=OWN)
        if reason in FOR_GOOD:
            return Verdict(kind, why=REASONS[reason])
        if kind == "moved":
            return Verdict("moved", asking)
        if kind == "move" and not self.may_move(asking):
            return Verdict(kind, why=GONE)
        if there and asking and there.id == asking.id:
            return Verdict(kind, why=HERE)
        forgotten = there and there.origin == "group" and not self.has_group
        if there and there.state == "confirmed" and not reason and not forgotten:
            return Verdict("known", there)
        return Verdict(kind, asking)

    def may_move(self, asking: Subscriber | None) -> bool:
        """Whether somebody gets mails, or would if only they did not come back."""
        return bool(
            asking
            and asking.state == "confirmed"
            and self.readers.reason(same(asking.address)) in (None, "bounce")
        )

    # ------------------------------------------------------------ settlements

    def settle(self, notice: Notice, answer: Answer, now: datetime) -> None:
        """Write down what became of a claimed mail; a row that is settled, or used, stays as it is.

        What is deferred is tried again, for 48 hours at most, unless whoever has the address went
        meanwhile.
        """
        with self.readers.writing():
            row = next(iter(self.readers.db.query(CLAIMED, [notice.id])), None)
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
                self._take_over_newer(row)
                later = now + BACK_OFF[min(row["tries"], len(BACK_OFF)) - 1]
                self._settle(notice.id, "asked", answer, min(later, until), now)

    def _take_over_newer(self, row: Row) -> None:
        conn = self.readers.db.conn
        newer = conn.execute(WAITING, (row["kind"], row["key"])).fetchone()
        if newer:
            conn.execute(RENEWED, {"newer": newer[0], "id": row["id"]})
            conn.execute("delete from notices where id = ?", newer)

    def _settle(self, id: int, state: str, answer: Answer, due: datetime, now: datetime) -> None:
        words = without_addresses(answer.told)
        row = (state, stamp(due), stamp(now), answer.code, words, id)
        self.readers.db.conn.execute(SETTLE, row)

    # ------------------------------------------------------------ what comes back

    def returned(self, tag: str, told: str, now: datetime) -> bool:
        """Write down that a notice came back; False for a tag that is none of a notice."""
        with self.readers.writing() as conn:
            conn.execute(RETURNED, (stamp(now), without_addresses(told), tag))
            return self._by_tag(tag) is not None

    def complained(self, tag: str, now: datetime) -> bool:
        """Never write again to whoever reported a notice as unwanted; False for a foreign tag."""
        with self.readers.writing():
            row = self._by_tag(tag)
            if row and row["address"]:
                self.readers.suppress(row["address"], "complaint", now)
            elif row and row["subscriber"]:
                self.readers.complain(row["subscriber"], now)
            return row is not None

    def _by_tag(self, tag: str) -> Row | None:
        found = "select * from notices where tag = ? and tag <> ''"
        return next(iter(self.readers.db.query(found, [tag])), None)


def sign_up_of(row: Row) -> SignUp:
    """The sign-up that a row holds."""
    return SignUp(row["address"], row["filter"], row["edition"], row["empty"], row["network"])
