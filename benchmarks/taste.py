"""Whether "My paper" puts in front what its reader cares for: the page's own script, over real weeks.

Needs SUNDAYPAPER_DATA (weeks/ and readers/) and Node.js. Two measures:

lists   Each of the nine lists of readers/editors.csv is one reader. For each week the thumbs are the
        twenty papers that the list chose last before that week; judged is where the papers of the
        week stand that it chose: the mean share of the week that stands before them (0 is best, 0.5
        is chance), by interest alone and on the page. `in category` looks, as measure/worth.py does
        for lists_mean, at the papers of the same first category alone. The weeks are those of
        readers/papers.jsonl.gz, a sample in which each paper stands for `weight` of them. The
        shipped interest was trained on that sample, so that what it is compared with is at its best.
topics  A reader whose thumbs are twenty papers of one week with a topic that at most 5 % of the next
        week have: how many of the next week's first 25 have it.

Usage: taste.py [lists] [topics]. Three minutes.
"""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import lift
import worth

from sundaypaper.config import default_config
from sundaypaper.formats.taste import taste
from sundaypaper.models import Pick
from sundaypaper.query import card_of_pick
from sundaypaper.topics.compact import axes, compact

THUMBS, FIRST, MINORITY, FEWEST = 20, 25, 0.05, 20
NEXT = (("2025-W25", "2025-W26"), ("2026-W10", "2026-W11"), ("2026-W11", "2026-W12"))
SCRIPT = Path(__file__).with_name("taste.mjs")


@dataclass(frozen=True)
class Week:
    """A week's picks, best first, with their abstracts and how many papers each stands for, by id."""

    name: str
    picks: Sequence[Pick]
    abstracts: Mapping[str, str]
    weights: Mapping[str, float] = field(default_factory=dict)

    def file(self) -> dict[str, object]:
        """What the page would load."""
        return taste(self.name, list(enumerate(self.picks)), self.abstracts)

    def thumb(self, pick: Pick) -> dict[str, Any]:
        """A thumb up, as the page keeps it."""
        vector = compact(card_of_pick(pick, self.abstracts[pick.id]))
        topics = [tag.topic for tag in pick.tags]
        return {"id": pick.id, "value": 1, "title": pick.title, "vector": vector, "axes": axes().name, "topics": topics}  # fmt: skip


