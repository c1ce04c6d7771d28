"""Convert between rows of paper.db and the dataclasses that they hold."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sundaypaper.models import (
    Claimed,
    Issue,
    IssueHead,
    Picked,
    Place,
    SourceReport,
    Votes,
    Wording,
)
from sundaypaper.query import listed, topic_entries
from sundaypaper.store.upcast import STEPS, lifted, newest, written

MAIN = ("main", "journal")  # a journal has no other main track


@dataclass(frozen=True, slots=True)
class Run:
    """A line of the run log."""

    started: datetime
    now: datetime
    week: str
    status: int
    seconds: float
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is told to the ledger of a week: new reports of sources, and lines recorded elsewhere."""

    reports: Sequence[SourceReport]
    recorded: Sequence[SourceReport] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries a printed week brought, and how many of them its issue prints.

    kind is all (key is empty), topic (the new entries that carry it), or venue (the papers that say
    for the first time that its main track, or the journal, accepted them).
    """

    week: str
    kind: Literal["all", "topic", "venue"]
    key: str
    entries: int
    printed: int


def wording_of(row: Mapping[str, Any]) -> Wording:
    """A wording from its row."""
    seen = datetime.fromisoformat(row["seen"])
    return Wording(seen, row["version"], row["comment"], row["journal_ref"], row["week"])


def votes_of(row: Mapping[str, Any]) -> Votes:
    """Votes from their row."""
    return Votes(row["source"], row["count"], datetime.fromisoformat(row["asked"]))


def columns_of(at: Place) -> dict[str, str | bytes]:
    """The row of a place."""
    entry = at.entry
    return {
        "id": entry.id,
        "kind": entry.kind,
        "source": entry.source,
        "week": at.week,
        "late": at.late,
        "touched": at.touched,
        "first_seen": at.first_seen.isoformat(),
        "starts": entry.starts.isoformat() if entry.starts else "",
        "doc": zlib.compress(written(entry), 6),
    }


def columns_of_wording(id: str, number: int, wording: Wording) -> dict[str, str | int]:
    """The row of an entry's wording, counted from 0."""
    return {
        "entry": id,
        "number": number,
        "seen": wording.seen.isoformat(),
        "week": wording.week,
        "version": wording.version,
        "comment": wording.comment,
        "journal_ref": wording.journal_ref,
    }


def head_of(issue: Issue) -> IssueHead:
    """An issue as the archive lists it."""
    return IssueHead(
        issue.week,
        issue.state,
        issue.headline,
        issue.funnel.printed,
        issue.funnel.listed,
        issue.composed,
        issue.reprint,
        issue.editorial.signed if issue.editorial else "",
        next((line.form for line in issue.minute if line.text == issue.headline), ""),
    )


def columns_of_run(run: Run) -> dict[str, str | int | float]:
    """The row of a line of the run log; its number is given by the table."""
    detail = {"format": newest("Run"), **run.detail}
    return {
        "started": run.started.isoformat(),
        "now": run.now.isoformat(),
        "week": run.week,
        "status": run.status,
        "seconds": round(run.seconds, 3),
        "doc": json.dumps(detail, sort_keys=True),
    }


def run_of(row: Mapping[str, Any]) -> Run:
    """A line of the run log from its row. Errors as in upcast."""
    detail = lifted(json.loads(row["doc"]), STEPS["Run"])
    del detail["format"]
    return Run(
        datetime.fromisoformat(row["started"]),
        datetime.fromisoformat(row["now"]),
        row["week"],
        row["status"],
        row["seconds"],
        detail,
    )


def picked_of(issue: Issue) -> bytes:
    """The printed part of an issue, compressed: its picks, and the sections of each."""
    where: dict[str, tuple[str, ...]] = {}
    for section in issue.sections:
        for item in section.items:
            where[item.id] = (*where.get(item.id, ()), section.id)
    picks = tuple(pick for pick in issue.entries if pick.id in where)
    abstracts = {id: issue.abstracts[id] for id in where if id in issue.abstracts}
    return zlib.compress(written(Picked(issue.week, picks, where, abstracts)), 6)


def claimed_rows(issue: Issue) -> Iterator[dict[str, str | int | bytes]]:
    """A row for each venue and year at which an entry of the issue says that it is accepted."""
    for pick in issue.entries:
        seen = set()
        for claim in pick.claims:
            at = (claim.venue, claim.year or 0)
            if claim.status != "accepted" or at in seen:
                continue
            seen.add(at)
            of = listed(pick, issue.abstracts)
            line = Claimed(pick.id, issue.week, pick.title, pick.url, claim, of)
            yield {
                "venue": at[0],
                "year": at[1],
                "week": issue.week,
                "entry": pick.id,
                "doc": zlib.compress(written(line), 6),
            }


def topic_rows(issue: Issue) -> Iterator[dict[str, str | float | bytes]]:
    """A row for each topic and new entry of the issue that the topic's page may list."""
    for topic, line in topic_entries(issue):
        yield {
            "topic": topic,
            "week": issue.week,
            "entry": line.id,
            "score": line.listed.score,
            "doc": zlib.compress(written(line), 6),
        }


def counts_of(issue: Issue, elsewhere: Set[tuple[str, str]]) -> Iterator[Count]:
    """The counts of an issue's week; elsewhere are venues and papers that count in another week.

    Every topic that the issue knew is counted, so a count of 0 differs from an unknown topic.
    """
    printed = {item.id for section in issue.sections for item in section.items}
    of: dict[tuple[Literal["all", "topic", "venue"], str], set[str]] = {("all", ""): set()}
    of |= {("topic", topic.id): set() for topic in issue.topics}
    for pick in issue.entries:
        if pick.standing not in ("new", "late"):
            continue
        of["all", ""].add(pick.id)
        for tag in pick.tags:
            of.setdefault(("topic", tag.topic), set()).add(pick.id)
    for venue, id in accepted_in(issue) - elsewhere:
        of.setdefault(("venue", venue), set()).add(id)
    for (kind, key), ids in sorted(of.items()):
        yield Count(issue.week, kind, key, len(ids), len(ids & printed))


def accepted_in(issue: Issue) -> frozenset[tuple[str, str]]:
    """Venue and paper wherever its main track, or the journal, accepted what is no old landmark."""
    return frozenset(
        (claim.venue, pick.id)
        for pick in issue.entries
        if pick.standing != "backlog"
        for claim in pick.claims
        if claim.status == "accepted" and claim.track in MAIN
    )
