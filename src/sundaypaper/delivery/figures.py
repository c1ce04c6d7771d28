"""Sums over readers.db for its operator: how many wish what, came, went and got their mails.

No row of anybody leaves this module: numbers alone do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sundaypaper.database import glance
from sundaypaper.delivery.queries import ReaderQueries
from sundaypaper.delivery.records import READ
from sundaypaper.delivery.tables import stamp
from sundaypaper.models import IssueHead

WISHES = """
  select filter, edition, count(*) from subscribers s
  where state = 'confirmed' and not exists (select 1 from suppressed x where x.hash = s.hash)
  group by filter, edition"""
MAILS = """
  select week, state, count(*) from deliveries
  where week in (select distinct week from deliveries order by week desc limit ?)
  group by week, state"""
TALLIES = "select day, what, week, times from tallies order by day, what, week"
SINCE = "select what, sum(times) from tallies where day >= ? group by what"
NEWEST = "select max(week) from deliveries where week <> ''"
STATES = "select state, count(*) from deliveries where week = ? group by state"
# Deferred mails have a time of their own at which somebody has to try again.
OWED = """
  select count(*) from deliveries where week = :week
  and ((state in ('queued', 'sending') and queued <= :since) or (state = 'deferred' and due <= :since))"""
OLDEST = "select min(queued) from deliveries"
OF_WEEK = "select 1 from deliveries where week = ? limit 1"
READING = """
  select count(*) from subscribers s where state = 'confirmed' and coalesce(confirmed, '') <= ?
  and not exists (select 1 from suppressed x where x.hash = s.hash)"""
PENDING = "select count(*) from notices where state = 'asked' and (expires = '' or expires > ?)"
INBOX = f"select max(day) from tallies where what = '{READ}'"  # noqa: S608 a word of ours
PATIENCE = timedelta(hours=1)
KEPT = "select 1 from sqlite_master where type = 'table' and name = 'tallies'"


class Tally(NamedTuple):
    """How often something happened on a day; week is the issue that somebody who went got last."""

    day: date
    what: str
    week: str
    times: int


def wishes(readers: ReaderQueries) -> Mapping[tuple[str, str], int]:
    """How many subscribers have each filter and edition, whether they pause or not."""
    with readers.guard():
        return {(filter, edition): n for filter, edition, n in readers.db.conn.execute(WISHES)}


def mails(readers: ReaderQueries, issues: int) -> Mapping[str, Mapping[str, int]]:
    """How many mails of each of the newest issues are in each state, by week."""
    sums: dict[str, Counter[str]] = {}
    with readers.guard():
        for week, state, count in readers.db.conn.execute(MAILS, (issues,)):
            sums.setdefault(week, Counter())[state] = count
    return sums


def tallies(readers: ReaderQueries) -> tuple[Tally, ...]:
    """What was counted, by day."""
    with readers.guard():
        rows = readers.db.conn.execute(TALLIES).fetchall()
    return tuple(Tally(date.fromisoformat(day), *rest) for day, *rest in rows)


def counted_since(path: Path, day: date) -> Mapping[str, int]:
    """What was counted in a readers.db since a day and on it, by what it is.

    The file is neither checked nor migrated, which takes as long as it is large; one of before
    anything was counted has counted nothing.
    """
    with glance(path) as db:
        if not db.conn.execute(KEPT).fetchone():
            return Counter()
        return Counter(dict(db.conn.execute(SINCE, (day.isoformat(),))))


@dataclass(frozen=True, slots=True)
class MailSums:
    """The mails of the newest issue that has any, by state; how many should have gone out, and more.

    of_newest: whether the newest printed issue has mails; subscribers_then: who read when it was
    printed. oldest is when the first mail ever was queued, inbox_read the day of the last reading.
    """

    week: str = ""
    states: Mapping[str, int] = field(default_factory=dict)
    owed: int = 0
    paused: bool = False
    of_newest: bool = False
    subscribers: int = 0
    subscribers_then: int = 0
    pending: int = 0
    oldest: datetime | None = None
    inbox_read: date | None = None

    def mailed_before(self, moment: datetime) -> bool:
        """Whether any mail was queued before a moment."""
        return self.oldest is not None and self.oldest < moment


def mail_sums(path: Path, now: datetime, newest: IssueHead | None) -> MailSums:
    """The sums of a readers.db by which a person sees that mails go out; newest is printed.

    Looked at as in counted_since; where the file is missing or of an older program, nothing is known.
    """
    if not path.exists():
        return MailSums()
    with glance(path) as db:
        if not db.conn.execute(KEPT).fetchone():
            return MailSums()

        def one(asked: str, *values: object) -> Any:
            return (db.conn.execute(asked, values).fetchone() or (None,))[0]

        week, since = one(NEWEST) or "", stamp(now - PATIENCE)
        wanted = {"week": week, "since": since}
        oldest, read = one(OLDEST), one(INBOX)
        return MailSums(
            week=week,
            states=dict(db.conn.execute(STATES, (week,))),
            owed=db.conn.execute(OWED, wanted).fetchone()[0],
            paused=bool(one("select 1 from pauses where week = ?", week)),
            of_newest=bool(newest and one(OF_WEEK, newest.week)),
            subscribers=one(READING, stamp(now)),
            subscribers_then=one(READING, stamp(newest.composed)) if newest else 0,
            pending=one(PENDING, stamp(now)),
            oldest=datetime.fromisoformat(oldest) if oldest else None,
            inbox_read=date.fromisoformat(read) if read else None,
        )
