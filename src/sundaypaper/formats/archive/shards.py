"""Files of terms, each about as long as a reader should wait for: sorted, front coded, cut. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sundaypaper.formats.archive.numbers import encode
from sundaypaper.formats.archive.packing import deflated
from sundaypaper.formats.archive.terms import LINE
from sundaypaper.formats.view import encode as encode_text
from sundaypaper.models import Page

# Characters of postings, and of places, after which a file ends. A term is never cut.
POSTINGS, PLACES = 12_000, 24_000
# In a script the first could end it or open a comment; the others once ended a line of it.
ESCAPES = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}

Line = tuple[str, str, str]


def order(key: str) -> bytes:
    """Sorts keys as JavaScript compares them, by UTF-16 units."""
    return key.encode("utf-16-be", "surrogatepass")


def script(path: str, function: str, *values: Any) -> Page:
    """A page that calls a function of the archive with JSON; nothing in it can leave the script."""
    call = f"SundayPaper.archive.{function}({_arguments(values)});\n"
    for character, escape in ESCAPES.items():
        call = call.replace(character, escape)
    return Page(path, encode_text(call))


def packed_script(path: str, function: str, *values: Any) -> Page:
    """The same, its values deflated: a file of the archive is a third smaller so, and more."""
    count, held = deflated(encode_text(_arguments(values)))
    return Page(path, f'SundayPaper.archive.packed("{function}",{count},"{held}");\n'.encode())


def _arguments(values: Iterable[Any]) -> str:
    return ",".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in values)


def files(
    name: str, stems: tuple[str, str], terms: Mapping[str, tuple[str, str]]
) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """The files of all terms below `archive/<name>/`, and the separator before each shard.

    stems are the letters by which files of postings and of places begin.
    """
    pages: list[Page] = []
    separators: list[str] = []
    last = ""
    lines = ((key, *terms[key]) for key in sorted(terms, key=order))
    for number, shard in enumerate(_cut(lines)):
        separators.append(_separator(last, shard[0][0]) if number else "")
        last = shard[-1][0]
        pages += _shard(name, stems, number, shard)
    return tuple(pages), tuple(separators)


def front_coded(keys: Iterable[str]) -> str:
    """Sorted keys as one text: of each how many units it shares with the one before, and its rest."""
    before, coded = "", []
    for key in keys:
        shared = _shared(before, key)
        coded.append(f"{encode(len(order(shared)) // 2)}{key[len(shared) :]}")
        before = key
    return LINE.join(coded)


def _cut(lines: Iterable[Line]) -> Iterator[list[Line]]:
    shard: list[Line] = []
    postings = places = 0
    for line in lines:
        key, held, where = line
        postings += len(key) + len(held) + 3
        places += len(where) + 1
        if shard and (postings > POSTINGS or places > PLACES):
            yield shard
            shard, postings, places = [], len(key) + len(held) + 3, len(where) + 1
        shard.append(line)
    if shard:
        yield shard


def _shard(name: str, stems: tuple[str, str], number: int, shard: list[Line]) -> Iterator[Page]:
    keys = front_coded(key for key, _, _ in shard).split(LINE)
    lines = (f"{key} {postings}" for key, (_, postings, _) in zip(keys, shard, strict=True))
    held, where = (f"{stem}{number}" for stem in stems)
    yield packed_script(f"archive/{name}/{held}.js", "terms", name, held, LINE.join(lines))
    places = LINE.join(places for _, _, places in shard)
    if places.strip(LINE):
        yield packed_script(f"archive/{name}/{where}.js", "places", name, where, places)


def _separator(last: str, key: str) -> str:
    """The shortest string above the last key of a shard and not above the first of the next."""
    return key[: len(_shared(last, key)) + 1]


def _shared(one: str, other: str) -> str:
    """The beginning that two keys have in common."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return one[:shared]
