"""Train the text prior of the ranking: src/sundaypaper/data/prior.json.gz.

Needs SUNDAYPAPER_DATA (a folder with weeks/ and accepted-papers.csv). Read are first versions as
arXiv listed them in three weeks of 2026, title and abstract alone; a paper is positive where a
venue's own list holds it. For those weeks that is mostly CVPR's, so the weights are the mean of two
fits, one of them with an intercept for each primary category that is forgotten afterwards: a paper
shall not read well only because it is about images. No week that benchmarks/lift.py measures is
read, and a full-batch fit has no randomness, so there is no seed. Usage: train_prior.py [OUT.json.gz]
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from sundaypaper.interest.prior import read

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
OUT = Path(__file__).parents[1] / "src" / "sundaypaper" / "data" / "prior.json.gz"
WEEKS = ("2026-W10", "2026-W11", "2026-W12")
MEASURED = ("2025-W25", "2025-W26")
FEWEST = 15  # papers that must hold a word
FEWEST_OF_CATEGORY = 30  # smaller ones share an intercept
STEPS, RIDGE = 300, 1.0
MIDDLE, BEST = 0.5, 0.99  # quantiles of papers that count 0 and 1


def accepted() -> set[str]:
    """arXiv ids that a venue's list holds."""
    with (DATA / "accepted-papers.csv").open() as file:
        rows = csv.DictReader(file)
        return {r["arxiv_id"] for r in rows if not r["venue"].endswith("_not_accepted")}


def papers(week: str) -> list[dict]:
    """A week's papers as its file has them."""
    with gzip.open(DATA / "weeks" / f"{week}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def first_versions(week: str, apart: set[str]) -> list[dict]:
    """Papers of a week in the text that arXiv listed first, without those apart."""
    return [p for p in papers(week) if p["version"] == 1 and p["id"] not in apart]


def matrix(texts: list[set[str]], words: list[str]) -> np.ndarray:
    """(papers, words) float32: 1 / sqrt(words known) where a paper holds the word, else 0."""
    place = {word: at for at, word in enumerate(words)}
    rows = np.zeros((len(texts), len(words)), np.float32)
    for row, text in zip(rows, texts, strict=True):
        known = [place[word] for word in text if word in place]
        row[known] = 1 / np.sqrt(max(1, len(known)))
    return rows


def categories(found: list[dict]) -> np.ndarray:
    """(papers, categories) float32: 1 in the column of a paper's primary category."""
    count = Counter(p["primary_category"] for p in found)
    columns = sorted(c for c, n in count.items() if n >= FEWEST_OF_CATEGORY)
    rows = np.zeros((len(found), len(columns) + 1), np.float32)
    for row, paper in zip(rows, found, strict=True):
        primary = paper["primary_category"]
        row[columns.index(primary) if primary in columns else -1] = 1
    return rows


def fit(x: np.ndarray, apart: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights of x by logistic regression on x and apart; classes weigh the same, with a ridge.

    Accelerated gradient descent over all rows; the last column, the intercept, is not shrunk.
    """
    share = np.where(y, len(y) / 2 / y.sum(), len(y) / 2 / (~y).sum()).astype(np.float32)
    full = np.hstack([x, apart, np.ones((len(x), 1), np.float32)])
    ridge = np.full(full.shape[1], RIDGE, np.float32)
    ridge[-1] = 0
    step = np.float32(1 / (0.25 * _largest(full * np.sqrt(share)[:, None]) + RIDGE))
    now = ahead = np.zeros(full.shape[1], np.float32)
    for n in range(STEPS):
        guess = 1 / (1 + np.exp(-(full @ ahead)))
        then = ahead - step * (full.T @ (share * (guess - y)) + ridge * ahead)
        ahead = then + np.float32(n / (n + 3)) * (then - now)
        now = then
    return now[: x.shape[1]]


def learn(x: np.ndarray, primary: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The mean of the weights learnt without and with an intercept for each category."""
    return (fit(x, primary[:, :0], y) + fit(x, primary, y)) / 2


def _largest(x: np.ndarray) -> float:
    """The largest eigenvalue of x'x, by power iteration."""
    v = np.ones(x.shape[1], np.float32) / np.sqrt(x.shape[1])
    for _ in range(50):
        v = x.T @ (x @ v)
        value = float(np.linalg.norm(v))
        v /= value
    return value


def train() -> dict[str, object]:
    """What prior.json.gz holds; prints what they were learnt from."""
    truth = accepted()
    apart = {p["id"] for week in MEASURED for p in papers(week)}
    found = [(week, p) for week in WEEKS for p in first_versions(week, apart)]
    texts = [read(p["title"], p["abstract"]) for _, p in found]
    count = Counter(word for text in texts for word in text)
    words = sorted(word for word, n in count.items() if n >= FEWEST)
    x, y = matrix(texts, words), np.array([p["id"] in truth for _, p in found])
    weeks, primary = np.array([week for week, _ in found]), categories([p for _, p in found])
    unseen = np.zeros(len(y))
    for week in WEEKS:  # where half of all papers and the best hundredth lie: on weeks not learnt
        rest = weeks != week
        unseen[~rest] = x[~rest] @ learn(x[rest], primary[rest], y[rest])
    weights = learn(x, primary, y)
    unit = np.abs(weights).max() / 127
    print(f"{len(y)} papers, {y.sum()} accepted, {len(words)} words")
    whole = np.round(weights / unit).astype(int).tolist()
    return {
        "unit": float(unit),
        "line": np.quantile(unseen, (MIDDLE, BEST)).astype(np.float32).tolist(),
        "weights": dict(zip(words, whole, strict=True)),
    }


if __name__ == "__main__":
    out = Path(sys.argv[1]) if sys.argv[1:] else OUT
    packed = gzip.compress(json.dumps(train(), separators=(",", ":")).encode(), mtime=0)
    out.write_bytes(packed)
    print(f"{out}: {len(packed)} bytes")
