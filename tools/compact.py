"""Make src/sundaypaper/data/compact.npz again: the axes in which papers differ most.

    python tools/compact.py DATA

DATA holds readers/papers.jsonl.gz: 32,825 papers of 2025 and 2026. To be made again whenever
topics.npz is: the file says for which embedding it was made.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
from pathlib import Path

import numpy as np
from background import digest, vector

from sundaypaper.topics import model

HOME = Path(__file__).resolve().parent.parent
AXES = 32


def main() -> None:
    """Read, turn, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--out", type=Path, default=HOME / "src/sundaypaper/data/compact.npz")
    given = asked.parse_args()
    mean, axes = principal(directions(given.data / "readers" / "papers.jsonl.gz"))
    scale = np.float32(np.abs(axes).max() / 127)
    body = io.BytesIO()
    np.savez_compressed(
        body,
        mean=mean.astype(np.float32),
        axes=np.round(axes / scale).astype(np.int8),
        scale=scale,
        made_for=np.frombuffer(digest(model.load()), np.uint8),
    )
    given.out.write_bytes(body.getvalue())
    print(f"{len(body.getvalue()):,} bytes")


def directions(file: Path) -> np.ndarray:
    """The direction of each paper's words, (N, D)."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return np.array([vector(row["title"], row["abstract"]) for row in rows])


def principal(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean (D,) and the first principal axes (D, AXES), each with its largest part positive."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = vectors - mean
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :AXES]
    strongest = np.abs(axes).argmax(axis=0)
    return mean, axes * np.sign(axes[strongest, np.arange(AXES)])


if __name__ == "__main__":
    main()
