"""Sums over readers.db for its operator: how many wish what, came, went and got their mails.

No row of anybody leaves this module: numbers alone do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sundaypaper.database import glance
from sundaypaper.delivery.queries import ReaderQueries

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
