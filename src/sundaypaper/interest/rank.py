"""Scoring and sorting: tagged stories of a week to picks, best first.

    Tagged | rings: accepted, near, field | parts + posts: contributions | sum -> Pick

A score is the sum of its contributions, each with its reason. The ring is no part of it: it says in
which sections an entry may stand, and the score in which order. Only the parts of UNPRINTED have
reasons that a person cannot check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType

from sundaypaper.interest.contributions import contributions
from sundaypaper.interest.learnt import NO_MODEL, Model, shipped
from sundaypaper.interest.posts import MOST_A_WEEK
from sundaypaper.interest.rings import best_claim, ring
from sundaypaper.interest.rules import RULES, Rules
from sundaypaper.models import Pick, Tagged
from sundaypaper.text import fold

UNPRINTED = frozenset({"topic", "learnt", "authors"})  # their reasons stay in `explain`
NO_NAMES: Mapping[str, str] = MappingProxyType({})


def rank(
    tagged: tuple[Tagged, ...],
    *,
    core: tuple[str, ...],
    also: tuple[str, ...],
    authors: tuple[str, ...],
    weights: Mapping[str, float],
    week: str,
    year: int,
    reprint: bool = False,
    venues: Mapping[str, str] = NO_NAMES,
    topics: Mapping[str, str] = NO_NAMES,
    narrowed: Collection[str] = (),
    model: Model | None = None,
) -> tuple[Pick, ...]:
    """Picks sorted by score, best first, then by id.

    core and also are venue keys; authors are followed names. weights replaces RULES by name, and
    `source:NAME` (0 to 2, 1 where nothing is said) is the weight of a source of posts. venues and topics
    map a key or an id to the name to print. year is the issue's; with reprint a claim is held against the
    entry's own year. narrowed names the sources that have an `only:`. model is the one that comes
    with the package unless given; SundayPaperError where that is damaged.
    """
    known = dict(RULES) | dict(weights)
    rules = Rules(
        core=core,
        also=also,
        authors={fold(author): author for author in authors},
        weights=known,
        week=week,
        year=year,
        reprint=reprint,
        venues=venues,
        topics=topics,
        model=model or (shipped() if known["learnt"] else NO_MODEL),
        sunday=date.fromisocalendar(int(week[:4]), int(week[6:]), 7),
        flooding=_flooding(tagged, narrowed),
    )
    picks = [_pick(story, rules) for story in tagged]
    return tuple(sorted(picks, key=lambda pick: (-pick.score, pick.id)))


def _flooding(tagged: tuple[Tagged, ...], narrowed: Collection[str]) -> dict[str, int]:
    entries = (t.story.sighting.entry for t in tagged if t.story.sighting.standing != "backlog")
    posts = Counter(e.source for e in entries if e.kind == "post" and e.source not in narrowed)
    return {source: n for source, n in posts.items() if n > MOST_A_WEEK}


def _pick(tagged: Tagged, rules: Rules) -> Pick:
    entry = tagged.story.sighting.entry
    parts = [c for c in contributions(tagged, best_claim(tagged, rules), rules) if c.value]
    told = (c for c in parts if c.value > 0 and c.name not in UNPRINTED)
    positive = sorted(told, key=lambda c: -c.value)
    return Pick(
        id=entry.id,
        kind=entry.kind,
        source=entry.source,
        group=entry.group,
        url=entry.url,
        title=entry.title,
        authors=entry.authors,
        published=entry.published,
        week=tagged.story.sighting.week,
        standing=tagged.story.sighting.standing,
        ring=ring(tagged, rules),
        categories=entry.categories,
        comment=entry.comment,
        journal_ref=entry.journal_ref,
        claims=tagged.claims,
        tags=tagged.tags,
        evidence=tagged.evidence,
        gist=tagged.gist,
        score=round(sum(c.value for c in parts), 10),
        contributions=tuple(parts),
        reasons=tuple(dict.fromkeys(c.reason for c in positive if c.reason)),
        discussed=tagged.story.discussed,
        copies=tagged.story.copies,
        starts=entry.starts,
        ends=entry.ends,
        more_authors=entry.more_authors,
        own_words=entry.own_words,
        zone=entry.zone,
        occasion=entry.occasion,
        venue=entry.venue,
        votes=tagged.votes,
    )
