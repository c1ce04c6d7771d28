"""Models of output: pages, subscribers, deliveries, messages, letters and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Page:
    """A file to publish: its path below the build, with forward slashes, and its bytes."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who gets the paper by mail.

    filter is a query, edition the id of an edition; both empty for the whole paper. empty says
    what a week without a matching entry brings: a mail of one line, or none. token is 26 letters
    and digits of lower case that nobody can guess: who shows it may change or end this
    subscription. preferences is another one, which opens the page of their choices. paused is the
    last day, YYYY-MM-DD, on which they get nothing, empty where they have not paused. origin says
    how the address came here.
    """

    id: int
    address: str
    filter: str = ""
    edition: str = ""
    empty: Literal["say", "skip"] = "say"
    state: Literal["pending", "confirmed", "left"] = "confirmed"
    token: str = ""
    origin: Literal["command", "import", "group", "web"] = "command"
    preferences: str = ""
    paused: str = ""


# What a hook may be told of; feeds.yaml names the address for each.
HookEvent = Literal["subscribed", "printed"]

DeliveryState = Literal[
    "queued", "sending", "sent", "deferred", "failed", "uncertain", "suppressed", "returned"
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One issue to one subscriber, as the outbox keeps it.

    tag is 26 letters and digits, a function of issue and subscriber: it stands in the Message-ID
    and in the envelope's sender, so that a resend has the same id and a bounce finds its row.
    tries counts attempts; due is when the next one may be made; queued is the Date of the mail.
    told is what the server said, without any address; status is the code with which a mail that had
    been sent came back. filter and edition are what the subscriber wished when it was claimed. welcome:
    it is the newest issue, queued because its reader confirmed.
    """

    week: str
    subscriber: int
    tag: str
    state: DeliveryState = "queued"
    tries: int = 0
    queued: datetime | None = None
    due: datetime | None = None
    settled: datetime | None = None
    told: str = ""
    status: str = ""
    filter: str = ""
    edition: str = ""
    welcome: bool = False


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody asked for on a page: whose address, what they wish, and from where.

    filter, edition and empty are those of a Subscriber; network is a part of the IP that says no
    more than whose network it was, such as 203.0.113.0/24.
    """

    address: str
    filter: str = ""
    edition: str = ""
    empty: Literal["say", "skip"] = "say"
    network: str = ""


NoticeKind = Literal["confirm", "known", "move", "moved"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail about a subscription that is to be sent.

    confirm asks the owner of an address to confirm a sign-up, known tells a subscriber that they are
    one already, move asks the owner of a new address of a subscriber, moved tells the old one.
    token is what the one link of the mail carries: of a confirmation fresh, and kept only as a hash;
    of known that of the subscriber's preferences; of moved empty. asked is when and sign_up what and
    from where somebody asked.
    """

    id: int
    kind: NoticeKind
    sign_up: SignUp
    asked: datetime
    token: str = ""
    tag: str = ""
    subscriber: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A digest as subject, HTML and text, before it is addressed to anybody.

    html and text hold the mark of the caller wherever a subscriber's own token will stand.
    entries counts what is printed in it; left_out what was left out to keep the mail small.
    """

    subject: str
    html: str
    text: str
    entries: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel sends: envelope sender and recipient, and the bytes of RFC 5322 with CRLF."""

    sender: str
    recipient: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of sending a letter.

    code is the SMTP reply or 0; status the enhanced status such as 5.1.1 or "". told is a sentence
    for a person without any address. uncertain: the server may or may not have taken it.
    """

    state: Literal["sent", "deferred", "failed", "uncertain"]
    code: int = 0
    status: str = ""
    told: str = ""
