"""Whether the order of a week is that of its readers and editors, with and without votes.

Needs SUNDAYPAPER_DATA (weeks/ and readers/) and, beside it, measure/worth.py, which judges: of the
papers listed as new, the 20 of a week that readers voted for most, what editors of public lists
chose. The shipped model was not trained on these weeks (docs/interest-model.md). Votes are those
that readers/votes.csv has by the Sunday of the week: the first count seen, or the last one where it
was seen by then; more had been given than it shows. Usage: worth.py [WEEK …]
"""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import lift

from sundaypaper.models import Pick, Tagged, Votes

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
WEEKS = ("2025-W25", "2025-W26", "2026-W10", "2026-W11", "2026-W12")
VOTES, EDITORS = DATA / "readers" / "votes.csv", DATA / "readers" / "editors.csv"
LIST = "Hugging Face"
SHOWN = ("loved@25", "loved@100", "picked@100")


def papers(week: str) -> list[Tagged]:
    """The papers listed as new in a week, as the pipeline would read them."""
    rows = (row for row in lift.listed(week) if row["announce"] == "new")
    return [lift.read(row, week) for row in rows]


def with_votes(tagged: Sequence[Tagged], week: str) -> list[Tagged]:
    """The same papers with the votes that the list showed on the week's Sunday."""
    sunday = date.fromisocalendar(int(week[:4]), int(week[6:]), 7)
    with VOTES.open(encoding="utf-8") as file:
        rows = {f"arxiv:{row['arxiv']}": row for row in csv.DictReader(file)}
    asked = datetime.combine(sunday, time(8), UTC)

    def votes(id: str) -> tuple[Votes, ...]:
        row = rows.get(id)
        if row is None or row["first_seen"] > sunday.isoformat():
            return ()
        seen = row["votes"] if row["votes_seen"] <= sunday.isoformat() else row["votes_first"]
        return (Votes(LIST, int(seen), asked),)

    return [replace(one, votes=votes(one.story.sighting.entry.id)) for one in tagged]


def judged(weeks: Sequence[Sequence[Pick]]) -> dict[str, Any]:
    """What measure/worth.py says of weeks that are put in order by the scores of their picks."""
    path = DATA.parent / "measure" / "worth.py"
    spec = importlib.util.spec_from_file_location("measure_worth", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{at}.json" for at in range(len(weeks))]
        for file, picks in zip(files, weeks, strict=True):
            entries = [_entry(pick) for pick in picks]
            file.write_text(json.dumps({"entries": entries, "sections": []}))
        with contextlib.redirect_stdout(io.StringIO()):
            return module.main(str(VOTES), str(EDITORS), *map(str, files))


def _entry(pick: Pick) -> dict[str, Any]:
    names = ("id", "kind", "standing", "score", "ring", "categories")
    return {name: getattr(pick, name) for name in names}


def by(number: Mapping[str, float], picks: Sequence[Pick]) -> list[Pick]:
    """The picks with a number each in place of their scores."""
    return [replace(pick, score=number[pick.id]) for pick in picks]


def orders(week: str) -> dict[str, list[Pick]]:
    """A week in the product's order and in naive ones."""
    tagged = papers(week)
    plain, voted = lift.picks(tagged, week, {}), with_votes(tagged, week)
    count = {one.story.sighting.entry.id: sum(v.count for v in one.votes) for one in voted}
    return {
        "as it is, without votes": plain,
        "as it is, with votes by Sunday": lift.picks(voted, week, {}),
        "learnt: 0, without votes": lift.picks(tagged, week, {"learnt": 0}),
        "many authors first": by({pick.id: len(pick.authors) for pick in plain}, plain),
        "long titles first": by({pick.id: len(pick.title) for pick in plain}, plain),
        "votes by Sunday alone": by(count, plain),
    }


def main() -> None:
    """Prints a line an order: hits of the most voted and of the general editor's, and the lists."""
    made = [orders(week) for week in sys.argv[1:] or WEEKS]
    for name in made[0]:
        found = judged([week[name] for week in made])
        hits = ", ".join(f"{key} {found[key]}/{found[key.split('@')[0]]}" for key in SHOWN)
        print(f"{name:32} {hits}, lists {found['lists_mean']:.3f}")


if __name__ == "__main__":
    main()