def ask(week: str, thumbs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the page asks its script."""
    return {"week": week, "marks": thumbs, "many": 1_000_000}


def orders(weeks: Sequence[Week], asks: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The ids of each order that is asked for."""
    given = json.dumps({"weeks": [week.file() for week in weeks], "asks": asks})
    done = subprocess.run(["node", str(SCRIPT)], input=given, capture_output=True, check=True, text=True, encoding="utf-8")  # fmt: skip
    return json.loads(done.stdout)


def week_of(name: str, rows: Sequence[Mapping[str, Any]]) -> Week:
    """Papers as the pipeline would read and rank them, without votes."""
    tagged = [lift.read(dict(row), name) for row in rows]
    weights = {f"arxiv:{row['id']}": float(row.get("weight", 1)) for row in rows}
    abstracts = {f"arxiv:{row['id']}": row["abstract"] for row in rows}
    return Week(name, lift.picks(tagged, name, {}), abstracts, weights)


# ---------------------------------------------------------------- lists


def sample() -> list[Week]:
    """The weeks of the sample, oldest first."""
    rows = defaultdict(list)
    with gzip.open(worth.DATA / "readers" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            rows[row["week"]].append(row | {"published": row["listed"] + "T12:00:00+00:00", "journal_ref": ""})  # fmt: skip
    return [week_of(name, rows[name]) for name in sorted(rows)]


def chosen() -> dict[str, dict[str, str]]:
    """By list: the day on which it chose a paper, by id."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with worth.EDITORS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["list"]].setdefault(f"arxiv:{row['arxiv']}", row["chosen"])
    return dict(found)


@dataclass(frozen=True)
class Reader:
    """A list in one week: what it had chosen last, and what it chose of that week."""

    list: str
    week: Week
    thumbs: Sequence[Mapping[str, Any]]
    later: Sequence[str]


def readers(weeks: Sequence[Week]) -> Iterator[Reader]:
    """Every list in every week of which it chose something, once it has chosen twenty before."""
    known = {pick.id: (week, pick) for week in reversed(weeks) for pick in week.picks}
    for name, days in chosen().items():
        for week in weeks:
            here = {pick.id for pick in week.picks}
            monday = date.fromisocalendar(int(week.name[:4]), int(week.name[6:]), 1).isoformat()
            before = [(day, id) for id, day in days.items() if day < monday and id in known]
            earlier = [known[id] for _, id in sorted(before) if known[id][0].name < week.name]
            later = [id for id in days if id in here]
            if later and len(earlier) >= THUMBS:
                yield Reader(name, week, [of.thumb(pick) for of, pick in earlier[-THUMBS:]], later)


def share_before(order: Sequence[str], week: Week, id: str, category: str = "") -> float | None:
    """The share of the week that stands before a paper; None where there is too little to stand in."""
    first = {pick.id: (pick.categories or ("?",))[0] for pick in week.picks}
    if category and sum(week.weights[one] for one in order if first[one] == category) < FEWEST:
        return None
    others = [one for one in order if one != id and (not category or first[one] == category)]
    ahead = set(order[: order.index(id)])
    total = sum(week.weights[one] for one in others)
    return sum(week.weights[one] for one in others if one in ahead) / (total or 1)


def lists() -> None:
    """Prints a line a list, then the means over the lists."""
    weeks = sample()
    every = list(readers(weeks))
    made = orders(weeks, [ask(reader.week.name, reader.thumbs) for reader in every])
    for by in ("week", "category"):
        before: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for reader, order in zip(every, made, strict=True):
            plain = [pick.id for pick in reader.week.picks]
            category = {pick.id: (pick.categories or ("?",))[0] for pick in reader.week.picks}
            for id in reader.later:
                within = category[id] if by == "category" else ""
                shares = [share_before(one, reader.week, id, within) for one in (plain, order)]
                if shares[0] is not None:
                    before[reader.list].append((shares[0], shares[1] or 0.0))
        told(by, before)


def told(by: str, before: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Prints what came out by week or by category."""
    print(f"in {by}: list, papers, share before by interest alone, on the page")
    for name, pairs in sorted(before.items()):
        print(f"  {name:22}{len(pairs):5} {mean(a for a, _ in pairs):7.3f}{mean(b for _, b in pairs):7.3f}")  # fmt: skip
    alone = [mean(a for a, _ in pairs) for pairs in before.values()]
    page = [mean(b for _, b in pairs) for pairs in before.values()]
    better = sum(b < a for a, b in zip(alone, page, strict=True))
    print(f"  better on {better} of {len(alone)}; mean {mean(alone):.3f} and {mean(page):.3f}, gained {mean(alone) - mean(page):.3f}")  # fmt: skip


# ---------------------------------------------------------------- topics


def topics() -> None:
    """Prints a line a topic and pair of weeks, and the least."""
    names = sorted({name for pair in NEXT for name in pair})
    listed = {
        name: [row for row in lift.listed(name) if row["announce"] == "new"] for name in names
    }
    weeks = {name: week_of(name, listed[name]) for name in names}
    cases = [(topic.id, *pair) for pair in NEXT for topic in default_config().topics]
    asked = []
    for topic, one, other in cases:
        before = [pick for pick in weeks[one].picks if has(pick, topic)]
        after = sum(has(pick, topic) for pick in weeks[other].picks)
        if FEWEST <= after <= MINORITY * len(weeks[other].picks) and len(before) >= THUMBS:
            spread = before[:: len(before) // THUMBS][:THUMBS]
            asked.append((topic, after, ask(other, [weeks[one].thumb(pick) for pick in spread])))
    hits = []
    for (topic, after, asking), order in zip(asked, orders(list(weeks.values()), [a for *_, a in asked]), strict=True):  # fmt: skip
        picks = {pick.id: pick for pick in weeks[asking["week"]].picks}
        hits.append(sum(has(picks[id], topic) for id in order[:FIRST]))
        print(
            f"  {topic:24}{asking['week']} {after:4} of {len(picks)}: {hits[-1]} of the first {FIRST}"
        )
    print(f"  least {min(hits)}, mean {mean(hits):.1f} over {len(hits)}")


def has(pick: Pick, topic: str) -> bool:
    """Whether a pick carries a topic."""
    return any(tag.topic == topic for tag in pick.tags)


def main() -> None:
    """Both measures, or those that are named."""
    for name in sys.argv[1:] or ("topics", "lists"):
        {"topics": topics, "lists": lists}[name]()


if __name__ == "__main__":
    main()
