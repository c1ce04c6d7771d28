"""The commands that work by the clock: `tick` does what is due, `schedule` stays and ticks.

Whoever stays only looks what is due, once a minute; a tick is a process of its own, so that its
memory is freed, the pages are answered meanwhile, and what goes wrong there ends nothing here.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sundaypaper.errors import BusyError, ConfigError, SundayPaperError

if TYPE_CHECKING:
    from datetime import datetime

    from sundaypaper.cli.world import World

GRACE = 60.0
# As `docker stop` and systemd would, if a tick ended neither by itself nor by its grace.
LAST = 15.0
GraceOption = Annotated[
    float,
    typer.Option(
        "--grace",
        min=0,
        help="Seconds that what is under way has to end after SIGTERM or Ctrl-C; then it is left, and the next goes on.",
    ),
]


def tick(ctx: typer.Context, grace: GraceOption = GRACE) -> None:
    """Do what is due now, and end: for cron, systemd timers and Actions, every few minutes or daily.

    Due are: sources once a day after arXiv's announcement, the issue at its print time, then its
    mails, `publish: {to: …}`, hooks, and the inbox each hour. What was missed is made up. Status 0:
    all is done, or nothing was due; 1: something needs a person, or mail is owed; 75: another is at
    work.

    \b
    Examples:
      sundaypaper tick
      */15 * * * *  sundaypaper --root /srv/paper --quiet tick
    """
    from sundaypaper.cli import rounds
    from sundaypaper.cli.stopping import Stop, given_time

    here: World = ctx.obj
    config = here.config()
    log, stop = rounds.in_log(here, config), Stop()
    try:
        with given_time(stop, grace, time.monotonic):
            status = rounds.go_round(log, config, stop)
    except KeyboardInterrupt:
        status = stop.status
    except BusyError as bad:
        log.event("busy", "warn", text=bad)
        status = rounds.BUSY
    raise typer.Exit(status)


def schedule(ctx: typer.Context, grace: GraceOption = GRACE) -> None:
    """Stay here and do what is due when its time comes: what `tick` does, minute by minute.

    It prints when the next work is due. SIGTERM and Ctrl-C end it with status 0.

    \b
    Examples:
      sundaypaper schedule
      sundaypaper --root /srv/paper --quiet schedule
    """
    here: World = ctx.obj
    _refuse_rehearsal(here)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with scheduled(here, grace):
        ended.wait()


def _refuse_rehearsal(here: World) -> None:
    if here.rehearsal:
        raise typer.BadParameter(
            "who stays works by the clock; `sundaypaper --now … tick` rehearses a moment",
            param_hint="--now",
        )


@contextmanager
def beside(here: World, grace: float) -> Iterator[None]:
    """Work by the clock while the pages are served; it begins with them and ends with them."""
    _refuse_rehearsal(here)
    with scheduled(here, grace):
        yield


@contextmanager
def scheduled(here: World, grace: float) -> Iterator[None]:
    """Work by the clock meanwhile; at the end, what is under way has its grace."""
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.triggers.interval import IntervalTrigger

    from sundaypaper.cli import rounds

    config = here.config()
    log = rounds.in_log(here, config)
    watch = Watchman(log, grace)
    log.event("started", next=rounds.local(log, rounds.look(log, config).next))
    # A minute that a machine slept through is one of many: the next finds what it left.
    lenient: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(executors={"default": {"type": "threadpool", "max_workers": 1}})
    scheduler.add_job(watch.look, **lenient)
    scheduler.add_job(watch.look, IntervalTrigger(minutes=1), **lenient)
    scheduler.start()
    try:
        yield
    finally:
        watch.stop()
        scheduler.shutdown(wait=True)
        log.event("ended")


@dataclass(slots=True)
class Watchman:
    """Looks what is due and lets a tick do it; after one that fell short it waits a while."""

    here: World
    grace: float
    failed: int = 0
    rests_until: float = 0.0
    next: datetime | None = None
    told: str = ""
    ending: bool = False
    child: subprocess.Popen[bytes] | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Start a tick where something is due, and wait for its end."""
        from sundaypaper.cli import rounds
        from sundaypaper.pipeline.due import patience

        here = self.here.later()
        rests = time.monotonic() < self.rests_until and (self.next is None or here.now < self.next)
        if self.ending or rests:
            return
        try:
            due = rounds.look(here, here.config())
            self.next = due.next  # whatever fails until then, that is not put off
            status = self._tick() if due.works else 0
            self.told = ""
        except SundayPaperError as bad:
            status = 1
            self._tell_once(bad)
        self.failed = self.failed + 1 if status else 0
        rest = patience(self.failed).total_seconds() if self.failed else 0.0
        self.rests_until = time.monotonic() + rest

    def stop(self) -> None:
        """Let no tick begin, and ask the one that is at work to end."""
        with self.turn:
            self.ending = True
            if self.child is not None:
                self.child.send_signal(signal.SIGTERM)

    def _tick(self) -> int:
        with self.turn:
            if self.ending:
                return 0
            # A session of its own: Ctrl-C at the terminal comes to it from here alone, and once.
            self.child = subprocess.Popen(self._words(), start_new_session=True)  # noqa: S603
        try:
            while True:
                try:
                    return self.child.wait(self.grace + LAST if self.ending else 1.0)
                except subprocess.TimeoutExpired:
                    if self.ending:
                        self.child.kill()
        finally:
            self.child = None

    def _words(self) -> list[str]:
        quiet = ["--quiet"] if self.here.quiet else []
        root = str(self.here.root)
        grace = ["--grace", str(self.grace)]
        return [sys.executable, "-m", "sundaypaper", "--root", root, *quiet, "tick", *grace]

    def _tell_once(self, bad: SundayPaperError) -> None:
        count = f"{len(bad.mistakes)} mistakes; " if isinstance(bad, ConfigError) else ""
        if str(bad) != self.told:
            self.told = str(bad)
            self.here.event("failed", "error", text=f"{count}{bad}")
