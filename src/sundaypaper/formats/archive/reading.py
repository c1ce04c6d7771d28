"""Reads the files of a segment, to join it with others and to see which entries it holds. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from sundaypaper.formats.archive.frequent_words import COMMON
from sundaypaper.formats.archive.numbers import first
from sundaypaper.formats.archive.packing import inflated
from sundaypaper.formats.archive.terms import LINE
from sundaypaper.models import Page

PACKED = re.compile(r'SundayPaper\.archive\.packed\("\w+",(\d+),"(.*)"\);\n', re.DOTALL)
WITHOUT_PLACES = frozenset(COMMON)


@dataclass(frozen=True)
class Segment:
    """Some whole weeks of the archive; read gives the bytes of a file by its name, such as `t0.js`."""

    name: str
    read: Callable[[str], bytes]

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """What head.js says."""
        head: Mapping[str, Any] = self._values("head")[1]
        return head

    @cached_property
    def separators(self) -> list[str]:
        """The shortest string that parts each shard of words from the one before, the first empty."""
        coded = self.head["shards"]
        return list(_whole(coded.split(LINE))) if coded else []

    @property
    def weeks(self) -> list[tuple[str, int, int]]:
        """Its weeks, each with the number of its first entry and how many it has."""
        return [(week, begins, count) for week, begins, count in self.head["weeks"]]

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        return sum(count for _, _, count in self.weeks)

    def words(self) -> Iterator[tuple[str, str, str]]:
        """Every word and field in order: key, postings, places."""
        for number in range(len(self.separators)):
            yield from self._shard("t", "p", number)

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """Every pair in order: key, postings, places."""
        for number in range(len(self._values("pairs")[1])):
            yield from self._shard("q", "r", number)

    def ids(self) -> Iterator[tuple[str, str]]:
        """The ids of its entries as keys, with the postings of each."""
        begins = [*self.separators, "id;"]
        for number, (first_key, after) in enumerate(pairwise(begins)):
            if after > "id:" and first_key < "id;":
                held = ((key, postings) for key, postings in _lines(self._values(f"t{number}")[2]))
                yield from ((key, postings) for key, postings in held if key.startswith("id:"))

    def records(self) -> Iterator[list[Any]]:
        """The records of its entries in order."""
        for number in range(-(-self.entries // self.head["block"])):
            yield from self._values(f"e{number}")[2]

    def scores(self) -> str:
        """The scores of its entries as text."""
        return str(self._values("scores")[1])

    def _shard(self, held: str, where: str, number: int) -> Iterator[tuple[str, str, str]]:
        lines = list(_lines(self._values(f"{held}{number}")[2]))
        if any(has_places(key) for key, _ in lines):
            places = self._values(f"{where}{number}")[2].split(LINE)
        else:
            places = [""] * len(lines)
        return ((key, held, at) for (key, held), at in zip(lines, places, strict=True))

    def _values(self, stem: str) -> list[Any]:
        text = self.read(f"{stem}.js").decode()
        found = PACKED.fullmatch(text)
        if not found:
            raise ValueError(f"{stem}.js is no file of the archive")
        values: list[Any] = json.loads(f"[{inflated(int(found[1]), found[2])}]")
        return values


def of_pages(name: str, pages: Iterable[Page]) -> Segment:
    """A segment whose pages were just made."""
    bodies = {page.path: page.body for page in pages}
    return Segment(name, lambda file: bodies[f"archive/{name}/{file}"])


def has_places(key: str) -> bool:
    """Whether a term has places: a field has none, nor has a function word."""
    return ":" not in key and key not in WITHOUT_PLACES


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The keys of a shard, each with its postings."""
    coded, _, postings = zip(*(line.rpartition(" ") for line in text.split(LINE)), strict=True)
    yield from zip(_whole(coded), postings, strict=True)


def _whole(coded: Iterable[str]) -> Iterator[str]:
    """Keys of which each says first what it shares with the one before."""
    key = ""
    for text in coded:
        shared, rest = first(text)
        key = _beginning(key, shared) + rest
        yield key


def _beginning(key: str, units: int) -> str:
    """As many UTF-16 units of a key, which are its characters in most."""
    if key.isascii():
        return key[:units]
    return key.encode("utf-16-be")[: units * 2].decode("utf-16-be")
