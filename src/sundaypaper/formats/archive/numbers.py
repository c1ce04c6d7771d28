"""Numbers as text: unsigned base64 VLQ, as in source maps. Pure.

Five bits a digit, the least significant first; a digit of 32 and above is followed by another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
VALUES = {ord(digit): value for value, digit in enumerate(DIGITS)}
GOES_ON = 32


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
    for end, digit in enumerate(text, 1):
        if VALUES[ord(digit)] < GOES_ON:
            return next(decode(text[:end])), text[end:]
    raise ValueError(f"{text!r} holds no number")


def _encode(number: int) -> str:
    digits = []
    while number >= GOES_ON:
        digits.append(DIGITS[number & 31 | GOES_ON])
        number >>= 5
    return "".join((*digits, DIGITS[number]))


# Most are small, and there are a million of them in a week.
_SHORT = tuple(_encode(number) for number in range(1 << 12))
