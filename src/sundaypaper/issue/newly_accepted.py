"""The section “Newly accepted”: papers of earlier weeks that now claim an acceptance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sundaypaper.issue.choosing import by_topic, choose
from sundaypaper.issue.claims import core_claim
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items, papers
from sundaypaper.models import Item, Pick, Section
from sundaypaper.wording.claims import claim_short, venue_name
from sundaypaper.wording.counts import plural

VENUES_NAMED = 4


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Those of core venues first; in the weeks around a decision further ones as titles."""
    pool = sorted(
        papers(given.gained, used), key=lambda pick: core_claim(pick, given.frame) is None
    )
    chosen = choose(pool, plan["newly_accepted"])
    shown = {pick.id for pick in chosen}
    more = [pick for pick in pool if pick.id not in shown] if given.deciding else []
    titles = by_topic(given.topics, more[: plan["newly_titles"]])
    return Draft(
        items(given, chosen) + tuple(_title(given, pick) for pick in titles),
        tuple(given.acceptances),
    )


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
    papers_say = plural(
        len(acceptances), "paper of an earlier week now says", "papers of earlier weeks now say"
    )
    they_were = "it was" if len(acceptances) == 1 else "they were"
    most = f"; {number} at {_venue_names(given)[key]}" if number > 1 else ""
    yield Line("changed", f"{papers_say} where {they_were} accepted{most}.", ("newly_accepted",))


def _title(given: Prepared, pick: Pick) -> Item:
    claim = given.acceptances[pick.id].claim
    return Item(pick.id, claim_short(claim, given.frame.venues), "title")


def _venue_names(given: Prepared) -> dict[str, str]:
    """The names of the venues that took a paper, as the first of its authors writes them."""
    claims = [gained.claim for gained in given.acceptances.values()]
    names = given.frame.venues
    return {c.venue: venue_name(c.venue, names, c.span) for c in reversed(claims)}
