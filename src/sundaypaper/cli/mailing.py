"""`send`, `preview`, `deliveries`, `inbox`: the issue goes out by mail, and what comes back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sundaypaper.cli.subscribers import checked_wish, tell_outcomes
from sundaypaper.cli.world import World, clear_mails, week_argument, write_whole
from sundaypaper.config import Config
from sundaypaper.delivery import Counts, Outbox, Readers
from sundaypaper.delivery.channels import ChannelTools, open_channel
from sundaypaper.delivery.channels.folder import FolderChannel
from sundaypaper.delivery.inbox import open_mailbox, read_inbox
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.errors import DeliveryError
from sundaypaper.formats import site
from sundaypaper.formats.wording import plural
from sundaypaper.models import Delivery, DeliveryState, Subscriber
from sundaypaper.pipeline import delivering, sending

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.")]
FilterOption = Annotated[str, typer.Option("--filter", help="A query, as a reader has one.")]
Again = Literal["uncertain", "failed"]
DRY_RUN = Path("mails/dry-run")
# An issue is mailed by itself within so long after it was printed.
FRESH = timedelta(days=6)
# What a person has to look at, or wait for.
TROUBLED: tuple[DeliveryState, ...] = ("sending", "deferred", "failed", "uncertain")
SHOWN = 50
OPEN: tuple[DeliveryState, ...] = ("queued", *TROUBLED)


def send(
    ctx: typer.Context,
    week: WeekOption = None,
    to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Only to this subscriber.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write the mails into mails/dry-run; send none.")
    ] = False,
) -> None:
    """Send a printed issue to whoever gets it and has not got it; the newest where none is named.

    Again it sends what is left: nobody gets an issue twice. Status 1 where a mail is still to come.
    """
    here: World = ctx.obj
    raise typer.Exit(send_week(here, here.config(), week_argument(week, here.now), to, dry_run))


def send_week(
    here: World, config: Config, week: str | None, to: str | None = None, dry_run: bool = False
) -> int:
    """Send an issue; the exit status. BusyError where somebody else is sending."""
    leaves = config.delivery is not None and not config.delivery.channel.writes_files
    if here.rehearsal and not dry_run and leaves:
        raise typer.BadParameter(
            "--now rehearses: only --dry-run or a delivery of kind file send then"
        )
    with here.sending(), here.readers() as readers:
        mails = delivering.Mails(_paper(here, config, week, config.delivery))
        if dry_run:
            return _write(here, mails, readers, to)
        outcomes = sending.update_group(config, readers, os.environ, here.now)
        if any(one.what != "there already" for one in outcomes):
            tell_outcomes(here, outcomes)
        everybody = sending.recipients(config, readers)
        only = None if to is None else _named(readers, everybody, to)
        channel = open_channel(mails.paper.spec, _tools())
        counts = sending.send_issue(
            mails, readers, channel, everybody, now=_clock(here), tell=here.say, only=only
        )
    return _tell(here, mails.paper.frozen.week, counts)


def _paper(
    here: World, config: Config, week: str | None, spec: DeliverySpec | None
) -> delivering.Paper:
    env = site.environment(here.templates, config.venue_titles)
    with here.looking() as store:
        return delivering.paper_to_send(config, store, week, env, spec)


def _named(
    readers: Readers, everybody: tuple[Subscriber, ...], address: str
) -> tuple[Subscriber, ...]:
    """The one subscriber with an address; DeliveryError where nobody of everybody has it."""
    one = readers.find_address(address)
    if one is None or one not in everybody:
        raise DeliveryError(
            "this address gets no mail: it is no subscriber, or it left or is suppressed "
            "(`sundaypaper subscribers list`); to look at an issue use `sundaypaper preview`"
        )
    return (one,)


def _clock(here: World) -> Callable[[], datetime]:
    """The moment, which stands still in a rehearsal."""
    return (lambda: here.now) if here.rehearsal else (lambda: datetime.now(UTC))


def _tools() -> ChannelTools:
    return ChannelTools(time.monotonic, time.sleep, os.environ)


def _write(here: World, mails: delivering.Mails, readers: Readers, to: str | None) -> int:
    """A dry run: what `send` would send, as files; readers.db stays as it is."""
    config, folder = mails.paper.config, here.root / DRY_RUN
    clear_mails(folder)
    with readers.rehearsing():
        sending.update_group(config, readers, os.environ, here.now)
        people = sending.recipients(config, readers)
        people = people if to is None else _named(readers, people, to)
    channel = FolderChannel(replace(mails.paper.spec, folder=str(folder)), _tools())
    count = sending.write_letters(mails, readers, channel, people, here.now)
    here.say(
        f"{plural(count, 'mail')} of {mails.paper.frozen.week} written to {folder}; none is sent"
    )
    return 0


def _tell(here: World, week: str, counts: Counts) -> int:
    """How a week stands; 1 where a mail is still to come or needs a look."""
    here.say(
        f"{week}: {_sum(counts) or 'nobody gets it: `sundaypaper subscribers add` makes the first'}"
    )
    if counts["deferred"] or counts["queued"]:
        here.say(f"`sundaypaper send --week {week}` goes on with what is due by then")
    if counts["uncertain"] or counts["failed"]:
        here.say(f"`sundaypaper deliveries --week {week}` says more")
    return int(any(counts[state] for state in OPEN))


def _sum(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def preview(
    ctx: typer.Context,
    week: WeekOption = None,
    filter: FilterOption = "",
    edition: Annotated[str, typer.Option(help="The id of an edition of feeds.yaml.")] = "",
) -> None:
    """Write an issue as a mail, .eml and .html, into mails/preview; nothing is sent."""
    here: World = ctx.obj
    config = here.config()
    spec = config.delivery or delivering.UNDECIDED
    mails = delivering.Mails(_paper(here, config, week_argument(week, here.now), spec))
    wish = delivering.Wish(*checked_wish(config, filter, edition))
    message, letter = delivering.preview(mails, wish, here.now)
    folder = here.root / "mails" / "preview"
    name = f"{mails.paper.frozen.week}{'-filtered' if filter or edition else ''}"
    for file, body in ((f"{name}.eml", letter.body), (f"{name}.html", message.html.encode())):
        write_whole(folder / file, body)
        here.say(f"{folder / file}  {len(body):,} bytes")
    here.say(f"Subject: {message.subject}")


def deliveries(
    ctx: typer.Context,
    week: WeekOption = None,
    again: Annotated[
        Again | None,
        typer.Option(
            help="Queue those that are uncertain, or that failed, once more: `send` sends them, with the same Message-ID."
        ),
    ] = None,
) -> None:
    """How the mails of each issue stand, and those that need a look; subscribers by number."""
    here: World = ctx.obj
    chosen = week_argument(week, here.now)
    with here.readers() as readers:
        outbox = Outbox(readers)
        if again:
            _again(here, outbox, chosen, again)
        weeks = (chosen,) if chosen else outbox.weeks()
        for at in weeks:
            paused = "  paused: it waits for `send`" if outbox.paused(at) else ""
            here.say(f"{at}  {_sum(outbox.counts(at)) or 'nothing was sent'}{paused}")
        if not weeks:
            here.say("nothing was sent yet; `sundaypaper send` sends the newest issue")
        troubled = [d for at in weeks[:1] for d in outbox.deliveries(at) if d.state in TROUBLED]
    for row in troubled[:SHOWN]:
        here.say(_row(row))
    if len(troubled) > SHOWN:
        here.say(f"  and {len(troubled) - SHOWN:,} more")


def _again(here: World, outbox: Outbox, week: str | None, state: Again) -> None:
    """A mail that may have arrived goes out again only by somebody's choice, for a week they name."""
    if week is None:
        raise typer.BadParameter("name the --week whose mails go out again", param_hint="--again")
    with here.sending():
        outbox.recover(here.now)
        count = outbox.again(week, (state,), here.now)
    here.say(f"{plural(count, 'mail')} queued again; `sundaypaper send --week {week}` sends them")


