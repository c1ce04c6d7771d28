"""The section “Read first”: the editor's leads, then the best of the week."""

from __future__ import annotations

from sundaypaper.issue.choosing import choose_lead
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import editors_why
from sundaypaper.issue.section_kinds import Draft, Plan, items, papers
from sundaypaper.models import Item
from sundaypaper.text import fold


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """The editor's entries first, then the program's, of authors who do not stand there yet."""
    own = tuple(Item(pick.id, editors_why(pick)) for pick in given.leads)
    taken = {pick.id for pick in given.leads}
    names = {fold(author) for pick in given.leads for author in pick.authors}
    pool = [
        pick
        for pick in papers(given.worth, used | taken)
        if not names or names.isdisjoint(fold(author) for author in pick.authors)
    ]
    return Draft(own + items(choose_lead(pool, plan["lead"])))
