"""A linear model over a paper's words: how much it reads like papers that venues accept.

It knows which words occur, not how often or where; docs/rank.md names what it was trained on, and
tools/train_prior.py trains it again.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from importlib import resources
from math import fsum, sqrt
from types import MappingProxyType

from sundaypaper.errors import SundayPaperError
from sundaypaper.text import fold

FILE = "data/prior.json.gz"
MOST_NAMED = 2  # words named in the reason
SHORTEST = 4  # "its" may weigh much, and says nothing to a person
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# What would tell of an acceptance, or counts already under another name.
UNREAD = frozenset(
    "accepted accept acceptance appear camera ready published proceedings conference workshop "
    "neurips nips icml cvpr iclr iccv eccv aaai emnlp naacl corl icra iros submitted arxiv preprint "
    "code codes available github huggingface https http www com org io url page website project "
    "release released".split()
)


@dataclass(frozen=True, slots=True)
class Prior:
    """Weights by folded word, and the values of the model that count 0 and 1."""

    weights: Mapping[str, float]
    low: float = 0.0
    high: float = 1.0

    def __call__(self, title: str, summary: str) -> tuple[float, tuple[str, ...]]:
        """From 0 (like half of all papers, or less) to 1 (like the best hundredth), and why."""
        known = self.weights.keys() & _words(title, summary)
        if not known:
            return 0.0, ()
        value = fsum(map(self.weights.__getitem__, known)) / sqrt(len(known))
        share = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return share, self._strongest(known) if share else ()

    def _strongest(self, known: set[str]) -> tuple[str, ...]:
        weights = ((-self.weights[word], word) for word in known if len(word) >= SHORTEST)
        return tuple(word for weight, word in nsmallest(MOST_NAMED, weights) if weight < 0)


NO_PRIOR = Prior(MappingProxyType({}))


def read(title: str, summary: str) -> set[str]:
    """The words that a model may know: folded, each once, without addresses, numbers and UNREAD."""
    return {word for word in _words(title, summary) if word not in UNREAD and not word.isdigit()}


def _words(title: str, summary: str) -> set[str]:
    text = ADDRESS.sub(" ", summary) if "http" in summary or "www." in summary else summary
    return set(fold(f"{title} {text}").split())


@cache
def shipped() -> Prior:
    """The model that comes with the package; SundayPaperError where its file is damaged."""
    data = resources.files("sundaypaper").joinpath(FILE).read_bytes()
    return loaded(data)


def loaded(data: bytes) -> Prior:
    """A model from the bytes of prior.json.gz; SundayPaperError where they are none.

    unit is the value of a weight of 1, line the two values that count 0 and 1.
    """
    try:
        model = json.loads(gzip.decompress(data))
        unit, (low, high) = float(model["unit"]), map(float, model["line"])
        weights = {word: weight * unit for word, weight in model["weights"].items()}
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, AttributeError) as e:
        raise SundayPaperError(f"{FILE} is damaged ({e}): install the package anew") from e
    return Prior(weights, low, high)
