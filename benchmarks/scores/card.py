"""One figure as a row: its interval, what is beside it, below what it must not fall; as JSON.

src/sundaypaper/data/scores.json holds the rows and tables; docs/scores.md and the page "How good is
this?" are made from it alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import sqrt
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
SCORES = ROOT / "src" / "sundaypaper" / "data" / "scores.json"
TOLERANCE = 0.005
DRAWS, SEED = 2000, 7
Z = 1.96
NBSP = "\N{NO-BREAK SPACE}"

Form = Literal["share", "count", "times", "number"]
Better = Literal["more", "less", "neither"]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A figure. low and high are its interval, None where chance plays no part.

    n is how many of `of` were looked at. A form of share lies in 0 to 1 and is shown in per cent.
    Where less is better, floor and recorded are the most that is allowed.
    """

    key: str
    group: str
    what: str
    means: str
    value: float
    n: int
    of: str
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    beside: str = ""
    floor: float | None = None
    recorded: float | None = None
    form: Form = "share"
    better: Better = "more"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together: on what they are measured, and why not to trust them too far."""

    id: str
    title: str
    data: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Table:
    """A figure taken apart; fractions are shares, and None is what could not be counted."""

    key: str
    group: str
    title: str
    note: str
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """All groups, rows and tables, in the order of the page."""

    groups: tuple[Group, ...] = ()
    rows: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON lines file, packed or not."""
    packed = path.read_bytes()
    content = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return [json.loads(line) for line in content.splitlines()]


# ---------------------------------------------------------------- intervals


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share; 0 to 1 where nothing was counted."""
    if not of:
        return 0.0, 1.0
    p = hits / of
    middle, spread = p + Z * Z / (2 * of), Z * sqrt(p * (1 - p) / of + Z * Z / (4 * of * of))
    low, high = ((middle + sign * spread) / (1 + Z * Z / of) for sign in (-1, 1))
    return low, high


def f1(tp: Any, fp: Any, fn: Any) -> Any:
    """F1 of counts or of arrays of counts; 0 where nothing was wanted and nothing said."""
    return 2 * tp / np.maximum(1, 2 * tp + fp + fn)


def drawn(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums of rows (n, …) drawn again with replacement, (DRAWS, …)."""
    draw = np.random.default_rng(SEED)
    times = draw.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), DRAWS)
    return np.tensordot(times, counts, 1)


def middle(values: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 of 100 values."""
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def row(value: float, interval: tuple[float, float] | None = None, **said: Any) -> Row:
    """A row with its numbers rounded to four places."""
    low, high = interval or (None, None)
    made = Row(value=value, low=low, high=high, **said)
    numbers: dict[str, Any] = {
        name: round(number, 4)
        for name in ("value", "low", "high", "baseline")
        if isinstance(number := getattr(made, name), float)
    }
    return replace(made, **numbers)


def share(hits: int, of_rows: int, **said: Any) -> Row:
    """A share of so many, with its Wilson interval."""
    return row(hits / max(1, of_rows), wilson(hits, of_rows), n=of_rows, **said)


# ---------------------------------------------------------------- what may not fall


def shortfalls(rows: Iterable[Row]) -> list[str]:
    """What is worse than its floor or its recorded value, a sentence each."""
    told = []
    for one in rows:
        floor = (one.floor, "its floor", 0.0)
        recorded = (one.recorded, "the recorded value", 0.0 if one.better == "less" else TOLERANCE)
        for bound, name, slack in (floor, recorded):
            if bound is not None and _worse(one, bound, slack):
                side = "above" if one.better == "less" else "below"
                told.append(
                    f"{one.key} is {shown(one.value, one.form)}, {side} {name} of "
                    f"{shown(bound, one.form)}"
                )
    return told


def _worse(one: Row, bound: float, slack: float) -> bool:
    if one.better == "less":
        return one.value > bound + slack
    return one.better == "more" and one.value < bound - slack


def merged(kept: Card, measured: Card, complete: bool, record: bool) -> Card:
    """The measured card, or unless it is complete the kept one with the measured rows in place.

    Recorded values stay as they were kept, unless record: then they are what was measured.
    """
    before = {one.key: one.recorded for one in kept.rows}
    new = {
        one.key: replace(one, recorded=one.value if record else before.get(one.key))
        for one in measured.rows
    }
    if complete:
        return replace(measured, rows=tuple(new.values()))
    rows = {one.key: one for one in kept.rows} | new
    return Card(measured.groups, tuple(rows.values()), kept.tables)


# ---------------------------------------------------------------- numbers as text, and as a file


def shown(value: float | None, form: Form) -> str:
    """A figure as a person reads it: `96.5 %`, `2.05 times`, `3`; empty for None."""
    if value is None:
        return ""
    if form == "share":
        return f"{100 * value:.1f}".removesuffix(".0") + f"{NBSP}%"
    if form == "count":
        return f"{value:,.0f}"
    return f"{value:.2f}" + (f"{NBSP}times" if form == "times" else "")


def between(one: Row) -> str:
    """The interval of a row as a person reads it: `95.1 to 97.6 %`; empty where it has none."""
    if one.low is None or one.high is None:
        return ""
    low, high = shown(one.low, one.form), shown(one.high, one.form)
    return f"{low.split(NBSP)[0]} to {high if one.form == 'share' else high.split(NBSP)[0]}"


def text(card: Card) -> str:
    """scores.json: the rows, each with its figures as they are shown, and the tables."""
    rows = [
        asdict(one)
        | {
            "shown": {
                "value": shown(one.value, one.form),
                "interval": between(one),
                "baseline": shown(one.baseline, one.form),
            }
        }
        for one in card.rows
    ]
    whole = {
        "groups": [asdict(group) for group in card.groups],
        "rows": rows,
        "tables": [asdict(table) for table in card.tables],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def read(content: str) -> Card:
    """A card from the text of scores.json; TypeError or KeyError where it is none."""
    said: Mapping[str, Any] = json.loads(content)
    names = [field.name for field in fields(Row)]
    return Card(
        tuple(Group(**group) for group in said["groups"]),
        tuple(Row(**{name: one[name] for name in names}) for one in said["rows"]),
        tuple(_table(table) for table in said["tables"]),
    )


def _table(said: Mapping[str, Any]) -> Table:
    cells = tuple(map(tuple, said["cells"]))
    return Table(**{**said, "columns": tuple(said["columns"]), "cells": cells})
