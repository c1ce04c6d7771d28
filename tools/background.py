"""Make src/sundaypaper/data/background.npz again: the vectors of 2,000 papers, to compare with.

    python tools/background.py DATA

DATA holds weeks/ and venue-topics.jsonl.gz. To be made again whenever topics.npz is: the vectors
are made of the embedding there, and the file says for which embedding it was made.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
from pathlib import Path

import numpy as np

from sundaypaper.models import Entry
from sundaypaper.query import card_of_entry
from sundaypaper.topics import model

HOME = Path(__file__).resolve().parent.parent
WEEKS = ("2025-W25", "2025-W26")
MANY, SEED = 2_000, 0


def main() -> None:
    """Draw, read, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--out", type=Path, default=HOME / "src/sundaypaper/data/background.npz")
    given = asked.parse_args()
    texts = papers(given.data)
    drawn = np.random.default_rng(SEED).choice(len(texts), MANY, replace=False)
    vectors = np.array([vector(*texts[at]) for at in sorted(drawn)])
    scale = np.float32(np.abs(vectors).max() / 127)
    body = io.BytesIO()
    np.savez_compressed(
        body,
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=scale,
        made_for=np.frombuffer(digest(model.load()), np.uint8),
    )
    given.out.write_bytes(body.getvalue())
    print(f"{len(body.getvalue()):,} bytes")


def papers(data: Path) -> list[tuple[str, str]]:
    """Title and abstract of each paper once, in the order of the files; none that is labelled."""
    gold = [data / "gold" / name for name in ("topics.jsonl", "train-topics.jsonl")]
    seen = {json.loads(line)["title"] for file in gold for line in file.open()}
    files = [data / "weeks" / f"{week}.jsonl.gz" for week in WEEKS]
    found = []
    for file in (*files, data / "venue-topics.jsonl.gz"):
        for line in gzip.decompress(file.read_bytes()).splitlines():
            row = json.loads(line)
            if row["title"] not in seen:
                seen.add(row["title"])
                found.append((row["title"], row["abstract"]))
    return found


def vector(title: str, abstract: str) -> np.ndarray:
    """The direction of a paper's words, (D,)."""
    entry = Entry(id="", kind="paper", source="", url="", title=title, summary=abstract)
    return model.direction(card_of_entry(entry))[0]


def digest(of: model.Model) -> bytes:
    """The SHA-256 of what the vectors are made of."""
    return hashlib.sha256(of.embedding.tobytes() + of.scale.tobytes()).digest()


if __name__ == "__main__":
    main()