def _row(row: Delivery) -> str:
    due = f", next try {row.due:%Y-%m-%d %H:%M} UTC" if row.state == "deferred" and row.due else ""
    told = f": {row.told}" if row.told else ""
    return f"  subscriber {row.subscriber}  {row.state}, {plural(row.tries, 'try', 'tries')}{due}{told}"


def inbox(ctx: typer.Context) -> None:
    """Read leave mails, bounces and complaints from the inbox of feeds.yaml; answers nothing."""
    here: World = ctx.obj
    raise typer.Exit(read(here, here.config()))


def tend(here: World) -> None:
    """What `schedule` does each hour: read who left, then send what is due of a fresh issue.

    An older issue is nobody's news: whoever wants it sent says so with `send --week`.
    """
    config = here.config()
    if config.delivery is None:
        return
    if config.inbox:
        try:
            read(here, config)
        except DeliveryError as bad:
            here.say(
                f"the inbox could not be read; who left since the last time may get this issue: {bad}"
            )
    with here.looking() as store:
        printed = (head for head in store.heads() if head.state == "frozen")
        newest = next(printed, None)
    if newest is None or here.now - newest.composed > FRESH:
        return
    with here.readers() as readers:
        paused = Outbox(readers).paused(newest.week)
    if paused:
        here.say(f"the mails of {newest.week} are paused; `sundaypaper deliveries` says why")
        return
    send_week(here, config, newest.week)


def read(here: World, config: Config) -> int:
    """Read the inbox; the exit status."""
    if config.inbox is None or config.delivery is None:
        raise DeliveryError(
            "feeds.yaml does not say where mails come in: give it `inbox:` with a kind (maildir or "
            "imap), and `delivery:` with the address that they come to"
        )
    with here.readers() as readers, open_mailbox(config.inbox, os.environ) as mailbox:
        judge = sending.Judge(readers, here.now, sending.spared_of(config, readers))
        counts = read_inbox(mailbox, config.delivery.inbox, judge, now=here.now, tell=here.say)
    here.say(f"inbox: {_sum(asdict(counts)) or 'nothing new'}")
    if counts.others:
        here.say(f"{plural(counts.others, 'mail')} left unread, for a person")
    return int(bool(counts.failed))
