"""What readers do with their subscription on the pages of the web app: ask, confirm, change, leave.

The outcomes are what a page can say; none tells whether an address is known to who only asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sundaypaper import addresses
from sundaypaper.delivery import Readers
from sundaypaper.delivery.records import FOR_GOOD
from sundaypaper.delivery.sign_ups import HOURS, Confirmation, SignUps
from sundaypaper.errors import DeliveryError, StoreError
from sundaypaper.models import SignUp, Subscriber
from sundaypaper.pipeline.mails import issues_got
from sundaypaper.pipeline.wishes import Wish

__all__ = [
    "HOURS",
    "LONGEST_PAUSE",
    "AddressSlip",
    "Confirmation",
    "Got",
    "Membership",
    "SignUp",
    "Subscriber",
    "address_slip",
    "ask",
    "ask_move",
    "by_preferences",
    "change",
    "confirm",
    "domain_of",
    "erase",
    "export",
    "got",
    "leave",
    "leaver",
    "look",
    "masked",
    "pause",
    "resume",
]

LONGEST_PAUSE = timedelta(days=366)
AddressSlip = Literal["", "empty", "letters", "hosts", "wrong"]
How = Literal["the page leave/", "the page preferences/", "one click"]
SLIPS: dict[str, AddressSlip] = {addresses.NOT_ASCII: "letters", addresses.TWO_HOSTS: "hosts"}


def address_slip(text: str) -> AddressSlip:
    """What is wrong with an address as it was typed, "" for nothing."""
    if not text.strip():
        return "empty"
    try:
        addresses.plain_address(text)
    except DeliveryError as bad:
        return SLIPS.get(str(bad), "wrong")
    return ""


def domain_of(address: str) -> str:
    """The mail domain of an address without slips, in small ASCII letters."""
    return addresses.plain_address(address).rpartition("@")[2]


def masked(address: str) -> str:
    """An address as a page may show it that somebody else was forwarded: a…@lab.example."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


# ---------------------------------------------------------------- coming


def ask(readers: Readers, sign_up: SignUp, now: datetime) -> None:
    """Note a sign-up, whoever has the address; the mailer decides what is written to it."""
    SignUps(readers).ask(sign_up, now)


def look(readers: Readers, token: str, now: datetime) -> Confirmation:
    """What a link to confirm stands for; changes nothing."""
    return SignUps(readers).look(token, now)


def confirm(
    readers: Readers, token: str, network: str, now: datetime, newest: str, base_url: str
) -> Confirmation:
    """Confirm a sign-up or a move, once; newest is the week of the issue that welcomes, or "".

    Whoever confirms has followed a link that begins with base_url, which proves that it leads here.
    """
    made = SignUps(readers).confirm(token, network, now, newest)
    if made.state in ("confirmed", "moved"):
        readers.served(base_url, now)
    return made


# ---------------------------------------------------------------- going


def leaver(readers: Readers, token: str) -> Subscriber | None:
    """Who leaves by a link; changes nothing."""
    return readers.find(token)


def leave(readers: Readers, token: str, how: How, now: datetime) -> Subscriber | None:
    """End the subscription of a link for good, however often it is asked; None for no such link."""
    return readers.leave(token, how, now)


# ---------------------------------------------------------------- changing


@dataclass(frozen=True, slots=True)
class Membership:
    """A subscriber, and whether mails reach them: they may have left, or mails may have ended.

    ended: mails came back. stopped: they were reported as unwanted, or the operator stopped them; no
    sign-up has them come again.
    """

    subscriber: Subscriber
    state: Literal["receiving", "left", "ended", "stopped"]


def by_preferences(readers: Readers, token: str) -> Membership | None:
    """Whose preferences a link shows; changes nothing."""
    subscriber = readers.by_preferences(token)
    if subscriber is None:
        return None
    reason = readers.reason(addresses.same(subscriber.address))
    if reason in FOR_GOOD:
        return Membership(subscriber, "stopped")
    if subscriber.state == "left":
        return Membership(subscriber, "left")
    return Membership(subscriber, "ended" if reason else "receiving")


def change(
    readers: Readers, who: int, wish: Wish, empty: Literal["say", "skip"], now: datetime
) -> Subscriber | None:
    """Let a subscriber get what they chose from the next mail on."""
    return readers.change(who, filter=wish.filter, edition=wish.edition, empty=empty, now=now)


def pause(
    readers: Readers, who: int, until: date, network: str, now: datetime
) -> Subscriber | None:
    """Send nothing up to and on a day; None where that is no day after today, within a year."""
    if not now.date() < until <= now.date() + LONGEST_PAUSE:
        return None
    return readers.pause(who, until, network, now)


def resume(readers: Readers, who: int, now: datetime) -> Subscriber:
    """End a pause."""
    return readers.resume(who, now)


def ask_move(readers: Readers, who: int, address: str, network: str, now: datetime) -> None:
    """Ask the owner of a new address whether the paper may come there."""
    SignUps(readers).ask_move(who, address, network, now)


# ---------------------------------------------------------------- what is kept


@dataclass(frozen=True, slots=True)
class Got:
    """An issue that a subscriber got: its week, and the day of its mail."""

    week: str
    on: date | None


def got(readers: Readers, subscriber: Subscriber) -> tuple[Got, ...]:
    """The issues that went out to a subscriber, newest first."""
    rows = issues_got(readers, subscriber)
    return tuple(Got(row.week, row.queued.date() if row.queued else None) for row in rows)


def export(readers: Readers, subscriber: Subscriber) -> dict[str, Any]:
    """All that is kept about a subscriber, as plain data for JSON."""
    return readers.export(subscriber.address)


def erase(readers: Readers, subscriber: Subscriber, now: datetime) -> bool:
    """Forget a subscriber; whether no trace is left on the disk either.

    A sending under way can keep the file from being rewritten; then it has to be done again.
    """
    try:
        readers.erase(subscriber.address, now)
    except StoreError:
        if readers.find(subscriber.id) is not None:
            raise
        return False
    return True
