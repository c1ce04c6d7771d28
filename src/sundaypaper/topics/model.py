"""The learnt model: how much an entry reads like each default topic, and which words say so.

    words, pairs | embedding, weighted mean |
                                 categories |-> one hidden layer -> a probability a topic
                the default topics' matches |

Papers and posts share the words and are told apart by a network each.

The numbers are read once from `data/topics.npz`, which tools/train_topics.py makes. They hold the
default matches as they were in training: what a user writes into feeds.yaml never changes what the
network is shown.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sundaypaper.models import Card, Filter, Topic
from sundaypaper.query import match, parse
from sundaypaper.wording.telling import first_to_say

from . import words

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

SHARE_OF_STRONGEST = 0.15


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer: hidden (D + C + 2 + T, H), output (H, T); thresholds (T,) are probabilities."""

    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    thresholds: Floats

    def run(self, seen: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """A probability for each topic (T,), and which hidden units answered (H,)."""
        inner = seen @ self.hidden + self.hidden_bias
        logits = np.maximum(inner, 0) @ self.output + self.output_bias
        return 1 / (1 + np.exp(-logits)), inner > 0


@dataclass(frozen=True, slots=True)
class Model:
    """The numbers of the npz. V words, D dimensions, C categories, H hidden units, T topics.

    embedding (V, D) int8, times scale (V,); matches are the default filters, in the order of
    topics. papers is the network of papers, posts that of all else.
    """

    header: Mapping[str, Any]
    vocabulary: Mapping[str, int]
    lexicon: words.Lexicon
    names: tuple[str, ...]
    topics: Mapping[str, int]
    matches: tuple[Filter, ...]
    categories: Mapping[str, int]
    embedding: NDArray[np.int8]
    scale: Floats
    papers: Network
    posts: Network

    def saw(self, topic: Topic) -> bool:
        """Whether the topic's match, as it stands, is one of the matches that the model looks at."""
        at = self.topics.get(topic.id)
        if at is None:
            return False
        known = self.matches[at]
        return known.text == topic.match.text or known.tree == topic.match.tree


class Likelihood(NamedTuple):
    """The probability of a topic, 0 < p < 1, and how much each term speaks for it, parts (N,)."""

    probability: float
    parts: Floats


@dataclass(frozen=True, slots=True)
class TopicReading:
    """The model's output for one card, a probability for each topic (T,), and its input.

    terms (N,) are those of the card, with their weights (N,) and vectors (N, D); direction (D,)
    is their weighted mean at length one; active (H,) are the hidden units of the network that
    answered.
    """

    model: Model
    network: Network
    probabilities: Floats
    terms: Ints
    weights: Floats
    vectors: Floats
    direction: Floats
    active: NDArray[np.bool_]

    def sure(self) -> dict[str, Likelihood]:
        """The topics over their thresholds, by id; none where no word is known."""
        network = self.network
        if not len(self.terms):
            return {}
        over = (self.probabilities > network.thresholds).nonzero()[0]
        answers = network.output.take(over, axis=1) * self.active[:, None]
        gradients = network.hidden[: self.vectors.shape[1]] @ answers
        parts = (self.vectors @ gradients).T * self.weights
        ids, likely = self.model.header["topics"], self.probabilities.take(over).tolist()
        return {
            ids[at]: Likelihood(*fields)
            for at, *fields in zip(over.tolist(), likely, parts, strict=True)
        }

    def words(self, likely: Likelihood, most: int = 3, beside: str = "") -> tuple[str, ...]:
        """The terms of the card that speak most for a topic, strongest first.

        None says again what another, or the text beside them, says already.
        """
        names, parts = self.model.names, likely.parts
        # Nearly always the strongest few are enough, and the others need not be put in order.
        for least in (SHARE_OF_STRONGEST * max(float(parts.max()), 0.0), 0.0):
            strong = (parts > least).nonzero()[0]
            order = strong.take((-parts.take(strong)).argsort(kind="stable"))
            terms = map(names.__getitem__, self.terms.take(order).tolist())
            spoken = first_to_say(terms, most, beside)
            if len(spoken) == most:
                break
        return spoken


def read(
    card: Card, model: Model | None = None, verdicts: Sequence[bool] | None = None
) -> TopicReading:
    """Run the model on a card; only its first 200 words and its fields are looked at.

    verdicts say whether each of the model's matches holds for the clipped card, where that is
    known already.
    """
    model = load() if model is None else model
    card = words.clipped(card)
    if verdicts is None:
        verdicts = [match(rule, card) for rule in model.matches]
    terms, weights, vectors, direction = _looked_up(card, model)
    known = _facts(card, model.categories, verdicts)
    seen = np.concatenate((direction * np.float32(model.header["gain"]), known))
    network = model.papers if _is_paper(card) else model.posts
    probabilities, active = network.run(seen)
    return TopicReading(model, network, probabilities, terms, weights, vectors, direction, active)


def direction(card: Card, model: Model | None = None) -> tuple[Floats, int]:
    """The weighted mean of the card's terms at length one, (D,), and how many terms are known."""
    terms, _, _, mean = _looked_up(words.clipped(card), load() if model is None else model)
    return mean, len(terms)


def _looked_up(card: Card, model: Model) -> tuple[Ints, Floats, Floats, Floats]:
    """The known terms of a clipped card, their weights, their vectors, and where those point."""
    terms, often = model.lexicon.bag(card.text)
    weights = (1 + np.log(often, dtype=np.float32)) * model.scale.take(terms)
    vectors = model.embedding.take(terms, axis=0).astype(np.float32)
    mean = weights @ vectors
    length = float(np.sqrt(mean @ mean)) or 1.0
    return terms, weights, vectors, mean / np.float32(length)


def facts(card: Card, categories: Mapping[str, int], matches: tuple[Filter, ...]) -> Floats:
    """(C + 2 + T,): the known categories, more than one, not a paper, and each default match."""
    return _facts(card, categories, [match(rule, card) for rule in matches])


def _facts(card: Card, categories: Mapping[str, int], verdicts: Sequence[bool]) -> Floats:
    size = len(categories)
    vector = np.zeros(size + 2 + len(verdicts), np.float32)
    if _is_paper(card):
        given = card.fields.get("cat", frozenset())
        vector[[categories[c] for c in given if c in categories]] = 1
        vector[size] = len(given) > 1
    else:
        vector[size + 1] = 1
    vector[size + 2 :] = verdicts
    return vector


def _is_paper(card: Card) -> bool:
    return "paper" in card.fields.get("kind", ("paper",))


@cache
def load() -> Model:
    """The model that ships with the package."""
    return loaded(resources.files("sundaypaper").joinpath("data", "topics.npz").read_bytes())


def loaded(body: bytes) -> Model:
    """A model from the bytes of an npz; ValueError where they hold anything but plain numbers."""
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        header = json.loads(arrays["header"].tobytes())
        names = tuple(arrays["vocabulary"].tobytes().decode().split("\n"))
        scale = arrays["scale"].astype(np.float32)
        papers, posts = (_network(arrays, kind) for kind in ("", "post_"))
        embedding = _unpacked(arrays["embedding"])
    vocabulary = {name: at for at, name in enumerate(names)}
    return Model(
        header=header,
        vocabulary=vocabulary,
        lexicon=words.Lexicon(vocabulary),
        names=names,
        topics={id: at for at, id in enumerate(header["topics"])},
        matches=tuple(parse(text) for text in header["matches"]),
        categories={name: at for at, name in enumerate(header["categories"])},
        embedding=embedding,
        scale=scale,
        papers=papers,
        posts=posts,
    )


def _network(arrays: Mapping[str, NDArray[Any]], kind: str) -> Network:
    """The network whose arrays begin with the kind's name."""
    return Network(*(arrays[kind + name].astype(np.float32) for name in _FLOATS))


def _unpacked(packed: NDArray[np.uint8]) -> NDArray[np.int8]:
    """(V, D / 2) bytes, two weights each, as (V, D) of -7 … 7."""
    table = np.empty((packed.shape[0], packed.shape[1] * 2), np.int8)
    table[:, ::2] = (packed & 15).astype(np.int8) - 8
    table[:, 1::2] = (packed >> 4).astype(np.int8) - 8
    return table


_FLOATS = ("hidden", "hidden_bias", "output", "output_bias", "thresholds")
