"""The learnt part: how much an entry reads like each default topic, and which words say so.

    words, pairs | embedding, weighted mean |
                                 categories |-> one hidden layer -> a probability a topic
                the default topics' matches |

The numbers are read once from `data/topics.npz`, which tools/train_topics.py makes. They hold the
default matches as they were in training: what a user writes into feeds.yaml never changes what the
network is shown.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sundaypaper.models import Card, Filter, Topic
from sundaypaper.query import match, parse

from . import words

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Model:
    """The numbers of the npz. V words, D dimensions, C categories, H hidden units, T topics.

    embedding (V, D) int8, times scale (V,); hidden (D + C + 2 + T, H), output (H, T); thresholds
    (T,) are probabilities; matches are the default filters, in the order of topics.
    """

    header: Mapping[str, Any]
    vocabulary: Mapping[str, int]
    names: tuple[str, ...]
    topics: Mapping[str, int]
    matches: tuple[Filter, ...]
    categories: Mapping[str, int]
    embedding: NDArray[np.int8]
    scale: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    thresholds: Floats

    def saw(self, topic: Topic) -> bool:
        """Whether the topic's match, as it stands, is one of the matches that the model looks at."""
        at = self.topics.get(topic.id)
        if at is None:
            return False
        known = self.matches[at]
        return known.text == topic.match.text or known.tree == topic.match.tree


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model makes of one card: a probability a topic, (T,), and what it was shown.

    found (N,) are the terms of the card, with their weights (N,) and vectors (N, D); active (H,)
    are the hidden units that answered.
    """

    model: Model
    probabilities: Floats
    found: Ints
    weights: Floats
    vectors: Floats
    active: NDArray[np.bool_]

    def probability(self, topic: str) -> float:
        """0 < p < 1 for a topic that the model knows; KeyError otherwise."""
        return float(self.probabilities[self.model.topics[topic]])

    def holds(self, topic: str) -> bool:
        """Whether the probability is over the topic's threshold.

        False for an unknown topic, and for all where no word of the card is known.
        """
        at = self.model.topics.get(topic)
        if at is None or not len(self.found):
            return False
        return bool(self.probabilities[at] > self.model.thresholds[at])

    def words(self, topic: str, most: int = 3, beside: str = "") -> tuple[str, ...]:
        """The terms of the card that speak most for the topic, strongest first.

        None says again what another, or the text beside them, says already.
        """
        model = self.model
        gradient = model.hidden @ (model.output[:, model.topics[topic]] * self.active)
        parts = (self.vectors @ gradient[: self.vectors.shape[1]]) * self.weights
        said = [beside]
        for at in np.argsort(-parts, kind="stable"):
            name = model.names[self.found[at]]
            if parts[at] <= 0 or len(said) > most:
                break
            if words.sayable(name) and not any(words.alike(name, other) for other in said):
                said.append(name)
        return tuple(said[1:])


def read(card: Card, model: Model | None = None) -> Reading:
    """What the model makes of a card; only its first 200 words and its fields are looked at."""
    model = load() if model is None else model
    card = words.clipped(card)
    counts = words.bag(card.text, model.vocabulary)
    found = np.fromiter(counts.keys(), np.int32, len(counts))
    often = np.fromiter(counts.values(), np.float32, len(counts))
    weights = (1 + np.log(often)) * model.scale.take(found)
    vectors = model.embedding.take(found, axis=0).astype(np.float32)
    mean = weights @ vectors
    length = float(np.sqrt(mean @ mean)) or 1.0
    known = facts(card, model.categories, model.matches)
    seen = np.concatenate((mean * np.float32(model.header["gain"] / length), known))
    inner = seen @ model.hidden + model.hidden_bias
    logits = np.maximum(inner, 0) @ model.output + model.output_bias
    return Reading(model, 1 / (1 + np.exp(-logits)), found, weights, vectors, inner > 0)


def facts(card: Card, categories: Mapping[str, int], matches: tuple[Filter, ...]) -> Floats:
    """(C + 2 + T,): the known categories, more than one, not a paper, and each default match."""
    size = len(categories)
    found = np.zeros(size + 2 + len(matches), np.float32)
    if "paper" in card.fields.get("kind", ("paper",)):
        given = card.fields.get("cat", frozenset())
        found[[categories[c] for c in given if c in categories]] = 1
        found[size] = len(given) > 1
    else:
        found[size + 1] = 1
    found[size + 2 :] = [match(rule, card) for rule in matches]
    return found


@cache
def load() -> Model:
    """The model that ships with the package."""
    return loaded(resources.files("sundaypaper").joinpath("data", "topics.npz").read_bytes())


def loaded(body: bytes) -> Model:
    """A model from the bytes of an npz; ValueError where they hold anything but plain numbers."""
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        header = json.loads(arrays["header"].tobytes())
        names = tuple(arrays["vocabulary"].tobytes().decode().split("\n"))
        numbers = {name: arrays[name].astype(np.float32) for name in _FLOATS}
        embedding = _unpacked(arrays["embedding"])
    return Model(
        header=header,
        vocabulary={name: at for at, name in enumerate(names)},
        names=names,
        topics={id: at for at, id in enumerate(header["topics"])},
        matches=tuple(parse(text) for text in header["matches"]),
        categories={name: at for at, name in enumerate(header["categories"])},
        embedding=embedding,
        **numbers,
    )


def _unpacked(packed: NDArray[np.uint8]) -> NDArray[np.int8]:
    """(V, D / 2) bytes, two weights each, as (V, D) of -7 … 7."""
    table = np.empty((packed.shape[0], packed.shape[1] * 2), np.int8)
    table[:, ::2] = (packed & 15).astype(np.int8) - 8
    table[:, 1::2] = (packed >> 4).astype(np.int8) - 8
    return table


_FLOATS = ("scale", "hidden", "hidden_bias", "output", "output_bias", "thresholds")
