"""Mails as they come in, generated: bounces in the forms of many servers, complaints, replies.

The forms follow RFC 3464, 5965 and what the servers document; every word in them is our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

INBOX = "paper@lab.example"
READER = "reader@far.example"
TOKEN = "abcdefghijklmnopqrstuvwxyz"
TAG = "tag234567tag234567tag23456"
OTHER_TAG = "zzzzzzzzzzzzzzzzzzzzzzzzzz"


def leave_address(token: str = TOKEN, inbox: str = INBOX) -> str:
    """The plus-address that ends a subscription."""
    return inbox.replace("@", f"+leave-{token}@")


def bounce_address(tag: str = TAG, inbox: str = INBOX) -> str:
    """The plus-address that bounces of one mail come back to."""
    return inbox.replace("@", f"+b-{tag}@")


def mail(headers: Sequence[tuple[str, str]], body: str = "Hello\n", end: str = "\n") -> bytes:
    """A mail with these headers; end is its line ending."""
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    return f"{head}\n{body}".replace("\n", end).encode()


def leave_mail(to: str = "", *more: tuple[str, str], subject: str = "unsubscribe") -> bytes:
    """What a mail program sends when somebody presses leave."""
    return mail(
        [
            ("Return-Path", f"<{READER}>"),
            *more,
            ("From", f"A Reader <{READER}>"),
            ("To", to or leave_address()),
            ("Subject", subject),
        ]
    )


# ---------------------------------------------------------------- bounces


def returned(tag: str = TAG) -> str:
    """The headers of the mail that came back."""
    return (
        f"Return-Path: <{bounce_address(tag)}>\n"
        f"Message-ID: <2026-W10.{tag}@lab.example>\n"
        f"From: Sunday Paper <{INBOX}>\nTo: {READER}\nSubject: Week 10\n"
        f"List-Unsubscribe: <mailto:{leave_address()}?subject=leave>\n"
    )


@dataclass(frozen=True)
class Server:
    """How one kind of mail server writes its bounces."""

    name: str
    sender: str
    status_type: str = "message/delivery-status"
    returned_type: str = "message/rfc822"
    boundary: str = "=_part"
    quoted: bool = True
    original: bool = False
    undefined: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    trailing: str = ""


SERVERS = (
    Server("postfix", "MAILER-DAEMON@mx.far.example (Mail Delivery System)", original=True,
           boundary="4Qf7.1700000000/mx.far.example", extra=(("Auto-Submitted", "auto-replied"),)),
    Server("exim", "Mail Delivery System <Mailer-Daemon@mx.far.example>", undefined=True,
           status_type="message/global-delivery-status", boundary="1700000000-eximdsn-42",
           quoted=False, extra=(("X-Failed-Recipients", READER), ("Auto-Submitted", "auto-replied"))),
    Server("microsoft", "postmaster@far.example", boundary="8f3c_NDR_outlook",
           extra=(("X-Auto-Response-Suppress", "All"), ("Auto-Submitted", "auto-generated")),
           trailing="X-Display-Name: A Reader\n"),
    Server("gmail", "Mail Delivery Subsystem <mailer-daemon@googlemail.example>", original=True,
           boundary="000000000000abcdef", trailing="Last-Attempt-Date: Sun, 08 Mar 2026 08:00:01 -0800\n",
           extra=(("Auto-Submitted", "auto-replied"),)),
    Server("ses", "MAILER-DAEMON@ses.example", original=True, boundary="----=_Part_7_8.9"),
    Server("sendmail", "Mail Delivery Subsystem <MAILER-DAEMON>", returned_type="text/rfc822-headers",
           boundary="x7Z.1700000000/mx.far.example", extra=(("Auto-Submitted", "auto-generated (failure)"),),
           trailing="Last-Attempt-Date: Sun, 8 Mar 2026 08:00:02 GMT\n"),
)  # fmt: skip

PROSE = (
    "Your mail could not be delivered.",
    "Ihre Nachricht konnte nicht zugestellt werden: Überlauf.",
    "メールを配信できませんでした。",
)


def group(
    status: str, action: str = "failed", *, server: Server = SERVERS[0], reply: int = 550
) -> str:
    """The lines about one recipient."""
    told = status[:1] + ".0.0" if server.undefined else status
    lines = f"Final-Recipient: rfc822; {READER}\n"
    if server.original:
        lines = f"Original-Recipient: rfc822;{READER}\n{lines}"
    lines += f"Action: {action}\nStatus: {told}\nRemote-MTA: dns; mx.far.example\n"
    return lines + f"Diagnostic-Code: smtp; {reply} {status} <{READER}>:\n no\n{server.trailing}"


def dsn(
    groups: Sequence[str],
    *,
    server: Server = SERVERS[0],
    to: str = "",
    prose: str = PROSE[0],
    tag: str = TAG,
    end: str = "\n",
    back: str | None = None,
) -> bytes:
    """A delivery status notification of a server about these recipients."""
    mark = f'"{server.boundary}"' if server.quoted else server.boundary
    to = to or bounce_address(tag)
    body = returned(tag) if back is None else back
    if server.returned_type == "message/rfc822":
        body += "\nThe mail itself\n"
    parts = [
        ("text/plain; charset=utf-8", prose + "\n"),
        (server.status_type, "Reporting-MTA: dns; mx.far.example\n\n" + "\n".join(groups)),
        (server.returned_type, body),
    ]
    text = "".join(f"--{server.boundary}\nContent-Type: {what}\n\n{part}\n" for what, part in parts)
    return mail(
        [
            ("Return-Path", "<>"),
            ("Delivered-To", to),
            ("From", server.sender),
            ("To", to),
            ("Subject", "Undelivered"),
            ("MIME-Version", "1.0"),
            ("Content-Type", f"multipart/report; report-type=delivery-status;\n\tboundary={mark}"),
            *server.extra,
        ],
        f"{text}--{server.boundary}--\n",
        end,
    )


# The status, and what it says of the address.
JUDGED = (
    ("5.1.1", "hard"), ("5.1.2", "hard"), ("5.1.3", "hard"), ("5.1.6", "hard"), ("5.1.10", "hard"),
    ("5.2.1", "hard"), ("5.4.4", "hard"), ("5.2.2", "soft"), ("4.2.2", "soft"), ("4.4.7", "soft"),
    ("5.4.1", "soft"), ("5.7.1", "nothing"), ("5.6.0", "nothing"), ("5.1.8", "nothing"),
)  # fmt: skip


def bounces() -> Iterator[tuple[str, bytes, str]]:
    """504 bounces: what it is, the mail, and the verdict on the address."""
    kinds = product(SERVERS, JUDGED, enumerate(PROSE), ("\n", "\r\n"))
    for server, (status, verdict), (number, prose), end in kinds:
        reply = 450 if status.startswith("4") else 550
        raw = dsn([group(status, server=server, reply=reply)], server=server, prose=prose, end=end)
        yield f"{server.name} {status} prose {number} {len(end)}", raw, verdict


def prose_bounce(
    body: str, *, sender: str = "MAILER-DAEMON@old.example", path: str = "<>", to: str = ""
) -> bytes:
    """A bounce in words alone, as qmail and old servers write it."""
    return mail(
        [
            ("Return-Path", path),
            ("From", sender),
            ("To", to or bounce_address()),
            ("Subject", "failure notice"),
        ],
        body,
    )


# ---------------------------------------------------------------- complaints and replies


def feedback(
    kind: str = "abuse",
    *,
    back: str | None = None,
    to: str = INBOX,
    fields: str = "",
    whole: bool = True,
    encoding: str = "",
) -> bytes:
    """A report of a feedback loop."""
    body = returned() if back is None else back
    what = "message/rfc822" if whole else "text/rfc822-headers"
    coded = f"Content-Transfer-Encoding: {encoding}\n" if encoding else ""
    text = (
        "--fbl\nContent-Type: text/plain\n\nA reader does not want this.\n"
        "--fbl\nContent-Type: message/feedback-report\n\n"
        f"Feedback-Type: {kind}\nUser-Agent: Loop/1\nVersion: 1\n{fields}\n"
        f"--fbl\nContent-Type: {what}\n{coded}\n{body}\n--fbl--\n"
    )
    return mail(
        [
            ("Return-Path", "<feedback@loop.example>"),
            ("From", "feedback@loop.example"),
            ("To", to),
            ("Subject", "FW: Week 10"),
            ("Content-Type", "multipart/report; report-type=feedback-report; boundary=fbl"),
        ],
        text,
    )


VACATIONS = (
    ("Auto: Out of office", "<>", (("Auto-Submitted", "auto-replied"),)),
    ("Automatische Antwort: Week 10", "<>", (("X-Auto-Response-Suppress", "All"),)),
    ("Réponse automatique", f"<{READER}>", (("Precedence", "auto_reply"),)),
    ("自動応答", "<>", (("Auto-Submitted", "auto-replied (vacation)"),)),
    ("=?utf-8?B?T3R6ZXrFm2Nl?=", f"<{READER}>", (("X-Autoreply", "yes"),)),
    ("Fuera de la oficina", "<>", (("X-Autorespond", "Week 10"),)),
)


def vacations(to: str) -> Iterator[bytes]:
    """Replies of vacation programs in several languages and with the headers of several programs."""
    for subject, path, marks in VACATIONS:
        yield mail(
            [
                ("Return-Path", path),
                ("From", f"A Reader <{READER}>"),
                ("To", to),
                ("Subject", subject),
                *marks,
            ],
            "I am away until the 9th. In urgent cases: 550 is my extension.\n",
        )
