"""Newly accepted on real histories: events found, false, doubled; and claims on fresh comments.

Needs SUNDAYPAPER_DATA (a folder with comment-history.jsonl.gz and weeks/). Every history is
replayed, a run a day, through the same functions as a run's. Usage: newly_accepted.py [--show]
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from sundaypaper import sightings, weeks
from sundaypaper.models import (
    Acceptance,
    Claim,
    Entry,
    Fetched,
    Place,
    PollState,
    SourceReport,
    Wording,
)
from sundaypaper.sightings import IssueCalendar
from sundaypaper.venues import comments

DATA = Path(
    os.environ.get("SUNDAYPAPER_DATA")
    or sys.exit("set SUNDAYPAPER_DATA to the folder of the real weeks")
)
GOLD = Path(__file__).parent / "gold"
CORE = frozenset({"neurips", "icml", "cvpr"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An event: the paper's id, the week whose issue tells it, and what it says."""

    id: str
    week: str
    event: Acceptance


def rows(path: Path) -> list[Row]:
    """The JSON lines of a file, packed or not."""
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return [json.loads(line) for line in text.splitlines()]


@cache
def read(comment: str, journal_ref: str, seen: date) -> tuple[Claim, ...]:
    """The claims of a wording, read once."""
    return comments.claims(comment, journal_ref, seen)


def claims_of(wording: Wording) -> tuple[Claim, ...]:
    """The claims of a wording as a run reads them."""
    return read(wording.comment, wording.journal_ref, wording.seen.date())


def entries(history: Row) -> Iterator[tuple[date, bool, Entry]]:
    """Each wording of a history as the paper of its day, and whether it may be news that day."""
    first = date.fromisoformat(history["seq"][0][0])
    month = date(2000 + int(history["id"][:2]), int(history["id"][2:4]), 1)
    new = history["seq"][0][1] in ("v1", None) and first - month < timedelta(days=45)
    known = first if new else month
    published = datetime.combine(known - timedelta(days=1), time(12), UTC)
    version = 1 if new else 2
    for n, (day, said, comment) in enumerate(history["seq"]):
        version = max(version, int((said or "v0")[1:]))
        at = date.fromisoformat(day)
        yield (
            at,
            new and n == 0,
            Entry(
                f"arxiv:{history['id']}",
                "paper",
                "arXiv",
                url="",
                title="",
                published=published,
                updated=datetime.combine(at - timedelta(days=1), time(12), UTC),
                version=version,
                comment=comment or "",
            ),
        )


def replay(histories: Iterable[Row]) -> tuple[list[Told], list[Told]]:
    """All histories in the order of their days: the acceptances told, and what was taken back."""
    days: defaultdict[date, list[tuple[bool, Entry]]] = defaultdict(list)
    for history in histories:
        for day, news, entry in entries(history):
            days[day].append((news, entry))
    known: dict[str, Place] = {}
    wordings: defaultdict[str, tuple[Wording, ...]] = defaultdict(tuple)
    printed: set[str] = set()
    gained: list[Told] = []
    taken: list[Told] = []
    ordered = sorted(days)
    for day, following in pairwise([*ordered, ordered[-1] + timedelta(days=7)]):
        week = weeks.iso_week(day)
        desk = IssueCalendar(datetime.combine(day, time(12), UTC), week, frozenset(printed))
        take(days[day], known, wordings, desk)
        if weeks.iso_week(following) != week:
            for id in [id for id, at in known.items() if week in (at.week, at.late, at.touched)]:
                one, other = issue(id, known[id], week, wordings[id])
                gained += one
                taken += other
            printed.add(week)
    return gained, taken


def issue(
    id: str, at: Place, week: str, history: tuple[Wording, ...]
) -> tuple[list[Told], list[Told]]:
    """What a week's issue tells of a paper: acceptances, and claims taken back."""
    seen = sightings.sighting(at, week, history)
    gained = sightings.newly_accepted(seen, week, claims_of, "")
    taken = sightings.taken_back(seen, week, claims_of, comments.withdrawn, "")
    return (
        [Told(id, week, gained)] if gained else [],
        [Told(id, week, taken)] if taken else [],
    )


def take(
    brought: list[tuple[bool, Entry]],
    known: dict[str, Place],
    wordings: dict[str, tuple[Wording, ...]],
    desk: IssueCalendar,
) -> None:
    """One run: place what a day brought and keep it."""
    news = tuple(entry for new, entry in brought if new)
    updates = tuple(entry for new, entry in brought if not new)
    report = SourceReport("arXiv", "arxiv", "fresh")
    fetched = Fetched(report, PollState("arXiv"), news, updates)
    placed = sightings.place(fetched, known, wordings, desk)
    known.update({place.entry.id: place for place in placed.places})
    for id, wording in placed.wordings:
        wordings[id] = (*wordings.get(id, ()), wording)


