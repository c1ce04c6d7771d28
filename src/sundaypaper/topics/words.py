"""What the model looks at in a card: the first words, alone and in pairs, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import cast

from sundaypaper.models import Card

# A paper's abstract ends within both; of a long post only the beginning is read.
MOST_CHARACTERS = 2_000
MOST_WORDS = 200
SAME_STEM = 5
EMPTY = frozenset(
    "a about above across ahead all also an and are as at be been between beyond but by can do does "
    "for from has have how if in into is it its mit more most near new no not of on one only or our "
    "out over per some such than that the their them then there these they this those through to "
    "two under up us use used using via was we what when where which while who will with within "
    "without you your".split()
)


def clipped(card: Card) -> Card:
    """The card as the model reads it: itself, or its first 2,000 characters where it is longer."""
    if len(card.text) <= MOST_CHARACTERS:
        return card
    text = card.text[:MOST_CHARACTERS]
    title = text.partition("  ")[0].strip()
    words = frozenset(text.split())
    return Card(text, {**card.fields, "title": frozenset({title}), "word": words}, (), card.day)


def terms(text: str) -> list[str]:
    """The first 200 words of folded text, then each two that stand together."""
    words = text[:MOST_CHARACTERS].split()[:MOST_WORDS]
    return words + list(map(" ".join, pairwise(words)))


def bag(text: str, vocabulary: Mapping[str, int]) -> Counter[int]:
    """How often each term of the vocabulary stands in folded text."""
    known = Counter(map(vocabulary.get, terms(text)))
    known.pop(None, None)
    return cast("Counter[int]", known)


def sayable(term: str) -> bool:
    """Whether a term says something to a person: no empty word in it, no number, no letter alone."""
    parts = term.split()
    return EMPTY.isdisjoint(parts) and not any(len(part) == 1 or part.isdigit() for part in parts)


def alike(term: str, text: str) -> bool:
    """Whether a word of the text is one of the term, or begins with the same five letters."""
    stems = {word[:SAME_STEM] for word in text.split()}
    return any(word[:SAME_STEM] in stems for word in term.split())
