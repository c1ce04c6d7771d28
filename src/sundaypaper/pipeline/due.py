"""What is due now, for `tick` and for whoever stays: facts of the databases in, works out. Pure.

    Facts | due: sources, the print time, the inbox and the outbox, what follows a run -> Due

The newest week whose last batch is out is the one to be printed. Sources are asked once a day, some
time after arXiv's announcement, and once more at the print time; a passage that fell short is
repeated, less and less often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sundaypaper import weeks
from sundaypaper.models import IssueHead
from sundaypaper.pipeline.completeness import owed

Work = Literal["run", "collect", "publish", "mail", "hooks"]

HOUR = timedelta(hours=1)
# arXiv's own API shows a batch a while after it was announced.
AFTER_BATCH = HOUR
# After so many passages that fell short, one after another; the last one from then on.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 15, 30, 60))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a paper at a moment.

    due_at says when a week is to be printed. asked is when a passage over the sources that ended
    began, None for never, and short how many in a row fell short since. spread is how long after
    others this paper asks arXiv. tended is when inbox and outbox were last looked at, and hooked the
    same of hooks, each None for never; has_mail and has_hooks say whether there are such. owes_mail:
    a mail of a fresh issue is still to come, or in doubt. built is the build of pages in place,
    published the one that was last published elsewhere, "" for none; publishes says whether it is to
    be.
    """

    now: datetime
    due_at: Callable[[str], datetime]
    heads: tuple[IssueHead, ...] = ()
    asked: datetime | None = None
    short: int = 0
    spread: timedelta = timedelta()
    has_mail: bool = False
    owes_mail: bool = False
    tended: datetime | None = None
    has_hooks: bool = False
    hooked: datetime | None = None
    publishes: bool = False
    built: str = ""
    published: str = ""

    @property
    def week(self) -> str:
        """The newest week whose last batch is out."""
        return weeks.newest_week(self.now)

    def is_printed(self, week: str) -> bool:
        """Whether a week is printed for good."""
        return any(head.week == week and head.state == "frozen" for head in self.heads)


@dataclass(frozen=True, slots=True)
class Due:
    """The works that are due, in their order, and when the next one will be if these are done."""

    works: tuple[Work, ...]
    next: datetime


def due(facts: Facts) -> Due:
    """What is due, in the order in which it is done."""
    works = tuple(_works(facts))
    return Due(works, min(moment for moment in _moments(facts) if moment > facts.now))


def patience(short: int) -> timedelta:
    """How long to wait after so many passages in a row that fell short."""
    return PATIENCE[min(short, len(PATIENCE)) - 1]


def _works(facts: Facts) -> Iterator[Work]:
    if _asks(facts):
        unprinted = not facts.is_printed(facts.week) or owed(facts.heads, facts.week)
        yield "run" if unprinted else "collect"
    if facts.publishes and facts.built != facts.published:
        yield "publish"
    if facts.has_mail and (_hour_over(facts, facts.tended) or _printed_since(facts, facts.tended)):
        yield "mail"
    if facts.has_hooks and (_hour_over(facts, facts.hooked) or _printed_since(facts, facts.hooked)):
        yield "hooks"


def _asks(facts: Facts) -> bool:
    """Whether sources are asked: the first time, daily, at the print time, and after falling short."""
    asked, now = facts.asked, facts.now
    if asked is None or asked > now or asked < _daily(facts, 0):
        return True
    if asked < facts.due_at(facts.week) <= now and not facts.is_printed(facts.week):
        return True
    return bool(facts.short) and asked + patience(facts.short) <= now


def _daily(facts: Facts, ahead: int) -> datetime:
    """The moment of the day at which sources are asked: the last one, or so many days later."""
    day = facts.now.astimezone(weeks.EASTERN).date() + weeks.DAY
    while weeks.announced_at(day) + AFTER_BATCH + facts.spread > facts.now:
        day -= weeks.DAY
    return weeks.announced_at(day + ahead * weeks.DAY) + AFTER_BATCH + facts.spread


def _hour_over(facts: Facts, last: datetime | None) -> bool:
    return last is None or last > facts.now or last + HOUR <= facts.now


def _printed_since(facts: Facts, last: datetime | None) -> bool:
    """Whether an issue was printed since then."""
    printed = (head.composed for head in facts.heads if head.state == "frozen")
    return last is None or any(last < moment <= facts.now for moment in printed)


def _moments(facts: Facts) -> Iterator[datetime]:
    """The moments at which something may become due, past ones too, if all works are done now."""
    yield _daily(facts, 1)
    for week in (facts.week, weeks.after(facts.week)):
        if not facts.is_printed(week):
            yield facts.due_at(week)
    if facts.short and facts.asked is not None:
        yield facts.asked + patience(facts.short)
    for has, last in ((facts.has_mail, facts.tended), (facts.has_hooks, facts.hooked)):
        if has:
            yield (facts.now if _hour_over(facts, last) or last is None else last) + HOUR
