"""Numbers as text: unsigned base64 VLQ, as in source maps. Pure.

Five bits a digit, the least significant first; a digit of 32 and above is followed by another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
VALUES = {ord(digit): value for value, digit in enumerate(DIGITS)}
GOES_ON = 32
NUMBER = re.compile("[g-z0-9+/]*[A-Za-f]")
LONGER = re.compile("[g-z0-9+/]+[A-Za-f]")
# The values of digits, without no bit or the last one.
_SHIFTED = tuple(bytes(VALUES.get(byte, 0) >> shift for byte in range(256)) for shift in (0, 1))


def encode(number: int) -> str:
    """A number of 0 or more as text."""
    return _SHORT[number] if number < len(_SHORT) else _encode(number)


def gaps(numbers: Iterable[int]) -> str:
    """Rising numbers as the gaps between them; the first counts from -1, as if one stood there."""
    last, digits = -1, []
    for number in numbers:
        digits.append(encode(number - last - 1))
        last = number
    return "".join(digits)


def decode(text: str) -> Iterator[int]:
    """The numbers of a text."""
    number = shift = 0
    for digit in text.encode():
        value = VALUES[digit]
        number |= (value & 31) << shift
        shift += 5
        if value < GOES_ON:
            yield number
            number = shift = 0


def first(text: str) -> tuple[int, str]:
    """The first number of a text, and the rest of the text."""
    value = VALUES.get(ord(text[:1] or "*"), GOES_ON)
    if value < GOES_ON:
        return value, text[1:]
    found = NUMBER.match(text)
    if not found:
        raise ValueError(f"{text[:20]!r} begins with no number")
    return sum((DIGITS.index(d) & 31) << 5 * n for n, d in enumerate(found[0])), text[found.end() :]


def count_and_sum(text: str, shift: int = 0) -> tuple[int, int]:
    """How many numbers a text holds, and their sum, of each without its last bits.

    Most have one digit, and those are summed as bytes, a hundred times as fast as one by one.
    """
    longer = LONGER.findall(text)
    short = (LONGER.sub("", text) if longer else text).encode().translate(_SHIFTED[shift])
    return len(short) + len(longer), sum(short) + sum(first(one)[0] >> shift for one in longer)


def _encode(number: int) -> str:
    digits = []
    while number >= GOES_ON:
        digits.append(DIGITS[number & 31 | GOES_ON])
        number >>= 5
    return "".join((*digits, DIGITS[number]))


# Most are small, and there are a million of them in a week.
_SHORT = tuple(_encode(number) for number in range(1 << 12))
