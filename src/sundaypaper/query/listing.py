"""Entries of issues as lists keep them for their filter boxes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sundaypaper.models import Issue, Listed, Pick, TopicEntry
from sundaypaper.text import shorten

from .cards import card_of_pick

# A paper's abstract is free to be handed on, a post is its author's: a taste of it must do.
POST_LENGTH = 300
# So many of a week's new entries a topic's page can list at most.
TOPIC_LINES = 120


def listed(pick: Pick, abstracts: Mapping[str, str]) -> Listed:
    """An entry of an issue as its line is filtered; abstracts are those of the issue, by id."""
    day = card_of_pick(pick).day
    return Listed(
        kind=pick.kind,
        source=pick.source,
        group=pick.group,
        abstract=listed_abstract(pick, abstracts),
        authors=pick.authors,
        categories=pick.categories,
        claims=pick.claims,
        topics=tuple(tag.topic for tag in pick.tags),
        ring=pick.ring,
        has=tuple(item.kind for item in pick.evidence),
        day=day.isoformat() if day else "",
        week=pick.week,
        score=round(pick.score, 3),
    )


def listed_abstract(pick: Pick, abstracts: Mapping[str, str]) -> str:
    """The abstract that is looked at: the source's summary, else the gist; of a post its beginning."""
    whole = abstracts.get(pick.id, "") or pick.gist
    return whole if pick.kind == "paper" or pick.own_words else shorten(whole, POST_LENGTH)


def topic_entries(issue: Issue) -> Iterator[tuple[str, TopicEntry]]:
    """Each topic with the new entries that its page may list of an issue, highest score first."""
    of: dict[str, list[Pick]] = {}
    for pick in issue.entries:
        for tag in pick.tags if pick.standing in ("new", "late") else ():
            of.setdefault(tag.topic, []).append(pick)
    for topic, picks in of.items():
        best = sorted(picks, key=lambda pick: (-pick.score, pick.id))[:TOPIC_LINES]
        for pick in best:
            line = listed(pick, issue.abstracts)
            yield topic, TopicEntry(pick.id, issue.week, pick.title, pick.url, line)
