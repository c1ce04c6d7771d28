"""An entry's direction in 32 characters: small enough to be sent to a page for a whole week.

    direction (344,) | less the mean, along the 32 axes in which papers differ most | length one
                     | 63 steps a number, each a character

`data/compact.npz` holds mean and axes; tools/compact.py makes it again, whenever topics.npz is. A
character's place in ALPHABET, less 31, is the number in steps; order.js reads it so.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from sundaypaper.models import Card
from sundaypaper.topics.model import Floats, direction

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MIDDLE = 31
# Of numbers that are spread evenly over a direction, one in 400 lies further out and is cut there.
SPREADS = 3.0


@dataclass(frozen=True, slots=True)
class Axes:
    """mean (D,) and axes (D, K); name stands for both, so that vectors of others are not mixed in.

    made_for is the SHA-256 of the embedding that the directions are made of.
    """

    mean: Floats
    axes: Floats
    name: str
    made_for: bytes


def compact(card: Card) -> str:
    """The direction of a card, K characters; empty where no word of it is known."""
    whole, known = direction(card)
    return written(whole, axes()) if known else ""


def written(whole: Floats, along: Axes) -> str:
    """A direction (D,) along the axes, K characters."""
    short = (whole - along.mean) @ along.axes
    length = float(np.sqrt(short @ short)) or 1.0
    step = SPREADS / (np.sqrt(len(short)) * MIDDLE)
    steps = np.rint(short / (length * step)).clip(-MIDDLE, MIDDLE).astype(int) + MIDDLE
    return "".join(map(ALPHABET.__getitem__, steps.tolist()))


@cache
def axes() -> Axes:
    """The axes that ship with the package."""
    body = resources.files("sundaypaper").joinpath("data", "compact.npz").read_bytes()
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        along = arrays["axes"].astype(np.float32) * arrays["scale"]
        mean, made_for = arrays["mean"], arrays["made_for"].tobytes()
    name = hashlib.sha256(mean.tobytes() + along.tobytes()).hexdigest()[:8]
    return Axes(mean, along, name, made_for)
