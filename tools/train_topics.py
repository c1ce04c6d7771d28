"""Make src/sundaypaper/data/topics.npz again, and the figures of docs/topics-model.md.

    python tools/train_topics.py DATA [--cache DIR] [--taught N] [--figures]

DATA holds gold/train-topics.jsonl, gold/topics.jsonl (read for the last figure alone), weeks/ and
venue-topics.jsonl.gz. Needs requirements/train.in. An hour on one core the first time, most of
it for the teacher's vectors, which are kept in the cache.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import topic_card
from scipy import sparse
from sklearn.preprocessing import normalize
from topic_fit import (
    Flags,
    Floats,
    Net,
    best_threshold,
    chosen,
    coarse,
    directions,
    joined,
    out_of_fold,
    packed,
    sigmoid,
    translation,
    unit,
)
from topic_teacher import vectors

from sundaypaper.config import default_topics
from sundaypaper.models import Card
from sundaypaper.query import card_of_entry
from sundaypaper.topics import words
from sundaypaper.topics.model import facts

HOME = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """All that decides the numbers, beside the data."""

    seed: int = 20
    vocabulary: int = 50_000
    latent: int = 192
    translated: int = 128
    translated_share: float = 1.0
    ridge: float = 0.5
    steps: int = 8
    gain: float = 4.0
    least_category: int = 25
    teachers: int = 2
    teacher_hidden: int = 128
    teacher_epochs: int = 25
    students: int = 1
    student_hidden: int = 256
    student_epochs: int = 12
    repeat: int = 2
    taught: int = 22_400
    folds: int = 5


@dataclass(frozen=True)
class Corpus:
    """Labelled rows first, then the others: facts (N, F), terms (N, V), vectors of those taught."""

    rows: list[dict[str, Any]]
    labelled: int
    names: list[str]
    weights: Floats
    terms: sparse.csr_matrix
    facts: Floats
    categories: list[str]
    taught: Floats


def main() -> None:
    """Read, learn, write, tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--cache", type=Path, default=Path("train-cache"))
    asked.add_argument("--taught", type=int, default=Settings.taught)
    asked.add_argument("--figures", action="store_true", help="cross-validate, renew the card")
    asked.add_argument("--out", type=Path, default=HOME / "src/sundaypaper/data/topics.npz")
    given = asked.parse_args()
    settings = Settings(taught=given.taught)
    corpus = gather(given.data, settings, given.cache)
    say("corpus")
    table, scale = embed(corpus, settings)
    say("embedding")
    x = seen(corpus, table, scale, settings)
    folded, fold = judged(corpus, x, settings)
    want, skip = labels(corpus.rows[: corpus.labelled])
    threshold = best_threshold(folded, want, skip)
    say("out of fold", topic_card.line(chosen(folded, threshold), want, skip))
    keep = np.ones(corpus.labelled, bool)
    student = taught_student(corpus, x, settings, keep)[0]
    numbers = exported(corpus, table, scale, student, threshold, settings)
    body = io.BytesIO()
    np.savez_compressed(body, **numbers)
    given.out.write_bytes(body.getvalue())
    say(f"{len(body.getvalue()):,} bytes")
    if given.figures:
        topic_card.write(HOME, given.data, corpus.rows[: corpus.labelled], folded, fold, want, skip)


def say(*told: object) -> None:
    """One line, with the minute."""
    print(f"{time.process_time():7.0f} s", *told, flush=True)


# ---------------------------------------------------------------- what there is to learn from


def card(row: dict[str, Any]) -> Card:
    """The card that the program would make of a row."""
    return words.clipped(card_of_entry(topic_card.entry(row)))


def labels(rows: list[dict[str, Any]]) -> tuple[Flags, Flags]:
    """(N, T): the topics that are wanted, and those that count neither for nor against."""
    ids = [t.id for t in default_topics()]
    want = np.array([[t in row["topics"] for t in ids] for row in rows])
    return want, np.array([[t in row["maybe"] for t in ids] for row in rows]) & ~want


