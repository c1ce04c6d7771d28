"""SMTP replies: their status, their words without addresses, and the Answer they amount to."""

from __future__ import annotations

import re
from typing import NamedTuple

from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.models import Answer, Letter
from sundaypaper.text import shorten

CLOSING = 421
LONGEST = 200
STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)", re.ASCII)


class Reply(NamedTuple):
    """A code of three digits, or -1 for nonsense, and the server's words, one line after another."""

    code: int
    text: str


def status_of(reply: Reply) -> str:
    """The enhanced status that a reply begins with (RFC 2034, 3463), or ""."""
    match = STATUS.match(reply.text)
    return match[0] if match and match[1] == str(reply.code)[0] else ""


def words_of(reply: Reply, recipient: str = "") -> str:
    """A reply as one line, `550 5.1.1 No such user`: at most 200 characters, addresses hidden."""
    status = status_of(reply)
    lines = (line.removeprefix(status).strip() for line in reply.text.split("\n"))
    words = without_addresses(" ".join(lines), recipient)
    return shorten(" ".join(filter(None, (str(reply.code), status, words))), LONGEST)


def answer(reply: Reply, letter: Letter) -> Answer:
    """The Answer for a reply: 2xx sent, 4xx not yet, 5xx never, anything else uncertain."""
    kind = reply.code // 100
    words = words_of(reply, letter.recipient)
    if kind == 2:
        return Answer("sent", reply.code, status_of(reply), words)
    if kind == 4:
        return Answer("deferred", reply.code, status_of(reply), words)
    if kind == 5:
        return Answer("failed", reply.code, status_of(reply), words)
    return Answer(
        "uncertain", told="the server's answer to the mail makes no sense; it may have arrived"
    )
