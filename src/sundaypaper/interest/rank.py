"""Scoring and sorting: tagged stories of a week to picks, best first.

    Tagged | rings: accepted, near, field | parts + posts: contributions | sum -> Pick

A score is the sum of its contributions, each with its reason. The ring is no part of it: it says in
which sections an entry may stand, and the score in which order. Only the parts of UNPRINTED have
reasons that a person cannot check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from sundaypaper.interest.contributions import contributions
from sundaypaper.interest.learnt import NO_MODEL, Model, shipped
from sundaypaper.interest.posts import MOST_A_WEEK
from sundaypaper.interest.rings import best_claim, ring
from sundaypaper.interest.rules import RULES, Rules
from sundaypaper.models import Contribution, Pick, Tagged
from sundaypaper.text import fold

UNPRINTED = frozenset({"topic", "learnt", "authors"})  # their reasons stay in `explain`
AskSignal = Callable[[Pick], Contribution | None]
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
    signals: tuple[AskSignal, ...] = (),
) -> tuple[Pick, ...]:
    """Picks sorted by score, best first, then by id.

    core and also are venue keys; authors are followed names. weights replaces RULES by name, and
    `source:NAME` (0 to 2, 1 where nothing is said) is the weight of a source of posts. venues and topics
    map a key or an id to the name to print. year is the issue's; with reprint a claim is held against the
    entry's own year. narrowed names the sources that have an `only:`. model is the one that comes
    with the package unless given; SundayPaperError where that is damaged. signals are asked of each
    pick, and each adds a part to its score.
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
    picks = [_with_signals(_pick(story, rules), signals) for story in tagged]
    return tuple(sorted(picks, key=lambda pick: (-pick.score, pick.id)))


def _with_signals(pick: Pick, signals: tuple[AskSignal, ...]) -> Pick:
    more = tuple(part for signal in signals if (part := signal(pick)) is not None)
    if not more:
        return pick
    parts = (*pick.contributions, *more)
    return replace(pick, contributions=parts, score=_sum(parts), reasons=_reasons(parts))


def _flooding(tagged: tuple[Tagged, ...], narrowed: Collection[str]) -> dict[str, int]:
    entries = (t.story.sighting.entry for t in tagged if t.story.sighting.standing != "backlog")
    posts = Counter(e.source for e in entries if e.kind == "post" and e.source not in narrowed)
    return {source: n for source, n in posts.items() if n > MOST_A_WEEK}


def _pick(tagged: Tagged, rules: Rules) -> Pick:
    entry = tagged.story.sighting.entry
    parts = tuple(c for c in contributions(tagged, best_claim(tagged, rules), rules) if c.value)
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
        score=_sum(parts),
        contributions=parts,
        reasons=_reasons(parts),
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


def _sum(parts: tuple[Contribution, ...]) -> float:
    return round(sum(c.value for c in parts), 10)


def _reasons(parts: tuple[Contribution, ...]) -> tuple[str, ...]:
    """What speaks for an entry and a person can check, the weightiest first."""
    told = (c for c in parts if c.value > 0 and c.name not in UNPRINTED)
    positive = sorted(told, key=lambda c: -c.value)
    return tuple(dict.fromkeys(c.reason for c in positive if c.reason))
