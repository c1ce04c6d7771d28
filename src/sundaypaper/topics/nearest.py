"""More like this: which entries of earlier weeks are nearest to an entry, and in which words.

    cards | the mean of their words' vectors, along the axes on which papers differ most | bytes
    bytes of many weeks, an entry | those that point the same way | the words that both say

An entry is kept as 96 bytes, so that a quarter of a year, some 50,000 entries, is compared at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from sundaypaper.models import Card
from sundaypaper.text import fold
from sundaypaper.wording.telling import first_to_say, telling

from .examples import background, made_for
from .model import direction

Bytes = NDArray[np.int8]
Floats = NDArray[np.float32]
Text = tuple[str, str]

AXES = 96
SCALE = 320.0  # a coordinate of a vector at length one seldom exceeds 0.4
LEAST_LIKE = 0.35  # a cosine; below it two papers of one field share no subject
SHARED = 3
PHRASE = 1.5  # a phrase that both say tells more than its words
# What papers say of themselves, whatever they are about.
GENERIC = frozenset(
    "able achieve achieves additional additionally address addresses after against allow allows allowing "
    "any approach approaches art based because before both capabilities capability challenge challenges "
    "challenging code compared complex comprehensive conduct consistent consistently crucial "
    "current demonstrate demonstrates demonstrating despite develop different diverse due effective "
    "effectively effectiveness efficient efficiently enable enables enabling enhance enhances ensure "
    "especially et evaluate evaluation even evaluations existing experiment experimental experiments "
    "extensive fail fails finally findings first five focus four framework frameworks fully further "
    "furthermore general generalization github has hence high highlight highly however i.e "
    "identify important improve improved improvement improvements improves improving include including "
    "instead introduce introduces just key lack large leads leverage leverages limitation limitations "
    "limited main major many method methods moreover motivated much multiple needs never novel "
    "notably offering often one other outperform outperforming outperforms overall own paper "
    "particularly performance potential present presents previous prior problem problems progressively "
    "promising propose proposed proposes provide provides providing question range recent "
    "recently remain remains require requires requiring research result resulting results reveal "
    "reveals robust same several should show shows significant significantly simple simply since "
    "single solution solutions solving specific specifically standard state still strategies "
    "strategy strong studies study substantial substantially suggest superior systematic task tasks "
    "thereby though thus time together toward towards traditional typically unified "
    "unlike using validate various very via well whether widely without work works yet "
    "yields".split()
)


@dataclass(frozen=True, slots=True)
class Near:
    """A near entry: its number among the rows that count, and the cosine with the one asked for."""

    number: int
    likeness: float


def made_with() -> str:
    """The name of the model behind the vectors: those of another one mean something else."""
    return made_for()


def vectors(cards: Sequence[Card]) -> bytes:
    """The vectors of entries (N, 96), a byte a coordinate; zeros where no word is known."""
    middle, axes = _axes()
    means = np.array([direction(card)[0] for card in cards], np.float32).reshape(-1, len(middle))
    turned = (means - middle) @ axes
    length = np.sqrt((turned * turned).sum(1, keepdims=True))
    unit = np.where(means.any(1, keepdims=True), turned / np.maximum(length, 1e-9), 0)
    return np.clip(np.rint(unit * SCALE), -127, 127).astype(np.int8).tobytes()


def nearest(
    asked: bytes, held: Sequence[bytes], rows: Sequence[int], most: int
) -> tuple[tuple[Near, ...], ...]:
    """For each vector asked for (M, 96) the nearest of those held, the nearest first.

    held are weeks one after another, rows the numbers of the vectors in them that count (N). At
    most so many are found, none below the least likeness; of equals the one that is held first.
    """
    every = np.frombuffer(b"".join(held), np.int8).reshape(-1, AXES)
    theirs = _unit(every[np.asarray(rows, np.int64)])
    found = []
    for likeness in _unit(np.frombuffer(asked, np.int8).reshape(-1, AXES)) @ theirs.T:
        likely = np.flatnonzero(likeness >= LEAST_LIKE)
        best = likely[np.argsort(-likeness[likely], kind="stable")[:most]]
        found.append(tuple(Near(int(at), float(likeness[at])) for at in best))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Usage:
    """In how many of so many texts each telling word or phrase stands: what is rare says more."""

    texts: int
    often: Counter[str]

    def rarity(self, term: str) -> float:
        """The logarithm of one in how many texts says it, > 0."""
        return log((self.texts + 2) / (self.often[term] + 1))


def usage(texts: Iterable[Text]) -> Usage:
    """How often the words of these texts are used, each a title and a summary."""
    said = [_said(text) for text in texts]
    return Usage(len(said), Counter(term for terms in said for term in terms))


def shared(text: Text, other: Text, usage: Usage) -> tuple[str, ...]:
    """What both texts are about: the rare words and phrases that both say, three at most.

    What a title says, or a text says again and again, comes first; none says another again.
    """
    ours, theirs = _counts(text), _counts(other)
    titles = [telling(fold(title)) for title, _ in (text, other)]

    def weight(term: str) -> float:
        phrase = PHRASE if " " in term else 1.0
        told = 1 + sum(term in title for title in titles)
        return usage.rarity(term) * phrase * told * sqrt(ours[term] * theirs[term])

    both = [term for term in ours.keys() & theirs.keys() if GENERIC.isdisjoint(term.split())]
    return first_to_say(sorted(both, key=lambda term: (-weight(term), term)), SHARED, "")


def _counts(text: Text) -> Counter[str]:
    """How often each telling word and phrase stands in a text."""
    said: Counter[str] = Counter()
    for part in map(fold, text):
        words = part.split()
        said.update(words)
        said.update(map(" ".join, pairwise(words)))
    return Counter({term: said[term] for term in _said(text)})


def _said(text: Text) -> frozenset[str]:
    title, summary = text
    return telling(fold(title)) | telling(fold(summary))


def _unit(vectors: Bytes) -> Floats:
    plain = vectors.astype(np.float32)
    length = np.sqrt((plain * plain).sum(1, keepdims=True))
    unit: Floats = plain / np.maximum(length, np.float32(1e-9))
    return unit


@cache
def _axes() -> tuple[Floats, Floats]:
    """The middle of all papers (D,), and the axes along which they differ most (D, 96)."""
    view = background()[0]
    _, _, axes = np.linalg.svd(view.others.astype(np.float64), full_matrices=False)
    chosen = axes[:AXES]
    # An axis has no direction of its own: one is agreed on, so that bytes kept elsewhere still fit.
    strongest = np.take_along_axis(chosen, np.abs(chosen).argmax(1)[:, None], 1)
    return view.middle, (chosen * np.sign(strongest)).T.astype(np.float32)