def others(data: Path, known: set[str]) -> Iterator[dict[str, Any]]:
    """Papers without labels of ours, once each, none that is labelled or gold."""
    for file in [*sorted(data.glob("weeks/*.jsonl.gz")), data / "venue-topics.jsonl.gz"]:
        for line in gzip.decompress(file.read_bytes()).splitlines():
            row = json.loads(line)
            id = row.get("id") or row.get("arxiv") or f"t:{row['title'].lower()}"
            if id not in known:
                known.add(id)
                categories = row.get("categories") or [row.get("arxiv_primary") or ""]
                yield {
                    "id": id,
                    "title": row["title"],
                    "abstract": row["abstract"],
                    "categories": [c for c in categories if c],
                }


def gather(data: Path, settings: Settings, cache: Path) -> Corpus:
    """All texts as the program would see them; the labelled ones and `taught` others as vectors."""
    rows = [json.loads(line) for line in (data / "gold/train-topics.jsonl").open()]
    gold = {json.loads(line)["arxiv"] for line in (data / "gold/topics.jsonl").open()}
    free = list(others(data, gold | {row["id"] for row in rows}))
    order = np.random.default_rng(3).permutation(len(free))
    labelled, rows = len(rows), rows + [free[at] for at in order]
    cards = [card(row) for row in rows]
    names, weights, terms = counted([c.text for c in cards], settings)
    categories = frequent(rows, settings)
    known = {c: at for at, c in enumerate(categories)}
    rules = tuple(t.match for t in default_topics())
    told = [f"{row['title']}. {row['abstract']}" for row in rows]
    return Corpus(
        rows=rows,
        labelled=labelled,
        names=names,
        weights=weights,
        terms=terms,
        facts=np.array([facts(c, known, rules) for c in cards]),
        categories=categories,
        taught=np.vstack(
            (
                vectors(told[:labelled], cache, 160),
                vectors(told[labelled : labelled + settings.taught], cache, 128),
            )
        ),
    )


def frequent(rows: list[dict[str, Any]], settings: Settings) -> list[str]:
    """The arXiv categories that enough rows have, lower case as cards hold them."""
    counts = Counter(c.lower() for r in rows if r["id"][:5] != "post:" for c in r["categories"])
    return [c for c, n in counts.most_common() if n >= settings.least_category and "." in c]


def counted(texts: list[str], settings: Settings) -> tuple[list[str], Floats, sparse.csr_matrix]:
    """The most frequent terms, their idf, and documents by terms (1 + log count) * idf, unit rows."""
    counts = Counter(term for text in texts for term in set(words.terms(text)))
    names = sorted(sorted(counts, key=lambda t: (-counts[t], t))[: settings.vocabulary])
    idf = np.log((1 + len(texts)) / (1 + np.array([counts[t] for t in names]))) + 1
    vocabulary = {name: at for at, name in enumerate(names)}
    bags = [words.bag(text, vocabulary) for text in texts]
    starts = np.cumsum([0, *map(len, bags)])
    columns = np.fromiter((c for b in bags for c in b), np.int32, starts[-1])
    values = np.fromiter((n for b in bags for n in b.values()), np.float32, starts[-1])
    values = (1 + np.log(values)) * idf[columns].astype(np.float32)
    found = sparse.csr_matrix((values, columns, starts), (len(texts), len(names)))
    return names, idf.astype(np.float32), normalize(found)


# ---------------------------------------------------------------- learning


def embed(corpus: Corpus, settings: Settings) -> tuple[np.ndarray, Floats]:
    """The table of the words: latent directions beside a translation into the teacher's space."""
    latent = directions(corpus.terms, settings.latent, settings.seed)
    size = np.sqrt(((corpus.terms @ latent) ** 2).sum(1).mean())
    vector = unit(corpus.taught - corpus.taught[: corpus.labelled].mean(0))
    _, _, axes = np.linalg.svd(vector[: corpus.labelled], full_matrices=False)
    target = vector @ axes[: settings.translated].T
    # Of the unlabelled alone: on rows that it learnt from it is too good to be judged by.
    taught = slice(corpus.labelled, len(vector))
    terms, goal = corpus.terms[taught], target[taught].astype(np.float32)
    across = translation(terms, goal, settings.ridge, settings.steps)
    ahead = corpus.terms[: corpus.labelled] @ across
    missed = ((ahead - target[: corpus.labelled]) ** 2).sum() / (target**2)[: corpus.labelled].sum()
    say(f"translation: {1 - missed:.3f} of the variance of labelled rows")
    share = settings.translated_share / np.sqrt(((terms @ across) ** 2).sum(1).mean())
    table = np.hstack((latent / size, across * share)) * corpus.weights[:, None]
    return coarse(table.astype(np.float32), settings.seed)