def kind(venue: str) -> str:
    """A venue's key; names outside the table are one, as they are written in many ways."""
    return "other" if venue.startswith("other:") else venue


def compare(histories: Mapping[str, Row], gained: list[Told], show: bool) -> dict[str, object]:
    """The events against the labels; changes within a paper's first week are told with it."""
    events = {(told.id, told.week): told for told in gained}
    count: Counter[str] = Counter()
    for label in rows(GOLD / "newly-accepted.jsonl"):
        seq = histories[label["id"]]["seq"]
        week, before = (weeks.iso_week(date.fromisoformat(seq[label["at"] - n][0])) for n in (0, 1))
        told = events.get((f"arxiv:{label['id']}", week))
        if week == before:
            count["within_one_week"] += 1
            continue
        right = told is not None and kind(told.event.claim.venue) in map(kind, label["gains"])
        count["gains"] += bool(label["gains"])
        count["found"] += right
        count["false"] += told is not None and not right
        if show and (right != bool(label["gains"]) or (told and not right)):
            print(label, told, seq, sep="\n  ", file=sys.stderr)
    return {**count, "found_share": round(count["found"] / max(1, count["gains"]), 4)}


def compare_taken(histories: Mapping[str, Row], taken: list[Told], show: bool) -> dict[str, int]:
    """Claims lost or withdrawn against the labels."""
    events = {(told.id, told.week): told for told in taken}
    count: Counter[str] = Counter()
    for label in rows(GOLD / "newly-accepted.jsonl"):
        day = histories[label["id"]]["seq"][label["at"]][0]
        told = events.get((f"arxiv:{label['id']}", weeks.iso_week(date.fromisoformat(day))))
        change = "withdrawn" if label["withdrawn"] else "lost"
        right = told is not None and bool(label["lost"]) and told.event.change == change
        count["labelled"] += bool(label["lost"])
        count["found"] += right
        count["false"] += told is not None and not right
        if show and right != bool(label["lost"]):
            print("TAKEN", label, told, sep="\n  ", file=sys.stderr)
    return dict(count)


def doubled(gained: list[Told]) -> int:
    """How many events tell of a venue of which an earlier event of the same paper told."""
    told = Counter((one.id, kind(one.event.claim.venue), one.event.claim.track) for one in gained)
    return sum(number - 1 for number in told.values())


def fresh_claims(drawn: int) -> dict[str, int]:
    """The claims of one drawing of comments, each labelled before the reader saw it.

    The reader has since been put right by the mistakes of both drawings: they are tests now, and
    no estimate of unseen comments.
    """
    gold = [row for row in rows(GOLD / "claims.jsonl") if row["drawn"] == drawn]
    papers = {
        (week, paper["id"]): paper
        for week in {row["week"] for row in gold}
        for paper in rows(DATA / "weeks" / f"{week}.jsonl.gz")
    }
    count: Counter[str] = Counter()
    for row in gold:
        paper = papers[row["week"], row["id"]]
        day = date.fromisoformat(paper["listed"])
        found = comments.claims(paper["comment"] or "", paper["journal_ref"] or "", day)
        said = {(kind(c.venue), c.year, c.track, c.status) for c in found}
        true = {(kind(c["venue"]), c["year"], c["track"], c["status"]) for c in row["claims"]}
        count["rows"] += 1
        count["exact"] += said == true
        count["claims"] += len(true)
        count["right"] += len(said & true)
        count["wrong"] += len(said - true)
        count["core_wrong"] += sum(c[0] in CORE for c in said ^ true)
    return dict(count)


def main(show: bool) -> None:
    """Print the figures as one JSON line."""
    histories = {row["id"]: row for row in rows(DATA / "comment-history.jsonl.gz")}
    gained, taken = replay(histories.values())
    figures = {
        "histories": len(histories),
        "events": len(gained),
        "doubled": doubled(gained),
        "papers_told_twice": sum(n > 1 for n in Counter(t.id for t in gained).values()),
        "labels": compare(histories, gained, show),
        "taken_back": compare_taken(histories, taken, show)
        | Counter(f"all_{told.event.change}" for told in taken),
        "claims": [fresh_claims(drawn) for drawn in (1, 2)],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main("--show" in sys.argv[1:])
