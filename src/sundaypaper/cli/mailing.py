"""The commands `send`, `deliveries` and `inbox`, and the hourly mails of rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sundaypaper.cli import completing, hooking
from sundaypaper.cli.asking import YesOption, sure

if TYPE_CHECKING:
    from sundaypaper.cli.stopping import Stop
    from sundaypaper.cli.world import World
    from sundaypaper.config import Config
    from sundaypaper.models import Delivery, DeliveryState
    from sundaypaper.pipeline.mailing import DeliverySpec, InboxReport, MailJob, Outbox
    from sundaypaper.pipeline.mails import Mails

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
Again = Literal["uncertain", "failed", "returned"]
DRY_RUN = Path("mails/dry-run")
# What a person has to wait for, or to look at.
OPEN: tuple[DeliveryState, ...] = ("queued", "sending", "deferred", "failed", "uncertain")
TROUBLED: tuple[DeliveryState, ...] = (*OPEN[1:], "returned")
SHOWN, WAITING = 50, 20


def send(
    ctx: typer.Context,
    week: WeekOption = None,
    to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Only to this subscriber.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write the mails into mails/dry-run; send none.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Send a printed issue to whoever gets it and has not got it; the newest where none is named.

    The inbox is read first, so that nobody who left gets it. Again it sends what is left: nobody gets
    an issue twice. Status 1 where a mail is still to come, or where a line of the known group cannot
    be used. Ctrl-C stops after the mails under way.
    """
    from sundaypaper.cli.stopping import Stop, stoppable
    from sundaypaper.cli.world import week_argument
    from sundaypaper.pipeline.mailing import app_alive

    here: World = ctx.obj
    config, chosen, stop = here.config(), week_argument(week, here.now), Stop()
    leaves = config.delivery is not None and not config.delivery.channel.writes_files
    if here.rehearsal and not dry_run and leaves:
        raise typer.BadParameter(
            "--now rehearses: only --dry-run or a delivery of kind file send then"
        )
    # readers.db before the lock that says that mails went out from here.
    with here.mail_job(config, stop.asked) as job, _asked(here, job, chosen, to, yes or dry_run):
        mails = _mails(here, config, chosen, config.delivery, app_alive(job))
        if dry_run:
            raise typer.Exit(_write(here, job, mails, to))
        read = _read_first(here, job)
        # Until here nothing is under way that anybody had to wait for.
        with stoppable(stop):
            status = _stoppable(here, job, mails, to, stop)
    if not stop.asked():
        hooking.call_hooks(here, config)
    raise typer.Exit(max(read, status))


@contextmanager
def _asked(
    here: World, job: MailJob, week: str | None, to: str | None, yes: bool
) -> Iterator[None]:
    """Hold the lock of sending; before it is taken a person agrees to send a week that is not the newest."""
    from sundaypaper.pipeline.mailing import waiting_for
    from sundaypaper.wording.counts import plural

    if week and to is None and not yes:
        with here.looking() as store:
            many, newest = waiting_for(job, store, week)
        if many:
            people = plural(many, "subscriber")
            sure(here, f"{week} is not the newest issue, which is {newest}: it goes out to {people} now.", yes)  # fmt: skip
    with here.sending():
        yield


def _stoppable(here: World, job: MailJob, mails: Mails, to: str | None, stop: Stop) -> int:
    """Send until somebody asks to stop; the exit status."""
    week = mails.paper.frozen.week
    try:
        status = _send(here, job, mails, to)
    except KeyboardInterrupt:
        here.warn(f"ended at once; `sundaypaper deliveries --week {week}` shows the mails in doubt")
        return stop.status
    if stop.asked():
        here.say("stopped as asked: the mails under way were awaited, and no other was begun")
        return stop.status
    return status


def _send(here: World, job: MailJob, mails: Mails, to: str | None = None) -> int:
    from sundaypaper.cli.subscribers import tell_outcomes
    from sundaypaper.pipeline.mailing import send_week

    group = list[int]()
    counts = send_week(job, mails, to, lambda outcomes: group.append(tell_outcomes(here, outcomes)))
    return max([_tell(here, mails.paper.frozen.week, counts), *group])


def _write(here: World, job: MailJob, mails: Mails, to: str | None) -> int:
    from sundaypaper.cli.subscribers import tell_outcomes
    from sundaypaper.cli.world import clear_mails
    from sundaypaper.pipeline.mailing import write_mails
    from sundaypaper.wording.counts import plural

    folder, group = here.root / DRY_RUN, list[int]()
    clear_mails(folder)
    written = write_mails(
        job, mails, folder, to, lambda outcomes: group.append(tell_outcomes(here, outcomes))
    )
    count = plural(written, "mail")
    here.say(f"{count} of {mails.paper.frozen.week} written to {folder}; none is sent")
    return max([0, *group])


def _mails(
    here: World, config: Config, week: str | None, spec: DeliverySpec | None, app: str = ""
) -> Mails:
    from sundaypaper.pipeline.mails import Mails, paper_to_send

    with here.looking() as store:
        return Mails(paper_to_send(config, store, week, here.templates, spec, app))


def _tell(here: World, week: str, counts: Mapping[DeliveryState, int]) -> int:
    """Print a week's deliveries by state; 1 where a mail is still to be sent or needs a look."""
    is_open = any(counts[state] for state in OPEN)
    tell = here.warn if is_open else here.say
    tell(
        f"{week}: {_sum(counts) or 'nobody gets it: `sundaypaper subscribers add` makes the first'}"
    )
    if counts["deferred"] or counts["queued"]:
        here.warn(f"`sundaypaper send --week {week}` goes on with what is due by then")
    if counts["uncertain"] or counts["failed"]:
        here.warn(f"`sundaypaper deliveries --week {week}` says more")
    return int(is_open)


