"""The section “Corrections and follow-ups”: what became of entries of earlier issues."""

from __future__ import annotations

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import came_out, took_back
from sundaypaper.issue.section_kinds import Draft, Plan
from sundaypaper.models import Item

MOST = 3


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Our own corrections, papers that take back what they said, code that came out since."""
    lines = {correction.pick.id: correction.line for correction in given.material.corrections}
    for pick in given.updated:
        if pick.id in given.taken_back:
            lost = given.taken_back[pick.id]
            lines.setdefault(pick.id, took_back(lost, given.frame.venues))
    for pick in given.updated:
        if pick.id in given.follow_ups:
            lines.setdefault(pick.id, came_out(given.follow_ups[pick.id]))
    free = [id for id in lines if id not in used]
    return Draft(tuple(Item(id, lines[id], "title") for id in free[:MOST]), tuple(free))
