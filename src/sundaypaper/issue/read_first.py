"""The section “Read first”: the editor's leads, then the best of the week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from sundaypaper.issue import together
from sundaypaper.issue.accepted import by_venue
from sundaypaper.issue.choosing import Need, choose_lead, is_engineering, topic_of
from sundaypaper.issue.claims import core_claim, is_in_main_track
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import carries, editors_why, most_voted, vote_day, why_in_short
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items, papers
from sundaypaper.issue.together import name_of
from sundaypaper.models import Item, Pick, Section
from sundaypaper.text import fold
from sundaypaper.wording.claims import venue_name
from sundaypaper.wording.counts import listed, number
from sundaypaper.wording.sentences import clip

ACCEPTED = WITHOUT = 2  # at least so many of each
TITLE_WORDS = 8


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
    return Draft(own + items(given, chosen))


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
    alone = sum(votes == count for votes, _, _ in voted) == 1
    most = most_voted(pick) if pick and alone else None
    if pick and most and pick.id in printed:
        others = "other paper here" if given.frame.part else "other new paper"
        said = f"{_quoted(pick)} had more votes than any {others} by {vote_day(most, given.frame)}: {number(count)}."
        yield Line("voted", said, (printed[pick.id],), (pick.id,))
    yield from together.lines(given, printed)
    told = max(stands, key=lambda pick: len(_sources(pick)), default=None)
    if told is not None and len(_sources(told)) > 1:
        said = f"{_quoted(told)} is told by {listed(_sources(told)[:3])}."
        yield Line("told", said, (printed[told.id],), (told.id,))
    else:
        told = None
    yield from _first(given, printed, {p.id for p in (pick, told) if p is not None})


def _first(given: Prepared, printed: Mapping[str, str], named: Set[str]) -> Iterator[Line]:
    """The best of the papers that its venue has taken; where none is, what stands first and why.

    What another line names is not named again.
    """
    best = given.accepted[0] if given.accepted else None
    claim = core_claim(best, given.frame) if best else None
    if best and claim and best.id in printed and best.id not in named:
        count = len(by_venue(given)[claim.venue])
        if count > 1:
            venue = venue_name(claim.venue, given.frame.venues)
            papers_ = f"{number(count)} papers{' here' if given.frame.part else ''}"
            said = f"{_quoted(best)} stands first of the {papers_} that {venue} has taken."
            yield Line("first", said, (printed[best.id],), (best.id,))
            return
    first = next((given.known[id] for id, place in printed.items() if place == "lead"), None)
    if first is not None and first.id not in named and (reason := why_in_short(first, given.frame)):
        yield Line("first", f"{_quoted(first)} stands first: {reason}.", ("lead",), (first.id,))


def _quoted(pick: Pick) -> str:
    """The name before the colon of a title where it is short, else the title, quoted."""
    return f"“{name_of(pick) or clip(pick.title, TITLE_WORDS)}”"


def _sources(pick: Pick) -> list[str]:
    return list(dict.fromkeys(post.source for post in pick.discussed))
