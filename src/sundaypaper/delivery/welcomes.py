"""Welcomes: the newest issue, queued for somebody in the transaction that confirms them."""

from __future__ import annotations

from datetime import datetime

from sundaypaper.delivery.readers import Readers
from sundaypaper.delivery.tables import stamp
from sundaypaper.models import Subscriber

# Who had left before that issue went out has a row that says so.
QUEUE = """
  insert into deliveries (week, subscriber, tag, state, tries, queued, since, due, welcome)
  values (:week, :subscriber, :tag, 'queued', 0, :at, :at, :at, 1)
  on conflict (week, subscriber) do update set state = 'queued', tries = 0, queued = :at,
         since = :at, due = :at, welcome = 1, settled = null, code = 0, told = '', status = ''
  where state = 'suppressed'"""
# A week that is paused waits for a person.
WAITING = """
  select week, subscriber from deliveries
  where welcome = 1 and state in ('queued', 'deferred') and due <= ?
    and week not in (select week from pauses)
  order by due, week, subscriber"""


def queue_welcome(readers: Readers, week: str, subscriber: Subscriber, now: datetime) -> None:
    """Queue the issue of a week for somebody, unless they have it, or it is on its way to them."""
    row = {"week": week, "subscriber": subscriber.id, "at": stamp(now)}
    row["tag"] = readers.tag(week, subscriber.token)
    with readers.writing() as conn:
        conn.execute(QUEUE, row)


def welcomes(readers: Readers, now: datetime) -> tuple[tuple[str, int], ...]:
    """Week and subscriber of each welcome that is due."""
    with readers.guard():
        return tuple(readers.db.conn.execute(WAITING, (stamp(now),)))
