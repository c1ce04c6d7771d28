"""Sends one letter over an open SMTP connection: MAIL, RCPT, DATA and the dot (RFC 5321).

Before the dot is handed to the operating system the server cannot have taken the letter: whatever
breaks, it may be sent again. From then on it may have, until it answers (RFC 1047).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from smtplib import CRLF, SMTP, SMTPServerDisconnected

from sundaypaper.delivery.channels.answers import CLOSING, Reply, answer, status_of, words_of
from sundaypaper.delivery.refusals import stopped
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Letter

# Nothing that could end a command or its brackets; an address beyond ASCII needs SMTPUTF8.
MAILBOX = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
WANTS_MORE = (530, 538)
OUT_OF_TURN = 503
LOGIN = re.compile("auth|login", re.IGNORECASE)
DOT = b".\r\n"
TOO_LARGE = ("5.2.3", "5.3.4")


def refusal(letter: Letter) -> str:
    """Why a letter must not reach the wire, or ""."""
    if not MAILBOX.fullmatch(letter.recipient):
        return "the recipient is no address that can be written to a mail server"
    if not MAILBOX.fullmatch(letter.sender):
        return "the sender is no address that can be written to a mail server"
    return "" if letter.body.isascii() else "the mail is not 7-bit"


def transact(smtp: SMTP, letter: Letter, may_end: Callable[[], None] | None) -> Answer:
    """Send a letter that `refusal` lets pass.

    may_end is called before the dot, and may raise; None where nothing has to be waited for.
    OSError: the connection broke before the dot. DeliveryError: the server will not take mail of
    ours, whoever reads it.
    """
    reply = _envelope(smtp, letter)
    if reply is None:
        reply = _ask(smtp, "DATA")
        if reply.code == 354:
            return _content(smtp, letter, may_end)
    _refuse_nonsense(reply)
    if _wants_more(reply):
        raise DeliveryError(
            f"{words_of(reply, letter.recipient)}: the server wants TLS or a login first; see tls, user "
            "and password below delivery.server in feeds.yaml"
        )
    _reset(smtp, reply)
    return answer(reply, letter)


def _wants_more(reply: Reply) -> bool:
    return reply.code in WANTS_MORE or (
        reply.code == OUT_OF_TURN and bool(LOGIN.search(reply.text))
    )


def _refuse_nonsense(reply: Reply) -> None:
    """SMTPServerDisconnected where a reply says that the two of us stand at different places."""
    out_of_turn = reply.code == OUT_OF_TURN and not _wants_more(reply)
    if out_of_turn or reply.code // 100 not in (4, 5):
        raise SMTPServerDisconnected(f"it answered {reply.code} where that makes no sense")


def _reset(smtp: SMTP, reply: Reply) -> None:
    """End a transaction that was refused: some servers keep it open, and refuse the next one."""
    if reply.code == CLOSING or reply.code // 100 not in (4, 5):
        return
    with suppress(OSError):  # the next letter will find it broken
        if not _good(_ask(smtp, "RSET")):
            smtp.close()


def _envelope(smtp: SMTP, letter: Letter) -> Reply | None:
    """The reply that refuses the sender or the recipient; None where both were taken."""
    size = f" SIZE={len(letter.body)}" if smtp.has_extn("size") else ""
    sender = f"MAIL FROM:<{letter.sender}>{size}"
    recipient = f"RCPT TO:<{letter.recipient}>"
    together = smtp.has_extn("pipelining")
    smtp.send((sender + CRLF + recipient if together else sender) + CRLF)
    mail = _read(smtp)
    if mail.code == CLOSING:
        return mail
    rcpt = _read(smtp) if together else None
    if _good(mail):
        rcpt = rcpt or _ask(smtp, recipient)
        return None if _good(rcpt) else rcpt
    _refuse_nonsense(mail)
    if mail.code // 100 == 5 and not _wants_more(mail) and not _too_large(mail):
        raise DeliveryError(stopped(words_of(mail)))
    return mail


def _good(reply: Reply) -> bool:
    return reply.code // 100 == 2


def _too_large(reply: Reply) -> bool:
    """Whether the server speaks of this letter's SIZE and not of its sender."""
    status = status_of(reply)
    return status in TOO_LARGE or (reply.code == 552 and not status)


def _content(smtp: SMTP, letter: Letter, may_end: Callable[[], None] | None) -> Answer:
    """Send the body and its dot; uncertain where no answer comes. OSError: not all of it left."""
    content = stuffed(letter.body)
    if may_end:
        smtp.send(content[: -len(DOT)])
        may_end()
        content = DOT
    smtp.send(content)
    try:
        reply = _read(smtp)
    except OSError:
        return Answer(
            "uncertain",
            told="the mail was handed over whole and the server did not answer; it may have arrived",
        )
    _reset(smtp, reply)
    return answer(reply, letter)


def stuffed(body: bytes) -> bytes:
    """A body as it goes over the wire: a dot before every line that begins with one, and the last.

    Also after a bare LF, which some servers take for the end of a line: no mail hides in a mail.
    """
    first = b"." if body.startswith(b".") else b""
    last = b".\r\n" if body.endswith(b"\r\n") or not body else b"\r\n.\r\n"
    return first + body.replace(b"\n.", b"\n..") + last


def _ask(smtp: SMTP, command: str) -> Reply:
    smtp.send(command + CRLF)
    return _read(smtp)


def _read(smtp: SMTP) -> Reply:
    code, text = smtp.getreply()
    return Reply(code, text.decode("utf-8", "replace"))
