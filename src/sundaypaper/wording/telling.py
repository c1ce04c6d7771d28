"""Words and pairs of words that tell a person something: what two texts share, what speaks for a topic."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

SAME_STEM = 5
MOST_JUDGED = 10_000
EMPTY = frozenset(
    "a about above across ahead all also an and are as at be been between beyond but by can do does "
    "for from has have how if in into is it its mit more most near new no not of on one only or our "
    "out over per some such than that the their them then there these they this those through to "
    "two under up us use used using via was we what when where which while who will with within "
    "without you your".split()
)


def telling(text: str) -> frozenset[str]:
    """The words of a folded text that say something, and each two that stand together and do."""
    words = text.split()
    return frozenset(term for term in (*words, *map(" ".join, pairwise(words))) if sayable(term))


@lru_cache(MOST_JUDGED)
def sayable(term: str) -> bool:
    """Whether a term says something to a person: no empty word in it, no number, no letter alone."""
    parts = term.split()
    return EMPTY.isdisjoint(parts) and not any(len(part) == 1 or part.isdigit() for part in parts)


def first_to_say(terms: Iterable[str], most: int, beside: str) -> tuple[str, ...]:
    """The first terms, at most so many, that say something and not what is said already.

    A term says the same as a text where words of both begin with the same five letters.
    """
    chosen, heard = list[str](), set(_stems(beside))
    for term in terms:
        if len(chosen) == most:
            break
        if sayable(term) and heard.isdisjoint(_stems(term)):
            chosen.append(term)
            heard |= _stems(term)
    return tuple(chosen)


@lru_cache(MOST_JUDGED)
def _stems(text: str) -> frozenset[str]:
    return frozenset([word[:SAME_STEM] for word in text.split()])
