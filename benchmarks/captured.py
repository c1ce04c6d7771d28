"""Posts of the captured feeds by id, as the gold files name them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.sources.feed import parse

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the captured feeds")
)
GOLD = Path(__file__).parent / "gold"
BASE = "https://x.example/"  # what relative links are resolved against: part of the ids


def posts() -> dict[str, Entry]:
    """Every captured post by id, its source the name of its site; a feed that fails is left out."""
    found: dict[str, Entry] = {}
    for name, about in json.loads((DATA / "feeds" / "index.json").read_text()).items():
        body = (DATA / "feeds" / name).read_bytes()
        try:
            feed = parse(body, about["content_type"], about["site"], BASE)
        except ParseError:
            continue
        for entry in feed.entries:
            found.setdefault(entry.id, entry)
    return found


def gold(name: str) -> list[dict]:
    """The rows of a gold file."""
    return [json.loads(line) for line in (GOLD / name).read_text().splitlines()]
