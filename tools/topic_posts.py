"""Learn the network of posts anew, on the words that src/sundaypaper/data/topics.npz ships.

    python tools/topic_posts.py DATA

DATA holds gold/, feeds/, weeks/ and venue-topics.jsonl.gz; benchmarks/gold the labels of posts.
Words and the network of papers stay as they are. Needs requirements/train.in, but no sentence
model: a minute on one core. Prints how well posts are told by networks that never saw them, and
by networks that never saw their site.
"""

from __future__ import annotations

import argparse
import io
import json
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import topic_card
from topic_corpus import VERDICTS, Row, captured, free, labels, others
from topic_fit import Flags, Floats, Net, best_threshold, chosen, sigmoid

from sundaypaper.models import Entry
from sundaypaper.query import card_of_entry
from sundaypaper.topics import model, words

HOME = Path(__file__).resolve().parent.parent
TESTS = ("post-topics", "post-topics-2")
PARTS = ("hidden", "hidden_bias", "output", "output_bias")


@dataclass(frozen=True)
class Settings:
    """All that decides the network of posts, beside the data."""

    seed: int = 20
    hidden: int = 96
    repeat: int = 6
    epochs: int = 25
    drop: float = 0.4
    noise: float = 0.3
    papers: int = 6_000
    folds: int = 5


@dataclass(frozen=True)
class Lessons:
    """Posts as the networks see them (N, I), their labels (N, T), and papers shown as posts.

    sites (N,) are numbers; taught (M, T) is what the network of papers says of papers (M, I).
    """

    posts: Floats
    want: Flags
    skip: Flags
    sites: np.ndarray
    papers: Floats
    taught: Floats


def main() -> None:
    """Read, judge, learn, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--out", type=Path, default=HOME / "src/sundaypaper/data/topics.npz")
    given = asked.parse_args()
    body = renewed(given.out.read_bytes(), given.data)
    given.out.write_bytes(body)
    print(f"{len(body):,} bytes")


def renewed(body: bytes, data: Path, settings: Settings | None = None) -> bytes:
    """The npz with a network of posts learnt from all labelled posts."""
    settings = settings or Settings()
    shipped = model.loaded(body)
    told = lessons(data, shipped, settings)
    rows = len(told.posts)
    by_post = np.random.default_rng(settings.seed).permutation(rows) % settings.folds
    scores = judged(told, shipped, settings, by_post)
    threshold = best_threshold(scores, told.want, told.skip)
    print(
        topic_card.as_row(
            f"{rows} posts, five-fold", chosen(scores, threshold), told.want, told.skip
        )
    )
    apart = judged(told, shipped, settings, told.sites % settings.folds)
    print(topic_card.as_row("… site by site", chosen(apart, threshold), told.want, told.skip))
    net = learnt(told, shipped, settings, np.ones(rows, bool))
    return with_posts(body, net, threshold, settings)


# ---------------------------------------------------------------- what is learnt from


def lessons(data: Path, shipped: model.Model, settings: Settings) -> Lessons:
    """All labelled posts but those kept for testing, and papers without labels."""
    full = _read(data / "gold/train-topics.jsonl")
    known = dict(captured(data))
    kept = {row["id"] for name in TESTS for row in _read(VERDICTS / f"{name}.jsonl")}
    more = [r for r in _read(VERDICTS / "post-topics-train.jsonl") if r["id"] not in kept]
    rows = [r for r in full if r["id"].startswith("post:")]
    rows += [{**known[r["id"]], "topics": r["topics"], "maybe": r["maybe"]} for r in more]
    sites = np.array([r["id"].split("/")[2] for r in rows])
    want, skip = labels(rows)
    gold = {row["arxiv"] for row in _read(data / "gold/topics.jsonl")}
    unknown = free(others(data), gold | {row["id"] for row in full})
    read = [
        _read_by(shipped, topic_card.entry(r)) for r in islice(unknown.values(), settings.papers)
    ]
    return Lessons(
        posts=np.array([_read_by(shipped, topic_card.entry(row))[0] for row in rows]),
        want=want,
        skip=skip,
        sites=np.unique(sites, return_inverse=True)[1],
        papers=_as_posts(np.array([seen for seen, _ in read]), shipped),
        taught=np.array([probabilities for _, probabilities in read]),
    )


def _read_by(shipped: model.Model, entry: Entry) -> tuple[Floats, Floats]:
    """What the networks are shown of an entry, and the probabilities that one gives."""
    card = words.clipped(card_of_entry(entry))
    known = model.facts(card, shipped.categories, shipped.matches)
    read = model.read(card, shipped, known[-len(shipped.matches) :].tolist())
    return np.concatenate((read.direction * shipped.header["gain"], known)), read.probabilities


def _as_posts(papers: Floats, shipped: model.Model) -> Floats:
    """The same without categories, and said to be no paper."""
    wide, known = shipped.header["dimensions"], len(shipped.categories)
    papers[:, wide : wide + known + 1] = 0
    papers[:, wide + known + 1] = 1
    return papers


def _read(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.open()]


# ---------------------------------------------------------------- learning


def learnt(told: Lessons, shipped: model.Model, settings: Settings, keep: Flags) -> Net:
    """A network that begins as the part of that of papers which tells posts apart best."""
    start, seen = shipped.papers, told.posts[keep]
    inner = np.maximum(seen @ start.hidden + start.hidden_bias, 0)
    telling = np.argsort(-inner.std(0) * np.linalg.norm(start.output, axis=1), kind="stable")
    best = telling[: settings.hidden]
    net = Net(seen.shape[1], settings.hidden, told.want.shape[1], settings.seed)
    parts = start.hidden[:, best], start.hidden_bias[best], start.output[best], start.output_bias
    net.parts = [part.copy() for part in parts]
    net.fit(
        np.vstack((*[seen] * settings.repeat, told.papers)),
        np.vstack((*[told.want[keep].astype(np.float32)] * settings.repeat, told.taught)),
        np.vstack(
            (*[(~told.skip[keep]).astype(np.float32)] * settings.repeat, np.ones_like(told.taught))
        ),
        epochs=settings.epochs,
        drop=settings.drop,
        noise=settings.noise,
    )
    # No post has a category: what a paper's would say is left out, and takes no room.
    wide, known = shipped.header["dimensions"], len(shipped.categories)
    net.parts[0][wide : wide + known + 1] = 0
    return net


def judged(told: Lessons, shipped: model.Model, settings: Settings, fold: np.ndarray) -> Floats:
    """Probabilities of each post by a network that saw no post of its fold."""
    scores = np.zeros(told.want.shape, np.float32)
    for k in np.unique(fold):
        net = learnt(told, shipped, settings, fold != k)
        scores[fold == k] = sigmoid(net(told.posts[fold == k]))
    return scores


def with_posts(body: bytes, net: Net, threshold: float, settings: Settings) -> bytes:
    """The npz with these numbers for posts, and a header that says how they were made."""
    with np.load(io.BytesIO(body), allow_pickle=False) as stored:
        arrays: dict[str, Any] = {name: stored[name] for name in stored.files}
    header = json.loads(arrays["header"].tobytes())
    header |= {"format": 2, "posts": asdict(settings)}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    for name, part in zip(PARTS, net.parts, strict=True):
        arrays[f"post_{name}"] = part.astype(np.float16)
    arrays["post_thresholds"] = np.full(len(header["topics"]), threshold, np.float32)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


if __name__ == "__main__":
    main()
