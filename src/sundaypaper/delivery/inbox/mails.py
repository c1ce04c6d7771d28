"""Classifies an incoming mail: a leave mail, a bounce, a complaint, or one for a person to read.

Pure: bytes in, meaning out. Whoever shows a token or tag of ours may do what it stands for, as
nobody can guess one; everything else in a mail may be forged, and decides nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sundaypaper.delivery import statuses
from sundaypaper.delivery.inbox import mime
from sundaypaper.delivery.inbox.mime import Headers

TOKEN = "[a-z2-7]{26}"  # noqa: S105
# What the server that delivered it wrote comes before what the sender wrote.
ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")
WRITTEN = ("to", "cc")
ASKED = re.compile(rf"\s*(?:leave|unsubscribe)\s+({TOKEN})\s*", re.IGNORECASE)
MESSAGE_ID = re.compile(rf"<\d{{4}}-W\d\d\.({TOKEN})@[^<>\s]+>", re.IGNORECASE)

DELIVERY = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK = "message/feedback-report"
WHOLE = ("message/rfc822", "message/global")
HEADERS = ("text/rfc822-headers", "message/global-headers")
# RFC 5965; opt-out stood in its drafts and is still sent. A report of fraud also says that the mail
# is unwanted. Other types are about our server, not about what a subscriber wishes.
UNWANTED = ("abuse", "fraud", "opt-out")
PROSE = 8_192


@dataclass(frozen=True, slots=True)
class Leave:
    """A subscriber asks to leave, by their token."""

    token: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours came back; hard: the address takes none. status as 5.1.1."""

    tag: str
    hard: bool
    status: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """A reader reported a mail as unwanted; found by its tag, or by the token where that is lost."""

    tag: str
    token: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """A report that says nothing about a reader; why is for the log."""

    why: str


@dataclass(frozen=True, slots=True)
class Other:
    """A mail for a person to read."""


Meaning = Leave | Bounce | Complaint | Ignored | Other


@dataclass(frozen=True, slots=True)
class Ours:
    """The addresses made from one inbox address, as patterns over small letters."""

    plain: str
    leave: re.Pattern[str]
    bounce: re.Pattern[str]


@lru_cache(maxsize=4)
def ours(inbox: str) -> Ours:
    """The addresses that belong to an inbox address."""
    local, _, domain = inbox.lower().rpartition("@")
    before, after = re.escape(local), re.escape(domain)
    leave = re.compile(rf"{before}\+leave-({TOKEN})@{after}")
    return Ours(inbox.lower(), leave, re.compile(rf"{before}\+b-({TOKEN})@{after}"))


def read_mail(raw: bytes, inbox: str) -> Meaning:
    """The meaning of a mail to the inbox address or one of its plus-addresses. Never raises."""
    mine = ours(inbox)
    headers, body = mime.split(raw)
    kind, tag_or_token = _recipient(headers, mine)
    if mime.media(headers) == "multipart/report":
        return _report(headers, body, kind, tag_or_token, mine)
    if kind == "leave":
        return Other() if automatic(headers) else Leave(tag_or_token)
    if kind == "bounce":
        return _prose(headers, body, tag_or_token)
    asked = ASKED.fullmatch(mime.subject(headers))
    if kind == "plain" and asked and not automatic(headers):
        return Leave(asked[1].lower())
    return Other()


def automatic(headers: Headers) -> bool:
    """Whether a program says that it wrote the mail, or no answer could arrive (RFC 3834)."""
    auto = mime.first(headers, "auto-submitted").partition(";")[0].strip().lower()
    return (
        auto not in ("", "no")
        or mime.first(headers, "precedence").lower() in ("auto_reply", "auto-reply")
        or "x-autoreply" in headers
        or "x-autorespond" in headers
        or from_nobody(headers)
    )


def from_nobody(headers: Headers) -> bool:
    """Whether the envelope sender was empty, as it is for bounces (RFC 5321)."""
    return mime.first(headers, "return-path").upper() in ("<>", "<MAILER-DAEMON>")


# ---------------------------------------------------------------- to whom


