"""Labelled comments, and two who read them: the paper's own reader and a naive one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sundaypaper import venues
from sundaypaper.models import Venue
from sundaypaper.venues import comments

from .card import ROOT, lines

PLACES = {"readers": "readers/papers.jsonl.gz"}
YEAR = re.compile(r"\b20\d\d\b")

Key = tuple[str, int | None, str, str]  # venue, year, track, status
Said = Mapping[Key, str | None]  # and how it is presented
Reader = Callable[["Labelled"], Said]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A comment and what it claims."""

    comment: str
    journal_ref: str
    listed: date | None
    claims: Said
    title: str = ""


def key(venue: str, year: int | None, track: str, status: str) -> Key:
    """What must agree; names outside the table are one, as they are written in many ways."""
    return ("other" if venue.startswith("other") else venue.lower(), year, track, status)


def labels(claims: Iterable[Mapping[str, Any]]) -> Said:
    """The claims of a labelled row."""
    return {
        key(c["venue"], c["year"], c["track"], c["status"]): c.get("presentation") for c in claims
    }


def ours(labelled: Labelled) -> Said:
    """What the paper's own reader makes of a comment."""
    found = comments.claims(
        labelled.comment, labelled.journal_ref, labelled.listed, title=labelled.title
    )
    return {key(c.venue, c.year, c.track, c.status): c.presentation for c in found}


@cache
def pattern(venue: Venue) -> re.Pattern[str]:
    """The names of a venue; those in capitals count in capitals."""
    each = (
        re.escape(name).replace(r"\ ", r"\W+")
        if name.isupper()
        else f"(?i:{re.escape(name)})".replace(r"\ ", r"\W+")
        for name in sorted(venue.names, key=len, reverse=True)
    )
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(each)})(?![A-Za-z])")


def named(comment: str) -> tuple[str, ...]:
    """The venues of the table whose name stands in a comment."""
    return tuple(venue.key for venue in venues.VENUES if pattern(venue).search(comment))


def naive(labelled: Labelled) -> Said:
    """Each venue named, in the first year written: accepted, main track; "oral" and the like."""
    words = f"{labelled.comment} {labelled.journal_ref}"
    year = YEAR.search(words.replace("'", " 20"))
    shown = re.search(r"\b(oral|spotlight|highlight|poster)\b", words, re.I)
    how = shown[1].lower() if shown else None
    return {
        key(venue, int(year[0]) if year else None, "main", "accepted"): how
        for venue in named(words)
    }


# ---------------------------------------------------------------- what is read


def gold(data: Path, disputed: bool = False) -> list[Labelled]:
    """The shared gold, without what its two readers dispute unless that is asked for."""
    rows = lines(data / "gold" / "acceptance.jsonl")
    return [_labelled(said, said["claims"]) for said in rows if disputed or not said["disputed"]]


def fresh(data: Path) -> list[Labelled]:
    """Comments of real weeks, labelled before the reader saw them."""
    rows = lines(ROOT / "benchmarks" / "gold" / "claims.jsonl")
    papers = {
        (week, paper["id"]): paper
        for week in sorted({r["week"] for r in rows})
        for paper in lines(data / "weeks" / f"{week}.jsonl.gz")
    }
    return [_labelled(papers[r["week"], r["id"]], r["claims"]) for r in rows]


def unseen(data: Path) -> list[Labelled]:
    """Comments of 57 weeks, labelled before anybody had seen what the reader makes of them."""
    rows = lines(ROOT / "benchmarks" / "gold" / "unseen-claims.jsonl")
    papers = {
        (place, paper["id"]): paper
        for place in sorted({r["from"] for r in rows})
        for paper in lines(data / PLACES.get(place, f"{place}.jsonl.gz"))
    }
    return [_labelled(papers[r["from"], r["id"]], r["claims"]) for r in rows]


def _labelled(said: Mapping[str, Any], claims: Iterable[Mapping[str, Any]]) -> Labelled:
    day = date.fromisoformat(said["listed"])
    comment, reference = said["comment"] or "", said.get("journal_ref") or ""
    return Labelled(comment, reference, day, labels(claims), said["title"])
