"""The model's input of a card: its first words, alone and in pairs, with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise, repeat
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sundaypaper.models import Card

Ints = NDArray[np.signedinteger[Any]]

NONE = -1
# A paper's abstract ends within both; of a long post only the beginning is read.
MOST_CHARACTERS = 2_000
MOST_WORDS = 200


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


class Lexicon:
    """A vocabulary laid out for reading: words by number, and pairs by the numbers of both words.

    A search in one sorted array finds all pairs of a text without putting any of them together, and
    without a walk through tables that no cache of a processor holds.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        spelled = dict.fromkeys(word for term in vocabulary for word in term.split(" "))
        self._numbers = {word: number for number, word in enumerate(spelled)}
        self._unknown, self._many = len(spelled), len(spelled) + 1
        alone = np.full(self._many, NONE, np.int32)
        # The last pair, of no word with none, lies behind all that a search can ask for.
        pairs = [(self._many**2, NONE)]
        for term, at in vocabulary.items():
            numbers = [self._numbers[word] for word in term.split(" ")]
            if len(numbers) == 1:
                alone[numbers[0]] = at
            else:
                pairs.append((numbers[0] * self._many + numbers[1], at))
        self._alone = alone
        self._pairs, self._terms = np.array(sorted(pairs), np.int64).T.copy()

    def bag(self, text: str) -> tuple[Ints, Ints]:
        """The same as bag, in arrays: the terms (N,), rising, and how often each stands there, (N,)."""
        words = text[:MOST_CHARACTERS].split()[:MOST_WORDS]
        words.append("")  # no word, so that at least one is unknown
        known = map(self._numbers.get, words, repeat(self._unknown))
        numbers = np.fromiter(known, np.int64, len(words))
        asked = numbers[:-1] * self._many + numbers[1:]
        asked.sort()  # searched faster so
        near = self._pairs.searchsorted(asked)
        pairs = np.where(self._pairs.take(near) == asked, self._terms.take(near), NONE)
        terms = np.concatenate((self._alone.take(numbers), pairs), dtype=np.int32)
        terms.sort()
        starts = (terms[1:] != terms[:-1]).nonzero()[0] + 1
        often = np.concatenate((starts[1:], (len(terms),))) - starts
        return terms.take(starts), often
