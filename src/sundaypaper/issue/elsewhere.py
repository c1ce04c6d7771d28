"""The section “Accepted elsewhere”: what the main track or a journal of `venues.also` has taken."""

from __future__ import annotations

from sundaypaper.issue import accepted
from sundaypaper.issue.claims import elsewhere_claim, presented
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Plan
from sundaypaper.models import Item, Pick


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Titles with their venues, orals and the like first, then by interest."""
    free = [pick for pick in given.elsewhere if pick.id not in used]
    free = sorted(free, key=lambda pick: presented(pick, given.frame) is None)[: plan["elsewhere"]]
    every = tuple(pick.id for pick in given.elsewhere)
    return Draft(tuple(_item(given, pick) for pick in free), every)


def _item(given: Prepared, pick: Pick) -> Item:
    claim = elsewhere_claim(pick, given.frame)
    return Item(pick.id, accepted.place(given, claim) if claim else "", "title")
