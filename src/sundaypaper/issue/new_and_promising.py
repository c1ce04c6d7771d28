"""The section “New and promising”: papers of the week without an acceptance at a core venue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sundaypaper.issue.choosing import choose
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items, papers
from sundaypaper.models import Section
from sundaypaper.wording.counts import plural

PLACES = ("new", "lead", "accepted")


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """The best of what no other section has taken."""
    pool = [pick for pick in papers(given.worth) if pick.ring != "accepted"]
    chosen = choose([pick for pick in pool if pick.id not in used], plan["new"])
    return Draft(items(chosen), tuple(pick.id for pick in pool))


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """How many papers are new, the largest topic, and how many come with code and data."""
    new = papers(given.fresh)
    if not new:
        return
    subject = plural(len(new), "paper is new", "papers are new")
    about = Counter(tag.topic for pick in new for tag in pick.tags)
    if about:
        topic, number = min(about.items(), key=lambda x: (-x[1], x[0]))
        name = given.topics.get(topic, topic)
        yield f"{subject}; the largest topic is {name} with {number:,}.", PLACES
    else:
        yield f"{subject}.", PLACES
    kinds = Counter(evidence.kind for pick in new for evidence in pick.evidence)
    if kinds["code"]:
        links = plural(kinds["code"], "new paper links", "new papers link")
        data = f"; {kinds['data']:,} with a dataset or benchmark" if kinds["data"] else ""
        yield f"{links} code{data}.", PLACES
