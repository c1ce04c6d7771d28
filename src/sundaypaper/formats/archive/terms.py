"""What an entry is found by, and the postings of all terms of a list of entries. Pure.

A term is a word, a pair of neighbours, or the value of a field. Its postings say which entries
hold it, by their numbers; places say where in the text a word or a pair stands. The form of both
is written down in docs/notes/0024-the-archive-index.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from sundaypaper.formats.archive.frequent_words import COMMON, FREQUENT
from sundaypaper.formats.archive.numbers import DIGITS, encode
from sundaypaper.models import Claim, Listed
from sundaypaper.text import fold

# The abstract begins at this place, or behind a title that is longer: no phrase goes across.
ABSTRACT = 128
# In a digit for two neighbours the one behind counts so much.
AFTER = 8
# What ends a line of a file of terms.
LINE = "*"
_COMMON = {word: number for number, word in enumerate(COMMON, 1)}
_FREQUENT = frozenset(FREQUENT)
_KNOWN = _FREQUENT.union(COMMON)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as it is found: its id and title, and what its line is filtered by."""

    id: str
    title: str
    listed: Listed


@dataclass(frozen=True, slots=True)
class Terms:
    """The postings and places of every term, as text: words and fields in one, pairs in the other."""

    words: Mapping[str, tuple[str, str]]
    pairs: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class _Term:
    """A term while entries are added: the last that holds it, and what was written so far."""

    last: int = -1
    postings: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def text(self) -> tuple[str, str]:
        return "".join(self.postings), "".join(self.places)


def terms(entries: Iterable[Found]) -> Terms:
    """All terms of entries that are numbered from 0 in the order given."""
    words: dict[str, _Term] = {}
    pairs: dict[str, _Term] = {}
    for number, entry in enumerate(entries):
        title = fold(entry.title).split()
        abstract = fold(entry.listed.abstract).split()
        _add_text((words, pairs), number, title, abstract)
        for key in _fields(entry):
            _add(words, key, number)
    return Terms(
        {key: term.text() for key, term in words.items()},
        {key: term.text() for key, term in pairs.items()},
    )


def _add(terms: dict[str, _Term], key: str, number: int, shift: int = 0, flag: int = 0) -> _Term:
    """Write that an entry holds a term."""
    term = terms.get(key)
    if term is None:
        term = terms[key] = _Term()
    term.postings.append(encode((number - term.last - 1) << shift | flag))
    term.last = number
    return term


def _add_text(
    terms: tuple[dict[str, _Term], dict[str, _Term]],
    number: int,
    title: list[str],
    abstract: list[str],
) -> None:
    """Add the words and pairs of an entry, title and abstract apart."""
    words, pairs = terms
    places: dict[str, list[int]] = {}
    between: dict[str, list[int]] = {}
    beside: dict[int, int] = {}
    for text, start in ((title, 0), (abstract, max(ABSTRACT, len(title) + 1))):
        for place, word in enumerate(text, start):
            places.setdefault(word, []).append(place)
        for place, (first, second) in enumerate(pairwise(text), start):
            _note(first, second, place, between, beside)
    named = frozenset(title)
    for word, at in places.items():
        term = _add(words, word, number, 1, word in named)
        if word in _FREQUENT:
            term.places.append(_places(at))
        elif word not in _COMMON:
            term.places.append(_places_beside(at, beside))
    for pair, at in between.items():
        _add(pairs, pair, number).places.append(_places(at))


def _note(
    first: str, second: str, place: int, between: dict[str, list[int]], beside: dict[int, int]
) -> None:
    """Note two neighbours: as a pair, or which common word stands beside another."""
    if first in _KNOWN:
        if second in _KNOWN:
            between.setdefault(f"{first} {second}", []).append(place)
        elif first in _COMMON:
            beside[place + 1] = _COMMON[first]
    elif second in _COMMON:
        beside[place] = beside.get(place, 0) + _COMMON[second] * AFTER


def _places(at: list[int]) -> str:
    """Rising places as the gaps between them, each with a bit that says whether it is the last."""
    last, digits = 0, []
    for place in at[:-1]:
        digits.append(encode((place - last) << 1))
        last = place
    digits.append(encode((at[-1] - last) << 1 | 1))
    return "".join(digits)


def _places_beside(at: list[int], beside: Mapping[int, int]) -> str:
    """The same, with one more bit that says whether a digit follows: the common words beside it."""
    last, digits = 0, []
    for place in at:
        held = beside.get(place)
        bits = (place - last) << 2 | (held is not None) << 1 | (place == at[-1])
        digits.append(encode(bits) if held is None else encode(bits) + DIGITS[held])
        last = place
    return "".join(digits)


def _fields(entry: Found) -> set[str]:
    """The values of an entry's fields as keys; no word holds a colon."""
    of = entry.listed
    return {
        f"id:{_plain(entry.id)}",
        f"kind:{of.kind}",
        f"day:{of.day}",
        f"week:{of.week}",
        f"ring:{of.ring}",
        f"source:{fold(of.source)}",
        f"group:{fold(of.group)}",
        *(f"topic:{fold(topic)}" for topic in of.topics),
        *(f"cat:{_plain(name)}" for name in of.categories),
        *(f"has:{kind}" for kind in of.has),
        *(f"claim:{_claim(claim)}" for claim in of.claims),
        *(key for name in of.authors for key in _name(fold(name))),
    } - {"day:", "week:", "ring:", "source:", "group:"}


def _claim(claim: Claim) -> str:
    """A claim as a whole, since what is asked of venue, year and the rest must hold of one."""
    venue = fold(claim.venue.removeprefix("other:"))
    return f"{venue}/{claim.year or ''}/{claim.track}/{claim.status}/{claim.presentation or ''}"


def _name(name: str) -> Iterator[str]:
    """A name under each of its words, so that it is found by any, and as if it were one."""
    words = name.split()
    yield from (f"author:{word}|{name}" for word in words)
    if len(words) > 1:
        yield f"name:{''.join(words)}"


def _plain(value: str) -> str:
    """A value that is looked for as it is; what no query can name may not end a line either."""
    return " ".join(value.lower().replace(LINE, " ").split())
