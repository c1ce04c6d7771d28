"""Mends the bytes of an XML feed before they are parsed, so that one slip does not lose the rest. Pure.

A feed that is not well-formed is read by a parser that guesses; so what is wrong in a known way is
put right first: bare ampersands, HTML's names of characters, control characters, UTF-16 and UTF-32.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

# References to NUL, to halves of a surrogate pair and beyond Unicode: any of them fails the feed.
NO_CHARACTER = re.compile(
    rb"&#(?:x?0+|x0*d[89a-f][0-9a-f]{2}|x[0-9a-f]{6,}|[0-9]{7,}|0*(?:5529[6-9]|55[3-9][0-9]{2}|"
    rb"56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]));",
    re.IGNORECASE,
)
# An ampersand that begins no reference of XML; and the sections in which it is only a letter.
BARE = (
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)([A-Za-z][A-Za-z0-9]{1,31};)?"
)
AMPERSAND = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|" + BARE, re.DOTALL)
ANY_BARE = re.compile(BARE)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# The parser looks for mail addresses in what these hold, in a time that grows with the square of
# their length, and cuts them off after four letters of their last part. So they are kept short,
# and "@" is written in a way that it does not know.
PEOPLE = re.compile(
    rb"(<(?:[\w.-]{1,20}+:)?(?:author|creator|managingeditor|contributor|publisher|webmaster|owner|"
    rb"name|email|editor)\b[^<>]{0,200}>\s*(?:<!\[CDATA\[)?)([^<]+)",
    re.IGNORECASE,
)
LONGEST_NAME = 500
# Nobody asks for them, and the parser compares each with all before it.
CATEGORY = re.compile(
    rb"<((?:[\w.-]{1,20}+:)?(?:category|subject))\b[^<>]{0,2000}"
    rb"(?:/>|>[^<]{0,2000}(?:<!\[CDATA\[[^\]]{0,2000}\]\]>)?\s{0,9}</\1\s*>)"
)
AT = "\x7f"
ENCODING = re.compile(rb"""^(\s*<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][^"']{1,40}["']""")
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # it begins as that of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def mended(body: bytes) -> bytes:
    """The same feed, nearer to what XML allows; byte for byte the same where nothing is amiss."""
    body = NO_CHARACTER.sub(b"", _utf8(body))
    if b"\0" in body[:200] or b"\x1b$" in body:  # an encoding in which "&" may be half a letter
        return body
    body = CONTROL.sub(b"", body)
    if ANY_BARE.search(body):
        own_names = b"<!ENTITY" in body
        body = AMPERSAND.sub(lambda match: _ampersand(match, own_names), body)
    return PEOPLE.sub(_short, CATEGORY.sub(b"", body))


def _utf8(body: bytes) -> bytes:
    for bom, encoding in BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(encoding, "replace").encode("utf-8", "replace")
            return ENCODING.sub(rb"\1", text)
    return body


def _ampersand(match: re.Match[bytes], own_names: bool) -> bytes:
    found, reference = match[0], match[1]
    if not found.startswith(b"&"):
        return found
    if reference is None:
        return b"&amp;"
    letters = html5.get(reference.decode("ascii"))
    if own_names:
        return found
    if letters is None:
        return b"&amp;" + reference
    return "".join(f"&#{ord(letter)};" for letter in letters).encode("ascii")


def _short(match: re.Match[bytes]) -> bytes:
    return match[1] + match[2][:LONGEST_NAME].replace(b"@", AT.encode("ascii"))
