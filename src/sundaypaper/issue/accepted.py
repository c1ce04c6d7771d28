"""The section “Accepted at …”: papers whose authors say that a core venue accepted them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sundaypaper.issue.choosing import by_topic, choose, topic_of
from sundaypaper.issue.claims import core_claim
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items
from sundaypaper.models import Claim, Item, Pick, Section
from sundaypaper.text import words
from sundaypaper.wording.claims import claim_short, venue_name
from sundaypaper.wording.counts import listed, number, plural

PLACES = ("accepted", "lead", "learn")
STATED = ("best_paper", "finalist", "oral", "spotlight", "highlight")
DISTINGUISHED = "Orals, spotlights and highlights"
TOPICS_NAMED, TOPIC_WORDS = 3, 9
HANDFUL = 5


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """Full entries, then titles: how they are presented first, then by topic.

    Titles are a list, so only the entries are capped.
    """
    pool = [pick for pick in given.accepted if pick.id not in used]
    full = choose(pool, plan["accepted"])
    shown = {pick.id for pick in full}
    rest = [pick for pick in pool if pick.id not in shown]
    rest = sorted(rest, key=lambda pick: not _is_distinguished(given, pick))[
        : plan["accepted_titles"]
    ]
    first = [pick for pick in rest if _is_distinguished(given, pick)]
    others = by_topic(given.topics, [pick for pick in rest if pick not in first])
    names = given.frame.venues
    held = {claim.venue for pick in pool if (claim := core_claim(pick, given.frame))}
    at = [venue_name(key, names) for key in given.frame.core if key in held]
    titles = (
        *(_title(given, p, DISTINGUISHED) for p in first),
        *(_title(given, p) for p in others),
    )
    return Draft(
        items(given, full) + titles,
        tuple(pick.id for pick in given.accepted),
        f"Accepted at {listed(at)}" if at else "",
    )


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """How many papers each of the two largest venues has taken, and on what.

    A second venue is told of where it took more than a handful, or the first did not either.
    """
    at = by_venue(given)
    largest = sorted(at.items(), key=lambda x: (-len(x[1]), x[0]))[:2]
    for key, picks in largest:
        count = len(picks)
        if count < HANDFUL <= len(largest[0][1]):
            return
        name = venue_name(key, given.frame.venues)
        here = " here" if given.frame.part else ""
        papers_say = (
            f"{plural(count, f'paper{here} says', f'papers{here} say')} that {name} has taken"
        )
        them = "it" if count == 1 else "them"
        yield Line("accepted", f"{papers_say} {them}{_most(given, picks)}.", PLACES)


def by_venue(given: Prepared) -> dict[str, list[Pick]]:
    """The accepted papers by the core venue that has taken them, the best first."""
    at: dict[str, list[Pick]] = defaultdict(list)
    for pick in given.accepted:
        if claim := core_claim(pick, given.frame):
            at[claim.venue].append(pick)
    return at


def _most(given: Prepared, picks: Sequence[Pick]) -> str:
    """`: 3D vision (31), Robotics (30) and Graphs (28) lead`; else how many are orals, if any."""
    about = Counter(topic for pick in picks if (topic := topic_of(pick)))
    most = [
        x for x in sorted(about.items(), key=lambda x: (-x[1], x[0]))[:TOPICS_NAMED] if x[1] > 1
    ]
    if len(most) == TOPICS_NAMED:
        names = [f"{given.topics.get(topic, topic)} ({number(n)})" for topic, n in most]
        fits = words(" ".join(names)) <= TOPIC_WORDS
        return f": {listed(names if fits else names[:-1])} lead"
    claims = (core_claim(pick, given.frame) for pick in picks)
    orals = sum(claim is not None and claim.presentation == "oral" for claim in claims)
    if not orals:
        return ""
    return f", {number(orals)} of them as {'an oral' if orals == 1 else 'orals'}"


def _is_distinguished(given: Prepared, pick: Pick) -> bool:
    claim = core_claim(pick, given.frame)
    return claim is not None and claim.presentation in STATED


def _title(given: Prepared, pick: Pick, group: str = "") -> Item:
    claim = core_claim(pick, given.frame)
    return Item(pick.id, place(given, claim) if claim else "", "title", group)


def place(given: Prepared, claim: Claim) -> str:
    """A venue beside a title, with how it is presented unless that is as a poster."""
    said = replace(claim, presentation=None) if claim.presentation == "poster" else claim
    return claim_short(said, given.frame.venues)
