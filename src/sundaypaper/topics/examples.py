"""Topics from examples: how close an entry is to a few papers that a user named.

    vectors of the examples | the view that tells them best from other papers | a direction
    vector of an entry      | that view | cosine with the direction, in standard deviations

Two views of the vectors of words: as they are, which sees broad fields, and with the directions in
which all papers differ made equally long, which sees narrow subjects. `data/background.npz` holds
the vectors of 2,000 papers, so that "close" means closer than other papers are.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHRINK = 0.1
# In standard deviations of the background, by view; docs/topics-model.md says what they give.
LEAST = (3.0, 4.5)
FEW = 0.3


@dataclass(frozen=True, slots=True)
class LearntView:
    """One way to look at vectors (N, D): less middle (D,), times axes (D, D), at length one.

    others (N, D) are the vectors of the background, seen so; least is the threshold's lower end.
    """

    middle: Floats
    axes: Floats
    others: Floats
    least: float

    def seen(self, vectors: Floats) -> Floats:
        """Vectors (…, D) in this view."""
        turned: Floats = ((vectors - self.middle) @ self.axes).astype(np.float32)
        return _unit(turned)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A topic's examples as a direction and a threshold, in the view that sets them apart best.

    examples (N, D) are in that view, direction (D,) is their mean at length one; mean and spread
    are those of the background's cosines with it. threshold is in units of spread.
    """

    view: LearntView
    names: tuple[str, ...]
    examples: Floats
    direction: Floats
    mean: float
    spread: float
    threshold: float

    def score(self, vector: Floats) -> tuple[float, str] | None:
        """How surely an entry with this vector (D,) is like the examples, and the nearest one.

        None below the threshold; there 0.5, and towards 1 the further above it.
        """
        seen = self.view.seen(vector)
        above = (float(seen @ self.direction) - self.mean) / self.spread
        if above < self.threshold:
            return None
        nearest = int(np.argmax(self.examples @ seen))
        return 1 - 0.5 * self.threshold / above, self.names[nearest]


def likeness(names: Sequence[str], vectors: Floats, views: tuple[LearntView, ...] = ()) -> Likeness:
    """The likeness of examples with these vectors (N, D), N ≥ 1.

    The view is that in which an example, left out, stands furthest from the background in the
    direction of the others. The threshold is how far it stands there on average, and never below
    what the view asks for, which is the more, the fewer the examples are. A single example cannot
    be left out: it is seen in the view for narrow subjects.
    """
    views = views or background()
    apart, view = 0.0, views[-1]
    if len(names) > 1:
        apart, view = max(((_apart(view, vectors), view) for view in views), key=lambda a: a[0])
    threshold = max(view.least * (1 + FEW / len(names)), apart)
    seen = view.seen(vectors)
    direction = _unit(seen.sum(0))
    cosines = view.others @ direction
    mean, spread = float(cosines.mean()), float(cosines.std())
    return Likeness(view, tuple(names), seen, direction, mean, spread, threshold)


def _apart(view: LearntView, vectors: Floats) -> float:
    """How far an example, left out, stands above the background on average."""
    seen = view.seen(vectors)
    rest = _unit(seen.sum(0) - seen)
    cosines = view.others @ rest.T
    own = (seen * rest).sum(1)
    return float(((own - cosines.mean(0)) / cosines.std(0)).mean())


@cache
def background() -> tuple[LearntView, ...]:
    """The two views over the background that ships with the package."""
    with np.load(_background(), allow_pickle=False) as arrays:
        vectors = arrays["vectors"].astype(np.float32) * arrays["scale"].astype(np.float32)
    return views_over(vectors)


@cache
def made_for() -> str:
    """The model whose vectors the background holds: 16 hex digits of the hash of its words."""
    with np.load(_background(), allow_pickle=False) as arrays:
        return str(arrays["made_for"].tobytes().hex()[:16])


def _background() -> io.BytesIO:
    file = resources.files("sundaypaper").joinpath("data", "background.npz")
    return io.BytesIO(file.read_bytes())


def views_over(vectors: Floats) -> tuple[LearntView, ...]:
    """The two views over papers with these vectors (N, D), at length one."""
    middle = vectors.mean(0)
    variance, axes = np.linalg.eigh(np.cov(vectors.T, dtype=np.float64))
    evened = (axes / np.sqrt(variance + SHRINK * variance.mean())) @ axes.T
    both = np.eye(len(middle), dtype=np.float32), evened.astype(np.float32)
    return tuple(
        LearntView(middle, turned, _unit((vectors - middle) @ turned), least)
        for turned, least in zip(both, LEAST, strict=True)
    )


def _unit(vectors: Floats) -> Floats:
    length = np.sqrt((vectors * vectors).sum(-1, keepdims=True))
    unit: Floats = vectors / np.maximum(length, np.float32(1e-9))
    return unit
