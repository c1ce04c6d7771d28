"""What belongs to a week, read: stories with claims, topics, evidence and gist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from sundaypaper import gist, links, query, sightings, topics, venues
from sundaypaper.config import Config
from sundaypaper.models import (
    Claim,
    Entry,
    Sighting,
    Story,
    Tagged,
    Venue,
    Wording,
)
from sundaypaper.store import Store

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def read(config: Config, store: Store, week: str) -> tuple[Tagged, ...]:
    """All that belongs to a week: folded into stories, with claims, topics, evidence and gist."""
    places = store.of_week(week)
    history = store.wordings(at.entry.id for at in places if at.entry.kind == "paper")
    seen = [
        sightings.sighting(at, week, history.get(at.entry.id, ()))
        for at in places
        if at.entry.kind != "event"
    ]
    printed = store.printed_in(s.entry.id for s in seen if len(s.wordings) > 1)
    table = venues.extend(config.own_venues)

    def claims_of(wording: Wording) -> tuple[Claim, ...]:
        return venues.claims(wording.comment, wording.journal_ref, wording.seen.date(), table)

    def followed_up(tagged: Tagged) -> Tagged:
        """With what changed since earlier issues, where more than one wording is known."""
        sighting = tagged.story.sighting
        if len(sighting.wordings) < 2:
            return tagged
        first = next((w for w in printed.get(sighting.entry.id, ()) if w < week), "")
        return replace(
            tagged,
            acceptance=sightings.newly_accepted(sighting, week, claims_of, first),
            taken_back=sightings.taken_back(sighting, week, claims_of, venues.withdrawn, first),
        )

    return tuple(
        followed_up(tagged_of(config, story, table)) for story in links.stories(tuple(seen))
    )


def tag(config: Config, entry: Entry, listed: date | None) -> Tagged:
    """One entry read on its own, as `sundaypaper tag` does."""
    moment = datetime.combine(listed, time(), UTC) if listed else entry.published
    table = venues.extend(config.own_venues)
    story = Story(Sighting(entry, moment or LONG_AGO, "", "new"))
    return tagged_of(config, story, table, listed=listed)


def tagged_of(
    config: Config,
    story: Story,
    table: tuple[Venue, ...],
    listed: date | None = None,
) -> Tagged:
    entry = story.sighting.entry
    listed = listed or (entry.published.date() if entry.published else None)
    claims = venues.claims(entry.comment, entry.journal_ref, listed, table)
    tags = topics.tags(entry, config.topics, query.card_of_entry(entry))
    return Tagged(story, claims, tags, gist.evidence(entry), gist.gist(entry))
