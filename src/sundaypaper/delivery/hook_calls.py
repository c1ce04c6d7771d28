"""The calls to hooks that are to be made, and what became of each; SQL of readers.db.

waiting | claim: calling, due again after a while, should we be killed | settle: done, waiting, failed

One call a thing that happened (event and key), with one id however often it is tried. An address that
failed rests for a while for all its calls; one that answered 410 is gone until feeds.yaml changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sundaypaper.delivery.readers import Readers
from sundaypaper.delivery.redaction import ADDRESS, HIDDEN
from sundaypaper.delivery.tables import stamp
from sundaypaper.models import HookEvent

# What is told of each event, as its receiver sees the name.
TYPES: Mapping[HookEvent, str] = {"subscribed": "reader.subscribed", "printed": "issue.printed"}

# Seconds until the next try after each but the last.
STEPS = (5, 60, 600, 3_600, 14_400, 43_200, 86_400)
TRIES = len(STEPS) + 1
LONGEST_WAIT = 86_400.0
# So long the other calls of an address rest after one that failed, at most.
REST = 300.0
# A call takes 10 seconds, and waits for its turn and the name of its host before.
LEASE = timedelta(minutes=2)
STALE = timedelta(days=7)
# What was not tried after so long is nobody's work.
LATE = timedelta(hours=2)
KEPT = timedelta(days=30)

OPEN = "state in ('waiting', 'calling')"
DUE = f"""select c.id, c.event, c.call, c.body, c.tries from hook_calls c
  left join hook_ends e on e.event = c.event
  where c.{OPEN} and c.due <= :now and coalesce(e.rest, '') <= :now
  and (coalesce(e.gone, '') = '' or e.gone <> :file)
  and c.event in (:first, :second) order by c.due, c.id limit 1"""  # noqa: S608 ours alone
OLD = f"select 1 from hook_calls where {OPEN} and at < ? limit 1"  # noqa: S608 ours alone
GIVEN_UP = f"""update hook_calls set state = 'failed', settled = :now, body = '',
  told = case when told = '' then 'nobody took it in time' else told end
  where {OPEN} and due <= :now and (at < :old or tries >= :most)"""  # noqa: S608 ours alone
CONFIRMED = """select s.id, s.filter, s.edition, s.origin, s.confirmed from subscribers s
  where s.confirmed >= ? and s.origin = 'web' and s.state = 'confirmed' and not exists
  (select 1 from hook_calls c where c.event = 'subscribed' and c.key = s.id || '|' || s.confirmed)
  order by s.confirmed limit 500"""


@dataclass(frozen=True, slots=True)
class HookCall:
    """A call in hand: its id (webhook-id), the bytes to send, and which try this is, from 1."""

    number: int
    event: HookEvent
    id: str
    body: bytes
    tries: int


@dataclass(frozen=True, slots=True)
class HookOutcome:
    """What became of a try. told is a sentence without any address; wait what the answer asks for."""

    state: Literal["taken", "refused", "gone"]
    told: str = ""
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class HookTrouble:
    """A hook that needs a look: calls that failed and wait, calls given up, or switched off."""

    event: HookEvent
    waiting: int
    given_up: int
    is_gone: bool
    due: str
    told: str


class HookCalls:
    """Writes the calls and what became of them to readers.db."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers

    def note_confirmed(self, since: datetime, now: datetime) -> int:
        """Note a call for each sign-up confirmed since then of which none is noted; how many.

        At most 500 at once, in one transaction.
        """
        with self.readers.guard():
            new = list(self.readers.db.query(CONFIRMED, [stamp(since)]))
        if new:
            with self.readers.writing():
                for row in new:
                    self._note_confirmed(row, now)
        return len(new)

    def note(
        self,
        event: HookEvent,
        key: str,
        data: Mapping[str, Any],
        at: datetime,
        now: datetime,
        subscriber: int | None = None,
    ) -> None:
        """Note a call of what happened at a time, once for each key."""
        told = {"type": TYPES[event], "timestamp": written(at), "data": data}
        body = json.dumps(told, separators=(",", ":"))
        call, when = f"msg_{self.readers.token()}", stamp(now)
        with self.readers.writing() as conn:
            conn.execute(
                "insert or ignore into hook_calls (event, key, call, subscriber, body, at, state, due)"
                " values (?, ?, ?, ?, ?, ?, 'waiting', ?)",
                (event, key, call, subscriber, body, when, when),
            )

    def claim(self, events: tuple[HookEvent, ...], file: str, now: datetime) -> HookCall | None:
        """Take the next call that is due, on the disk before it is made; None where nothing is due.

        events are those that feeds.yaml calls for, file what tells one feeds.yaml from another.
        """
        asked = {"now": stamp(now), "file": file, "first": events[0], "second": events[-1]}
        with self.readers.guard():  # without the lock, since most rounds find nothing
            due = self.readers.db.conn.execute(DUE, asked).fetchone()
            old = self.readers.db.conn.execute(OLD, (stamp(now - STALE),)).fetchone()
        if not due and not old:
            return None
        with self.readers.writing() as conn:
            self._give_up(conn, now)
            row = conn.execute(DUE, asked).fetchone()
            if row is None:
                return None
            number, event, call, body, tries = row
            conn.execute(
                "update hook_calls set state = 'calling', tries = tries + 1, due = ? where id = ?",
                (stamp(now + LEASE), number),
            )
        return HookCall(number, event, call, body.encode(), tries + 1)

    def settle(self, call: HookCall, outcome: HookOutcome, file: str, now: datetime) -> None:
        """Keep what became of a call that was claimed."""
        with self.readers.writing() as conn:
            if outcome.state == "taken":
                self._end(conn, call, "done", "", now)
                conn.execute("delete from hook_ends where event = ?", (call.event,))
                old = stamp(now - KEPT)
                conn.execute("delete from hook_calls where settled < ?", (old,))
            elif outcome.state == "gone":
                self._end(conn, call, "failed", outcome.told, now)
                off = "insert or replace into hook_ends (event, gone) values (?, ?)"
                conn.execute(off, (call.event, file))
            else:
                self._put_off(conn, call, outcome, now)

    def troubles(
        self, events: tuple[HookEvent, ...], file: str, now: datetime
    ) -> list[HookTrouble]:
        """The hooks of which calls failed in the last week, or that are switched off."""
        with self.readers.guard():
            found = (self._trouble(event, file, now) for event in events)
            return [t for t in found if t.waiting or t.given_up or t.is_gone]

    # ------------------------------------------------------------ within

    def _note_confirmed(self, row: Mapping[str, Any], now: datetime) -> None:
        confirmed = datetime.fromisoformat(row["confirmed"])
        data = {
            "subscriber": row["id"],
            "edition": row["edition"],
            # An author may be named by an address, which is nobody of ours; it stays here too.
            "filter": ADDRESS.sub(HIDDEN, row["filter"]),
            "source": row["origin"],
            "confirmed": written(confirmed),
        }
        key = f"{row['id']}|{row['confirmed']}"
        self.note("subscribed", key, data, confirmed, now, row["id"])

    def _put_off(self, conn: Any, call: HookCall, outcome: HookOutcome, now: datetime) -> None:
        wait = min(outcome.wait or 0.0, LONGEST_WAIT)
        step = float(STEPS[call.tries - 1]) if call.tries < TRIES else LONGEST_WAIT
        self._rest(conn, call.event, wait, now)
        if call.tries >= TRIES:
            self._end(conn, call, "failed", outcome.told, now)
            return
        conn.execute(
            "update hook_calls set state = 'waiting', due = ?, told = ?"
            " where id = ? and state = 'calling' and tries = ?",
            (
                stamp(now + timedelta(seconds=max(step, wait))),
                outcome.told,
                call.number,
                call.tries,
            ),
        )

    def _end(self, conn: Any, call: HookCall, state: str, told: str, now: datetime) -> None:
        """Settle a call for good; what it said of a reader is not kept any longer."""
        conn.execute(
            f"update hook_calls set state = ?, told = ?, settled = ?, body = '' where id = ? and {OPEN}",  # noqa: S608
            (state, told, stamp(now), call.number),
        )

    def _rest(self, conn: Any, event: HookEvent, wait: float, now: datetime) -> None:
        """Keep all calls of an address back for a while, longer with each failure in a row."""
        known = conn.execute("select failures from hook_ends where event = ?", (event,)).fetchone()
        failures = known[0] if known else 0
        seconds = wait or min(STEPS[min(failures, len(STEPS) - 1)], REST)
        conn.execute(
            "insert or replace into hook_ends (event, failures, rest) values (?, ?, ?)",
            (event, failures + 1, stamp(now + timedelta(seconds=seconds))),
        )

    def _give_up(self, conn: Any, now: datetime) -> None:
        """End calls that are old news, and those whose last try a kill ended."""
        conn.execute(
            GIVEN_UP,
            {"now": stamp(now), "old": stamp(now - STALE), "most": TRIES},
        )

    def _trouble(self, event: HookEvent, file: str, now: datetime) -> HookTrouble:
        conn = self.readers.db.conn
        waiting, due = conn.execute(
            f"select count(*), coalesce(min(due), '') from hook_calls"  # noqa: S608
            f" where event = ? and {OPEN} and (told <> '' or at < ?)",
            (event, stamp(now - LATE)),
        ).fetchone()
        (given_up,) = conn.execute(
            "select count(*) from hook_calls where event = ? and state = 'failed' and settled >= ?",
            (event, stamp(now - STALE)),
        ).fetchone()
        last = conn.execute(
            "select told from hook_calls where event = ? and told <> '' order by due desc limit 1",
            (event,),
        ).fetchone()
        end = conn.execute("select rest, gone from hook_ends where event = ?", (event,)).fetchone()
        rest, gone = end or ("", "")
        is_gone = bool(gone) and gone == file
        return HookTrouble(
            event, waiting, given_up, is_gone, max(due, rest), last[0] if last else ""
        )


def written(moment: datetime) -> str:
    """A moment as receivers read it: ISO 8601, in UTC, to the second."""
    return stamp(moment).replace("+00:00", "Z")
