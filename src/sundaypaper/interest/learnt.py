"""The learnt part of interest: how much a paper is like those that readers voted for most.

A linear model over what features.py reads, in two bounded parts: the text, and authors and labs.
docs/interest-model.md is its card; tools/train_interest.py makes it again.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import islice
from math import fsum, sqrt
from types import MappingProxyType

from sundaypaper.errors import SundayPaperError
from sundaypaper.interest import features
from sundaypaper.models import Claim, Entry

FILE = "data/interest.json.gz"
MOST_NAMED = 2  # words named in the reason
SHORTEST = 4  # "its" may weigh much, and says nothing to a person
TELLING = 0.2


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
    """Weights by term and by name of a fact, and the bounds of both parts.

    telling are the terms that say something to a person and weigh at least TELLING of the most.
    """

    terms: Mapping[str, float]
    facts: Mapping[str, float]
    text: Bounds
    authors: Bounds
    telling: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        least = TELLING * max(self.terms.values(), default=0.0)
        strong = (term for term, weight in self.terms.items() if weight >= least)
        long = (term for term in strong if len(term.removeprefix("^")) >= SHORTEST)
        object.__setattr__(self, "telling", frozenset(long))

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
        strong = sorted(known & self.telling, key=lambda term: (-self.terms[term], term))
        words = dict.fromkeys(term.removeprefix("^") for term in strong)
        return tuple(islice(words, MOST_NAMED))


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
