"""The section “From the blogs”: posts of the week, some of them by practitioners."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.issue.choosing import choose
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items, papers
from sundaypaper.models import Pick, Section
from sundaypaper.wording.counts import plural

A_BLOG = 2
PRACTITIONERS = 2


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """At most two of a blog, two or more by practitioners where there are any."""
    every = tuple(pick.id for pick in given.fresh if pick.kind == "post")
    pool = [pick for pick in given.worth if pick.kind == "post" and pick.id not in used]
    needs = ((_by_practitioner, PRACTITIONERS),)
    chosen = choose(pool, plan["blogs"], source=A_BLOG, needs=needs)
    return Draft(items(chosen, "short"), every)


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """How many posts came from how many blogs, and how many papers they discuss."""
    posts = [pick for pick in given.fresh if pick.kind == "post"]
    if posts:
        blogs = plural(len({pick.source for pick in posts}), "blog")
        yield f"{plural(len(posts), 'post')} came from {blogs}.", ("blogs", "learn")
    discussed = sum(bool(pick.discussed) for pick in papers(given.fresh))
    if discussed:
        subject = plural(discussed, "new paper is", "new papers are")
        yield f"{subject} discussed in the blogs.", ("lead", "new", "accepted")


def _by_practitioner(pick: Pick) -> bool:
    return pick.group == "practitioner"
