"""Measure, compare, write scores.json and docs/scores.md. Usage: python -m scores [--record]

Without SUNDAYPAPER_DATA only what needs no shared data is measured; the rest stays as it was. Exit
status 1 where a figure is worse than its floor or its recorded value.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import claims, tagging, unseen
from .card import ROOT, SCORES, Card, between, merged, read, shortfalls, shown, text
from .page import GROUPS, markdown

PAGE = ROOT / "docs" / "scores.md"


def alone() -> Card:
    """What needs no shared data."""
    return Card(GROUPS, (*claims.written(), *unseen.first_runs(), *tagging.shelf()))


def whole(data: Path) -> Card:
    """Everything, in the order of the page."""
    from . import choosing, interest, rare  # they want SUNDAYPAPER_DATA as they are imported

    tagged = tagging.gold(data)
    rows = [*claims.measure(data), *claims.written(), *unseen.first_runs(), *unseen.since(data)]
    rows += [*tagging.measure(tagged), *tagging.shelf()]
    rows += [*rare.measure(data), *interest.measure(), *choosing.measure()]
    order = [group.id for group in GROUPS]
    rows.sort(key=lambda one: order.index(one.group))
    return Card(GROUPS, tuple(rows), (*claims.tables(data), tagging.table(tagged)))


def main(record: bool) -> int:
    """Print the figures, write both files, and say what fell short."""
    data = os.environ.get("SUNDAYPAPER_DATA")
    new = whole(Path(data)) if data else alone()
    kept = read(SCORES.read_text(encoding="utf-8")) if SCORES.exists() else Card()
    card = merged(kept, new, bool(data), record)
    SCORES.write_text(text(card), encoding="utf-8")
    PAGE.write_text(markdown(card), encoding="utf-8")
    keys = {one.key for one in new.rows}
    for one in card.rows:
        told = "not measured: set SUNDAYPAPER_DATA"
        if one.key in keys:
            told = f"{shown(one.value, one.form):>12}  {between(one)}".rstrip()
        print(f"{one.key:24} {told}")
    short = shortfalls(one for one in card.rows if one.key in keys)
    for sentence in short:
        print(sentence, file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main("--record" in sys.argv[1:]))
