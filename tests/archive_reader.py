"""Reads the archive's index as a browser may, and answers queries from it alone.

It shares nothing with what writes it but the parser of queries, and is as slow as it likes.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sundaypaper.models import All, Claim, Is, Node, Not, Words
from sundaypaper.models import Any as Or
from sundaypaper.query import CLAIM_FIELDS, parse, widened
from sundaypaper.query.names import is_name
from sundaypaper.query.trees import simplified

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
TITLE = 128

Reads = Callable[[str], bytes]


def vlq(text: str) -> Iterator[int]:
    """The numbers of base64 VLQ, unsigned."""
    held: list[int] = []
    for digit in text:
        value = DIGITS.index(digit)
        held.append(value % 32)
        if value < 32:
            yield sum(part * 32**n for n, part in enumerate(held))
            held = []


def rising(text: str) -> list[int]:
    """Numbers kept as the gaps between them."""
    numbers, last = [], -1
    for gap in vlq(text):
        last += gap + 1
        numbers.append(last)
    return numbers


def unpacked(script: bytes) -> bytes:
    """A script as it calls its function once its text is inflated; another stays as it is."""
    found = re.fullmatch(r'SundayPaper\.archive\.packed\("(\w+)",(\d+),"(.*)"\);\n', script.decode(), re.DOTALL)  # fmt: skip
    if not found:
        return script
    signs: list[int] = []
    for sign in map(ord, found[3]):
        signs += [sign] if sign < 128 else [(0, 10, 13, 34, 92)[(sign - 128) // 128], sign % 128]
    bits = "".join(f"{sign:07b}" for sign in signs)
    raw = bytes(int(bits[at : at + 8], 2) for at in range(0, int(found[2]) * 8, 8))
    return f"SundayPaper.archive.{found[1]}({zlib.decompress(raw, -15).decode()});\n".encode()


def values(read: Reads, path: str, function: str) -> list[Any]:
    """What a script of the archive hands to its function."""
    text = unpacked(read(path)).decode()
    begin, end = f"SundayPaper.archive.{function}(", ");\n"
    assert text.startswith(begin)
    assert text.endswith(end)
    return json.loads(f"[{text[len(begin) : -len(end)]}]")


def units(key: str) -> list[int]:
    """A key as JavaScript compares it."""
    raw = key.encode("utf-16-be")
    return [raw[n] * 256 + raw[n + 1] for n in range(0, len(raw), 2)]


def after(before: str, coded: str) -> str:
    """A key that says first how many units it shares with the one before."""
    ends = next(n for n, digit in enumerate(coded) if DIGITS.index(digit) < 32) + 1
    shared = next(vlq(coded[:ends]))
    return bytes(before, "utf-16-be")[: 2 * shared].decode("utf-16-be") + coded[ends:]


@dataclass
class Part:
    """One segment, with all shards that were asked for."""

    read: Reads
    name: str
    entries: int
    weeks: list[list[Any]]
    hidden: frozenset[int]
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        name, self.head = self.load("head.js", "head")
        assert name == self.name
        self.every = frozenset(range(self.entries))
        self.begins: list[str] = []
        for coded in self.head["shards"].split("*") if self.head["shards"] else ():
            self.begins.append(after(self.begins[-1] if self.begins else "", coded))

    def load(self, file: str, function: str) -> list[Any]:
        """A file of the segment."""
        self.asked.add(file)
        return values(self.read, f"archive/{self.name}/{file}", function)

    # ------------------------------------------------------------ terms

    def shard(self, letter: str, number: int) -> list[tuple[str, str]]:
        """Keys and postings of a shard."""
        name, stem, text = self.load(f"{letter}{number}.js", "terms")
        assert (name, stem) == (self.name, f"{letter}{number}")
        held, before = [], ""
        for line in text.split("*"):
            coded, _, postings = line.rpartition(" ")
            before = after(before, coded)
            held.append((before, postings))
        return held

    def range(self, letter: str, first: str, last: str) -> Iterator[tuple[str, str, int, int]]:
        """Every key from first up to last, with its postings, shard and line."""
        separators = self.begins if letter == "t" else self.load("pairs.js", "pairs")[1]
        for number, begins in enumerate(separators):
            after = separators[number + 1] if number + 1 < len(separators) else None
            if units(begins) > units(last) or (after is not None and units(after) <= units(first)):
                continue
            for line, (key, postings) in enumerate(self.shard(letter, number)):
                if units(first) <= units(key) <= units(last):
                    yield key, postings, number, line

    def beginning(self, prefix: str) -> Iterator[tuple[str, frozenset[int]]]:
        """Every field key that begins so, with its entries."""
        for key, postings, *_ in self.range("t", prefix, f"{prefix}\uffff"):
            yield key, frozenset(rising(postings))

    def key(self, key: str) -> frozenset[int]:
        """The entries of a field key."""
        found = (rising(postings) for _, postings, *_ in self.range("t", key, key))
        return frozenset(number for numbers in found for number in numbers)

    def places(
        self, letter: str, number: int, line: int, entries: list[int]
    ) -> set[tuple[int, int]]:
        """Entry and place of every occurrence of a term."""
        text = self.load(f"{letter}{number}.js", "places")[2].split("*")[line]
        found, at, last = set(), 0, 0
        for coded in vlq(text):
            last += coded >> 1
            found.add((entries[at], last))
            if coded & 1:
                at, last = at + 1, 0
        assert at == len(entries)
        return found

    # ------------------------------------------------------------ words

    def words_like(self, word: str, prefix: bool) -> list[str]:
        """The words that a word of a phrase stands for."""
        found = (key for key, *_ in self.range("t", word, f"{word}\uffff" if prefix else word))
        return [key for key in found if ":" not in key]

    def word(self, word: str, title: bool) -> frozenset[int]:
        """The entries that hold a word, in the title or anywhere."""
        for _, postings, *_ in self.range("t", word, word):
            coded = list(vlq(postings))
            numbers, last = [], -1
            for value in coded:
                last += (value >> 1) + 1
                numbers.append(last)
            return frozenset(n for n, v in zip(numbers, coded, strict=True) if v & 1 or not title)
        return frozenset()

    def places_of(self, word: str) -> set[tuple[int, int]]:
        """Where a word stands that is not one of the most common."""
        return {(number, place) for number, place, _ in self.beside(word)}

    def beside(self, word: str) -> set[tuple[int, int, int]]:
        """Where a word stands, and the digit for the common words beside it; frequent words have none."""
        assert word not in self.head["common"]
        for _, postings, number, line in self.range("t", word, word):
            entries, last = [], -1
            for value in vlq(postings):
                last += (value >> 1) + 1
                entries.append(last)
            if word in self.head["frequent"]:
                return {(n, place, 0) for n, place in self.places("p", number, line, entries)}
            return self.places_beside(number, line, entries)
        return set()

    def places_beside(
        self, number: int, line: int, entries: list[int]
    ) -> set[tuple[int, int, int]]:
        """Entry, place and neighbours of every occurrence of a word that is not frequent."""
        text = self.load(f"p{number}.js", "places")[2].split("*")[line]
        found, at, last = set(), 0, 0
        while text:
            ends = next(n for n, digit in enumerate(text) if DIGITS.index(digit) < 32) + 1
            coded, text = next(vlq(text[:ends])), text[ends:]
            last += coded >> 2
            neighbours = 0
            if coded & 2:
                neighbours, text = DIGITS.index(text[0]), text[1:]
            found.add((entries[at], last, neighbours))
            if coded & 1:
                at, last = at + 1, 0
        assert at == len(entries)
        return found

    def neighbours(self, first: str, second: str) -> set[tuple[int, int]]:
        """Where the first word stands right before the second."""
        common, known = self.head["common"], {*self.head["common"], *self.head["frequent"]}
        if first in known and second in known:
            pair = f"{first} {second}"
            for _, postings, number, line in self.range("q", pair, pair):
                return self.places("r", number, line, rising(postings))
            return set()
        if first in common:
            wanted = common.index(first) + 1
            return {(n, p - 1) for n, p, beside in self.beside(second) if beside % 8 == wanted}
        if second in common:
            wanted = common.index(second) + 1
            return {(n, p) for n, p, beside in self.beside(first) if beside // 8 == wanted}
        after = self.places_of(second)
        return {(n, place) for n, place in self.places_of(first) if (n, place + 1) in after}

    def phrase(self, words: Sequence[str], prefix: bool, title: bool) -> frozenset[int]:
        """The entries that hold the words in a row, within the title or the abstract."""
        if len(words) == 1:
            each = (self.word(word, title) for word in self.words_like(words[0], prefix))
            return frozenset(number for numbers in each for number in numbers)
        ends = self.words_like(words[-1], True) if prefix else [words[-1]]
        starts = None
        for offset, (first, second) in enumerate(pairwise(words)):
            seconds = ends if offset == len(words) - 2 else [second]
            found = {at for word in seconds for at in self.neighbours(first, word)}
            begin = {(number, place - offset) for number, place in found}
            starts = begin if starts is None else starts & begin
        return frozenset(n for n, place in starts or () if place < TITLE or not title)

    # ------------------------------------------------------------ trees

    def entries_of(self, node: Node) -> frozenset[int]:
        """The entries for which a tree holds."""
        if _of_claim(node):
            return self.claims(lambda claim: _claim_holds(node, claim))
        match node:
            case Words(words, prefix):
                return self.phrase(words, prefix, title=False)
            case Is():
                return self.field(node)
            case Not(of):
                return self.every - self.entries_of(of)
            case All(of):
                return self.all(of)
            case Or(of):
                return frozenset().union(*map(self.entries_of, of))

    def all(self, members: tuple[Node, ...]) -> frozenset[int]:
        """What all members hold for; those that ask for a claim ask for one."""
        claims = tuple(node for node in members if _of_claim(node))
        held = [self.entries_of(node) for node in members if not _of_claim(node)]
        if claims:
            held.append(self.claims(lambda claim: _claim_holds(All(claims), claim)))
        return self.every.intersection(*held)

    def claims(self, holds: Callable[[Claim], bool]) -> frozenset[int]:
        """The entries with a claim of that kind."""
        found: set[int] = set()
        for key, numbers in self.beginning("claim:"):
            venue, year, track, status, presentation = key.removeprefix("claim:").split("/")
            if holds(Claim(venue, int(year) if year else None, track, status, presentation)):  # type: ignore[arg-type]
                found |= numbers
        return frozenset(found)

    def field(self, node: Is) -> frozenset[int]:
        """The entries of which a field says so."""
        name, value = node.field, node.value
        if name == "title":
            return self.phrase(value.split(), node.prefix, title=True)
        if name == "author":
            return self.author(value, node.prefix)
        if name in ("since", "until"):
            ends = ("day:" + value, "day:9999") if name == "since" else ("day:", "day:" + value)
            found = (rising(postings) for _, postings, *_ in self.range("t", *ends))
            return frozenset(number for numbers in found for number in numbers)
        if node.prefix:
            each = (numbers for _, numbers in self.beginning(f"{name}:{value}"))
            return frozenset().union(*each)
        return self.key(f"{name}:{value}")

    def author(self, asked: str, prefix: bool) -> frozenset[int]:
        """Names are looked for under the last word, of which no initial is printed, and judged whole."""
        words = asked.split()
        ends = "" if prefix or len(words[-1]) == 1 else "|"
        found = {
            number
            for key, numbers in self.beginning(f"author:{words[-1]}{ends}")
            if is_name(asked, key.partition("|")[2], prefix)
            for number in numbers
        }
        return frozenset(found) | (
            self.key(f"name:{''.join(words)}") if not prefix else frozenset()
        )

    # ------------------------------------------------------------ records

    def record(self, number: int) -> dict[str, Any]:
        """What a line shows of an entry."""
        block = self.head["block"]
        name, at, records = self.load(f"e{number // block}.js", "entries")
        assert (name, at) == (self.name, number // block)
        return dict(zip(self.head["fields"], records[number % block], strict=True))

    def week_of(self, number: int) -> str:
        """The issue in which an entry stands."""
        return next(week for week, first, count in self.weeks if first <= number < first + count)


class Archive:
    """All segments that the manifest names, the oldest first."""

    def __init__(self, read: Reads) -> None:
        (manifest,) = values(read, "archive/index.js", "manifest")
        self.manifest = manifest
        self.parts = []
        for told in manifest["segments"]:
            name = told["name"]
            held = (manifest[kind].get(name, "") for kind in ("older", "removed"))
            hidden = frozenset(number for text in held for number in rising(text))
            self.parts.append(Part(read, name, told["entries"], told["weeks"], hidden))

    def find(self, text: str, hidden: bool = False) -> list[tuple[str, str]]:
        """Issue and id of every entry that a query asks for, the newest issue first, best first."""
        found = self.numbers(text, hidden)
        return [(part.week_of(number), part.record(number)["id"]) for part, number in found]

    def numbers(self, text: str, hidden: bool = False) -> list[tuple[Part, int]]:
        """The same, before any record is read."""
        tree = widened(simplified(parse(text).tree))
        found: list[tuple[Part, int]] = []
        for part in reversed(self.parts):
            numbers = part.entries_of(tree) - (frozenset() if hidden else part.hidden)
            for _, first, count in reversed(part.weeks):
                found += [(part, n) for n in sorted(numbers) if first <= n < first + count]
        return found


def of_build(site: Path) -> Archive:
    """The archive of a build."""
    return Archive(lambda path: (site / path).read_bytes())


def _of_claim(node: Node) -> bool:
    if isinstance(node, All | Or):
        return bool(node.of) and all(map(_of_claim, node.of))
    return isinstance(node, Is) and node.field in CLAIM_FIELDS


def _claim_holds(node: Node, claim: Claim) -> bool:
    match node:
        case All(of):
            return all(_claim_holds(member, claim) for member in of)
        case Or(of):
            return any(_claim_holds(member, claim) for member in of)
        case Is("venue", value, True):
            return claim.venue.startswith(value)
        case Is(name, value):
            return str(getattr(claim, name)) == value
    raise TypeError(node)
