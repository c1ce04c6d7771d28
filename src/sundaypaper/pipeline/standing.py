"""When a week is due, and how it stands then: printed, a draft, with its editor, or late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sundaypaper import weeks, zones
from sundaypaper.config import Config
from sundaypaper.models import IssueHead
from sundaypaper.pipeline.completeness import incomplete
from sundaypaper.store import Store

# A run takes minutes, a timer may be late by an hour, and arXiv may ask to be left alone for another.
MARGIN = timedelta(hours=3)
# An issue is mailed by itself within so long after it was printed.
FRESH = timedelta(days=6)
State = Literal["printed", "with its editor", "draft", "not begun"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The week that should be out by now, when it was to be printed, and how it stands.

    late: its time and three hours are over, and it waits for nobody. gap: what a draft lacks.
    """

    week: str
    due: datetime
    state: State
    late: bool
    gap: str = ""


def due_at(config: Config, week: str) -> datetime:
    """When a week is to be printed: at its print time, and not before its last batch is out."""
    at, zone = config.print_at, zones.clock(config.masthead.timezone)
    return max(weeks.moment(week, at.weekday, at.at, zone), weeks.complete_at(week))


def is_fresh(config: Config, head: IssueHead, now: datetime) -> bool:
    """Whether an issue is mailed by itself: it was printed of late, and in its own time.

    A week that was made up while the newest one still waits is nobody's news, nor is a reprint.
    """
    if head.reprint:
        return False
    in_time = head.composed - due_at(config, head.week) <= FRESH
    return in_time and now - head.composed <= FRESH


def due_week(config: Config, now: datetime) -> str:
    """The newest week whose print time is over."""
    week = weeks.iso_week(now.date() + weeks.DAY)
    while due_at(config, week) > now:
        week = weeks.after(week, -1)
    return week


def standing(
    config: Config, store: Store, now: datetime, heads: Iterable[IssueHead], begun: datetime | None
) -> Standing:
    """How the week stands that should be out by now.

    begun is the first run of this paper, None where there was none: a paper is not late for a time
    that was over before it began.
    """
    week = due_week(config, now - MARGIN)
    due = due_at(config, week)
    states = {head.week: head.state for head in heads}
    if states.get(week) == "frozen":
        return Standing(week, due, "printed", late=False)
    gap = incomplete(config, store.reports(week).values(), week, now)
    if config.hold and week in states and not gap:
        return Standing(week, due, "with its editor", late=False)
    went_before = any(kept < week for kept, state in states.items() if state == "frozen")
    late = went_before or (begun is not None and begun <= due)
    return Standing(week, due, "draft" if week in states else "not begun", late, gap)
