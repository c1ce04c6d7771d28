"""The arithmetic of tools/train_topics.py: the network, the measures, the embedding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
MOST_TAGS = 4
LEVELS = 7  # a weight is one of -7 … 7, four bits


def sigmoid(x: Floats) -> Floats:
    """Logits to probabilities."""
    probabilities: Floats = (1 / (1 + np.exp(-x))).astype(np.float32)
    return probabilities


def log_odds(probability: Floats) -> Floats:
    """Probabilities to logits, none beyond 0.01 and 0.99."""
    return np.log((probability + 0.01) / (1.01 - probability))


def unit(x: Floats) -> Floats:
    """Each row at length 1."""
    return (x / (1e-6 + np.linalg.norm(x, axis=1, keepdims=True))).astype(np.float32)


# ---------------------------------------------------------------- the network


class Net:
    """features (N, F) -> ReLU(H) -> logits (N, T), trained by Adam on weighted cross-entropy."""

    def __init__(self, inputs: int, hidden: int, outputs: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.parts = [
            self.rng.normal(0, inputs**-0.5, (inputs, hidden)).astype(np.float32),
            np.zeros(hidden, np.float32),
            self.rng.normal(0, hidden**-0.5, (hidden, outputs)).astype(np.float32),
            np.full(outputs, -2.5, np.float32),
        ]

    def __call__(self, x: Floats) -> Floats:
        a, b, c, d = self.parts
        return np.maximum(x @ a + b, 0) @ c + d

    def fit(
        self, x: Floats, y: Floats, weight: Floats, *, epochs: int, drop: float, noise: float
    ) -> Net:
        """weight 0 leaves a pair of row and topic out; the learning rate falls to zero."""
        size, batch, rate = len(x), 64, 2e-3
        first = [np.zeros_like(p) for p in self.parts]
        second = [np.zeros_like(p) for p in self.parts]
        total, step = epochs * (size // batch), 0
        for _ in range(epochs):
            order = self.rng.permutation(size)
            for start in range(0, size - batch + 1, batch):
                rows = order[start : start + batch]
                grads = self._gradients(x[rows], y[rows], weight[rows], drop, noise)
                step += 1
                now = rate * (1 - step / total)
                for k, g in enumerate(grads):
                    first[k] = 0.9 * first[k] + 0.1 * g
                    second[k] = 0.99 * second[k] + 0.01 * g**2
                    move = first[k] / (1 - 0.9**step)
                    move /= np.sqrt(second[k] / (1 - 0.99**step)) + 1e-8
                    self.parts[k] -= now * (move + (1e-4 * self.parts[k] if k % 2 == 0 else 0))
        return self

    def _gradients(
        self, x: Floats, y: Floats, weight: Floats, drop: float, noise: float
    ) -> tuple[Floats, ...]:
        a, b, c, d = self.parts
        x = x * (self.rng.random(x.shape, np.float32) >= noise)
        inner = x @ a + b
        keep = (self.rng.random(inner.shape, np.float32) >= drop) / np.float32(1 - drop)
        hidden = np.maximum(inner, 0) * keep
        error = (sigmoid(hidden @ c + d) - y) * weight / len(x)
        back = (error @ c.T) * keep * (inner > 0)
        return x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)


# ---------------------------------------------------------------- measures


def chosen(scores: Floats, threshold: Floats | float) -> Flags:
    """Over the threshold, and among the four best of the row."""
    over = scores > threshold
    rest = np.argsort(-np.where(over, scores, -np.inf), axis=1, kind="stable")[:, MOST_TAGS:]
    np.put_along_axis(over, rest, False, axis=1)
    return over


def f1(given: Flags, want: Flags, skip: Flags) -> tuple[float, float, NDArray[np.float64]]:
    """Micro F1, macro F1 over topics with at least ten positives, F1 of each topic."""
    hit = (given & want).sum(0)
    wrong = (given & ~want & ~skip).sum(0)
    missed = (~given & want).sum(0)
    each = 2 * hit / np.maximum(1, 2 * hit + wrong + missed)
    many = hit + missed >= 10
    micro = 2 * hit.sum() / max(1, 2 * hit.sum() + wrong.sum() + missed.sum())
    return float(micro), float(each[many].mean()) if many.any() else 0.0, each


def best_threshold(scores: Floats, want: Flags, skip: Flags) -> float:
    """The one threshold with the highest micro F1."""
    tried = np.quantile(scores, np.linspace(0.7, 0.99, 120))
    return float(max(tried, key=lambda t: f1(scores > t, want, skip)[0]))


def interval(given: Flags, want: Flags, skip: Flags, seed: int) -> tuple[float, float]:
    """The 95 % bootstrap interval of micro F1 over rows."""
    rng = np.random.default_rng(seed)
    draws = (rng.integers(0, len(want), len(want)) for _ in range(2000))
    found = [f1(given[d], want[d], skip[d])[0] for d in draws]
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def out_of_fold(
    rows: int, outputs: int, folds: int, seed: int, fit: Callable[[Flags], Floats]
) -> tuple[Floats, NDArray[np.int64]]:
    """Scores of each row by a model that never saw it; fit takes the rows to learn from."""
    fold = np.random.default_rng(seed).permutation(rows) % folds
    scores = np.zeros((rows, outputs), np.float32)
    for k in range(folds):
        scores[fold == k] = fit(fold != k)[fold == k]
    return scores, fold


# ---------------------------------------------------------------- the embedding


def directions(x: sparse.csr_matrix, dimensions: int, seed: int) -> Floats:
    """The latent directions of the words, (V, D): a truncated SVD of documents by words."""
    _, _, found = randomized_svd(x, dimensions, n_iter=2, random_state=seed)
    return found.T.astype(np.float32)


def translation(x: sparse.csr_matrix, target: Floats, ridge: float, steps: int) -> Floats:
    """(V, D): the ridge regression of dense targets on words, by conjugate gradients."""
    found = np.zeros((x.shape[1], target.shape[1]), np.float32)
    back = x.T.tocsr()
    rest = back @ target
    way, size = rest.copy(), (rest * rest).sum(0)
    for _ in range(steps):
        ahead = back @ (x @ way) + ridge * way
        pace = size / np.maximum((way * ahead).sum(0), 1e-12)
        found += pace * way
        rest -= pace * ahead
        new = (rest * rest).sum(0)
        way = rest + (new / np.maximum(size, 1e-12)) * way
        size = new
    return found


def coarse(table: Floats, seed: int) -> tuple[NDArray[np.int8], Floats]:
    """Four bits a weight and one scale a row, after a rotation that makes all columns alike."""
    wide = table.shape[1]
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(wide, wide)))
    table = table @ turn.astype(np.float32)
    reach = np.minimum(np.abs(table).max(1), 2.7 * np.sqrt((table**2).mean(1)))
    scale = np.maximum(reach / LEVELS, 1e-12).astype(np.float32)
    steps = np.clip(np.rint(table / scale[:, None]), -LEVELS, LEVELS)
    return steps.astype(np.int8), scale


def packed(steps: NDArray[np.int8]) -> NDArray[np.uint8]:
    """(V, D) of -7 … 7 as (V, D / 2) bytes: even columns in the low half, odd in the high one."""
    shifted = (steps + 8).astype(np.uint8)
    return (shifted[:, ::2] | (shifted[:, 1::2] << 4)).astype(np.uint8)
