"""What the learnt part of interest is trained and judged on: papers, votes, choices of editors.

Needs SUNDAYPAPER_DATA (a folder with readers/ and weeks/).
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from sundaypaper import gist, venues
from sundaypaper.config import default_config
from sundaypaper.interest.rank import rank
from sundaypaper.models import Entry, Sighting, Story, Tagged
from sundaypaper.text import clean
from sundaypaper.venues import comments

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
MOST_LOVED = 20  # of a week
VENUES = venues.extend(())


@dataclass(frozen=True, slots=True)
class Corpus:
    """Papers in the order of the file; arrays are as long.

    weight undoes the sampling; place is 1 for the most voted of its week, 0 without votes; named is
    the score without votes, topic and the learnt part.
    """

    tagged: list[Tagged]
    weeks: np.ndarray
    weight: np.ndarray
    place: np.ndarray
    named: np.ndarray

    @property
    def ids(self) -> list[str]:
        """arXiv ids without their scheme."""
        return [t.story.sighting.entry.id.removeprefix("arxiv:") for t in self.tagged]

    def of(self, rows: np.ndarray) -> Corpus:
        """Some of its papers."""
        kept = [self.tagged[at] for at in rows]
        return Corpus(kept, self.weeks[rows], self.weight[rows], self.place[rows], self.named[rows])


def rows(path: Path) -> list[dict[str, Any]]:
    """Objects of a packed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tagged(said: dict[str, Any], week: str) -> Tagged:
    """A recorded paper as the pipeline would read it, without topics."""
    listed = datetime.fromisoformat(said["listed"]).replace(tzinfo=UTC)
    entry = Entry(
        id=f"arxiv:{said['id']}",
        kind="paper",
        source="arXiv",
        url=f"https://arxiv.org/abs/{said['id']}",
        title=clean(said["title"]),
        summary=clean(said["abstract"]),
        authors=tuple(said["authors"]),
        published=listed,
        categories=tuple(said["categories"]),
        comment=clean(said["comment"] or ""),
        journal_ref=clean(said.get("journal_ref") or ""),
    )
    claims = comments.claims(entry.comment, entry.journal_ref, listed.date(), VENUES)
    return Tagged(Story(Sighting(entry, listed, week, "new")), claims, (), gist.evidence(entry))


def measured(weeks: Iterable[str]) -> list[str]:
    """The arXiv ids of all that arXiv listed in weeks that are kept for measuring."""
    return [row["id"] for week in weeks for row in rows(DATA / "weeks" / f"{week}.jsonl.gz")]


def votes() -> dict[str, dict[str, str]]:
    """The rows of votes.csv by arXiv id."""
    with (DATA / "readers" / "votes.csv").open(encoding="utf-8") as file:
        return {row["arxiv"]: row for row in csv.DictReader(file)}


def editors() -> dict[str, set[str]]:
    """The arXiv ids that each list chose."""
    chosen = defaultdict(set)
    with (DATA / "readers" / "editors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            chosen[row["list"]].add(row["arxiv"])
    return dict(chosen)


def scores(papers: Iterable[Tagged], week: str, weights: dict[str, float]) -> dict[str, float]:
    """Scores by arXiv id, with some weights changed."""
    config = default_config()
    picks = rank(
        tuple(papers),
        core=config.core,
        also=config.also,
        authors=(),
        weights=weights,
        week=week,
        year=int(week[:4]),
    )
    return {pick.id.removeprefix("arxiv:"): pick.score for pick in picks}


def places(ids: list[str], weeks: np.ndarray, count: dict[str, int]) -> np.ndarray:
    """1 for the most voted of its week, then 2, 3 …; 0 without votes; ties as they come."""
    place = np.zeros(len(ids), int)
    for week in np.unique(weeks):
        voted = [at for at in np.flatnonzero(weeks == week) if ids[at] in count]
        voted.sort(key=lambda at: -count[ids[at]])
        place[voted] = 1 + np.arange(len(voted))
    return place


def load() -> Corpus:
    """The 57 weeks."""
    said = rows(DATA / "readers" / "papers.jsonl.gz")
    papers = [tagged(row, row["week"]) for row in said]
    weeks = np.array([row["week"] for row in said])
    ids = [row["id"] for row in said]
    named: dict[str, float] = {}
    for week in np.unique(weeks):
        of_week = [papers[at] for at in np.flatnonzero(weeks == week)]
        named |= scores(of_week, str(week), {"learnt": 0, "topic": 0, "votes": 0})
    return Corpus(
        papers,
        weeks,
        np.array([row["weight"] for row in said]),
        places(ids, weeks, {i: int(row["votes"]) for i, row in votes().items()}),
        np.array([named[i] for i in ids]),
    )
