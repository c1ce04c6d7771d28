"""Classifies an incoming mail: a leave mail, a bounce, a complaint, or one for a person to read.

Pure: bytes in, meaning out. Whoever shows a token or tag of ours may do what it stands for, as
nobody can guess one, and whatever program wrote the mail; everything else in a mail may be forged,
and decides nothing by itself. A report or a reply that only quotes a mail of ours shows no token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from sundaypaper.delivery import statuses
from sundaypaper.delivery.inbox import mime
from sundaypaper.delivery.inbox.mime import Headers

TOKEN = "[a-z2-7]{26}"  # noqa: S105
# What the server that delivered it wrote comes before what the sender wrote.
ENVELOPE = (
    *("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"),
    *("x-rcpt-to", "x-real-to", "x-forwarded-to", "apparently-to"),
)
WRITTEN = ("to", "cc", "bcc", "resent-to")
# In a subject, or on a line of its own; before it may stand "Re:", "[list]" or "Betreff:".
BEFORE = r"[>\s*]*(?:\w{1,12}\s?:\s*|\[[^\]]{0,40}\]\s*){0,5}"
WISH = r"(?:leave|unsubscribe)[\s:=+-]+"
ASKED = re.compile(
    rf"{BEFORE}[\"'“‘(<]*(?:please\s+)?{WISH}[\"'<]*({TOKEN})[\s.!*\"'”’)>]*", re.IGNORECASE
)
IN_PASSING = re.compile(rf"(?<!not )(?<![\w+]){WISH}({TOKEN})\b(?!@)")
WISHES = re.compile(r"\b(?:leave|unsubscribe)\b", re.IGNORECASE)
# From here on somebody else is quoted, in the languages of mail programs.
QUOTED = re.compile(
    r"""-{2,}.*(?:message|nachricht|forwarded|original|messaggio|mensaje|bericht)|_{5,}|begin\ forwarded
    |(?:from|von|de|da|van|od)\s?:|(?:on|am|le|el|il|op|em|den|w\ dniu)\b.{0,200}
     (?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|skrev|napisał)""",
    re.VERBOSE,
)
# The line of a forwarded mail that says to whom it went, in the languages of mail programs.
TO_LINE = re.compile(
    r"[>\s*]*(?:to|an|à|a|para|pour|til|till|aan|do|komu|кому|kime|vastaanottaja|címzett|către|宛先|收件人)"
    r"\s?[:：]",
    re.IGNORECASE,
)
MOST_LINES = 200
MESSAGE_ID = re.compile(rf"<\d{{4}}-W\d\d\.({TOKEN})@[^<>\s]+>", re.IGNORECASE)

DELIVERY = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK = "message/feedback-report"
WHOLE = ("message/rfc822", "message/global")
HEADERS = ("text/rfc822-headers", "message/global-headers")
# RFC 5965; opt-out stood in its drafts and is still sent. A report of fraud also says that the mail
# is unwanted. Other types are about our server, not about what a subscriber wishes.
UNWANTED = ("abuse", "fraud", "opt-out")
# How servers call themselves where they write a mail.
SERVERS = re.compile(
    r"mailer-daemon|\bpostmaster\b|mail delivery|delivery (?:sub)?system|mail system|system administrator",
    re.IGNORECASE,
)
PROSE = 8_192
IN_WORDS = "a bounce in words alone, of which it is not clear what it says"


@dataclass(frozen=True, slots=True)
class Leave:
    """A subscriber asks to leave, by their token."""

    token: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours came back; hard: the address takes none. status as 5.1.1.

    told is what the other server said.
    """

    tag: str
    hard: bool
    status: str
    told: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail of ours came back for a reason that says nothing about its reader, such as policy."""

    tag: str
    status: str
    told: str = field(default="", compare=False)


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
    """A mail for a person to read; why is for that person."""

    why: str = field(default="a letter", compare=False)


Meaning = Leave | Bounce | Returned | Complaint | Ignored | Other


@dataclass(frozen=True, slots=True)
class Ours:
    """The addresses made from one inbox address, as patterns over small letters."""

    plain: str
    leave: re.Pattern[str]
    bounce: re.Pattern[str]
    alone: re.Pattern[str]  # the leave address as somebody writes it, and not as a link of ours


@lru_cache(maxsize=4)
def ours(inbox: str) -> Ours:
    """The addresses that belong to an inbox address."""
    local, _, domain = inbox.lower().rpartition("@")
    before, after = re.escape(local), re.escape(domain)
    # %2b: as a mail program writes + that does not decode the address of a link.
    leave = rf"{before}(?:\+|%2b)leave-({TOKEN})@{after}"
    bounce = rf"{before}\+b-({TOKEN})@{after}"
    alone = rf"(?<!mailto:){leave}(?!\?)"
    return Ours(inbox.lower(), *map(re.compile, (leave, bounce, alone)))


def read_mail(raw: bytes, inbox: str) -> Meaning:
    """The meaning of a mail to the inbox address or one of its plus-addresses. Never raises."""
    mine = ours(inbox)
    headers, body = mime.split(raw)
    kind, tag_or_token = _recipient(headers, mine)
    if report := _report(headers, body, kind, tag_or_token, mine):
        return report
    if kind == "bounce":
        return _prose(headers, body, tag_or_token)
    if by_server(headers) and (kind != "leave" or from_nobody(headers)):
        return Ignored("a bounce to a leave address") if kind == "leave" else Other(IN_WORDS)
    token = tag_or_token if kind == "leave" else _shown(headers, body, mine)
    if token:
        return Leave(token)
    return Other("an automatic reply" if automatic(headers) else "a letter")


def heading(raw: bytes) -> tuple[str, str]:
    """The subject of a mail and the name of who sent it; either may be empty, or hold an address."""
    headers, _ = mime.split(raw)
    name = mime.words(headers, "from").partition("<")[0].strip(' "')
    return mime.subject(headers), name


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


def by_server(headers: Headers) -> bool:
    """Whether a mail server says that it wrote the mail itself: a bounce in words."""
    named = SERVERS.search(mime.first(headers, "from"))
    unsent = from_nobody(headers) or "return-path" not in headers
    return "x-failed-recipients" in headers or (bool(named) and unsent)


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


def _shown(headers: Headers, body: bytes, mine: Ours) -> str:
    """The token that a mail to another address shows: in its subject, its route or its text."""
    subject = mime.subject(headers)
    if asked := ASKED.fullmatch(subject):
        return asked[1].lower()
    for text in (subject, *headers.get("received", ())):
        if found := mine.leave.search(text.lower()):
            return found[1]
    return _written(headers, body, bool(WISHES.search(subject)), mine)


def _written(headers: Headers, body: bytes, wished: bool, mine: Ours) -> str:
    """The token in the text of a mail, or in a leave mail that was forwarded with it.

    A line that asks, the line of a forwarded mail that says to whom it went, or what a person wrote
    above all that is quoted. The links of a mail of ours that is quoted are none of these. wished:
    the subject asks to leave.
    """
    for part, content in mime.texts(headers, body):
        if mime.media(part) in WHOLE:
            inner, _ = mime.split(content.lstrip())
            kind, token = _recipient(inner, mine)
            asked = ASKED.fullmatch(mime.subject(inner))
            token = token if kind == "leave" else asked[1].lower() if asked else ""
        else:
            lines = mime.lines(part, content)[:MOST_LINES]
            token = _line(lines, mine) or ("" if automatic(headers) else _own(lines, wished, mine))
        if token:
            return token
    return ""


def _line(lines: list[str], mine: Ours) -> str:
    """The token of the first line that asks, or says to whom a mail went; lines in small letters."""
    for line in lines:
        if asked := ASKED.fullmatch(line):
            return asked[1]
        if TO_LINE.match(line) and (found := mine.leave.search(line)):
            return found[1]
    return ""


def _own(lines: list[str], wished: bool, mine: Ours) -> str:
    """The token in what the sender wrote themselves, above what is quoted.

    wished: the subject asks to leave; then the token may stand alone.
    """
    for line in lines:
        if QUOTED.match(line):
            return ""
        if line.startswith((">", "|")):
            continue
        found = mine.alone.search(line) or IN_PASSING.search(line)
        found = found or (re.fullmatch(f"({TOKEN})", line) if wished else None)
        if found:
            return found[1]
    return ""


# ---------------------------------------------------------------- reports


def _report(
    headers: Headers, body: bytes, kind: str, tag_or_token: str, mine: Ours
) -> Meaning | None:
    """The meaning of a report (RFC 6522) by its parts; None where the mail is none."""
    if not mime.media(headers).startswith("multipart/"):
        return None
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
        broken = mime.media(headers) == "multipart/report" and kind != "leave"
        return Other("a report of which nothing can be read") if broken else None
    if kind == "leave":
        return Ignored("a bounce to a leave address")
    return _bounce(status, tag_or_token or _message_tag(returned))


def _bounce(status: bytes, tag: str) -> Meaning:
    if not tag:
        return Ignored("a bounce of no mail of ours")
    groups = list(_recipients(status))
    if not groups or any(not failed for failed, *_ in groups):
        return Ignored("a report of a mail that did not come back, or not for all")
    verdict, code = statuses.mildest(judgement for _, judgement, _ in groups)
    told = next(said for _, judgement, said in groups if judgement == (verdict, code))
    if verdict == "nothing":
        return Returned(tag, code, told)
    return Bounce(tag, verdict == "hard", code, told)


def _recipients(status: bytes) -> Iterator[tuple[bool, tuple[statuses.Verdict, str], str]]:
    """Each recipient of a delivery-status (RFC 3464): if it failed, the verdict, what was said."""
    for block in mime.BLANK.split(status.strip()):
        group = mime.fields(block.strip())
        if not {"action", "final-recipient", "original-recipient"} & group.keys():
            continue
        action = mime.first(group, "action").lower().split(maxsplit=1)
        failed = bool(action) and action[0].strip(";(") == "failed"
        said = mime.first(group, "diagnostic-code")
        judgement = statuses.judged(mime.first(group, "status"), said)
        yield failed, judgement, said.partition(";")[2].strip() or said


def _complaint(
    feedback: Headers, returned: Headers, kind: str, tag_or_token: str, mine: Ours
) -> Meaning:
    """A feedback report (RFC 5965). One that shows nothing of ours is for a person."""
    what = mime.first(feedback, "feedback-type").lower()
    if what == "not-spam":
        return Ignored("a report that a mail was wanted")
    if what not in UNWANTED:
        return Other("a report of a feedback loop that is about no reader")
    if kind == "bounce":
        return Complaint(tag_or_token, "")
    if kind == "leave":
        return Complaint("", tag_or_token)
    tag = _message_tag(returned) or _address_tag(feedback, returned, mine)
    token = mine.leave.search(mime.first(returned, "list-unsubscribe").lower())
    if not tag and not token:
        return Other("a complaint that does not show which mail it is about")
    return Complaint(tag, token[1] if token else "")


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
    if "x-autoreply" in headers or "x-autorespond" in headers or not by_server(headers):
        return Other("an automatic reply" if automatic(headers) else "a letter to a bounce address")
    verdict, code = statuses.unmistakable(body[:PROSE])
    if verdict == "soft":
        return Bounce(tag, False, code)
    # Exim writes that header where it has given up, and not where it only warns.
    failed = code or "x-failed-recipients" in headers
    return Returned(tag, code) if failed else Ignored(IN_WORDS)
