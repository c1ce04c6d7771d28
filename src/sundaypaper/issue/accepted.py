"""The section “Accepted at …”: papers whose authors say that a core venue accepted them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sundaypaper.issue.choosing import by_topic, choose
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import core_claim
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items, papers
from sundaypaper.models import Section
from sundaypaper.wording.claims import venue_name
from sundaypaper.wording.counts import listed, plural

PLACES = ("accepted", "lead", "learn")


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Full entries, then titles by topic; titles are a list, so only the entries are capped."""
    core, names = given.frame.core, given.frame.venues
    pool = [pick for pick in papers(given.fresh, used) if pick.ring == "accepted"]
    full = choose(pool, plan["accepted"])
    shown = {pick.id for pick in full}
    rest = [pick for pick in pool if pick.id not in shown]
    titles = by_topic(given.topics, rest[: plan["accepted_titles"]])
    held = {claim.venue for pick in pool if (claim := core_claim(pick, core))}
    at = [venue_name(key, names) for key in core if key in held]
    every = tuple(pick.id for pick in papers(given.fresh) if pick.ring == "accepted")
    title = f"Accepted at {listed(at)}" if at else ""
    return Draft(items(full) + items(titles, "title"), every, title)


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """The whole first where no venue holds most of it, then the two largest venues."""
    core, venues = given.frame.core, given.frame.venues
    accepted = (pick for pick in papers(given.fresh) if pick.ring == "accepted")
    claims = [claim for pick in accepted if (claim := core_claim(pick, core))]
    at = Counter((claim.venue, claim.year) for claim in claims)
    ordered = sorted(at.items(), key=lambda x: (x[1], x[0][0], x[0][1] or 0))
    first = {place[0]: (place, number) for place, number in ordered}  # a venue's commonest year
    largest = sorted(first.values(), key=lambda x: (-x[1], x[0][0]))
    if largest and largest[0][1] * 2 < len(claims):
        names = listed(venue_name(key, venues) for key in core if key in first)
        yield f"{_said_accepted(len(claims))} at {names}.", PLACES
    for (key, year), number in largest[:2]:
        place = f"{venue_name(key, venues)} {year or ''}".strip()
        oral = sum(c.presentation == "oral" for c in claims if (c.venue, c.year) == (key, year))
        yield f"{_said_accepted(number)} at {place}{_orals(oral, number)}.", PLACES


def _said_accepted(number: int) -> str:
    papers = plural(number, "paper")
    return f"{papers} {'says it was' if number == 1 else 'say they were'} accepted"


def _orals(oral: int, number: int) -> str:
    if not oral:
        return ""
    if oral == number == 1:
        return " as an oral"
    return f"; {oral} of them as {'an oral' if oral == 1 else 'orals'}"
