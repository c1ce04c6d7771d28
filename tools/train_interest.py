"""Train the learnt part of interest: src/sundaypaper/data/interest.json.gz.

Needs SUNDAYPAPER_DATA and requirements/train.txt. Logistic regressions with a ridge, one a target
(how far a paper came among the most voted of its week, and what editors chose), on top of the named
parts of the score, which stand as they are: one point of the score is one of log odds. What ships is
their mean, cut at its bounds. The weeks that benchmarks/worth.py measures are not read.
Usage: train_interest.py [--folds]; with --folds the same training is judged on all 57 weeks first,
each fifth of them by what the other four taught (benchmarks/gold/interest-folds.json)
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import interest_corpus as corpora
import numpy as np
from scipy import optimize, sparse

from sundaypaper.interest import features
from sundaypaper.interest.rules import RULES
from sundaypaper.topics import model as topic_model

MEASURED = ("2025-W25", "2025-W26", "2026-W10", "2026-W11", "2026-W12")
FIGURES = Path(__file__).parents[1] / "benchmarks" / "gold" / "interest-folds.json"
FOLDS = 5
OUT = Path(__file__).parents[1] / "src" / "sundaypaper" / "data" / "interest.json.gz"
FEWEST, FEWEST_PAIRS = 30, 60  # papers that must hold a term, or a pair of words of the abstract
FEWEST_FACTS = 100
RIDGE, STEPS = 5.0, 300
TERMS, FACTS = 3.0, 0.3  # what a unit of each kind of column is worth before the ridge
NEAR = 4.0  # how far a paper's mean of word vectors may say it
TARGETS = {"loved": 4.0, "voted": 1.0, "chosen": 0.5, "general": 0.5}
BOUNDS = {"text": (0.05, 0.9999), "authors": (0.0, 0.999)}  # quantiles of papers
FEWEST_OF_CATEGORY = 20
GROUPS = ("authors", "lab")  # what facts of authors and labs begin with


@dataclass(frozen=True, slots=True)
class Columns:
    """What the model is shown: x (papers, terms + facts), each column times its scale.

    vectors (terms, D) are those of the topic model, in units of near (papers, D), a paper's mean of
    them: terms of one meaning are learnt together, and afterwards each has its share as a weight.
    """

    terms: list[str]
    facts: list[str]
    scale: np.ndarray
    x: sparse.csr_matrix
    vectors: np.ndarray
    near: np.ndarray

    def folded(self, found: np.ndarray) -> np.ndarray:
        """Coefficients of x and near as coefficients of x alone."""
        plain, vector = np.split(found, [self.x.shape[1]])
        plain = plain.copy()
        plain[: len(self.terms)] += self.vectors @ vector / TERMS
        return plain


def columns(read: Sequence[features.Reading]) -> Columns:
    """Terms and facts that are common enough, terms shared out so that long texts weigh no more."""
    terms = common_terms(Counter(term for one in read for term in one.terms))
    told = [one.facts | one.authors for one in read]
    count = Counter(name for facts in told for name in facts)
    facts = sorted(name for name, n in count.items() if n >= FEWEST_FACTS)
    said = filled([dict.fromkeys(one.terms, 1.0) for one in read], terms)
    known = np.maximum(1, np.asarray(said.sum(axis=1)).ravel())
    held = filled(told, facts)
    mean, square = (np.asarray(m.mean(axis=0)).ravel() for m in (held, held.power(2)))
    spread = np.sqrt(np.maximum(1e-9, square - mean**2))
    scale = np.concatenate((np.full(len(terms), TERMS), FACTS / spread))
    said = sparse.diags(1 / np.sqrt(known)) @ said
    vectors = word_vectors(
        terms, held_by=np.bincount(said.indices, minlength=len(terms)), of=len(read)
    )
    near = said @ vectors
    unit = NEAR / np.sqrt(((near - near.mean(axis=0)) ** 2).sum(axis=1).mean())
    x = sparse.csr_matrix(sparse.hstack((said, held)) @ sparse.diags(scale))
    return Columns(terms, facts, scale, x, vectors * unit, (near - near.mean(axis=0)) * unit)


def word_vectors(terms: list[str], held_by: np.ndarray, of: int) -> np.ndarray:
    """(terms, D) float32: the topic model's vector of each term, times the rarity of the term."""
    model = topic_model.load()
    table = np.zeros((len(terms), model.embedding.shape[1]), np.float32)
    for row, term in zip(table, terms, strict=True):
        if (at := model.vocabulary.get(term.removeprefix("^"))) is not None:
            row[:] = model.embedding[at] * model.scale[at]
    return table * np.log(of / held_by)[:, None].astype(np.float32)


