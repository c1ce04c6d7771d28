"""The outbox: one row for each issue and subscriber, claimed before its mail and settled after.

queued -> sending -> sent | deferred | failed | uncertain, and suppressed where nothing may or need
be sent. A row that a crash left at `sending` becomes uncertain: its mail may be out, so it is shown
and only sent again by choice, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sundaypaper.delivery.readers import REASONS, Readers
from sundaypaper.delivery.statuses import verdict
from sundaypaper.delivery.tables import stamp
from sundaypaper.delivery.telling import without_addresses
from sundaypaper.models import Answer, Delivery, DeliveryState, Subscriber

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
# The last one again and again, until PATIENCE is over.
BACK_OFF = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 240, 480))
PATIENCE = timedelta(hours=48)
# What a server says at once of a mailbox that is not there: it will say so next week.
GONE = ("5.1.", "5.2.1")
CRASHED = "the program ended while this mail was on its way; it may have arrived"

COLUMNS = "week, subscriber, tag, state, tries, queued, due, settled, told"
NEXT = """
  select d.week, d.subscriber, d.tag, d.tries, d.queued, d.due, s.address, s.filter, s.edition,
         s.empty, s.state, s.token, s.origin, x.reason
  from deliveries d left join subscribers s on s.id = d.subscriber
       left join suppressed x on x.hash = s.hash
  where d.week = ? and d.subscriber > ? and d.state in ('queued', 'deferred') and d.due <= ?
  order by d.subscriber limit 1"""
CLAIM = """
  update deliveries set state = 'sending', tries = ?, claimed = ?, settled = null
  where week = ? and subscriber = ?"""
# Also what a restart took for uncertain: whoever settles knows better.
SETTLE = """
  update deliveries set state = ?, due = ?, settled = ?, code = ?, told = ?
  where week = ? and subscriber = ? and state in ('sending', 'uncertain')"""


class Outbox:
    """The deliveries in readers.db."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers
        # Where the pass through a week stands, so that no claim begins at its first row again.
        self._passed: dict[str, int] = {}

    def queue(self, week: str, subscribers: Iterable[int], now: datetime) -> int:
        """Put a week's mails into the queue; how many are new. Who has a row keeps it as it is."""
        at = stamp(now)
        with self.readers.writing() as conn:
            tokens = dict(conn.execute("select id, token from subscribers"))
            rows = [
                (week, one, self.readers.tag(week, tokens[one]), at, at, at)
                for one in subscribers
                if one in tokens
            ]
            before = conn.total_changes
            conn.executemany(
                "insert or ignore into deliveries"
                " (week, subscriber, tag, state, tries, queued, since, due)"
                " values (?, ?, ?, 'queued', 0, ?, ?, ?)",
                rows,
            )
            return int(conn.total_changes - before)

    def recover(self, now: datetime) -> int:
        """Park what a crash left at `sending`; how many. Only under the lock of the one sender."""
        with self.readers.writing() as conn:
            done = conn.execute(
                "update deliveries set state = 'uncertain', settled = ?, told = ?"
                " where state = 'sending'",
                (stamp(now), CRASHED),
            )
            return int(done.rowcount)

    # ------------------------------------------------------------ one mail after the other

    def claim_next(
        self, week: str, now: datetime, settle: tuple[Delivery, Answer] | None = None
    ) -> tuple[Delivery, Subscriber] | None:
        """Settle the row before and take the next one that is due, in one durable transaction.

        Whoever left, is not confirmed or is suppressed at this moment is passed over for good.
        None: nothing is due now.
        """
        with self.readers.writing() as conn:
            if settle:
                self._settle(*settle, now)
            at = stamp(now)
            while row := self._due(week, at):
                self._passed[week] = row[1]
                why = _refused(row)
                if not why:
                    conn.execute(CLAIM, (row[3] + 1, at, week, row[1]))
                    return _claimed(row)
                self._suppress(week, row[1], why, at)
        return None

    def settle(self, delivery: Delivery, answer: Answer, now: datetime) -> None:
        """Write down what became of a claimed mail; a row that is settled stays as it is."""
        with self.readers.writing():
            self._settle(delivery, answer, now)

    def skip(self, delivery: Delivery, told: str, now: datetime) -> None:
        """Settle a claimed row for which there is nothing to send."""
        with self.readers.writing():
            self._suppress(delivery.week, delivery.subscriber, told, stamp(now))

    def give_back(self, delivery: Delivery) -> None:
        """Undo a claim of which nothing reached a server."""
        with self.readers.writing() as conn:
            conn.execute(
                "update deliveries set state = 'queued', tries = tries - 1, claimed = null"
                " where week = ? and subscriber = ? and state = 'sending'",
                (delivery.week, delivery.subscriber),
            )
        self._passed.pop(delivery.week, None)

    def again(
        self, week: str, states: Iterable[Literal["uncertain", "failed"]], now: datetime
    ) -> int:
        """Queue rows once more, by a person's choice; how many. Tag and Date stay, tries restart."""
        with self.readers.writing() as conn:
            return sum(
                conn.execute(
                    "update deliveries set state = 'queued', tries = 0, since = ?, due = ?,"
                    " settled = null, code = 0, told = '' where week = ? and state = ?",
                    (stamp(now), stamp(now), week, state),
                ).rowcount
                for state in {"uncertain", "failed"}.intersection(states)
            )

    # ------------------------------------------------------------ looking

    def weeks(self) -> tuple[str, ...]:
        """The weeks that have rows, newest first."""
        with self.readers.guard():
            rows = self.readers.db.conn.execute(
                "select distinct week from deliveries order by week desc"
            )
            return tuple(row[0] for row in rows)

    def counts(self, week: str) -> Mapping[DeliveryState, int]:
        """How many rows are in each state; at every moment the sum is what was queued."""
        with self.readers.guard():
            rows = dict(
                self.readers.db.conn.execute(
                    "select state, count(*) from deliveries where week = ? group by state", (week,)
                )
            )
        return {state: rows.get(state, 0) for state in STATES}

    def deliveries(self, week: str) -> tuple[Delivery, ...]:
        """A week's rows in the order of their subscribers."""
        return self._select("week = ? order by subscriber", week)

    def by_tag(self, tag: str) -> Delivery | None:
        """The row whose tag a bounce or a Message-ID shows; None where it is not one of ours."""
        found = self._select("tag = ? and tag <> ''", tag)
        return found[0] if found else None

    # ------------------------------------------------------------ within

    def _select(self, where: str, value: str) -> tuple[Delivery, ...]:
        with self.readers.guard():
            rows = self.readers.db.conn.execute(
                f"select {COLUMNS} from deliveries where {where}",  # noqa: S608
                (value,),
            )
            return tuple(_delivery(row) for row in rows)

    def _due(self, week: str, at: str) -> Any:
        """The next due row of this pass, or the first of a new one."""
        conn, passed = self.readers.db.conn, self._passed.get(week, 0)
        row = conn.execute(NEXT, (week, passed, at)).fetchone()
        return row if row or not passed else conn.execute(NEXT, (week, 0, at)).fetchone()

    def _suppress(self, week: str, subscriber: int, told: str, at: str) -> None:
        self.readers.db.conn.execute(
            "update deliveries set state = 'suppressed', settled = ?, code = 0, told = ?"
            " where week = ? and subscriber = ?",
            (at, told, week, subscriber),
        )

    def _settle(self, delivery: Delivery, answer: Answer, now: datetime) -> None:
        state: DeliveryState = answer.state
        at, told = stamp(now), without_addresses(answer.told)
        due, key = at, (delivery.week, delivery.subscriber)
        if state == "deferred":
            later = self._later(key, delivery.tries, now)
            if later is None:
                state, told = "failed", f"given up after 48 hours: {told}"
            else:
                due = stamp(later)
        done = self.readers.db.conn.execute(SETTLE, (state, due, at, answer.code, told, *key))
        if done.rowcount and answer.state == "failed" and is_gone(answer.status):
            self.readers.stop(delivery.subscriber, "bounce", now)

    def _later(self, key: tuple[str, int], tries: int, now: datetime) -> datetime | None:
        """When a deferred mail is tried again, or None when there has been enough of it."""
        row = self.readers.db.conn.execute(
            "select since from deliveries where week = ? and subscriber = ?", key
        ).fetchone()
        last = datetime.fromisoformat(row[0]) + PATIENCE
        if now >= last:
            return None
        return min(now + BACK_OFF[min(max(tries, 1), len(BACK_OFF)) - 1], last)


def is_gone(status: str) -> bool:
    """Whether an enhanced status says that there is no such mailbox (any more)."""
    return status.startswith(GONE) and verdict(status) == "hard"


def _refused(row: Any) -> str:
    """Why nothing may be sent to the subscriber of a row, as things stand in its transaction."""
    address, state, reason = row[6], row[10], row[13]
    if address is None:
        return REASONS["erased"]
    if state != "confirmed":
        return REASONS["left"] if state == "left" else "not confirmed"
    return f"suppressed: {REASONS[reason]}" if reason else ""


def _claimed(row: Any) -> tuple[Delivery, Subscriber]:
    week, number, tag, tries, queued, due, *person, _ = row
    delivery = Delivery(week, number, tag, "sending", tries + 1, _moment(queued), _moment(due))
    return delivery, Subscriber(number, *person)


def _delivery(row: Any) -> Delivery:
    week, number, tag, state, tries, queued, due, settled, told = row
    moments = _moment(queued), _moment(due), _moment(settled)
    return Delivery(week, number, tag, state, tries, *moments, told)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
