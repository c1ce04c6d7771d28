"""Choose the subscribers who get an issue, send it to them, and act upon the inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sundaypaper.config import Config
from sundaypaper.delivery import (
    Counts,
    Outbox,
    People,
    Readers,
    Row,
    RowOutcome,
    SignUps,
    read_people,
    send,
    sync_group,
)
from sundaypaper.delivery.channels import Channel
from sundaypaper.delivery.channels.chat import recipient
from sundaypaper.delivery.pace import UNPACED, SendingPace
from sundaypaper.delivery.settings import ReadersEntry
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Delivery, Subscriber
from sundaypaper.pipeline.mails import Mails
from sundaypaper.pipeline.wishes import judged

NO_RECIPIENT = "gets no mail as feeds.yaml stands"
LEAVE_MAIL = "a mail to the leave address"


def update_group(
    config: Config, readers: Readers, environ: Mapping[str, str], now: datetime
) -> tuple[RowOutcome, ...]:
    """Bring the group of subscribers in line with feeds.yaml; the outcome of each of its lines.

    A mailing list is a group of one, and so is each chat. DeliveryError where the list of people
    cannot be read.
    """
    posted = tuple(Row("feeds.yaml", one) for one in _posted_to(config))
    if config.readers is not None and not (config.delivery and config.delivery.is_list):
        people = judged(config, _group(config.readers, environ))
        return sync_group(readers, replace(people, rows=(*people.rows, *posted)), now)
    return sync_group(readers, People(posted), now) if posted else ()


def _posted_to(config: Config) -> tuple[str, ...]:
    """The addresses of what is no person: a mailing list, and chats."""
    spec = config.delivery
    if spec is None:
        return ()
    chats = (recipient(variable) for variable in spec.chats)
    return (*([spec.to] if spec.to else []), *chats)


def _group(spec: ReadersEntry, environ: Mapping[str, str]) -> People:
    if spec.variable:
        if spec.variable not in environ:
            raise DeliveryError(
                f"the variable {spec.variable}, which readers names in feeds.yaml, is not set"
            )
        return read_people(environ[spec.variable].encode(errors="replace"), spec.variable)
    try:
        return read_people(Path(spec.source).read_bytes(), spec.source)
    except OSError as bad:
        raise DeliveryError(f"{spec.source}: cannot be read: {bad.strerror or bad}") from bad


def recipients(config: Config, readers: Readers, on: date) -> tuple[Subscriber, ...]:
    """The subscribers who get an issue on a day, without a group that feeds.yaml no longer names."""
    return _meant(config, readers, readers.receiving(on))


def pausing(config: Config, readers: Readers, on: date) -> tuple[Subscriber, ...]:
    """The subscribers who would get an issue on a day, had they not paused."""
    return _meant(config, readers, readers.pausing(on))


def _meant(
    config: Config, readers: Readers, everybody: tuple[Subscriber, ...]
) -> tuple[Subscriber, ...]:
    if config.delivery and config.delivery.is_list:
        spared = spared_of(config, readers)
        return tuple(subscriber for subscriber in everybody if subscriber.id in spared)
    if config.readers is None:
        spared = spared_of(config, readers)
        return tuple(one for one in everybody if one.origin != "group" or one.id in spared)
    return everybody


def spared_of(config: Config, readers: Readers) -> frozenset[int]:
    """The ids of a mailing list's address and of chats, for which bounces and complaints are ignored."""
    found = map(readers.find_address, _posted_to(config))
    return frozenset(there.id for there in found if there)


# ---------------------------------------------------------------- sending


def withdraw_others(
    mails: Mails, readers: Readers, meant: Iterable[Subscriber], now: datetime
) -> None:
    """Let nobody get a queued mail who is not meant any more."""
    keep = [subscriber.id for subscriber in meant]
    Outbox(readers).withdraw(mails.paper.frozen.week, keep, NO_RECIPIENT, now)


def send_issue(
    mails: Mails,
    readers: Readers,
    channels: Sequence[Channel],
    everybody: Iterable[Subscriber],
    *,
    now: Callable[[], datetime],
    tell: Callable[[str], None],
    only: Iterable[Subscriber] | None = None,
    paused: Sequence[Subscriber] = (),
    pace: SendingPace = UNPACED,
    stopping: Callable[[], bool] = lambda: False,
) -> Counts:
    """Queue an issue for its recipients, or only some, and send what is due; counts by state.

    Those who have paused get nothing, also where their pause ends before the sending does. Whatever
    can be checked fails before the first mail. DeliveryError where nothing can be sent, or where
    sending had to stop; the deliveries that are left then wait for the next call. stopping is asked
    before each mail.
    """
    week = mails.paper.frozen.week
    outbox = Outbox(readers, spared_of(mails.paper.config, readers))
    people = {subscriber.id: subscriber for subscriber in everybody}
    chosen = None if only is None else frozenset(subscriber.id for subscriber in only)
    outbox.pass_over(week, paused, now())
    outbox.queue(week, people if chosen is None else chosen, now())
    waiting = (d for d in outbox.deliveries(week) if d.state in ("queued", "deferred"))
    mails.prepare((d, people[d.subscriber]) for d in waiting if d.subscriber in people)
    first, *beside = channels
    return send(
        outbox,
        week,
        first,
        mails.letter,
        now=now,
        tell=tell,
        only=chosen,
        beside=beside,
        pace=pace,
        stopping=stopping,
    )


def write_letters(
    mails: Mails, readers: Readers, channel: Channel, to: Iterable[Subscriber], now: datetime
) -> int:
    """Dry run: write every letter to a channel without using the outbox; the number written."""
    week, count = mails.paper.frozen.week, 0
    with channel:
        channel.check()
        for subscriber in to:
            tag = readers.tag(week, subscriber.token)
            delivery = Delivery(week, subscriber.id, tag, queued=now)
            if letter := mails.letter(delivery, subscriber):
                channel.send(letter)
                count += 1
    return count


# ---------------------------------------------------------------- what comes back


class BounceJudge:
    """Acts upon mails of the inbox; acting twice upon the same mail changes nothing more.

    spared are the ids of subscribers whom no bounce and no complaint ends. weeks are those of whose
    mails one came back.
    """

    def __init__(self, readers: Readers, now: datetime, spared: frozenset[int]) -> None:
        self.readers, self.outbox, self.now, self.spared = readers, Outbox(readers), now, spared
        self.sign_ups = SignUps(readers)
        self.weeks: set[str] = set()

    def leave(self, token: str, now: datetime) -> bool:
        """End the subscription with that token; False where there is none."""
        return self.readers.leave(token, LEAVE_MAIL, now) is not None

    def bounced(self, tag: str, hard: bool, day: date) -> bool | None:
        """Count a bounce: whether that ended the subscription; None for a tag that is not ours."""
        who = self._who(tag)
        return None if who is None else self.readers.score(who, hard, self.now)

    def returned(self, tag: str, status: str, told: str) -> bool:
        """Write down that a mail came back; False for a tag that is not ours."""
        row = self.outbox.returned(tag, status, told, self.now)
        if row and row.state == "returned":
            self.weeks.add(row.week)
        return row is not None or self.sign_ups.returned(tag, told, self.now)

    def complained(self, tag: str, day: date) -> bool:
        """Suppress whoever complained about a mail; False for a tag that is not ours."""
        who = self._who(tag)
        if who is None:
            return self.sign_ups.complained(tag, self.now)
        self.readers.complain(who, self.now)
        return True

    def _who(self, tag: str) -> int | None:
        row = self.outbox.by_tag(tag)
        return row.subscriber if row and row.subscriber not in self.spared else None
