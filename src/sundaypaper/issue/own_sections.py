"""Sections that are not ours: those of extensions, and those that a printed issue holds of them.

They choose after all others and are lists of titles, so that they neither take what another section
would print nor make an issue long.
"""

from __future__ import annotations

from collections.abc import Mapping

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Plan, SectionKind
from sundaypaper.models import Item, OwnSection, Pick, Section

PREFIX = "x-"  # of the ids of such sections: an issue keeps them, the table does not know them
LAST = 1000


def of_extension(section: OwnSection) -> SectionKind:
    """The row of an extension's section. What its `take` raises is raised here."""

    def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
        free = tuple(p for p in given.fresh if p.id not in used and not _taken_back(p))
        beside = dict(section.take(free)) if free else {}
        return _chosen(given, beside, {pick.id for pick in free}, section.most)

    return SectionKind(f"{PREFIX}{section.id}", section.title, take, turn=LAST, form="lines")


def as_printed(section: Section) -> SectionKind:
    """The row by which an edition prints the section again, as far as its entries are in it."""

    def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
        beside = {item.id: item.why for item in section.items}
        return _chosen(given, beside, given.known.keys() - used, len(beside))

    return SectionKind(section.id, section.title, take, turn=LAST, form="lines")


def _taken_back(pick: Pick) -> bool:
    return any(claim.status == "withdrawn" for claim in pick.claims)


def _chosen(
    given: Prepared, beside: Mapping[str, str], free: set[str] | frozenset[str], most: int
) -> Draft:
    chosen = [id for id in beside if id in free][:most]
    return Draft(tuple(Item(id, beside[id], "title") for id in chosen), tuple(chosen))
