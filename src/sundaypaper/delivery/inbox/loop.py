"""The loop that reads the inbox: classify a mail, act upon it through the Judge, mark it as read.

Nothing is ever answered. A mail is marked after it was acted upon: what a crash leaves unmarked is
read once more, and everything a mail can ask for is the same when it is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Protocol

from sundaypaper.delivery.inbox.mails import (
    Bounce,
    Complaint,
    Ignored,
    Leave,
    Meaning,
    Other,
    Returned,
    heading,
    read_mail,
)
from sundaypaper.delivery.redaction import HIDDEN, without_addresses
from sundaypaper.errors import DeliveryError
from sundaypaper.text import shorten

# How much of one mail is read.
LIMIT = 262_144
LONGEST_SUBJECT, LONGEST_NAME = 60, 30


class Mailbox(Protocol):
    """A mailbox: for each unread mail its key and first bytes, or None where it cannot be read."""

    def __iter__(self) -> Iterator[tuple[str, bytes | None]]: ...

    def done(self, key: str, /) -> None:
        """Mark a mail as read."""


class Judge(Protocol):
    """Acts upon mails. Each method called twice must be the same as called once."""

    def leave(self, token: str, now: datetime, /) -> bool:
        """End a subscription; False where nobody has that token."""

    def bounced(self, tag: str, hard: bool, day: date, /) -> bool | None:
        """Count a bounce: whether that ended it; None where no mail of ours has that tag."""

    def returned(self, tag: str, status: str, told: str, /) -> bool:
        """Write down that a mail came back, and with what; False where none of ours has that tag."""

    def complained(self, tag: str, day: date, /) -> bool:
        """Suppress who complained, at once; False where no mail of ours has that tag."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that waits for a person: what the mailbox calls it, its heading without addresses, why."""

    key: str
    subject: str
    sender: str
    why: str


@dataclass(slots=True)
class InboxCounts:
    """Counts of mails by kind. suppressed counts those of bounced that ended a subscription.

    returned: came back for a reason that says nothing about their reader. unknown: a token or tag
    that is nobody's. ignored: reports that say nothing about a reader. others: left unread, for a
    person. failed: could not be read, left as they are.
    """

    left: int = 0
    bounced: int = 0
    suppressed: int = 0
    returned: int = 0
    complained: int = 0
    unknown: int = 0
    ignored: int = 0
    others: int = 0
    failed: int = 0

    def handled(self) -> int:
        """How many mails were marked as read."""
        done = self.left + self.bounced + self.returned + self.complained
        return done + self.unknown + self.ignored


def read_inbox(
    mailbox: Mailbox,
    inbox_address: str,
    judge: Judge,
    *,
    now: datetime,
    tell: Callable[[str], None],
    wait: Callable[[Waiting], object] = lambda _: None,
) -> InboxCounts:
    """Read an opened mailbox once; tell gets a line for each mail that is marked or unreadable.

    wait gets each mail that is left for a person. Bounces count for the day of now: what a mail says
    of its own date may be forged. DeliveryError where the mailbox fails: what was handled before it
    stays so.
    """
    run = _Run(judge, now)
    try:
        for key, raw in mailbox:
            meaning = None if raw is None else read_mail(raw[:LIMIT], inbox_address)
            state = run.act(meaning) if meaning else run.failed()
            if state and meaning:
                mailbox.done(key)
            if state:
                tell(f"mail={without_addresses(key)} {state}")
            if raw is not None and isinstance(meaning, Other):
                wait(_waiting(key, raw, meaning.why))
    except DeliveryError as bad:
        raise DeliveryError(
            f"{bad}; {_sum(run.counts)} before that, which stays so: run inbox again for the rest"
        ) from bad
    return run.counts


def _waiting(key: str, raw: bytes, why: str) -> Waiting:
    subject, sender = (without_addresses(text) for text in heading(raw))
    sender = HIDDEN if "@" in sender else sender  # also one without a dot in it
    short = shorten(subject, LONGEST_SUBJECT), shorten(sender, LONGEST_NAME)
    return Waiting(without_addresses(key), *short, why)


def _sum(counts: InboxCounts) -> str:
    each = [f"{getattr(counts, count.name)} {count.name}" for count in fields(counts)]
    words = ", ".join(part for part in each if not part.startswith("0 "))
    return f"{counts.handled()} mails were handled" + (f" ({words})" if words else "")


@dataclass(slots=True)
class _Run:
    """State of one reading. known holds what was acted upon: repeats of a mail act only once."""

    judge: Judge
    now: datetime
    counts: InboxCounts = field(default_factory=InboxCounts)
    known: set[tuple[str, ...]] = field(default_factory=set)

    def failed(self) -> str:
        self.counts.failed += 1
        return 'state=failed told="cannot be read; look at it, or take it away"'

    def act(self, mail: Meaning) -> str:
        """Act upon a mail; the line for the log, or nothing where it is left for a person."""
        match mail:
            case Other():
                self.counts.others += 1
                return ""
            case Ignored(why):
                self.counts.ignored += 1
                return f'state=ignored told="{why}"'
            case Leave():
                return self.leave(mail)
            case Bounce():
                return self.bounce(mail)
            case Returned():
                return self.returned(mail)
            case Complaint():
                return self.complaint(mail)

    def leave(self, mail: Leave) -> str:
        what = "leave", mail.token
        if what not in self.known and not self.judge.leave(mail.token, self.now):
            return self.unknown()
        self.known.add(what)
        self.counts.left += 1
        return "state=left"

    def bounce(self, mail: Bounce) -> str:
        weight = "hard" if mail.hard else "soft"
        ended: bool | None = False
        if (weight, mail.tag) not in self.known:
            ended = self.judge.bounced(mail.tag, mail.hard, self.now.date())
            back = self.judge.returned(mail.tag, mail.status, mail.told)
            ended = False if ended is None and back else ended
        if ended is None:
            return self.unknown()
        self.known.add((weight, mail.tag))
        self.counts.bounced += 1
        self.counts.suppressed += ended
        return f"state=bounced status={mail.status} {weight}" + (" suppressed" if ended else "")

    def returned(self, mail: Returned) -> str:
        what = "returned", mail.tag
        if what not in self.known and not self.judge.returned(mail.tag, mail.status, mail.told):
            return self.unknown()
        self.known.add(what)
        self.counts.returned += 1
        words = shorten(without_addresses(mail.told), LONGEST_SUBJECT)
        return f"state=returned status={mail.status or '?'}" + (f' told="{words}"' if words else "")

    def complaint(self, mail: Complaint) -> str:
        what = "complaint", mail.tag, mail.token
        if what not in self.known and not self.complained(mail):
            return self.unknown()
        self.known.add(what)
        self.counts.complained += 1
        return "state=complained"

    def complained(self, mail: Complaint) -> bool:
        if mail.tag and self.judge.complained(mail.tag, self.now.date()):
            return True
        return bool(mail.token) and self.judge.leave(mail.token, self.now)

    def unknown(self) -> str:
        self.counts.unknown += 1
        return "state=unknown"
