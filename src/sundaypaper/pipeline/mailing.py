"""Send an issue by mail, write it to files instead, read the inbox, and choose the week to mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sundaypaper.config import Config
from sundaypaper.delivery import Counts, Outbox, Readers, RowOutcome
from sundaypaper.delivery.channels import ChannelTools, open_channels
from sundaypaper.delivery.channels.folder import FolderChannel
from sundaypaper.delivery.inbox import InboxCounts, Waiting, open_mailbox
from sundaypaper.delivery.inbox import read_inbox as read_mails
from sundaypaper.delivery.pace import SendingPace
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Subscriber
from sundaypaper.pipeline import recipients
from sundaypaper.pipeline.mailed_issue import app_of
from sundaypaper.pipeline.mails import Mails
from sundaypaper.pipeline.standing import is_fresh
from sundaypaper.store import Store

__all__ = [
    "DeliverySpec",
    "InboxReport",
    "MailJob",
    "Outbox",
    "app_alive",
    "came_back",
    "mail_settings",
    "read_before_sending",
    "read_inbox",
    "send_week",
    "tend",
    "waiting_for",
    "week_to_mail",
    "write_mails",
]

# Above this share of the mails that went out, those that came back are a person's concern.
FEW = 0.05
# A mail that is still to come.
OPEN = ("queued", "deferred")
CODES = 3  # named in the warning about them
# What a list says each time, and nobody has to hear each hour.
USUAL = ("there already", "note", "not subscribed")


@dataclass(frozen=True, slots=True)
class MailJob:
    """Settings and tools for sending and reading mails. now is called anew for each mail.

    stopping says whether a person wants the sending to end after the mails under way; warned takes
    what a person has to look at, where that goes elsewhere than what goes well.
    """

    config: Config
    readers: Readers
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    say: Callable[[str], None]
    channel_tools: ChannelTools
    stopping: Callable[[], bool] = lambda: False
    warned: Callable[[str], None] | None = None

    def warn(self, text: str) -> None:
        """Tell what a person has to look at."""
        (self.warned or self.say)(text)


def app_alive(job: MailJob) -> str:
    """The address of the app to which the mails of now lead; "" where there is none."""
    return app_of(job.config, job.readers.web_base(job.now()))


def send_week(
    job: MailJob,
    mails: Mails,
    to: str | None = None,
    on_group: Callable[[tuple[RowOutcome, ...]], object] = lambda _: None,
) -> Counts:
    """Send an issue to its subscribers, or only to one address; counts of deliveries by state.

    on_group is called with the outcome of each line of the known group, where anything changed.
    """
    outcomes = recipients.update_group(job.config, job.readers, job.environ, job.now())
    if any(outcome.what not in USUAL for outcome in outcomes):
        on_group(outcomes)
    today = job.now().date()
    # In one transaction: whoever confirms meanwhile is queued before it and known, or after it.
    with job.readers.writing():
        everybody = recipients.recipients(job.config, job.readers, today)
        paused = recipients.pausing(job.config, job.readers, today) if to is None else ()
        only = None if to is None else _subscriber_at(job.readers, everybody, to)
        recipients.withdraw_others(mails, job.readers, (*everybody, *paused), job.now())
    spec, tools = mails.paper.spec, job.channel_tools
    pace = SendingPace(spec.a_second, tools.monotonic, tools.sleep)
    channels = open_channels(spec, replace(tools, pace=pace))
    return recipients.send_issue(
        mails,
        job.readers,
        channels,
        everybody,
        now=job.now,
        tell=job.say,
        only=only,
        paused=paused,
        pace=pace,
        stopping=job.stopping,
    )


def write_mails(
    job: MailJob,
    mails: Mails,
    folder: Path,
    to: str | None = None,
    on_group: Callable[[tuple[RowOutcome, ...]], object] = lambda _: None,
) -> int:
    """Dry run: write the mails to a folder, return how many. readers.db stays as it is.

    on_group is called with the outcome of each line of the known group, where there is one.
    """
    with job.readers.rehearsing():
        if outcomes := recipients.update_group(job.config, job.readers, job.environ, job.now()):
            on_group(outcomes)
        people = recipients.recipients(job.config, job.readers, job.now().date())
        people = people if to is None else _subscriber_at(job.readers, people, to)
    channel = FolderChannel(replace(mails.paper.spec, folder=str(folder)), job.channel_tools)
    return recipients.write_letters(mails, job.readers, channel, people, job.now())


def _subscriber_at(
    readers: Readers, everybody: tuple[Subscriber, ...], address: str
) -> tuple[Subscriber, ...]:
    """The one subscriber with an address; DeliveryError where nobody of everybody has it."""
    subscriber = readers.find_address(address)
    if subscriber is None or subscriber not in everybody:
        raise DeliveryError(
            "this address gets no mail: it is no subscriber, or it left or is suppressed "
            "(`sundaypaper subscribers list`); to look at an issue use `sundaypaper preview`"
        )
    return (subscriber,)


def waiting_for(job: MailJob, store: Store, week: str) -> tuple[int, str]:
    """How many would get an issue now that is older than the newest, and which week that is.

    Nobody where the week is the newest that is printed, or is not printed.
    """
    printed = [head.week for head in store.heads() if head.state == "frozen"]
    if week not in printed or week == printed[0]:
        return 0, printed[0] if printed else ""
    with job.readers.rehearsing():
        recipients.update_group(job.config, job.readers, job.environ, job.now())
        people = recipients.recipients(job.config, job.readers, job.now().date())
    done = {row.subscriber for row in Outbox(job.readers).deliveries(week) if row.state not in OPEN}
    return sum(person.id not in done for person in people), printed[0]


@dataclass(frozen=True, slots=True)
class InboxReport:
    """What was read: counts of mails by kind, those that wait for a person, and warnings."""

    counts: InboxCounts
    waiting: tuple[Waiting, ...]
    warnings: tuple[str, ...]


def mail_settings(job: MailJob) -> tuple[InboxEntry, DeliverySpec]:
    """Where mails come in and how they go out; DeliveryError where feeds.yaml lacks one."""
    inbox, spec = job.config.inbox, job.config.delivery
    if inbox is None or spec is None:
        raise DeliveryError(
            "feeds.yaml does not say where mails come in: give it `inbox:` with a kind (maildir or "
            "imap), and `delivery:` with the address that they come to"
        )
    return inbox, spec


def read_inbox(job: MailJob) -> InboxReport:
    """Read leave mails, bounces and complaints from the inbox."""
    inbox, spec = mail_settings(job)
    now, waiting = job.now(), list[Waiting]()
    judge = recipients.BounceJudge(job.readers, now, recipients.spared_of(job.config, job.readers))
    with open_mailbox(inbox, job.environ, job.channel_tools.run) as mailbox:
        counts = read_mails(mailbox, spec.inbox, judge, now=now, tell=job.say, wait=waiting.append)
    job.readers.count_reading(now)
    warnings = (came_back(judge.outbox, week) for week in sorted(judge.weeks))
    return InboxReport(counts, tuple(waiting), tuple(filter(None, warnings)))


def came_back(outbox: Outbox, week: str) -> str:
    """A warning where more than 5 % of a week's mails came back; else nothing."""
    counts = outbox.counts(week)
    out = counts["sent"] + counts["uncertain"] + counts["returned"]
    if counts["returned"] <= FEW * out:
        return ""
    rows = [row for row in outbox.deliveries(week) if row.state == "returned"]
    codes = Counter(row.status or "no code" for row in rows).most_common()
    counted = ", ".join(f"{many} with {code}" for code, many in codes[:CODES])
    more = ", …" if len(codes) > CODES else ""
    ((told, _),) = Counter(row.told for row in rows).most_common(1)
    said = f" “{told}”." if told else ""
    return (
        f"{week}: {len(rows)} of {out} mails came back ({counted}{more}).{said} "
        f"Put it right; `sundaypaper deliveries --week {week} --again returned` queues them once "
        f"more, and `sundaypaper send --week {week}` sends them"
    )


