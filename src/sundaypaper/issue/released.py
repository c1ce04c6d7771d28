"""The section “Released”: models, data sets and tools that labs and vendors have put out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import evidence_of
from sundaypaper.issue.section_kinds import Draft, Line, Plan, papers
from sundaypaper.models import Item, Pick, Section
from sundaypaper.wording.counts import listed

NAMED = 3
REPORT = re.compile(r"\btechnical report\b", re.IGNORECASE)
# Who writes a source of which nothing is said may have made it, too.
MAKERS = ("lab", "vendor", "")


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Posts of those who made it, one a name, the best first, with the report on it.

    What an earlier section tells of by its report is not told again.
    """
    reports = {
        post.id: p.id for p in papers(given.fresh) if REPORT.search(p.title) for post in p.discussed
    }
    pool = [pick for pick in given.fresh if pick.id not in used and _is_release(pick)]
    once: dict[str, Pick] = {}
    for pick in pool:
        if reports.get(pick.id) not in used:
            once.setdefault(name_of(pick).casefold(), pick)
    chosen = tuple(once.values())[: plan["released"]]
    return Draft(
        tuple(Item(p.id, p.source, "title", report=reports.get(p.id, "")) for p in chosen),
        tuple(pick.id for pick in pool),
    )


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """What is out, by name."""
    for section in sections:
        if section.id == "released":
            chosen = [given.known[item.id] for item in section.items][:NAMED]
            names = listed(name_of(pick) for pick in chosen)
            are = "is" if len(chosen) == 1 else "are"
            yield Line(
                "released", f"{names} {are} out.", ("released",), tuple(p.id for p in chosen)
            )


def name_of(pick: Pick) -> str:
    """What is out, as the post's title names it."""
    evidence = evidence_of(pick, "release")
    return evidence.span if evidence else pick.title


def _is_release(pick: Pick) -> bool:
    made = pick.group in MAKERS
    return pick.kind == "post" and made and evidence_of(pick, "release") is not None
