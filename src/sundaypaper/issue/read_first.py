"""The section “Read first”: the editor's leads, then the best of the week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sundaypaper.issue import accepted, together
from sundaypaper.issue.choosing import Need, choose_lead, is_engineering, topic_of
from sundaypaper.issue.claims import core_claim, is_in_main_track
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import carries, editors_why, most_voted, why, why_in_short
from sundaypaper.issue.section_kinds import Draft, Line, Plan, papers
from sundaypaper.models import Item, Pick, Section
from sundaypaper.text import fold
from sundaypaper.wording.claims import venue_name
from sundaypaper.wording.counts import listed, number
from sundaypaper.wording.sentences import clip

ACCEPTED = WITHOUT = 2  # at least so many of each
TITLE_WORDS = 10


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """The editor's entries first, then the program's, of authors who do not stand there yet."""
    own = tuple(Item(pick.id, editors_why(pick, given.frame)) for pick in given.leads)
    taken = {pick.id for pick in given.leads}
    names = {fold(author) for pick in given.leads for author in pick.authors}
    pool = [
        pick
        for pick in papers(given.worth, used | taken)
        if not names or names.isdisjoint(fold(author) for author in pick.authors)
    ]
    if first := given.frame.first:
        pool.sort(key=lambda pick: topic_of(pick) not in first)
    chosen = choose_lead(pool, plan["lead"], _needs(given))
    return Draft(own + tuple(Item(pick.id, accepted.reason(given, pick)) for pick in chosen))


def _needs(given: Prepared) -> tuple[Need, ...]:
    return (
        (lambda pick: core_claim(pick, given.frame) is not None, ACCEPTED),
        (lambda pick: not is_in_main_track(pick), WITHOUT),
        (lambda pick: carries(pick, "code"), 1),
        (lambda pick: carries(pick, "survey", "data") or is_engineering(pick), 1),
    )


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """What readers voted for most, what belongs together, what is told in most places, what leads."""
    printed = {item.id: section.id for section in sections for item in section.items}
    stands = [pick for pick in papers(given.fresh) if pick.id in printed]
    voted = [(v.count, p.id, p) for p in papers(given.fresh) if (v := most_voted(p))]
    count, _, pick = max(voted, key=lambda x: x[:2], default=(0, "", None))
    if pick is not None and pick.id in printed:
        said = f"{_quoted(pick)} had more votes than any other paper: {number(count)}."
        yield Line("voted", said, (printed[pick.id],), (pick.id,))
    yield from together.lines(given, printed)
    told = max(stands, key=lambda pick: len(_sources(pick)), default=None)
    if told is not None and len(_sources(told)) > 1:
        said = f"{_quoted(told)} is told by {listed(_sources(told)[:3])}."
        yield Line("told", said, (printed[told.id],), (told.id,))
    else:
        told = None
    lead = [p for p in stands if printed[p.id] == "lead" and p is not pick and p is not told]
    yield from _first(given, lead)


def _first(given: Prepared, lead: Sequence[Pick]) -> Iterator[Line]:
    """The best of the accepted papers that lead; where none does, what stands first and why."""
    taken = next((pick for pick in lead if core_claim(pick, given.frame)), None)
    if taken is not None and (claim := core_claim(taken, given.frame)):
        at = [core_claim(pick, given.frame) for pick in given.accepted]
        count = sum(other is not None and other.venue == claim.venue for other in at)
        if count > 1:
            venue = venue_name(claim.venue, given.frame.venues)
            said = f"{_quoted(taken)} leads the {number(count)} papers that {venue} has taken."
            yield Line("first", said, ("lead",), (taken.id,))
            return
    first = next((pick for pick in lead if why(pick, given.frame)), None)
    if first is not None:
        said = f"{_quoted(first)} stands first: {why_in_short(first, given.frame)}."
        yield Line("first", said, ("lead",), (first.id,))


def _quoted(pick: Pick) -> str:
    return f"“{clip(pick.title, TITLE_WORDS)}”"


def _sources(pick: Pick) -> list[str]:
    return list(dict.fromkeys(post.source for post in pick.discussed))
