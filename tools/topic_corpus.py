"""What tools/train_topics.py learns from: rows with labels, rows with one verdict, rows without."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import topic_card
from scipy import sparse
from sklearn.preprocessing import normalize
from topic_fit import Flags, Floats

from sundaypaper.config import default_topics
from sundaypaper.models import Card, Entry
from sundaypaper.query import card_of_entry
from sundaypaper.topics import words
from sundaypaper.topics.model import facts

HOME = Path(__file__).resolve().parent.parent
VERDICTS = HOME / "benchmarks/gold"
ORDER = 3

Row = dict[str, Any]


@dataclass(frozen=True)
class Corpus:
    """Rows with all labels, those with one verdict, those taught by teachers, the others.

    weights (V,) are idf; terms (N, V) tf-idf with rows of length 1; facts (N, F).
    """

    rows: list[Row]
    full: int
    labelled: int
    taught: int
    names: list[str]
    weights: Floats
    terms: sparse.csr_matrix
    facts: Floats
    categories: list[str]

    def texts(self) -> list[str]:
        """What a sentence model is shown of each row but the others."""
        return [f"{row['title']}. {row['abstract']}" for row in self.rows[: self.taught]]

    def free(self) -> slice:
        """The rows that teachers speak of."""
        return slice(self.labelled, self.taught)


def gather(data: Path, vocabulary: int, least_category: int, taught: int) -> Corpus:
    """All texts as the program would see them; teachers speak of `taught` papers and all posts."""
    full = [json.loads(line) for line in (data / "gold/train-topics.jsonl").open()]
    gold = {json.loads(line)["arxiv"] for line in (data / "gold/topics.jsonl").open()}
    known = gold | {row["id"] for row in full}
    papers, posts = free(others(data), known), free(captured(data), known)
    judged = verdicts(VERDICTS, papers | posts)
    for told in (papers, posts):
        for id in judged.keys() & told.keys():
            del told[id]
    order = [*papers.values()]
    some, rest = order[:taught], order[taught:]
    rows = [*full, *judged.values(), *some, *posts.values(), *rest]
    cards = [card(row) for row in rows]
    names, weights, terms = counted([c.text for c in cards], vocabulary)
    categories = frequent(rows, least_category)
    places = {c: at for at, c in enumerate(categories)}
    rules = tuple(t.match for t in default_topics())
    return Corpus(
        rows=rows,
        full=len(full),
        labelled=len(full) + len(judged),
        taught=len(rows) - len(rest),
        names=names,
        weights=weights,
        terms=terms,
        facts=np.array([facts(c, places, rules) for c in cards]),
        categories=categories,
    )


def free(found: Iterator[tuple[str, Row]], known: set[str]) -> dict[str, Row]:
    """Each text once by its id, none that is labelled or gold, in an order drawn by lot."""
    once: dict[str, Row] = {}
    for id, row in found:
        if not {id, row["id"]} & known:
            once.setdefault(id, row)
    ids = list(once)
    return {ids[at]: once[ids[at]] for at in np.random.default_rng(ORDER).permutation(len(ids))}


def others(data: Path) -> Iterator[tuple[str, Row]]:
    """Papers without labels by id, some more than once."""
    for file in [*sorted(data.glob("weeks/*.jsonl.gz")), data / "venue-topics.jsonl.gz"]:
        for line in gzip.decompress(file.read_bytes()).splitlines():
            row = json.loads(line)
            id = row.get("id") or row.get("arxiv") or f"t:{row['title'].lower()}"
            categories = row.get("categories") or [row.get("arxiv_primary") or ""]
            yield (
                id,
                {
                    "id": id,
                    "title": row["title"],
                    "abstract": row["abstract"],
                    "categories": [c for c in categories if c],
                },
            )


def captured(data: Path) -> Iterator[tuple[str, Row]]:
    """Captured posts by the id of their entry; the row's own id is its address, as labels have it."""
    os.environ.setdefault("SUNDAYPAPER_DATA", str(data))
    sys.path.append(str(VERDICTS.parent))
    from captured import posts

    entries: Mapping[str, Entry] = posts()
    for id, entry in entries.items():
        if entry.title:
            told = {"title": entry.title, "abstract": entry.summary, "categories": []}
            yield id, {"id": f"post:{entry.url}", **told}


def verdicts(folder: Path, texts: Mapping[str, Row]) -> dict[str, Row]:
    """Rows about which one topic's verdict is known: the other topics are all `maybe`."""
    ids = [t.id for t in default_topics()]
    found: dict[str, Row] = {}
    for file in sorted(folder.glob("rare-topics-train-*.jsonl")):
        for line in file.open():
            told = json.loads(line)
            blank = {**texts[told["id"]], "topics": [], "maybe": ids}
            row = found.setdefault(told["id"], blank)
            row["maybe"] = [t for t in row["maybe"] if t != told["topic"]]
            row["topics"] = [*row["topics"], *([told["topic"]] if told["yes"] else [])]
    return found


def labels(rows: list[Row]) -> tuple[Flags, Flags]:
    """(N, T): the topics that are wanted, and those that count neither for nor against."""
    ids = [t.id for t in default_topics()]
    want = np.array([[t in row["topics"] for t in ids] for row in rows])
    return want, np.array([[t in row["maybe"] for t in ids] for row in rows]) & ~want


def card(row: Row) -> Card:
    """The card that the program would make of a row."""
    return words.clipped(card_of_entry(topic_card.entry(row)))


def frequent(rows: list[Row], least: int) -> list[str]:
    """The arXiv categories that enough rows have, lower case as cards hold them."""
    counts = Counter(c.lower() for r in rows if r["id"][:5] != "post:" for c in r["categories"])
    return [c for c, n in counts.most_common() if n >= least and "." in c]


def counted(texts: list[str], most: int) -> tuple[list[str], Floats, sparse.csr_matrix]:
    """The most frequent terms, their idf, and documents by terms (1 + log count) * idf, unit rows."""
    counts = Counter(term for text in texts for term in set(words.terms(text)))
    names = sorted(sorted(counts, key=lambda t: (-counts[t], t))[:most])
    idf = np.log((1 + len(texts)) / (1 + np.array([counts[t] for t in names]))) + 1
    vocabulary = {name: at for at, name in enumerate(names)}
    bags = [words.bag(text, vocabulary) for text in texts]
    starts = np.cumsum([0, *map(len, bags)])
    columns = np.fromiter((c for b in bags for c in b), np.int32, starts[-1])
    values = np.fromiter((n for b in bags for n in b.values()), np.float32, starts[-1])
    values = (1 + np.log(values)) * idf[columns].astype(np.float32)
    found = sparse.csr_matrix((values, columns, starts), (len(texts), len(names)))
    return names, idf.astype(np.float32), normalize(found)
