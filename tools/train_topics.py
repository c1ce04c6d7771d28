"""Make src/sundaypaper/data/topics.npz again, and the figures of docs/topics-model.md.

    python tools/train_topics.py DATA [--cache DIR] [--figures]

DATA holds gold/train-topics.jsonl, gold/topics.jsonl (read for the last figure alone), weeks/,
feeds/ and venue-topics.jsonl.gz; benchmarks/gold the verdicts on rare topics. Needs
requirements/train.in. An hour on one core the first time, most of it for the vectors of the
sentence models, which are kept in the cache.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import topic_card
import topic_posts
import topic_tests
from scipy import sparse
from topic_corpus import Corpus, gather, labels
from topic_fit import (
    Flags,
    Floats,
    Net,
    best_threshold,
    chosen,
    coarse,
    directions,
    log_odds,
    out_of_fold,
    packed,
    sigmoid,
    translation,
    unit,
)
from topic_teacher import vectors

from sundaypaper.config import default_topics

HOME = Path(__file__).resolve().parent.parent
MODELS = ("mpnet", "minilm")  # the words are translated into the space of the first


@dataclass(frozen=True)
class Settings:
    """All that decides the numbers, beside the data."""

    seed: int = 20
    vocabulary: int = 50_000
    latent: int = 192
    translated: int = 128
    translated_share: float = 1.0
    spoken_share: float = 0.6
    ridge: float = 0.5
    steps: int = 8
    gain: float = 4.0
    least_category: int = 25
    tokens: int = 160
    teachers: int = 2
    teacher_hidden: int = 256
    teacher_epochs: int = 25
    student_hidden: int = 256
    student_epochs: int = 12
    repeat: int = 2
    taught: int = 24_000
    folds: int = 5


@dataclass(frozen=True)
class Parts:
    """What does not depend on labels: words' directions (V, D) and what teachers see, (N, E)."""

    directions: Floats
    view: Floats


def main() -> None:
    """Read, learn, write, tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--cache", type=Path, default=Path("train-cache"))
    asked.add_argument("--figures", action="store_true", help="renew the card")
    asked.add_argument("--out", type=Path, default=HOME / "src/sundaypaper/data/topics.npz")
    given = asked.parse_args()
    settings = Settings()
    corpus = gather(given.data, settings.vocabulary, settings.least_category, settings.taught)
    say(f"{corpus.full} labelled, {corpus.labelled - corpus.full} verdicts, {len(corpus.rows)} all")
    parts = prepared(corpus, settings, given.cache)
    say("embedding")
    folded, fold = judged(corpus, parts, settings)
    rows = corpus.rows[: corpus.full]
    want, skip = labels(rows)
    threshold = best_threshold(folded, want, skip)
    say("out of fold", topic_card.line(chosen(folded, threshold), want, skip))
    student, table, scale, _ = taught_student(corpus, parts, settings, np.ones(corpus.full, bool))
    body = io.BytesIO()
    arrays: dict[str, Any] = exported(corpus, table, scale, student, threshold, settings)
    np.savez_compressed(body, **arrays)
    given.out.write_bytes(topic_posts.renewed(body.getvalue(), given.data))
    say(f"{given.out.stat().st_size:,} bytes")
    if given.figures:
        kept = topic_tests.post_line(given.data), topic_tests.rare_lines(given.data)
        topic_card.write(HOME, given.data, rows, folded, fold, want, skip, *kept)


def say(*told: object) -> None:
    """One line, with the second."""
    print(f"{time.process_time():7.0f} s", *told, flush=True)


# ---------------------------------------------------------------- learning


def prepared(corpus: Corpus, settings: Settings, cache: Path) -> Parts:
    """Latent directions of the words beside their translation into a sentence model's space."""
    told = corpus.texts()
    seen = [vectors(told, cache, model, settings.tokens) for model in MODELS]
    seen = [unit(vector - vector[: corpus.full].mean(0)) for vector in seen]
    latent = directions(corpus.terms, settings.latent, settings.seed)
    inner = corpus.terms @ latent
    _, _, axes = np.linalg.svd(seen[0][: corpus.full], full_matrices=False)
    target = (seen[0] @ axes[: settings.translated].T).astype(np.float32)
    across = spoken(corpus, target[corpus.free()], settings) * settings.translated_share
    missed = (corpus.terms[: corpus.full] @ across, target[: corpus.full])
    say(f"translation: correlation {np.corrcoef(missed[0].ravel(), missed[1].ravel())[0, 1]:.3f}")
    size = np.sqrt((inner**2).sum(1).mean())
    views = [unit(x) * settings.gain for x in (*seen, inner[: corpus.taught])]
    view = np.hstack((*views, corpus.facts[: corpus.taught]))
    return Parts(np.hstack((latent / size, across)), view.astype(np.float32))


def spoken(corpus: Corpus, target: Floats, settings: Settings) -> Floats:
    """(V, D): the words' part in a target of the rows without labels, rows of mean length 1.

    Of those alone: on rows that it learnt from it is too good to be judged by.
    """
    terms = corpus.terms[corpus.free()]
    found = translation(terms, target, settings.ridge, settings.steps)
    return found / np.float32(np.sqrt(((terms @ found) ** 2).sum(1).mean()))


