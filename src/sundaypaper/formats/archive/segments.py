"""The archive's index in segments of whole weeks: made of an issue, or joined of others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sundaypaper.formats.archive import records
from sundaypaper.formats.archive.frequent_words import COMMON, FORMAT, FREQUENT
from sundaypaper.formats.archive.numbers import count_and_sum, decode, encode, first, gaps
from sundaypaper.formats.archive.reading import Segment
from sundaypaper.formats.archive.shards import files, front_coded, packed_script, script
from sundaypaper.formats.archive.terms import Found, terms
from sundaypaper.models import Issue, Page, Pick
from sundaypaper.query import listed

Held = Mapping[str, tuple[str, str]]


def in_order(issue: Issue) -> tuple[Pick, ...]:
    """The entries of an issue in the order in which they are numbered: best first, ties by id."""
    return tuple(sorted(issue.entries, key=lambda pick: (-pick.score, pick.id)))


def numbered(issue: Issue) -> dict[str, int]:
    """The number of each entry within its week."""
    return {pick.id: number for number, pick in enumerate(in_order(issue))}


def of_week(issue: Issue, page: Callable[[str], str]) -> tuple[Page, ...]:
    """The segment of one issue, of the name of its week; page gives the path of an entry's own page.

    An entry that was taken out keeps its number, a line without its words, and is never found.
    """
    picks, name = in_order(issue), issue.week
    removed = frozenset(
        change.id for change in issue.amendments if change.kind == "removed" and change.holds
    )
    made = terms(Found(pick.id, pick.title, listed(pick, issue.abstracts)) for pick in picks)
    gone = gaps(number for number, pick in enumerate(picks) if pick.id in removed)
    return (
        *_index(name, [(name, 0, len(picks))], gone, made.words, made.pairs),
        *records.blocks(name, (records.record(pick, page(pick.id)) for pick in picks)),
        packed_script(f"archive/{name}/scores.js", "scores", name, _scores(picks)),
    )


def joined(name: str, parts: Sequence[Segment]) -> tuple[Page, ...]:
    """One segment of others, the oldest first."""
    offsets = [sum(part.entries for part in parts[:n]) for n in range(len(parts))]
    starts = list(zip(parts, offsets, strict=True))
    weeks = [(w, start + at, count) for part, start in starts for w, at, count in part.weeks]
    gone = gaps(start + n for part, start in starts for n in _numbers(part.head["removed"]))
    words = _merged((part.words(), start) for part, start in starts)
    return (
        *_index(name, weeks, gone, words, _merged((part.pairs(), start) for part, start in starts)),
        *records.blocks(name, (record for part in parts for record in part.records())),
        packed_script(
            f"archive/{name}/scores.js", "scores", name, "".join(part.scores() for part in parts)
        ),
    )


def manifest(segments: Sequence[Segment]) -> Page:
    """`archive/index.js`: all segments, oldest first, and which of their entries are hidden.

    older are those that a later issue holds again, removed those that were taken out.
    """
    older: dict[str, str] = {}
    later: set[str] = set()
    for segment in reversed(segments):
        again: list[int] = []
        for key, postings in segment.ids():
            numbers = list(_numbers(postings))
            again += numbers if key in later else numbers[:-1]
            later.add(key)
        older[segment.name] = gaps(sorted(again))
    removed = {segment.name: segment.head["removed"] for segment in segments}
    return script(
        "archive/index.js",
        "manifest",
        {
            "format": FORMAT,
            "segments": [
                {"name": segment.name, "entries": segment.entries, "weeks": segment.weeks}
                for segment in segments
            ],
            "older": {name: older[name] for name in sorted(older) if older[name]},
            "removed": {name: held for name, held in removed.items() if held},
        },
    )


def _index(
    name: str, weeks: Iterable[tuple[str, int, int]], removed: str, words: Held, pairs: Held
) -> Iterator[Page]:
    held, separators = files(name, ("t", "p"), words)
    of_pairs, between = files(name, ("q", "r"), pairs)
    head: dict[str, Any] = {
        "fields": records.FIELDS,
        "block": records.BLOCK,
        "weeks": list(weeks),
        "removed": removed,
        "common": COMMON,
        "frequent": FREQUENT,
        "shards": front_coded(separators),
    }
    yield packed_script(f"archive/{name}/head.js", "head", name, head)
    yield packed_script(f"archive/{name}/pairs.js", "pairs", name, between)
    yield from held
    yield from of_pairs


def _merged(parts: Iterable[tuple[Iterable[tuple[str, str, str]], int]]) -> Held:
    """The terms of all parts, numbered on from the number at which each begins."""
    held: dict[str, list[tuple[int, str, str]]] = {}
    for lines, start in parts:
        for key, postings, places in lines:
            held.setdefault(key, []).append((start, postings, places))
    return {key: _chained(key, some) for key, some in held.items()}


def _chained(key: str, some: Sequence[tuple[int, str, str]]) -> tuple[str, str]:
    """A term of several parts: the first gap of each is what lies between it and the part before."""
    shift = 0 if ":" in key or " " in key else 1
    last = -1
    chain: list[str] = []
    for start, postings, _ in some:
        if chain:
            count, steps = count_and_sum("".join(chain[-2:]), shift)
            last += count + steps
        gap, rest = first(postings)
        chain += (encode((start - last - 1 << shift) + gap), rest)
    return "".join(chain), "".join(places for _, _, places in some)


def _numbers(postings: str) -> Iterator[int]:
    last = -1
    for gap in decode(postings):
        last += gap + 1
        yield last


def _scores(picks: Sequence[Pick]) -> str:
    """Thousandths: the first plain, each other as what it is below the one before."""
    scores = [max(0, round(pick.score * 1000)) for pick in picks]
    steps = (before - score for before, score in pairwise(scores))
    return "".join(map(encode, (*scores[:1], *steps)))