def seen(corpus: Corpus, table: np.ndarray, scale: Floats, settings: Settings) -> Floats:
    """What the network is shown of every row: the unit mean of its words, and the facts."""
    plain = corpus.terms @ sparse.diags(1 / corpus.weights)
    mean = (plain @ sparse.diags(scale)).tocsr() @ table.astype(np.float32)
    return np.hstack((unit(mean) * settings.gain, corpus.facts)).astype(np.float32)


def taught_student(
    corpus: Corpus, x: Floats, settings: Settings, keep: Flags
) -> tuple[Net, Floats]:
    """A student of those labelled rows that keep names, and of what teachers say of the others.

    Teachers see the sentence model's vectors too. Gives the student and its logits for all
    labelled rows.
    """
    rows = np.flatnonzero(keep)
    want, skip = labels(corpus.rows[: corpus.labelled])
    y, weight = want[rows].astype(np.float32), (~skip[rows]).astype(np.float32)
    vector = unit(corpus.taught - corpus.taught[: corpus.labelled].mean(0)) * settings.gain
    wide = np.hstack((x[: len(vector)], vector)).astype(np.float32)
    narrow = np.hstack((corpus.facts[: len(vector)], vector)).astype(np.float32)
    soft = np.zeros((len(vector) - corpus.labelled, want.shape[1]), np.float32)
    views = [wide, narrow] * settings.teachers
    for number, view in enumerate(views):
        net = Net(view.shape[1], settings.teacher_hidden, y.shape[1], settings.seed + number)
        net.fit(view[rows], y, weight, epochs=settings.teacher_epochs, drop=0.4, noise=0.2)
        soft += sigmoid(net(view[corpus.labelled :])) / len(views)
    free = x[corpus.labelled : len(vector)]
    lessons = (
        np.vstack((*[x[rows]] * settings.repeat, free)),
        np.vstack((*[y] * settings.repeat, soft)),
        np.vstack((*[weight] * settings.repeat, np.ones_like(soft))),
    )
    students = [
        Net(x.shape[1], settings.student_hidden, y.shape[1], settings.seed + number).fit(
            *lessons, epochs=settings.student_epochs, drop=0.2, noise=0.1
        )
        for number in range(settings.students)
    ]
    net = joined(students)
    return net, net(x[: corpus.labelled])


def judged(corpus: Corpus, x: Floats, settings: Settings) -> tuple[Floats, np.ndarray]:
    """Probabilities of each labelled row by a student that never saw it."""
    learn = partial(taught_student, corpus, x, settings)
    logits, fold = out_of_fold(
        corpus.labelled, 24, settings.folds, settings.seed, lambda keep: learn(keep)[1]
    )
    return sigmoid(logits), fold


def exported(
    corpus: Corpus, table: np.ndarray, scale: Floats, net: Net, threshold: float, settings: Settings
) -> dict[str, np.ndarray]:
    """The arrays of the npz, and a header that says what they are."""
    topics = default_topics()
    told = json.dumps(asdict(settings), sort_keys=True)
    header = {
        "format": 1,
        "topics": [t.id for t in topics],
        "matches": [t.match.text for t in topics],
        "categories": corpus.categories,
        "words": len(corpus.names),
        "dimensions": int(table.shape[1]),
        "gain": settings.gain,
        "settings": asdict(settings),
        "settings_sha256": hashlib.sha256(told.encode()).hexdigest(),
    }
    hidden, hidden_bias, output, output_bias = (p.astype(np.float16) for p in net.parts)
    return {
        "header": np.frombuffer(json.dumps(header).encode(), np.uint8),
        "vocabulary": np.frombuffer("\n".join(corpus.names).encode(), np.uint8),
        "embedding": packed(table),
        "scale": scale.astype(np.float32),
        "hidden": hidden,
        "hidden_bias": hidden_bias,
        "output": output,
        "output_bias": output_bias,
        "thresholds": np.full(len(topics), threshold, np.float32),
    }


if __name__ == "__main__":
    main()