def _recipient(headers: Headers, mine: Ours) -> tuple[str, str]:
    """The kind of recipient (leave, bounce, plain or ""), and its token or tag; envelope first."""
    plain = False
    for names in (ENVELOPE, WRITTEN):
        for address in mime.addresses(headers, *names):
            if leave := mine.leave.fullmatch(address):
                return "leave", leave[1]
            if bounce := mine.bounce.fullmatch(address):
                return "bounce", bounce[1]
            plain = plain or address == mine.plain
    return ("plain" if plain else ""), ""


# ---------------------------------------------------------------- reports


def _report(headers: Headers, body: bytes, kind: str, tag_or_token: str, mine: Ours) -> Meaning:
    """The meaning of a multipart/report (RFC 6522), by its parts."""
    status = feedback = None
    returned: Headers = {}
    for part, content in mime.parts(headers, body):
        what = mime.media(part)
        if what in DELIVERY and status is None:
            status = mime.decoded(part, content)
        elif what == FEEDBACK and feedback is None:
            feedback = mime.fields(mime.decoded(part, content))
        elif what in WHOLE:
            returned = returned or mime.split(mime.decoded(part, content).lstrip())[0]
        elif what in HEADERS:
            returned = returned or mime.fields(mime.decoded(part, content).strip())
    if feedback is not None:
        return _complaint(feedback, returned, kind, tag_or_token, mine)
    if status is None:
        return Other()
    if kind == "leave":
        return Ignored("a bounce to a leave address")
    return _bounce(status, tag_or_token or _message_tag(returned))


def _bounce(status: bytes, tag: str) -> Meaning:
    if not tag:
        return Ignored("a bounce of no mail of ours")
    verdict, code = statuses.mildest(_recipients(status))
    if verdict == "nothing":
        return Ignored(f"a bounce that says nothing about the address {code}".rstrip())
    return Bounce(tag, verdict == "hard", code)


def _recipients(status: bytes) -> Iterator[tuple[statuses.Verdict, str]]:
    """The verdict on each recipient of a delivery-status (RFC 3464)."""
    for block in mime.BLANK.split(status.strip()):
        group = mime.fields(block.strip())
        if not {"action", "final-recipient", "original-recipient"} & group.keys():
            continue
        action = mime.first(group, "action").lower().split(maxsplit=1)
        if not action or action[0].strip(";(") != "failed":
            yield "nothing", ""
            continue
        yield statuses.judged(mime.first(group, "status"), mime.first(group, "diagnostic-code"))


def _complaint(
    feedback: Headers, returned: Headers, kind: str, tag_or_token: str, mine: Ours
) -> Meaning:
    """A feedback report (RFC 5965). One that shows nothing of ours is for a person."""
    what = mime.first(feedback, "feedback-type").lower()
    if what == "not-spam":
        return Ignored("a report that a mail was wanted")
    if what not in UNWANTED:
        return Other()
    if kind == "bounce":
        return Complaint(tag_or_token, "")
    if kind == "leave":
        return Complaint("", tag_or_token)
    tag = _message_tag(returned) or _address_tag(feedback, returned, mine)
    token = mine.leave.search(mime.first(returned, "list-unsubscribe").lower())
    return Complaint(tag, token[1] if token else "") if tag or token else Other()


def _message_tag(returned: Headers) -> str:
    """The tag in the Message-ID of a mail of ours that came back."""
    match = MESSAGE_ID.search(mime.first(returned, "message-id"))
    return match[1].lower() if match else ""


def _address_tag(feedback: Headers, returned: Headers, mine: Ours) -> str:
    """The tag in the envelope sender, as the report or the mail in it has it."""
    for headers, name in ((feedback, "original-mail-from"), (returned, "return-path")):
        if match := mine.bounce.search(mime.first(headers, name).lower()):
            return match[1]
    return ""


def _prose(headers: Headers, body: bytes, tag: str) -> Meaning:
    """A mail to a bounce address that is no report: a bounce in words, or a vacation reply."""
    replies = "x-autoreply" in headers or "x-autorespond" in headers
    if replies or not from_nobody(headers):
        return Other()
    verdict, code = statuses.unmistakable(body[:PROSE])
    if verdict == "soft":
        return Bounce(tag, False, code)
    sender = mime.first(headers, "from").lower()
    if code or "mailer-daemon" in sender or "postmaster" in sender:
        return Ignored(f"a bounce that says nothing about the address {code}".rstrip())
    return Other()
