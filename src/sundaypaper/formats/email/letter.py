"""Serialises a digest to the bytes of a mail once, and fills them in for each subscriber.

Message | Blank | Letter of a subscriber

Written by hand, not by email.message: its policies encode a long List-Unsubscribe, its boundaries are
random, and which of them refuse a line break in a header depends on the interpreter.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sundaypaper.addresses import plain_address
from sundaypaper.errors import DeliveryError
from sundaypaper.formats.email.headers import (
    TAG,
    TO,
    TOKEN,
    Post,
    bounce_address,
    checked,
    headers,
    leave_address,
)
from sundaypaper.models import Letter, Message

__all__ = ["Blank", "Post", "blank", "bounce_address", "leave_address"]

LONGEST_LINE = 998  # RFC 5322, 2.1.1, in octets
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SOFT_BREAK = b"=\r\n"
# A blank at the end of a full line, which b2a_qp encodes past the 76th octet.
LATE_BLANK = re.compile(rb"^(.{74,})(=20|=09)$", re.MULTILINE)
# Which value of a letter stands where; any other place is a token's.
FIELDS = {TO.encode(): 0, TAG.encode(): 1}
TOKENS = 2

Headers = Iterable[tuple[str, str]]


class Slot(NamedTuple):
    """A place to fill: which piece, with what part of which of (recipient, tag, token)."""

    piece: int
    value: int
    part: slice


@dataclass(frozen=True, slots=True)
class Blank:
    """The bytes of a mail with slots where they differ from one subscriber to the next."""

    post: Post
    pieces: tuple[bytes, ...]
    slots: tuple[Slot, ...]

    def fill(self, address: str, token: str, tag: str) -> Letter:
        """The letter to an address. DeliveryError, without the address, where it is none."""
        to = plain_address(address)
        if not (TOKEN.fullmatch(token) and TOKEN.fullmatch(tag)):
            raise DeliveryError("a token or a tag is not 26 small letters and digits")
        values = (to.encode(), tag.encode(), token.encode())
        pieces = list(self.pieces)
        for piece, value, part in self.slots:
            pieces[piece] = values[value][part]
        post = self.post
        sender = bounce_address(post.inbox, tag) if post.own_list else post.address
        return Letter(sender, to, b"".join(pieces))


def blank(message: Message, post: Post, queued: datetime) -> Blank:
    """A message serialised, with queued as its Date. ValueError: queued has no zone.

    DeliveryError where there can be no such mail: an address or a header that is not one, or a mark
    that cannot be found wherever the message has it.
    """
    if queued.tzinfo is None:
        raise ValueError("the time when a mail was queued has no zone")
    post = checked(post)
    html, text = _body(message.html), _body(message.text)
    above = headers(message.subject, post, queued)
    made = _serialised(above, (("plain", text), ("html", html)))
    pieces, slots = _open(made, post.mark)
    marks = sum(slot.value == TOKENS and not slot.part.start for slot in slots)
    wanted = sum(part.count(post.mark) for part in (html, text, *(value for _, value in above)))
    if marks != wanted:
        raise DeliveryError(
            f"a mail holds {wanted} places for a subscriber's token and {marks} were found once it "
            "was encoded; nothing was sent. This is a mistake in the program: please report it"
        )
    return Blank(post, pieces, slots)


def _body(text: str) -> str:
    """Text that a mail can carry: lines end in \\n, no control characters, no lone surrogates."""
    return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _serialised(above: Headers, parts: Iterable[tuple[str, str]]) -> bytes:
    """The bytes of RFC 5322 and 2046 with CRLF. The boundary is a function of the content.

    It begins with "=_", which quoted-printable never writes.
    """
    bodies = [(kind, _quoted(text)) for kind, text in parts]
    boundary = "=_" + sha256(b"\0".join(body for _, body in bodies)).hexdigest()[:32]
    kind = ("Content-Type", f'multipart/alternative; boundary="{boundary}"')
    delimiter = f"--{boundary}".encode()
    made = [_head((*above, kind))]
    for subtype, body in bodies:
        about = (
            ("Content-Type", f'text/{subtype}; charset="utf-8"'),
            ("Content-Transfer-Encoding", "quoted-printable"),
        )
        made += [delimiter, b"\r\n", _head(about), body, b"\r\n"]
    return b"".join([*made, delimiter, b"--\r\n"])


def _head(above: Headers) -> bytes:
    """Header lines and the empty one after them; DeliveryError where one is too long."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in above)
    if max(map(len, lines.split("\r\n"))) > LONGEST_LINE:
        raise DeliveryError("a header of the mail is too long: shorten the addresses of the paper")
    return lines.encode("ascii") + b"\r\n"


def _quoted(text: str) -> bytes:
    """Quoted-printable with CRLF, 76 octets a line (RFC 2045, 6.7)."""
    return LATE_BLANK.sub(rb"\1=\n\2", b2a_qp(text.encode())).replace(b"\n", b"\r\n")


def _open(made: bytes, mark: str) -> tuple[tuple[bytes, ...], tuple[Slot, ...]]:
    """Cut out the recipient, the tag and every mark, also one that a soft line break runs through.

    Not a mark: one whose first digit is the end of an encoded byte, as the 2 of =E2.
    """
    letters = b"(?:=\r\n)?".join(letter.encode() for letter in mark)
    places = re.compile(rb"\x01|\x02|(?<!=[0-9A-F])" + letters)
    pieces: list[bytes] = []
    slots: list[Slot] = []
    at = 0
    for place in places.finditer(made):
        pieces.append(made[at : place.start()])
        at = place.end()
        head, broken, _ = place[0].partition(SOFT_BREAK)
        slots.append(
            Slot(len(pieces), FIELDS.get(head, TOKENS), slice(len(head) if broken else None))
        )
        pieces.append(b"")
        if broken:
            slots.append(Slot(len(pieces) + 1, TOKENS, slice(len(head), None)))
            pieces += [broken, b""]
    return (*pieces, made[at:]), tuple(slots)
