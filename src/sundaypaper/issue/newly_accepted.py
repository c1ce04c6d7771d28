"""The section “Newly accepted”: papers of earlier weeks that now claim an acceptance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sundaypaper.issue.choosing import by_topic, choose
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items, papers
from sundaypaper.models import Section
from sundaypaper.wording.claims import venue_name
from sundaypaper.wording.counts import plural

VENUES_NAMED = 4


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Those of core venues first; in the weeks around a decision further ones as titles."""
    pool = sorted(papers(given.gained, used), key=lambda pick: pick.ring != "accepted")
    chosen = choose(pool, plan["newly_accepted"])
    shown = {pick.id for pick in chosen}
    more = [pick for pick in pool if pick.id not in shown] if given.deciding else []
    titles = by_topic(given.topics, more[: plan["newly_titles"]])
    return Draft(items(chosen) + items(titles, "title"), tuple(given.acceptances))


def note(given: Prepared, rest: Sequence[str]) -> str:
    """How many are not printed, by venue."""
    at = Counter(given.acceptances[id].claim.venue for id in rest)
    ordered = sorted(at.items(), key=lambda x: (-x[1], x[0]))
    names = _venue_names(given)
    parts = [f"{names[key]} {n}" for key, n in ordered[:VENUES_NAMED]]
    others = sum(number for _, number in ordered[VENUES_NAMED:])
    parts += [f"elsewhere {others}"] if others else []
    return f"Not printed here: {', '.join(parts)}."


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """How many there are, and where most of them were accepted."""
    acceptances = given.acceptances.values()
    if not acceptances:
        return
    at = Counter(gained.claim.venue for gained in acceptances)
    key, number = min(at.items(), key=lambda x: (-x[1], x[0]))
    verb = "now says it was" if len(acceptances) == 1 else "now say they were"
    earlier = plural(len(acceptances), "earlier paper")
    name = _venue_names(given)[key]
    yield f"{earlier} {verb} accepted; {number} at {name}.", ("newly_accepted",)


def _venue_names(given: Prepared) -> dict[str, str]:
    """The names of the venues that took a paper, as the first of its authors writes them."""
    claims = [gained.claim for gained in given.acceptances.values()]
    names = given.frame.venues
    return {c.venue: venue_name(c.venue, names, c.span) for c in reversed(claims)}