def read_before_sending(job: MailJob, read: Callable[[], object]) -> bool:
    """Read the inbox, where there is one, so that nobody who left gets the issue; False on failure.

    read does it and shows what came of it. An inbox that cannot be read is told, and keeps no mail
    back.
    """
    if not job.config.inbox:
        return True
    try:
        read()
    except DeliveryError as bad:
        job.warn(
            f"the inbox could not be read; who left since the last time may get this issue: {bad}"
        )
        return False
    return True


def tend(
    job: MailJob,
    now: datetime,
    look: Callable[[], AbstractContextManager[Store]],
    read: Callable[[], object],
    send: Callable[[str], object],
) -> bool:
    """Read the inbox, then send what is due of a fresh issue: the hourly job; False as it reads.

    look opens paper.db; read and send do the two and show what came of it.
    """
    has_read = read_before_sending(job, read)
    with look() as store:
        week = week_to_mail(job, store, now)
    if week:
        send(week)
    return has_read


def week_to_mail(job: MailJob, store: Store, now: datetime) -> str:
    """The week whose issue is mailed by itself now; empty where none is.

    An older issue is sent only where a person asks for it, and so is one whose sending is paused.
    """
    newest = next((head for head in store.heads() if head.state == "frozen"), None)
    if newest is None or not is_fresh(job.config, newest, now):
        return ""
    if Outbox(job.readers).paused(newest.week):
        job.warn(f"the mails of {newest.week} are paused; `sundaypaper deliveries` says why")
        return ""
    return newest.week