def common_terms(count: Counter[str]) -> list[str]:
    """Terms of enough papers, without what is not read and what names a lab."""
    silent = features.UNREAD | features.LABS
    return sorted(
        term
        for term, n in count.items()
        if n >= (FEWEST_PAIRS if " " in term and term[0] != "^" else FEWEST)
        and not silent.intersection(term.removeprefix("^").split())
        and not term.removeprefix("^").isdigit()
    )


def filled(said: Sequence[dict[str, float]], names: Sequence[str]) -> sparse.csr_matrix:
    """(papers, names): the value of each name that a paper has."""
    place = {name: at for at, name in enumerate(names)}
    rows, at, values = [], [], []
    for row, one in enumerate(said):
        for name, value in one.items():
            if (column := place.get(name)) is not None:
                rows.append(row)
                at.append(column)
                values.append(value)
    return sparse.csr_matrix((values, (rows, at)), (len(said), len(names)))


def fit(
    shown: Columns, rows: np.ndarray, offset: np.ndarray, y: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Coefficients of x and near by logistic regression on top of the offset, on some rows."""
    x, near = shown.x[rows], shown.near[rows]
    across, along, plain = x.T.tocsr(), np.ascontiguousarray(near.T), x.shape[1]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        value = x @ w[:plain] + near @ w[plain:-1].astype(np.float32) + w[-1] + offset
        over = weight * (1 / (1 + np.exp(-np.clip(value, -500, 500))) - y)
        cost = weight @ (np.logaddexp(0, value) - y * value) + RIDGE / 2 * (w[:-1] @ w[:-1])
        slope = np.concatenate((across @ over, along @ over.astype(np.float32), [over.sum()]))
        slope[:-1] += RIDGE * w[:-1]
        return cost, slope

    start = np.zeros(plain + near.shape[1] + 1)
    start[-1] = np.log(weight @ y / (weight @ (1 - y)))
    options = {"maxiter": STEPS, "ftol": 1e-7}
    return optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x[:-1]


def targets(corpus: corpora.Corpus) -> dict[str, np.ndarray]:
    """Which papers count as interesting, by the name of the target."""
    lists = corpora.editors()
    chosen = set().union(*(ids for name, ids in lists.items() if name != "safety"))
    return {
        "loved": (corpus.place > 0) & (corpus.place <= corpora.MOST_LOVED),
        "voted": corpus.place > 0,
        "chosen": np.isin(corpus.ids, list(chosen)),
        "general": np.isin(corpus.ids, list(lists["general"])),
    }


def learn(corpus: corpora.Corpus, shown: Columns, rows: np.ndarray) -> np.ndarray:
    """Coefficients of x: the mean of what the targets teach, on some rows."""
    named, weight = corpus.named[rows], corpus.weight[rows]
    truth, whole = targets(corpus), sum(TARGETS.values())
    found = np.zeros(shown.x.shape[1])
    for name, share in TARGETS.items():
        taught = fit(shown, rows, named, truth[name][rows].astype(float), weight)
        found += share / whole * shown.folded(taught)
    return found


def train(corpus: corpora.Corpus) -> dict[str, object]:
    """What interest.json.gz holds."""
    read = [features.read(one.story.sighting.entry, one.claims) for one in corpus.tagged]
    shown = columns(read)
    found = learn(corpus, shown, np.arange(len(read)))
    groups = np.array([name.startswith(GROUPS) for name in shown.facts])
    ours = np.append(np.zeros(len(shown.terms), bool), groups)
    parts = {"text": shown.x[:, ~ours] @ found[~ours], "authors": shown.x[:, ours] @ found[ours]}
    bounds = {name: bounded(name, part, corpus.weight) for name, part in parts.items()}
    weights = found * shown.scale
    terms, facts = np.split(weights, [len(shown.terms)])
    unit = float(np.abs(terms).max()) / 127
    whole = np.round(terms / unit).astype(int).tolist()
    print(f"{len(read)} papers, {len(shown.terms)} terms, {len(shown.facts)} facts; {bounds}")
    return {
        "unit": unit,
        "terms": {term: n for term, n in zip(shown.terms, whole, strict=True) if n},
        "facts": dict(zip(shown.facts, np.round(facts, 4).tolist(), strict=True)),
        **bounds,
    }


def bounded(name: str, values: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    """Low, high, and the share of the learnt part that lies between them, one point a log odd."""
    low, high = quantiles(values, weight, BOUNDS[name])
    most = round((high - low) / RULES["learnt"], 4)
    return round(low, 4), round(high, 4), most


def quantiles(values: np.ndarray, weight: np.ndarray, at: tuple[float, float]) -> list[float]:
    """Quantiles of values that count by their weights."""
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / weight.sum()
    return [
        float(values[order][np.searchsorted(share, q, side="left").clip(max=len(order) - 1)])
        for q in at
    ]


# ---------------------------------------------------------------- cross-validation


def judged(corpus: corpora.Corpus, score: np.ndarray) -> dict[str, object]:
    """The bars on sampled weeks: a paper stands for as many as its weight says.

    A paper is among the first 100 of a week where those before it weigh less than 100; a choice of
    an editor counts by its weight; the lists are judged within the primary category and the week.
    """
    ids, weight, lists = np.array(corpus.ids), corpus.weight, corpora.editors()
    loved = (corpus.place > 0) & (corpus.place <= corpora.MOST_LOVED)
    chosen = np.isin(ids, list(lists["general"])) * weight
    before = standing(score, corpus.weeks, weight)
    of_category = [
        f"{week} {one.story.sighting.entry.categories[0]}"
        for week, one in zip(corpus.weeks, corpus.tagged, strict=True)
    ]
    share = standing(score, np.array(of_category), weight, FEWEST_OF_CATEGORY)
    counted = ~np.isnan(share)
    means = {
        name: round(float(np.average(share[at], weights=weight[at])), 3)
        for name, members in sorted(lists.items())
        if (at := np.isin(ids, list(members)) & counted).sum() >= 5
    }
    return {
        "weeks": len(np.unique(corpus.weeks)),
        "loved": int(loved.sum()),
        "loved@25": int((loved & (before < 25)).sum()),
        "loved@100": int((loved & (before < 100)).sum()),
        "picked": int((chosen > 0).sum()),
        "picked@100": round(float(chosen[before < 100].sum() / chosen.sum()), 3),
        "lists": means,
        "lists_mean": round(
            float(np.mean([m for name, m in means.items() if name != "safety"])), 3
        ),
    }


def standing(
    score: np.ndarray, group: np.ndarray, weight: np.ndarray, share_of: float = 0
) -> np.ndarray:
    """What stands before each paper of its group, by weight; as a share where share_of is given.

    Groups that weigh less than share_of have no shares but NaN.
    """
    found = np.full(len(score), np.nan)
    for one in np.unique(group):
        at = np.flatnonzero(group == one)
        order = at[np.argsort(-score[at], kind="stable")]
        whole = weight[order].sum()
        before = np.cumsum(weight[order]) - weight[order]
        if whole >= share_of:
            found[order] = before / whole if share_of else before
    return found


def folds(corpus: corpora.Corpus) -> dict[str, object]:
    """What judged says of scores that each fifth of the weeks has from the other four."""
    shown = columns([features.read(one.story.sighting.entry, one.claims) for one in corpus.tagged])
    order = {week: at % FOLDS for at, week in enumerate(np.unique(corpus.weeks).tolist())}
    fold = np.array([order[week] for week in corpus.weeks.tolist()])
    score = corpus.named.copy()
    for number in range(FOLDS):
        found = learn(corpus, shown, np.flatnonzero(fold != number))
        score[fold == number] += shown.x[fold == number] @ found
    return judged(corpus, score)


def main(arguments: list[str]) -> None:
    """Write the model, and with --folds the figures of the folds before it."""
    corpus = corpora.load()
    if "--folds" in arguments:
        figures = json.dumps(folds(corpus), indent=1)
        FIGURES.write_text(figures + "\n")
        print(figures, flush=True)
    apart = np.isin(corpus.weeks, MEASURED) | np.isin(corpus.ids, corpora.measured(MEASURED))
    model = train(corpus.of(np.flatnonzero(~apart)))
    packed = gzip.compress(json.dumps(model, separators=(",", ":")).encode(), mtime=0)
    OUT.write_bytes(packed)
    print(f"{OUT}: {len(packed)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
