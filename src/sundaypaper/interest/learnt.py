"""The learnt part of interest: how much a paper is like those that readers voted for most.

A linear model over what features.py reads, in two bounded parts: the text, and authors and labs.
docs/interest-model.md is its card; tools/train_interest.py makes it again.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from importlib import resources
from math import fsum, sqrt
from types import MappingProxyType

from sundaypaper.errors import SundayPaperError
from sundaypaper.interest import features
from sundaypaper.models import Claim, Entry

FILE = "data/interest.json.gz"
MOST_NAMED = 2  # words named in the reason
SHORTEST = 4  # "its" may weigh much, and says nothing to a person


@dataclass(frozen=True, slots=True)
class Bounds:
    """A value between low and high becomes one between 0 and most, all of it shares of the whole."""

    low: float
    high: float
    most: float

    def __call__(self, value: float) -> float:
        inside = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return self.most * inside


@dataclass(frozen=True, slots=True)
class Liking:
    """How much a paper is like what readers vote for: two shares of 1, and the strongest words."""

    text: float
    authors: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by term and by name of a fact, and the bounds of both parts."""

    terms: Mapping[str, float]
    facts: Mapping[str, float]
    text: Bounds
    authors: Bounds

    def __call__(self, entry: Entry, claims: Collection[Claim] = ()) -> Liking:
        """The entry as readers are likely to take it."""
        read = features.read(entry, claims)
        known = self.terms.keys() & read.terms
        said = fsum(map(self.terms.__getitem__, known)) / sqrt(len(known) or 1)
        return Liking(
            self.text(said + self._sum(read.facts)),
            self.authors(self._sum(read.authors)),
            self._strongest(known),
        )

    def _sum(self, facts: Mapping[str, float]) -> float:
        weigh = self.facts
        return fsum(value * weigh[name] for name, value in facts.items() if name in weigh)

    def _strongest(self, known: set[str]) -> tuple[str, ...]:
        weights = {w.removeprefix("^"): self.terms[w] for w in known if self.terms[w] > 0}
        long = (word for word in sorted(weights) if len(word) >= SHORTEST)
        return tuple(nlargest(MOST_NAMED, long, key=weights.__getitem__))


NO_MODEL = Model(MappingProxyType({}), MappingProxyType({}), Bounds(0, 1, 0), Bounds(0, 1, 0))


@cache
def shipped() -> Model:
    """The model that comes with the package; SundayPaperError where its file is damaged."""
    data = resources.files("sundaypaper").joinpath(FILE).read_bytes()
    return loaded(data)


def loaded(data: bytes) -> Model:
    """A model from the bytes of interest.json.gz; SundayPaperError where they are none.

    unit is the value of a term's weight of 1; text and authors hold low, high and most.
    """
    try:
        model = json.loads(gzip.decompress(data))
        unit = float(model["unit"])
        terms = {term: weight * unit for term, weight in model["terms"].items()}
        facts = {name: float(weight) for name, weight in model["facts"].items()}
        text, authors = (Bounds(*map(float, model[part])) for part in ("text", "authors"))
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, AttributeError) as e:
        raise SundayPaperError(f"{FILE} is damaged ({e}): install the package anew") from e
    return Model(terms, facts, text, authors)
