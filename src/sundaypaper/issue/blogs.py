"""The section “From the blogs”: posts of the week, some of them by practitioners."""

from __future__ import annotations

from sundaypaper.issue.choosing import choose
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Plan, items
from sundaypaper.models import Pick

A_BLOG = 2
PRACTITIONERS = 2


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """At most two of a blog, two or more by practitioners where there are any."""
    every = tuple(pick.id for pick in given.fresh if pick.kind == "post")
    pool = [pick for pick in given.worth if pick.kind == "post" and pick.id not in used]
    needs = ((_by_practitioner, PRACTITIONERS),)
    chosen = choose(pool, plan["blogs"], source=A_BLOG, needs=needs)
    return Draft(items(given, chosen, "short"), every)


def _by_practitioner(pick: Pick) -> bool:
    return pick.group == "practitioner"
