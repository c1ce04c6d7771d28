"""Rows that migrations of paper.db derive from older stored issues: plain data to plain data.

An issue comes as `json.loads` gives it, in the form of 0.1.0, and what is derived has that form as
well. A migration must never change what it does, so nothing here may be shared with the
code that reads and writes documents today.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Set
from datetime import date
from typing import Any

Plain = dict[str, Any]


def picked(issue: Plain) -> bytes:
    """The printed part of an issue, compressed: its picks, the sections of each, their abstracts."""
    where: dict[str, list[str]] = {}
    for section in issue["sections"]:
        for item in section["items"]:
            where.setdefault(item["id"], []).append(section["id"])
    document = {
        "week": issue["week"],
        "picks": [pick for pick in issue["entries"] if pick["id"] in where],
        "where": where,
        "abstracts": {id: text for id, text in issue["abstracts"].items() if id in where},
    }
    return zlib.compress(_compact(document).encode(), 6)


def claims(issue: Plain) -> Iterator[Plain]:
    """A row for each venue and year at which an entry says that it is accepted, the first claim."""
    for pick in issue["entries"]:
        seen = set()
        for claim in pick["claims"]:
            at = (claim["venue"], claim["year"] or 0)
            if claim["status"] != "accepted" or at in seen:
                continue
            seen.add(at)
            line = {
                "id": pick["id"],
                "week": issue["week"],
                "title": pick["title"],
                "url": pick["url"],
                "claim": claim,
            }
            yield {
                "venue": at[0],
                "year": at[1],
                "week": issue["week"],
                "entry": pick["id"],
                "doc": _compact(line),
            }


def lists(issue: Plain) -> Iterator[Plain]:
    """The rows of `claims`, each with all that the filter of a list looks at: format 1."""
    picks = {pick["id"]: pick for pick in issue["entries"]}
    for row in claims(issue):
        of = _looked_at(picks[row["entry"]], issue["abstracts"])
        line = {"format": 1, **json.loads(row["doc"]), "listed": of}
        yield row | {"doc": _compact(line)}


def topic_lists(issue: Plain) -> Iterator[Plain]:
    """A row for each topic and new entry, of each topic the 120 of highest score: format 1."""
    of: dict[str, list[Plain]] = {}
    for pick in issue["entries"]:
        for tag in pick["tags"] if pick["standing"] in ("new", "late") else ():
            of.setdefault(tag["topic"], []).append(pick)
    for topic, picks in of.items():
        for pick in sorted(picks, key=lambda pick: (-pick["score"], pick["id"]))[:120]:
            looked_at = _looked_at(pick, issue["abstracts"])
            line = {"format": 1, "id": pick["id"], "week": issue["week"], "title": pick["title"]}
            line |= {"url": pick["url"], "listed": looked_at}
            yield {
                "topic": topic,
                "week": issue["week"],
                "entry": pick["id"],
                "score": looked_at["score"],
                "doc": zlib.compress(_compact(line).encode(), 6),
            }


def _looked_at(pick: Plain, abstracts: Plain) -> Plain:
    """What the filter of a list looks at."""
    abstract = abstracts.get(pick["id"]) or pick["gist"]
    kept = ("kind", "source", "group", "authors", "categories", "claims", "ring", "week")
    return {key: pick[key] for key in kept} | {
        "abstract": abstract if pick["kind"] == "paper" else abstract[:300],
        "topics": [tag["topic"] for tag in pick["tags"]],
        "has": [item["kind"] for item in pick["evidence"]],
        "day": _day(pick),
        "score": round(pick["score"], 3),
    }


def _day(pick: Plain) -> str:
    """The day of an entry, else the Monday of its week."""
    if stated := pick["published"] or pick.get("starts"):
        return str(stated)[:10]
    week = pick["week"]
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1).isoformat() if week else ""


def counts(issue: Plain, elsewhere: Set[tuple[str, str]]) -> Iterator[Plain]:
    """A row for each topic and venue of a printed issue: how many entries, how many printed.

    elsewhere holds venues and papers that count in an earlier week.
    """
    printed = {item["id"] for section in issue["sections"] for item in section["items"]}
    ids: dict[tuple[str, str], set[str]] = {("all", ""): set()}
    ids |= {("topic", topic["id"]): set() for topic in issue.get("topics", ())}
    for pick in issue["entries"]:
        if pick["standing"] not in ("new", "late"):
            continue
        ids["all", ""].add(pick["id"])
        for tag in pick["tags"]:
            ids.setdefault(("topic", tag["topic"]), set()).add(pick["id"])
    for venue, id in accepted(issue) - elsewhere:
        ids.setdefault(("venue", venue), set()).add(id)
    for (kind, key), of in sorted(ids.items()):
        yield {
            "week": issue["week"],
            "kind": kind,
            "key": key,
            "entries": len(of),
            "printed": len(of & printed),
        }


def accepted(issue: Plain) -> frozenset[tuple[str, str]]:
    """Venue and paper wherever its main track, or the journal, accepted what is no old landmark."""
    return frozenset(
        (claim["venue"], pick["id"])
        for pick in issue["entries"]
        if pick["standing"] != "backlog"
        for claim in pick["claims"]
        if claim["status"] == "accepted" and claim["track"] in ("main", "journal")
    )


def _compact(document: Plain) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
