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
    found = NUMBER.match(text)
    if not found:
        raise ValueError(f"{text[:20]!r} begins with no number")
    return _WHOLE[found[0]], text[found.end() :]


def count_and_sum(text: str, shift: int = 0) -> tuple[int, int]:
    """How many numbers a text holds, and their sum, of each without its last bits (0 or 1)."""
    numbers = NUMBER.findall(text)
    return len(numbers), sum(map((_WHOLE, _HALVES)[shift].__getitem__, numbers))


class _Values(dict[str, int]):
    """Numbers by their text, each worked out once: the same few stand a million times."""

    def __init__(self, shift: int) -> None:
        self.shift = shift

    def __missing__(self, text: str) -> int:
        value = self[text] = next(decode(text)) >> self.shift
        return value


_WHOLE, _HALVES = _Values(0), _Values(1)


def _encode(number: int) -> str:
    digits = []
    while number >= GOES_ON:
        digits.append(DIGITS[number & 31 | GOES_ON])
        number >>= 5
    return "".join((*digits, DIGITS[number]))


# Most are small, and there are a million of them in a week.
_SHORT = tuple(_encode(number) for number in range(1 << 12))
