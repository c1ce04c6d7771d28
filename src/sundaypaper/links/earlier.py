"""What an entry goes on from: earlier entries that it names by id, or those of its own line.

A paper goes on from one with the same first author and another author in common whose text is near:
title and abstract share a good part of the words that say something. No model is asked, so that the
same two papers are always judged alike; docs/notes/0027 says how often that is right.
"""

from __future__ import annotations

from functools import lru_cache

from sundaypaper.links.references import references
from sundaypaper.models import Entry
from sundaypaper.text import fold
from sundaypaper.wording.telling import telling

# Twice what both say, by what each says; and how many pairs of neighbouring words are among it.
NEAR = 0.18
FEWEST_PAIRS = 5
MOST_NAMED = 3  # who names more gives a list, and goes on from none


def named(entry: Entry) -> tuple[str, ...]:
    """The ids of papers that an entry names in its comment, abstract or, a post, its links; at most three.

    None where it names more: a list of works is no sequel. A paper never names itself.
    """
    places = (entry.comment, entry.summary, *(entry.links if entry.kind == "post" else ()))
    ids = dict.fromkeys(id for place in places for id in references(place))
    others = tuple(id for id in ids if id != entry.id)
    return others if len(others) <= MOST_NAMED else ()


def continues(entry: Entry, earlier: Entry) -> bool:
    """Whether a paper goes on from an earlier one: same first author, another in common, near text."""
    if entry.kind != "paper" or earlier.kind != "paper" or entry.id == earlier.id:
        return False
    ours, theirs = _names(entry), _names(earlier)
    if not ours or ours[:1] != theirs[:1] or set(ours[1:]).isdisjoint(theirs[1:]):
        return False
    if fold(entry.title) == fold(earlier.title):
        return False  # the same paper again, under another id
    said, before = _said(entry.title, entry.summary), _said(earlier.title, earlier.summary)
    both = said & before
    if sum(" " in term for term in both) < FEWEST_PAIRS:
        return False
    return 2 * len(both) >= NEAR * (len(said) + len(before))


def _names(entry: Entry) -> list[str]:
    return [fold(author) for author in entry.authors]


@lru_cache(maxsize=4096)
def _said(title: str, summary: str) -> frozenset[str]:
    return telling(fold(title)) | telling(fold(summary))
