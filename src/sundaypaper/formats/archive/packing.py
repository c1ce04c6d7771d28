"""Bytes as text of a script, seven bits a character: what is deflated grows by a seventh. Pure.

A character that no text of a script may hold plain, such as a quote, becomes one of two bytes that says
which it was and what stands behind it, so that nothing is lost by it.
"""

from __future__ import annotations

import re
import zlib

# What ends or changes a text of JavaScript; a zero is lost by some that hand files on.
TAKEN = '\0\n\r"\\'
PAIRS = 128
BLOCK = 7  # bytes, which are eight characters
_TWO = tuple(chr(n >> 7) + chr(n & 127) for n in range(1 << 14))
_BACK = {two: n for n, two in enumerate(_TWO)}
_PLAIN = re.compile(f"([{re.escape(TAKEN)}])(.?)", re.DOTALL)
_PAIRED = re.compile("[^\0-\x7f]")


def deflated(text: bytes) -> tuple[int, str]:
    """How many bytes a text in UTF-8 is when it is deflated, and these as signs."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    raw = packer.compress(text) + packer.flush()
    return len(raw), signs(raw)


def inflated(count: int, held: str) -> str:
    """The text back; ValueError where it was damaged."""
    try:
        return zlib.decompress(raw_of(count, held), -zlib.MAX_WBITS).decode()
    except (zlib.error, KeyError) as bad:
        raise ValueError(f"a file of the archive is damaged ({bad})") from bad


def signs(raw: bytes) -> str:
    """Bytes as characters of seven bits, those behind the last byte zero."""
    two = _TWO
    held: list[str] = []
    for at in range(0, len(raw), BLOCK):
        n = int.from_bytes(raw[at : at + BLOCK].ljust(BLOCK, b"\0"), "big")
        held += (two[n >> 42], two[n >> 28 & 16383], two[n >> 14 & 16383], two[n & 16383])
    text = "".join(held)[: -(-len(raw) * 8 // 7)]
    return _PLAIN.sub(_paired, text)


def raw_of(count: int, held: str) -> bytes:
    """The bytes back, so many of them."""
    text = _PAIRED.sub(_plain, held)
    text += "\0" * (-len(text) % 8)
    back = _BACK
    raw = b"".join(
        (
            back[text[at : at + 2]] << 42
            | back[text[at + 2 : at + 4]] << 28
            | back[text[at + 4 : at + 6]] << 14
            | back[text[at + 6 : at + 8]]
        ).to_bytes(BLOCK, "big")
        for at in range(0, len(text), 8)
    )
    if len(raw) < count:
        raise ValueError("a file of the archive ends before its time")
    return raw[:count]


def _paired(found: re.Match[str]) -> str:
    return chr(128 + TAKEN.index(found[1]) * PAIRS + ord(found[2] or "\0"))


def _plain(found: re.Match[str]) -> str:
    which, behind = divmod(ord(found[0]) - 128, PAIRS)
    return TAKEN[which] + chr(behind)
