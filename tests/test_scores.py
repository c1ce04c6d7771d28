"""The scorecard: what ships is well formed, what is printed is made from it, and nothing fell."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCHMARKS = str(ROOT / "benchmarks")
sys.path.append(BENCHMARKS)
card = importlib.import_module("scores.card")
page = importlib.import_module("scores.page")
scores = importlib.import_module("scores.__main__")

SHIPPED = card.SCORES.read_text(encoding="utf-8")
KEPT = card.read(SHIPPED)


def one(**changed: object) -> object:
    """A row that is as good as it was recorded, and above its floor."""
    made = card.Row("k", "topics", "what", "means", 0.9, 100, "rows", floor=0.88, recorded=0.9)
    return replace(made, **changed)


def data() -> Path:
    """The folder of shared data; skipped where there is none."""
    root = os.environ.get("SUNDAYPAPER_DATA")
    if not root:
        pytest.skip("SUNDAYPAPER_DATA does not name the folder of the shared gold")
    return Path(root)


# ---------------------------------------------------------------- always


def test_the_shipped_scores_are_well_formed() -> None:
    """Rows of known groups, each key once, every share within its interval."""
    assert card.text(KEPT) == SHIPPED
    keys = [row.key for row in KEPT.rows]
    assert len(set(keys)) == len(keys) > 15
    assert KEPT.groups == page.GROUPS
    assert {row.group for row in KEPT.rows} == {group.id for group in KEPT.groups}
    for row in KEPT.rows:
        assert row.n > 0, row.key
        assert row.what, row.key
        assert row.means, row.key
        assert (row.baseline is None) == (row.beside == ""), row.key
        if row.low is not None:
            assert row.low - 1e-3 <= row.value <= row.high + 1e-3, row.key
        if row.form == "share":
            assert 0 <= row.value <= 1, row.key
    for table in KEPT.tables:
        assert all(len(cells) == len(table.columns) for cells in table.cells), table.key


def test_what_ships_is_not_below_what_it_promises() -> None:
    """The kept figures themselves stand above floor and recorded value, topics at the least."""
    assert card.shortfalls(KEPT.rows) == []
    floors = {row.key: row.floor for row in KEPT.rows}
    assert floors["topics.micro"] >= 0.88
    assert floors["topics.macro"] >= 0.87


def test_the_manual_is_made_from_the_shipped_scores() -> None:
    """`make scores` would print the same page from the same figures."""
    assert (ROOT / "docs" / "scores.md").read_text(encoding="utf-8") == page.markdown(KEPT)


def test_what_needs_no_shared_data_has_not_fallen() -> None:
    """Written wordings and the shelf are measured anew everywhere."""
    fresh = card.merged(KEPT, scores.alone(), complete=False, record=False)
    assert {row.key for row in fresh.rows} == {row.key for row in KEPT.rows}
    assert card.shortfalls(fresh.rows) == []


def test_a_first_run_is_kept_as_it_was_and_counts_every_label() -> None:
    """Right and missed claims of each draw are those that were labelled, and the page has them."""
    gold = ROOT / "benchmarks" / "gold"
    labelled = card.lines(gold / "unseen-claims.jsonl")
    for run in card.lines(gold / "first-runs.jsonl"):
        drawn = [row["claims"] for row in labelled if row["drawn"] == run["drawn"]]
        core = {
            (at, claim["venue"], claim["year"], claim["track"], claim["status"])
            for at, claims in enumerate(drawn)
            for claim in claims
            if claim["venue"] in ("neurips", "icml", "cvpr")
        }
        assert len(drawn) == run["rows"]
        assert run["core"]["right"] + run["core"]["missed"] == len(core) >= 240
    shown = {row.key: row for row in KEPT.rows}
    assert (shown["unseen.1.precision"].value, shown["unseen.2.precision"].value) == (
        round(279 / 283, 4),
        round(276 / 281, 4),
    )


def test_a_figure_that_falls_is_named() -> None:
    """Below the floor, below what was recorded, or a count that grew; chance is let pass."""
    assert card.shortfalls([one()]) == []
    assert card.shortfalls([one(value=0.896)]) == []
    (fell,) = card.shortfalls([one(value=0.89)])
    assert "k is 89" in fell
    assert "recorded" in fell
    (low,) = card.shortfalls([one(value=0.87, recorded=None)])
    assert "floor" in low
    count = {"form": "count", "better": "less", "floor": None, "recorded": 1}
    assert card.shortfalls([one(value=1, **count)]) == []
    assert len(card.shortfalls([one(value=2, **count)])) == 1
    assert card.shortfalls([one(value=0.1, better="neither")]) == []


def test_recording_is_asked_for_and_measuring_a_part_keeps_the_rest() -> None:
    """A worse value never becomes the recorded one by itself."""
    kept = card.Card(page.GROUPS, (one(), one(key="other")))
    worse = card.Card(page.GROUPS, (one(value=0.5, recorded=None),))
    part = card.merged(kept, worse, complete=False, record=False)
    assert [(row.key, row.value, row.recorded) for row in part.rows] == [
        ("k", 0.5, 0.9),
        ("other", 0.9, 0.9),
    ]
    whole = card.merged(kept, worse, complete=True, record=True)
    assert [(row.key, row.recorded) for row in whole.rows] == [("k", 0.5)]


def test_intervals_hold_the_figure_and_widen_where_rows_are_few() -> None:
    """Wilson at its known values, and draws that come out the same each time."""
    assert [round(bound, 3) for bound in card.wilson(8, 10)] == [0.49, 0.943]
    assert card.wilson(0, 0) == (0.0, 1.0)
    counts = card.np.array([[1, 0, 0], [0, 1, 1]] * 20)
    assert (card.drawn(counts) == card.drawn(counts)).all()
    low, high = card.middle(card.f1(*card.drawn(counts).T))
    assert low < float(card.f1(*counts.sum(axis=0))) < high


# ---------------------------------------------------------------- where the shared data is


@pytest.mark.data
def test_nothing_that_is_measured_has_fallen() -> None:
    """Every figure of the scorecard, measured now, in a process of its own with its seeds."""
    asked = (
        "import json, os, pathlib; from scores import card, __main__ as main; "
        "kept = card.read(card.SCORES.read_text(encoding='utf-8')); "
        "new = main.whole(pathlib.Path(os.environ['SUNDAYPAPER_DATA'])); "
        "told = card.merged(kept, new, True, False); "
        "print(json.dumps([[r.key for r in told.rows], card.shortfalls(told.rows)]))"
    )
    env = os.environ | {"PYTHONPATH": BENCHMARKS, "SUNDAYPAPER_DATA": str(data())}
    run = subprocess.run(
        [sys.executable, "-c", asked],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    keys, short = json.loads(run.stdout)
    assert short == []
    assert keys == [row.key for row in KEPT.rows]


@pytest.mark.data
def test_the_shared_scorers_find_the_same(tmp_path: Path) -> None:
    """Our counting agrees with the scripts that came with the gold."""
    folder = data()
    claims, tagging = (importlib.import_module(f"scores.{name}") for name in ("claims", "tagging"))
    names = ("venue", "year", "track", "status")
    said = [
        [
            dict(zip(names, key, strict=True)) | {"presentation": how}
            for key, how in claims.ours(one).items()
        ]
        for one in claims.gold(folder, disputed=True)
    ]
    given = [sorted(row.ours) for row in tagging.gold(folder)]
    for name, rows, found in (
        ("claims", [{"claims": row} for row in said], "acceptance"),
        ("topics", [{"topics": row} for row in given], "topics"),
    ):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)))
        script = folder.parent / "measure" / f"score_{name}.py"
        if not script.exists():
            pytest.skip(f"{script} is not there")
        gold = folder / "gold" / f"{found}.jsonl"
        run = subprocess.run(
            [sys.executable, script, gold, tmp_path / name],
            capture_output=True,
            text=True,
            check=True,
        )
        theirs = json.loads(run.stdout)
        if name == "claims":
            ours = {row.key: row.value for row in claims.measure(folder)}
            assert ours["claims.core.precision"] == theirs["core"]["precision"]
            assert ours["claims.core.recall"] == theirs["core"]["recall"]
            assert ours["claims.named.f1"] == theirs["named"]["f1"]
            assert ours["claims.false_main"] == theirs["false_main"]
        else:
            ours = {row.key: row.value for row in tagging.measure(tagging.gold(folder))}
            assert ours["topics.micro"] == theirs["micro_f1"]
            assert ours["topics.macro"] == theirs["macro_f1"]
