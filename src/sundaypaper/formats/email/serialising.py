"""Serialises headers, text and HTML to the bytes of a mail.

Written by hand, not by email.message: its policies encode a long List-Unsubscribe, its boundaries are
random, and which of them refuse a line break in a header depends on the interpreter.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Iterable
from hashlib import sha256

from sundaypaper.errors import DeliveryError

LONGEST_LINE = 998  # RFC 5322, 2.1.1, in octets
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# A blank at the end of a full line, which b2a_qp encodes past the 76th octet.
LATE_BLANK = re.compile(rb"^(.{74,})(=20|=09)$", re.MULTILINE)

Headers = Iterable[tuple[str, str]]


def body_of(text: str) -> str:
    """Text that a mail can carry: lines end in \\n, no control characters, no lone surrogates."""
    return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def serialised(above: Headers, parts: Iterable[tuple[str, str]]) -> bytes:
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
