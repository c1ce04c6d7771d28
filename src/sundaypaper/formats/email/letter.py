"""Serialises a digest to the bytes of a mail once, and fills them in for each subscriber.

Message | Blank | Letter of a subscriber
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
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
from sundaypaper.formats.email.serialising import body_of, serialised
from sundaypaper.models import Letter, Message

__all__ = ["Blank", "Post", "blank", "bounce_address", "leave_address"]

SOFT_BREAK = b"=\r\n"
# Which value of a letter stands where: (recipient, tag, token, preferences).
FIELDS = {"to": 0, "tag": 1, "token": 2, "preferences": 3}
MARKS = (FIELDS["token"], FIELDS["preferences"])


class Slot(NamedTuple):
    """A place to fill: which piece, with what part of which value of a letter."""

    piece: int
    value: int
    part: slice


@dataclass(frozen=True, slots=True)
class Blank:
    """The bytes of a mail with slots where they differ from one subscriber to the next."""

    post: Post
    pieces: tuple[bytes, ...]
    slots: tuple[Slot, ...]

    def fill(self, address: str, token: str, tag: str, preferences: str = "") -> Letter:
        """The letter to an address. DeliveryError, without the address, where it is none.

        preferences is the token that stands in place of the post's second mark, where it has one.
        """
        to, post = plain_address(address), self.post
        if not (TOKEN.fullmatch(token) and TOKEN.fullmatch(tag)):
            raise DeliveryError("a token or a tag is not 26 small letters and digits")
        if post.preferences_mark and not TOKEN.fullmatch(preferences):
            raise DeliveryError("a token of preferences is not 26 small letters and digits")
        values = (to.encode(), tag.encode(), token.encode(), preferences.encode())
        pieces = list(self.pieces)
        for piece, value, part in self.slots:
            pieces[piece] = values[value][part]
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
    html, text = body_of(message.html), body_of(message.text)
    above = headers(message.subject, post, queued)
    made = serialised(above, (("plain", text), ("html", html)))
    pieces, slots = _open(made, post)
    marks = sum(slot.value in MARKS and not slot.part.start for slot in slots)
    said = (html, text, *(value for _, value in above))
    wanted = sum(part.count(mark) for mark in post.marks for part in said)
    if marks != wanted:
        raise DeliveryError(
            f"a mail holds {wanted} places for a subscriber's token and {marks} were found once it "
            "was encoded; nothing was sent. This is a mistake in the program: please report it"
        )
    return Blank(post, pieces, slots)


def _open(made: bytes, post: Post) -> tuple[tuple[bytes, ...], tuple[Slot, ...]]:
    """Cut out the recipient, the tag and every mark, also one that a soft line break runs through.

    Not a mark: one whose first digit is the end of an encoded byte, as the 2 of =E2.
    """
    pieces: list[bytes] = []
    slots: list[Slot] = []
    at = 0
    for place in _places(post).finditer(made):
        pieces.append(made[at : place.start()])
        at = place.end()
        head, broken, _ = place[0].partition(SOFT_BREAK)
        value = FIELDS[place.lastgroup or ""]
        slots.append(Slot(len(pieces), value, slice(len(head) if broken else None)))
        pieces.append(b"")
        if broken:
            slots.append(Slot(len(pieces) + 1, value, slice(len(head), None)))
            pieces += [broken, b""]
    return (*pieces, made[at:]), tuple(slots)


def _places(post: Post) -> re.Pattern[bytes]:
    """What finds each value's places, in a group of that name."""
    found = {"to": TO.encode(), "tag": TAG.encode()}
    for name, mark in zip(("token", "preferences"), post.marks, strict=False):
        letters = b"(?:=\r\n)?".join(letter.encode() for letter in mark)
        found[name] = b"(?<!=[0-9A-F])" + letters
    return re.compile(b"|".join(b"(?P<%b>%b)" % (n.encode(), how) for n, how in found.items()))
