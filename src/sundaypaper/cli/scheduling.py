"""`sundaypaper schedule`: stays in the foreground and runs the paper when its time comes.

No job is stored: each start looks in paper.db for a week that is still to be printed, so a machine
that slept catches up.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from sundaypaper.errors import SundayPaperError

if TYPE_CHECKING:
    from sundaypaper.models import PrintTime

EXAMPLE = "17 6 * * fri,sat,mon"
# APScheduler counts days from Monday, cron from Sunday: a number would fire on the wrong day.
NUMBERED = re.compile(r"\d")


def trigger(cron: str, zone: tzinfo, printing: PrintTime) -> OrTrigger:
    """A trigger from minute, hour, day, month, weekday, and at the print time of each week.

    ValueError says what was expected.
    """
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f"{cron!r}: expected five fields, such as {EXAMPLE!r}")
    if NUMBERED.search(fields[4]):
        raise ValueError(f"{cron!r}: write weekdays by name, such as sun or fri-sun")
    try:
        usual = CronTrigger.from_crontab(cron, timezone=zone)
    except ValueError as bad:
        raise ValueError(f"{cron!r}: {bad}; expected such as {EXAMPLE!r}") from bad
    # Where clocks leave a time out or show it twice, this fires at the moment of weeks.moment.
    day, at = printing.weekday, printing.at
    weekly = CronTrigger(day_of_week=day, hour=at.hour, minute=at.minute, timezone=zone)
    return OrTrigger([usual, weekly])


def run(
    job: Callable[[], object],
    hourly: Callable[[], object],
    when: OrTrigger,
    tell: Callable[[str], None],
    stop_mails: Callable[[], None],
) -> None:
    """Run the job now and at each moment of the trigger, until SIGTERM or SIGINT; hourly between.

    A running job is let finish, but for mails: stop_mails ends those after the ones under way. A job that
    fails reports why, and the next one runs all the same.
    """
    # One after the other: two of ours would only find each other's locks.
    scheduler = BlockingScheduler(executors={"default": {"type": "threadpool", "max_workers": 1}})

    def careful(work: Callable[[], object]) -> None:
        try:
            work()
        except SundayPaperError as bad:
            tell(str(bad))

    def stop(*_: Any) -> None:
        tell("stopping; a run that is at work is let finish")
        stop_mails()
        scheduler.shutdown(wait=True)

    lenient: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(careful, args=[job], misfire_grace_time=None)
    scheduler.add_job(careful, when, args=[job], **lenient)
    scheduler.add_job(careful, IntervalTrigger(hours=1), args=[hourly], **lenient)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    scheduler.start()