def taught_student(
    corpus: Corpus, parts: Parts, settings: Settings, keep: Flags
) -> tuple[Net, np.ndarray, Floats, Floats]:
    """A student of those full rows that keep names, of all verdicts, and of its teachers.

    What they say of the rows without labels becomes 24 columns of the words' table, and the
    student's lessons. Gives the student, the table with its scale, and the logits of full rows.
    """
    rows = np.r_[np.flatnonzero(keep), corpus.full : corpus.labelled]
    want, skip = labels(corpus.rows[: corpus.labelled])
    y, weight = want.astype(np.float32), (~skip).astype(np.float32)
    soft = taught(parts.view, rows, y, weight, settings)
    odds = log_odds(soft[corpus.free()])
    table, scale = embedded(corpus, parts, odds - odds.mean(0), settings)
    x = seen(corpus, table, scale, settings)
    free = np.r_[corpus.full : corpus.taught]
    # A verdict is about one topic: teachers speak of the others.
    verdict = slice(corpus.full, corpus.labelled)
    soft[verdict] = np.where(weight[verdict] > 0, y[verdict], soft[verdict])
    lessons = (
        np.vstack((*[x[rows]] * settings.repeat, x[free])),
        np.vstack((*[y[rows]] * settings.repeat, soft[free])),
        np.vstack((*[weight[rows]] * settings.repeat, np.ones_like(soft[free]))),
    )
    student = Net(x.shape[1], settings.student_hidden, y.shape[1], settings.seed)
    student.fit(*lessons, epochs=settings.student_epochs, drop=0.2, noise=0.1)
    return student, table, scale, student(x[: corpus.full])


def taught(view: Floats, rows: np.ndarray, y: Floats, weight: Floats, settings: Settings) -> Floats:
    """(N, T): what teachers of the rows say of each in the view."""
    soft = np.zeros((len(view), y.shape[1]), np.float32)
    for number in range(settings.teachers):
        net = Net(view.shape[1], settings.teacher_hidden, y.shape[1], settings.seed + number)
        epochs = settings.teacher_epochs
        net.fit(view[rows], y[rows], weight[rows], epochs=epochs, drop=0.4, noise=0.2)
        soft += sigmoid(net(view)) / settings.teachers
    return soft


def embedded(
    corpus: Corpus, parts: Parts, odds: Floats, settings: Settings
) -> tuple[np.ndarray, Floats]:
    """The table of the words in four bits, and the scale of each row."""
    said = spoken(corpus, odds, settings) * settings.spoken_share
    table = np.hstack((parts.directions, said)) * corpus.weights[:, None]
    return coarse(table.astype(np.float32), settings.seed)


def seen(corpus: Corpus, table: np.ndarray, scale: Floats, settings: Settings) -> Floats:
    """What the network is shown of every row: the unit mean of its words, and the facts."""
    plain = corpus.terms @ sparse.diags(1 / corpus.weights)
    mean = (plain @ sparse.diags(scale)).tocsr() @ table.astype(np.float32)
    return np.hstack((unit(mean) * settings.gain, corpus.facts)).astype(np.float32)


def judged(corpus: Corpus, parts: Parts, settings: Settings) -> tuple[Floats, np.ndarray]:
    """Probabilities of each full row by a student, teachers and words that never saw its labels."""

    def learn(keep: Flags) -> Floats:
        logits = taught_student(corpus, parts, settings, keep)[3]
        say("fold")
        return logits

    topics = len(default_topics())
    logits, fold = out_of_fold(corpus.full, topics, settings.folds, settings.seed, learn)
    return sigmoid(logits), fold


def exported(
    corpus: Corpus, table: np.ndarray, scale: Floats, net: Net, threshold: float, settings: Settings
) -> dict[str, np.ndarray]:
    """The arrays of the npz, and a header that says what they are."""
    topics = default_topics()
    told = json.dumps(asdict(settings), sort_keys=True)
    header = {
        "format": 2,
        "topics": [t.id for t in topics],
        "matches": [t.match.text for t in topics],
        "categories": corpus.categories,
        "words": len(corpus.names),
        "dimensions": int(table.shape[1]),
        "gain": settings.gain,
        "settings": asdict(settings),
        "settings_sha256": hashlib.sha256(told.encode()).hexdigest(),
    }
    network = dict(zip(topic_posts.PARTS, (p.astype(np.float16) for p in net.parts), strict=True))
    network["thresholds"] = np.full(len(topics), threshold, np.float32)
    return {
        "header": np.frombuffer(json.dumps(header).encode(), np.uint8),
        "vocabulary": np.frombuffer("\n".join(corpus.names).encode(), np.uint8),
        "embedding": packed(table),
        "scale": scale.astype(np.float16),
        **network,
        **{f"post_{name}": part for name, part in network.items()},  # until posts have their own
    }


if __name__ == "__main__":
    main()