def _sum(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def deliveries(
    ctx: typer.Context,
    week: WeekOption = None,
    again: Annotated[
        Again | None,
        typer.Option(
            help="Queue those that are uncertain, that failed or that came back once more: `send` sends them, with the same Message-ID."
        ),
    ] = None,
    yes: YesOption = False,
) -> None:
    """How the mails of each issue stand, and those that need a look; subscribers by number."""
    from sundaypaper.cli.world import week_argument
    from sundaypaper.pipeline.mailing import Outbox, came_back

    here: World = ctx.obj
    chosen = week_argument(week, here.now)
    with here.readers() as readers:
        outbox = Outbox(readers)
        if again:
            _again(here, outbox, chosen, again, yes)
        weeks = (chosen,) if chosen else outbox.weeks()
        for at in weeks:
            paused = "  paused: it waits for `send`" if outbox.paused(at) else ""
            here.show(f"{at}  {_sum(outbox.counts(at)) or 'nothing was sent'}{paused}")
        for warning in filter(None, (came_back(outbox, at) for at in weeks[:1])):
            here.show(warning)
        if not weeks:
            here.show("nothing was sent yet; `sundaypaper send` sends the newest issue")
        troubled = [d for at in weeks[:1] for d in outbox.deliveries(at) if d.state in TROUBLED]
    for row in troubled[:SHOWN]:
        here.show(_row(row))
    if len(troubled) > SHOWN:
        here.show(f"  and {len(troubled) - SHOWN:,} more")


def _again(here: World, outbox: Outbox, week: str | None, state: Again, yes: bool) -> None:
    """Queue mails of a state again; the week must be named, and those in doubt may arrive twice."""
    from sundaypaper.wording.counts import plural

    if week is None:
        raise typer.BadParameter("name the --week whose mails go out again", param_hint="--again")
    many = outbox.counts(week)[state]
    if many and state == "uncertain":
        sure(here, f"{plural(many, 'mail')} of {week} may arrive a second time with the next `send`.", yes)  # fmt: skip
    with here.sending():
        outbox.recover(here.now)
        count = outbox.again(week, (state,), here.now)
    here.say(f"{plural(count, 'mail')} queued again; `sundaypaper send --week {week}` sends them")


def _row(row: Delivery) -> str:
    from sundaypaper.wording.counts import plural

    due = f", next try {row.due:%Y-%m-%d %H:%M} UTC" if row.state == "deferred" and row.due else ""
    answer = f": {row.told}" if row.told else ""
    state = f"{row.state} {row.status}".rstrip()
    return (
        f"  subscriber {row.subscriber}  {state}, {plural(row.tries, 'try', 'tries')}{due}{answer}"
    )


def inbox(
    ctx: typer.Context,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Mail a leave address of nobody, and say whether it arrives; reads no other mail.",
        ),
    ] = False,
) -> None:
    """Read leave mails, bounces and complaints from the inbox of feeds.yaml; answers nothing.

    Status 1 where a mail could not be read, or where more than 5 % of an issue came back.
    """
    from sundaypaper.pipeline.inbox_check import check_inbox

    here: World = ctx.obj
    if check and here.rehearsal:
        raise typer.BadParameter("--now rehearses: nothing is sent then", param_hint="--check")
    with here.mail_job(here.config()) as job:
        if not check:
            raise typer.Exit(_read(here, job))
        here.show(check_inbox(job))


def _read(here: World, job: MailJob, brief: bool = False) -> int:
    """Read the inbox; the exit status. brief: the mails that wait for a person are only counted."""
    from sundaypaper.pipeline.mailing import read_inbox
    from sundaypaper.wording.counts import plural

    report = read_inbox(job)
    here.say(f"inbox: {_sum(asdict(report.counts)) or 'nothing new'}")
    if report.waiting:
        here.warn(f"{plural(len(report.waiting), 'mail')} left unread, for a person")
        _tell_waiting(here, report, 0 if brief else WAITING)
    for warning in report.warnings:
        here.warn(warning)
    return int(bool(report.counts.failed or report.warnings))


def _tell_waiting(here: World, report: InboxReport, most: int) -> None:
    for mail in report.waiting[:most]:
        sender = f", from {mail.sender}" if mail.sender else ""
        here.warn(f"  mail {mail.key}: “{mail.subject or 'no subject'}”{sender}; {mail.why}")
    if most and len(report.waiting) > most:
        here.warn(f"  and {len(report.waiting) - most:,} more")


def _read_first(here: World, job: MailJob) -> int:
    """Read the inbox before mails go out; 1 where that failed or has a warning."""
    from sundaypaper.pipeline.mailing import read_before_sending

    statuses: list[int] = []
    read = read_before_sending(job, lambda: statuses.append(_read(here, job, brief=True)))
    return max(statuses, default=int(not read))


def tend(here: World, stopping: Callable[[], bool] = lambda: False) -> int:
    """Read the inbox and send what is due of a fresh issue, as rounds do; the exit status."""
    from sundaypaper.pipeline import mailing

    config, statuses = here.config(), [0]
    if config.delivery is None:
        return 0
    with here.mail_job(config, stopping) as job:

        def read() -> None:
            statuses.append(_read(here, job, brief=True))

        def send_due(week: str) -> None:
            with here.sending():
                app = mailing.app_alive(job)
                statuses.append(_send(here, job, _mails(here, config, week, config.delivery, app)))

        has_read = mailing.tend(job, here.now, here.looking, read, send_due)
    return max(*statuses, int(not has_read))
