"""A small MIME reader: headers, parameters, the parts of one multipart, the lines of a text.

Python's email package takes a body apart to its last leaf, which recurses and takes quadratic
time on mails that were made for it. Here every step is linear, only so many levels are looked at,
and nothing raises, whatever the bytes are.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from html import unescape

# No real mail comes near these; what is beyond them is not read.
LONGEST_HEAD = 65_536
LONGEST_SUBJECT = 2_000
MOST_PARTS = 20
MOST_LEVELS = 3
LONGEST_TEXT = 32_768
LONGEST_LINE = 1_000

BLANK = re.compile(rb"\r?\n\r?\n")
FOLD = re.compile(r"\r?\n[ \t]+")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
BRACKETS = re.compile(r"[()]|[^()]+")

BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?blockquote|/?h\d)\b[^<>]{0,2000}>", re.IGNORECASE)
ELEMENT = re.compile(r"<[a-z/!][^<>]{0,2000}>", re.IGNORECASE)

Headers = Mapping[str, Sequence[str]]


def split(raw: bytes) -> tuple[Headers, bytes]:
    """The headers of a mail or a part, and what comes after them."""
    end = BLANK.search(raw)
    if end is None:
        return fields(raw), b""
    return fields(raw[: end.start()]), raw[end.end() :]


def fields(raw: bytes) -> Headers:
    """Header names in small letters with their values in order, unfolded; other lines are skipped."""
    headers: dict[str, list[str]] = {}
    text = FOLD.sub(" ", raw[:LONGEST_HEAD].decode("utf-8", "replace"))
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), []).append(value.strip())
    return headers


def first(headers: Headers, name: str) -> str:
    """The uppermost value of a header, or nothing."""
    return headers.get(name, ("",))[0]


def media(headers: Headers) -> str:
    """The type such as multipart/report, in small letters; nothing where there is none."""
    return first(headers, "content-type").partition(";")[0].strip().lower()


def parameter(value: str, name: str) -> str:
    """A parameter of a Content-Type such as boundary, or nothing."""
    pattern = rf';\s*{name}\s*=\s*(?:"([^"]*)"|([^\s;"]+))'
    match = re.search(pattern, value, re.IGNORECASE)
    return (match[1] or match[2] or "") if match else ""


def parts(headers: Headers, body: bytes) -> Iterator[tuple[Headers, bytes]]:
    """The first parts of a multipart, each with its own headers; an unfinished last one too."""
    boundary = parameter(first(headers, "content-type"), "boundary").encode()
    if not boundary:
        return
    delimiter = re.compile(rb"(?:\A|\n)--" + re.escape(boundary) + rb"(--)?[ \t\r]*(?=\n|\Z)")
    begin = None
    for count, line in enumerate(delimiter.finditer(body)):
        if begin is not None:
            yield split(body[begin : line.start()])
        begin = None if line[1] else line.end() + 1
        if begin is None or count >= MOST_PARTS:
            return
    if begin is not None:
        yield split(body[begin:])


def decoded(headers: Headers, body: bytes) -> bytes:
    """A part's content as it was before it was encoded; nothing where that cannot be undone."""
    encoding = first(headers, "content-transfer-encoding").lower()
    try:
        if encoding == "base64":
            return binascii.a2b_base64(body)
        return binascii.a2b_qp(body) if encoding == "quoted-printable" else body
    except binascii.Error:
        return b""


def texts(
    headers: Headers, body: bytes, levels: int = MOST_LEVELS
) -> Iterator[tuple[Headers, bytes]]:
    """The texts and the whole mails in a mail, decoded, each with its headers."""
    what = media(headers) or "text/plain"
    if what.startswith("multipart/") and levels:
        for part, content in parts(headers, body):
            yield from texts(part, content, levels - 1)
    elif what in ("text/plain", "text/html", "message/rfc822", "message/global"):
        yield headers, decoded(headers, body)[:LONGEST_TEXT]


def lines(headers: Headers, content: bytes) -> list[str]:
    """The lines of a decoded text that are not empty, in small letters; of HTML what is read of it."""
    text = content.decode("utf-8", "replace").lower()
    if media(headers) == "text/html":
        text = unescape(ELEMENT.sub("", BREAK.sub("\n", text)))
    stripped = (line.strip()[:LONGEST_LINE] for line in text.splitlines())
    return [line for line in stripped if line]


def subject(headers: Headers) -> str:
    """The subject with its encoded words decoded, or as it stands where they are broken."""
    return words(headers, "subject")


def words(headers: Headers, name: str) -> str:
    """A header with its encoded words decoded, or as it stands where they are broken."""
    value = first(headers, name)[:LONGEST_SUBJECT]
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def addresses(headers: Headers, *names: str) -> Iterator[str]:
    """The addresses in these headers in small letters, without names and comments."""
    for name in names:
        for value in headers.get(name, ()):
            for part in re.split("[,;:]", _bare(value)):
                inner = part.rpartition("<")[2].partition(">")[0]
                if "@" in inner:
                    yield "".join(inner.split()).lower()


def _bare(value: str) -> str:
    """A header's value without quoted strings and without comments, which may be nested."""
    text = QUOTED.sub(" ", value)
    if "(" not in text:
        return text
    kept, depth = [], 0
    for piece in BRACKETS.findall(text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return " ".join(kept)
