"""A round: what is due now is done, each work once; for `tick`, and so for `schedule` and `serve`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sundaypaper import zones
from sundaypaper.cli import hooking, mailing, watching
from sundaypaper.cli.world import Memory
from sundaypaper.errors import BusyError, SundayPaperError
from sundaypaper.locks import run_lock
from sundaypaper.pipeline.due import Due, Facts, Work, due
from sundaypaper.pipeline.gathering import Done, gather, note, noted

if TYPE_CHECKING:
    from datetime import datetime

    from sundaypaper.cli.stopping import Stop
    from sundaypaper.cli.world import Level, World
    from sundaypaper.config import Config
    from sundaypaper.pipeline.run import Job, Outcome

BUSY = 75


@dataclass(slots=True)
class Round:
    """Settings of a round, and what came of each work: its exit status."""

    here: World
    config: Config
    stop: Stop
    statuses: dict[Work, int] = field(default_factory=dict)

    def now(self) -> World:
        """The world with the time of now; a rehearsal keeps its own."""
        return self.here.later()

    def facts(self) -> Facts:
        """What is known now. A rehearsal sends no mail that leaves this machine."""
        here = self.now()
        with here.looking() as store:
            facts = gather(self.config, store, here.root, here.output, here.now)
        spec = self.config.delivery
        leaves = spec is not None and not spec.channel.writes_files
        if not here.rehearsal:
            return facts
        return replace(facts, has_mail=facts.has_mail and not leaves, has_hooks=False)

    def next_work(self) -> Work | None:
        """The first work that is due and was not tried in this round."""
        works = due(self.facts()).works
        return next((work for work in works if work not in self.statuses), None)

    def note(self, done: Done, value: str) -> None:
        """Keep that something was done."""
        with self.here.store() as store:
            note(store, done, value)

    @property
    def status(self) -> int:
        """The exit status of the round so far: 1 where a work fell short, 75 where it is another's."""
        found = set(self.statuses.values())
        return 1 if found - {0, BUSY} else max(found, default=0)


def in_log(here: World, config: Config) -> World:
    """The same world, which tells all as lines of a log in the paper's time zone."""
    return replace(here, zone=zones.clock(config.masthead.timezone))


def look(here: World, config: Config) -> Due:
    """What is due now, and when the next is, if that is done."""
    from sundaypaper.cli.stopping import Stop

    return due(Round(here, config, Stop()).facts())


def go_round(here: World, config: Config, stop: Stop) -> int:
    """Do what is due; the exit status. BusyError where another round is at work."""
    with run_lock(here.root / "tick.lock"):
        this = Round(here, config, stop)
        while not stop.asked() and (work := this.next_work()):
            this.statuses[work] = _careful(this, work)
        if stop.asked():
            return _stopped(this)
        _ping(this)
        left = this.facts()
        here.event("waits", next=local(here, due(left).next))
        return max(this.status, int(left.owes_mail))


def _careful(this: Round, work: Work) -> int:
    """Do a work; its exit status. What one meets stops no other."""
    try:
        return WORKS[work](this)
    except BusyError as bad:
        this.here.event("busy", work=work, text=bad)
        return BUSY
    except SundayPaperError as bad:
        this.here.event("failed", "error", work=work, text=bad)
        return 1


def _stopped(this: Round) -> int:
    """Say what is left; the status of the signal where something is, else that of the round."""
    left = this.next_work()
    this.here.event("stopped", left=left or "nothing")
    return this.stop.status if left else this.status


def _ping(this: Round) -> None:
    """Tell the service of `healthcheck`, where sources were asked and all went well."""
    if this.statuses.keys() & {"run", "collect"} and not this.status:
        watching.ping(this.now(), this.config, well=True, told=this.here.warn)


def local(here: World, moment: datetime) -> str:
    """A moment as the clocks of the paper show it."""
    return moment.astimezone(here.zone).isoformat(timespec="minutes")


# ---------------------------------------------------------------- the works


@contextmanager
def _job(this: Round, renders: bool) -> Iterator[Job]:
    """A job; what is interrupted says so, and goes on with the next round."""
    with this.now().job(renders) as job:
        try:
            yield job
        except KeyboardInterrupt:
            this.here.warn("stopped in the middle; what was kept is kept, and the next run goes on from there")  # fmt: skip
            raise


def _collect(this: Round) -> int:
    from sundaypaper.pipeline.run import collect_week

    began = time.monotonic()
    with _job(this, renders=False) as job:
        whole = collect_week(job)
    this.here.event("collected", "info" if whole else "warn", whole=_yes(whole), seconds=_since(began))  # fmt: skip
    return int(not whole)


def _run(this: Round) -> int:
    from sundaypaper.pipeline.run import run_week

    began = time.monotonic()
    with _job(this, renders=True) as job:
        before = _printed(job)
        outcome = run_week(job)
        made_up = sorted(_printed(job) - before - {outcome.issue.week})
    for week in made_up:
        this.here.event("made_up", week=week, mailed="no", hint=f"sundaypaper send --week {week}")
    _tell_issue(this.here, outcome, _since(began))
    return int(not outcome.is_complete)


def _tell_issue(here: World, outcome: Outcome, seconds: str) -> None:
    issue = outcome.issue
    if issue.state == "frozen":
        name = "printed_before" if outcome.printed_before else "printed"
        here.event(name, week=issue.week, seconds=seconds, headline=issue.headline)
    elif outcome.is_held:
        here.event("held", "warn", week=issue.week, text=issue.why_draft)
    else:
        level: Level = "info" if outcome.is_complete else "warn"
        here.event("draft", level, week=issue.week, seconds=seconds, text=issue.why_draft)


def _publish(this: Round) -> int:
    from sundaypaper.cli.publishing import told
    from sundaypaper.pipeline.host import run_program
    from sundaypaper.pipeline.publishing_to import publish_to

    built, began = this.facts().built, time.monotonic()
    done = publish_to(this.here.output, this.config.publish_to, run_program)
    this.note("published", built)
    this.here.event("published", seconds=_since(began), text=told(done))
    return 0


def _mail(this: Round) -> int:
    here = this.now()
    with here.looking() as store:
        memory = Memory.of(noted(store, "told"))
    status = mailing.tend(replace(here, memory=memory), this.stop.asked)
    if not this.stop.asked():
        this.note("tended", here.now.isoformat())
        this.note("told", memory.kept())
    return status


def _hooks(this: Round) -> int:
    here = this.now()
    hooking.call_hooks(here, this.config, this.stop.asked)
    this.note("hooked", here.now.isoformat())
    return 0


WORKS: Mapping[Work, Callable[[Round], int]] = {
    "run": _run,
    "collect": _collect,
    "publish": _publish,
    "mail": _mail,
    "hooks": _hooks,
}


def _printed(job: Job) -> set[str]:
    return {head.week for head in job.store.heads() if head.state == "frozen"}


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f}"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
