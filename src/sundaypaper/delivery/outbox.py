"""The outbox: one row for each issue and subscriber, claimed before its mail and settled after.

queued -> sending -> sent | deferred | failed | uncertain, and suppressed where nothing may or need
be sent; sent -> returned where the mail came back. A row that a crash left at `sending` becomes
uncertain: its mail may be out, so it is shown and only sent again by choice, with the same
Message-ID.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sundaypaper.delivery.queries import subscriber_of
from sundaypaper.delivery.readers import Readers
from sundaypaper.delivery.records import REASONS
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.refusals import about_reader, settled
from sundaypaper.delivery.tables import stamp
from sundaypaper.models import Answer, Delivery, DeliveryState, Subscriber

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
# The last one again and again, until PATIENCE is over.
BACK_OFF = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 240, 480))
PATIENCE = timedelta(hours=48)
AT_ONCE = 2_000  # rows of a queue in one transaction
PAUSED = "paused by the reader"
CRASHED = "the program ended while this mail was on its way; it may have arrived"

Row = Mapping[str, Any]

COLUMNS = "week, subscriber, tag, state, tries, queued, due, settled, told, status, filter, edition, welcome"
Again = Literal["uncertain", "failed", "returned"]
DUE = """
  select d.week, d.subscriber, d.tag, d.state as standing, d.tries, d.queued, d.due, d.welcome, s.id,
         s.address, s.filter, s.edition, s.empty, s.state, s.token, s.origin, s.preferences,
         s.paused, x.reason
  from deliveries d left join subscribers s on s.id = d.subscriber
       left join suppressed x on x.hash = s.hash
  where d.week = :week and d.state in ('queued', 'deferred') and d.due <= :at"""
SOME = f"""{DUE} and d.subscriber in (select value from json_each(:subscribers))
  order by d.subscriber"""  # noqa: S608
NEXT = f"""{DUE} and d.subscriber > :passed
  order by d.subscriber limit :count"""
# Said apart, or those few would be looked for among all of the week.
NEXT_OF = f"""{DUE} and d.subscriber > :passed
        and d.subscriber in (select value from json_each(:only))
  order by d.subscriber limit :count"""  # noqa: S608
# Patience begins with the first try, not with the queue.
CLAIM = """
  update deliveries set state = 'sending', tries = tries + 1, claimed = :at, settled = null,
         since = case tries when 0 then :at else since end, filter = :filter, edition = :edition
  where week = :week and subscriber = :subscriber"""
# Nobody who was erased a moment before.
QUEUE = """
  insert or ignore into deliveries (week, subscriber, tag, state, tries, queued, since, due)
  select ?, id, ?, 'queued', 0, ?, ?, ? from subscribers where id = ?"""
SKIP = """
  insert or ignore into deliveries
         (week, subscriber, tag, state, tries, queued, since, due, settled, told)
  values (?, ?, ?, 'suppressed', 0, ?, ?, ?, ?, ?)"""
UNDER_WAY = "select 1 from deliveries where state = 'sending' limit 1"
# Also what a restart took for uncertain: whoever settles knows better.
SETTLE = """
  update deliveries set state = ?, due = ?, settled = ?, code = ?, told = ?
  where week = ? and subscriber = ? and state in ('sending', 'uncertain')"""


class Outbox:
    """The deliveries in readers.db.

    spared are subscribers whom no bounce suppresses: the address of a list, which is not a person.
    """

    def __init__(self, readers: Readers, spared: frozenset[int] = frozenset()) -> None:
        self.readers, self.spared = readers, spared
        # Where the pass through a week stands, so that no claim begins at its first row again.
        self._passed: dict[str, int] = {}

    def queue(self, week: str, subscribers: Iterable[int], now: datetime) -> int:
        """Put a week's mails into the queue; how many are new. Who has a row keeps it as it is.

        Some thousand in a transaction: whoever signs up or leaves meanwhile waits for no more.
        """
        with self.readers.guard():
            tokens = dict(self.readers.db.conn.execute("select id, token from subscribers"))
        known = sorted(tokens.keys() & set(subscribers))
        batches = (known[n : n + AT_ONCE] for n in range(0, len(known), AT_ONCE))
        return sum(self._queue(week, some, tokens, stamp(now)) for some in batches)

    def _queue(
        self, week: str, subscribers: Iterable[int], tokens: Mapping[int, str], at: str
    ) -> int:
        # Their tags are made before the transaction, which leaves others a while for theirs.
        tags = [(self.readers.tag(week, tokens[one]), one) for one in subscribers]
        rows = [(week, tag, at, at, at, one) for tag, one in tags]
        with self._part() as conn:
            before = conn.total_changes
            conn.executemany(QUEUE, rows)
            return int(conn.total_changes - before)

    def withdraw(self, week: str, keep: Iterable[int], reason: str, now: datetime) -> int:
        """Suppress the rows that still wait and are of nobody to keep; how many."""
        with self.readers.writing() as conn:
            done = conn.execute(
                "update deliveries set state = 'suppressed', settled = ?, code = 0, told = ?"
                " where week = ? and state in ('queued', 'deferred')"
                " and subscriber not in (select value from json_each(?))",
                (stamp(now), reason, week, json.dumps(sorted(keep))),
            )
            return int(done.rowcount)

    def pass_over(self, week: str, paused: Iterable[Subscriber], now: datetime) -> None:
        """Note that those who have paused get nothing of a week, so that it comes no later either."""
        at = stamp(now)
        with self.readers.writing() as conn:
            conn.executemany(
                SKIP,
                [
                    (week, one.id, self.readers.tag(week, one.token), at, at, at, at, PAUSED)
                    for one in paused
                ],
            )

    def recover(self, now: datetime, week: str = "") -> int:
        """Park what a crash left at `sending`, in one week or in all; how many.

        Only under the lock of the one sender. It looks before it writes: nobody waits for a look.
        """
        where = "state = 'sending'" + (" and week = ?" if week else "")
        which = (week,) if week else ()
        with self.readers.guard():
            found = f"select 1 from deliveries where {where} limit 1"  # noqa: S608
            if not self.readers.db.conn.execute(found, which).fetchone():
                return 0
        with self.readers.writing() as conn:
            done = conn.execute(
                f"update deliveries set state = 'uncertain', settled = ?, told = ? where {where}",  # noqa: S608
                (stamp(now), CRASHED, *which),
            )
            return int(done.rowcount)

    # ------------------------------------------------------------ claims and settlements

    def due(
        self, week: str, now: datetime, only: frozenset[int] | None = None, count: int = 1
    ) -> list[tuple[Delivery, Subscriber | None]]:
        """The next rows of this pass that are due, or of a new one, and whom each is for.

        Nothing is claimed, and None stands for somebody who was erased. Ask again only when these
        are claimed or given up.
        """
        with self.readers.guard():
            rows = self._due(week, stamp(now), only, count)
        if rows:
            self._passed[week] = rows[-1]["subscriber"]
        return [(_delivery_of(row), _subscriber_of(row)) for row in rows]

    def together(self) -> AbstractContextManager[Any]:
        """One durable transaction for all claims and settlements inside."""
        return self.readers.writing()

    def _part(self) -> AbstractContextManager[Any]:
        """A transaction, or a part of the one that is open: of that all or nothing holds."""
        conn = self.readers.db.conn
        return nullcontext(conn) if conn.in_transaction else self.readers.writing()

    def claim(
        self, rows: Sequence[tuple[Delivery, Subscriber | None]], now: datetime
    ) -> list[Delivery]:
        """Claim rows of one week that were due; those of them for which something may be sent.

        Whoever left, has paused, is not confirmed or is suppressed at this moment is passed over for
        good. Who
        wishes something else by now, or has another address, is due again.
        """
        if not rows:
            return []
        at, week = stamp(now), rows[0][0].week
        wished = {delivery.subscriber: subscriber for delivery, subscriber in rows}
        asked = {"week": week, "at": at, "subscribers": json.dumps(list(wished))}
        claimed = list[Row]()
        with self._part() as conn:
            for row in self._rows(SOME, asked):
                if why := _refused(row, at):
                    self._suppress(week, row["subscriber"], why, at)
                elif _subscriber_of(row) == wished[row["subscriber"]]:
                    claimed.append(row)
                else:
                    self._passed[week] = 0
            conn.executemany(CLAIM, [{**row, "at": at} for row in claimed])
        return [
            replace(
                _delivery_of(row),
                state="sending",
                tries=row["tries"] + 1,
                filter=row["filter"],
                edition=row["edition"],
            )
            for row in claimed
        ]

    def is_due(self, week: str, now: datetime, only: frozenset[int] | None = None) -> bool:
        """Whether a mail of a week could go out now."""
        with self.readers.guard():
            return bool(self._due(week, stamp(now), only, 1))

    def judged(self, delivery: Delivery, answer: Answer, now: datetime) -> Answer:
        """What an answer comes to: a refusal of ours is put off, and for 48 hours at most."""
        if answer.state not in ("deferred", "failed"):
            return answer
        if now < self._patience(delivery):
            return settled(answer)
        if answer.state != "deferred":
            return answer
        return replace(answer, state="failed", told=f"given up after 48 hours: {answer.told}")

    def settle(self, delivery: Delivery, answer: Answer, now: datetime) -> None:
        """Write down what became of a claimed mail; a row that is settled stays as it is."""
        self.settle_all([(delivery, answer)], now)

    def settle_all(self, answered: Iterable[tuple[Delivery, Answer]], now: datetime) -> None:
        """Settle several claimed mails, in one transaction."""
        with self._part():
            for delivery, answer in answered:
                self._settle(delivery, answer, now)

    def skip(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Settle a claimed row for which there is nothing to send."""
        with self._part():
            self._suppress(delivery.week, delivery.subscriber, reason, stamp(now))

    def returned(self, tag: str, status: str, told: str, now: datetime) -> Delivery | None:
        """Write down that a mail came back, and with what; None for a tag that is not ours.

        Only of a mail that had gone out: a row that waits to be sent once more stays as it is.
        """
        row = self.by_tag(tag)
        if row is None or row.state not in ("sent", "uncertain"):
            return row
        with self.readers.writing() as conn:
            conn.execute(
                "update deliveries set state = 'returned', settled = ?, status = ?, told = ?"
                " where tag = ? and state in ('sent', 'uncertain')",
                (stamp(now), status, without_addresses(told), tag),
            )
        return self.by_tag(tag)

    def again(self, week: str, states: Iterable[Again], now: datetime) -> int:
        """Queue rows once more, by a person's choice; how many. Tag and Date stay, tries restart."""
        self._passed.pop(week, None)
        with self.readers.writing() as conn:
            return sum(
                conn.execute(
                    "update deliveries set state = 'queued', tries = 0, since = ?, due = ?,"
                    " settled = null, code = 0, told = '', status = ''"
                    " where week = ? and state = ?",
                    (stamp(now), stamp(now), week, state),
                ).rowcount
                for state in set(get_args(Again)).intersection(states)
            )

    # ------------------------------------------------------------ pauses

    def pause(self, week: str, now: datetime) -> None:
        """Keep in mind that a week's mails wait for a person."""
        with self.readers.writing() as conn:
            conn.execute(
                "insert or ignore into pauses (week, at) values (?, ?)", (week, stamp(now))
            )

    def resume(self, week: str) -> None:
        """A person wants a week's mails to go on."""
        with self.readers.writing() as conn:
            conn.execute("delete from pauses where week = ?", (week,))

    def paused(self, week: str) -> bool:
        """Whether a week's mails wait for a person."""
        with self.readers.guard():
            rows = self.readers.db.conn.execute("select 1 from pauses where week = ?", (week,))
            return rows.fetchone() is not None

    # ------------------------------------------------------------ looking

    def weeks(self) -> tuple[str, ...]:
        """The weeks that have rows, newest first."""
        with self.readers.guard():
            rows = self.readers.db.conn.execute(
                "select distinct week from deliveries order by week desc"
            )
            return tuple(row[0] for row in rows)

    def counts(self, week: str, only: frozenset[int] | None = None) -> Mapping[DeliveryState, int]:
        """How many rows are in each state; at every moment the sum is what was queued.

        only: of these subscribers alone.
        """
        asked, values = "select state, count(*) from deliveries where week = ?", [week]
        if only is not None:
            asked += " and subscriber in (select value from json_each(?))"
            values.append(json.dumps(sorted(only)))
        with self.readers.guard():
            rows = dict(self.readers.db.conn.execute(f"{asked} group by state", values))
        return {state: rows.get(state, 0) for state in STATES}

    def deliveries(self, week: str) -> tuple[Delivery, ...]:
        """A week's rows in the order of their subscribers."""
        return self._select("week = ? order by subscriber", week)

    def got(self, subscriber: int) -> tuple[Delivery, ...]:
        """The issues whose mail went out to a subscriber, newest first."""
        sent = "state in ('sent', 'returned', 'uncertain')"
        return self._select(f"subscriber = ? and {sent} order by week desc", subscriber)

    def by_tag(self, tag: str) -> Delivery | None:
        """The row whose tag a bounce or a Message-ID shows; None where it is not one of ours."""
        rows = self._select("tag = ? and tag <> ''", tag)
        return rows[0] if rows else None

    # ------------------------------------------------------------ within

    def _select(self, where: str, value: str | int) -> tuple[Delivery, ...]:
        with self.readers.guard():
            rows = self.readers.db.query(
                f"select {COLUMNS} from deliveries where {where}",  # noqa: S608
                [value],
            )
            return tuple(_delivery(row) for row in rows)

    def _due(self, week: str, at: str, only: frozenset[int] | None, count: int) -> Sequence[Row]:
        """The next due rows of this pass, or the first of a new one."""
        passed = self._passed.get(week, 0)
        chosen = None if only is None else json.dumps(sorted(only))
        wanted = {"week": week, "passed": passed, "at": at, "only": chosen, "count": count}
        asked = NEXT if only is None else NEXT_OF
        rows = self._rows(asked, wanted)
        return rows or (self._rows(asked, wanted | {"passed": 0}) if passed else rows)

    def _rows(self, asked: str, values: Mapping[str, object]) -> list[Row]:
        """Rows by the names of their columns; what a sending asks each time, so it is asked plainly."""
        found = self.readers.db.conn.execute(asked, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def _suppress(self, week: str, subscriber: int, reason: str, at: str) -> None:
        self.readers.db.conn.execute(
            "update deliveries set state = 'suppressed', settled = ?, code = 0, told = ?"
            " where week = ? and subscriber = ?",
            (at, reason, week, subscriber),
        )

    def _settle(self, delivery: Delivery, answer: Answer, now: datetime) -> None:
        answer = self.judged(delivery, answer, now)
        at, due, key = stamp(now), stamp(now), (delivery.week, delivery.subscriber)
        if answer.state == "deferred":
            later = now + BACK_OFF[min(max(delivery.tries, 1), len(BACK_OFF)) - 1]
            due = stamp(min(later, self._patience(delivery)))
        words = without_addresses(answer.told)
        done = self.readers.db.conn.execute(
            SETTLE, (answer.state, due, at, answer.code, words, *key)
        )
        judgement, _ = about_reader(answer)
        if done.rowcount and judgement != "nothing" and delivery.subscriber not in self.spared:
            self.readers.score(delivery.subscriber, judgement == "hard", now)

    def _patience(self, delivery: Delivery) -> datetime:
        """Until when a mail is tried again."""
        row = self.readers.db.conn.execute(
            "select since from deliveries where week = ? and subscriber = ?",
            (delivery.week, delivery.subscriber),
        ).fetchone()
        return datetime.fromisoformat(row[0]) + PATIENCE


def _refused(row: Row, at: str) -> str:
    """Why nothing may be sent to the subscriber of a row, as things stand in its transaction."""
    if row["address"] is None:
        return REASONS["erased"]
    if row["state"] != "confirmed":
        return REASONS["left"] if row["state"] == "left" else "not confirmed"
    if row["paused"] >= at[: len("2026-03-08")]:
        return PAUSED
    reason = row["reason"]
    return f"suppressed: {REASONS[reason]}" if reason else ""


def _delivery_of(row: Row) -> Delivery:
    return Delivery(
        week=row["week"],
        subscriber=row["subscriber"],
        tag=row["tag"],
        state=row["standing"],
        tries=row["tries"],
        queued=_moment(row["queued"]),
        due=_moment(row["due"]),
        welcome=bool(row["welcome"]),
    )


def _subscriber_of(row: Row) -> Subscriber | None:
    return subscriber_of(row) if row["address"] is not None else None


def _delivery(row: Row) -> Delivery:
    moments = {name: _moment(row[name]) for name in ("queued", "due", "settled")}
    return Delivery(**{**row, **moments, "welcome": bool(row["welcome"])})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
