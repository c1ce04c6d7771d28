"""A fingerprint of what pages are made with: the templates, the package's code and its data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
PACKAGED = PACKAGE / "templates"
SCORES = PACKAGE / "data" / "scores.json"


def fingerprint(folder: Path | None) -> str:
    """32 hex digits over every template, all code, and the words, scores and fonts of the pages.

    All code, since an edition is composed and a filter read as the pages are made.
    """
    digest = hashlib.sha256(SCORES.read_bytes())
    for place in filter(None, (folder, PACKAGED)):
        _add(digest, place, (p for p in place.rglob("*") if p.is_file() and p.suffix != ".pyc"))
    data = PACKAGE / "data"
    words = (*data.glob("*.yaml"), data / "topics.json", *data.glob("shelf/*.jsonl"))
    _add(digest, PACKAGE, (*PACKAGE.rglob("*.py"), *words, *data.glob("fonts/*.ttf")))
    return digest.hexdigest()[:32]


def _add(digest: hashlib._Hash, place: Path, files: Iterable[Path]) -> None:
    for file in sorted(files):
        digest.update(file.relative_to(place).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
