"""Known dates: events from the sources, and the days on which core venues usually decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from sundaypaper import decisions
from sundaypaper.config import Config
from sundaypaper.decisions import Decision
from sundaypaper.models import Entry
from sundaypaper.store import Store

# Dates of sources lie so far ahead at most; decisions so far away have no part in a week.
AHEAD, NEAR = timedelta(days=900), timedelta(days=60)


def known_dates(
    config: Config, store: Store, start: datetime, end: datetime | None = None
) -> tuple[Entry, ...]:
    """Events that start between two moments, soonest first; without an end all later ones.

    A date whose source is no longer in feeds.yaml is left out.
    """
    end = end or start + AHEAD
    from_sources = _of_sources(config, store, start - NEAR, end + NEAR)
    usual = decisions.usual(config.core, config.venue_titles, from_sources, start.date())
    known = (*from_sources, *usual)
    near = [e for e in known if e.starts and start <= max(e.starts, e.ends or e.starts)]
    return tuple(sorted((e for e in near if e.starts and e.starts < end), key=_order))


def decided(config: Config, store: Store, around: datetime) -> tuple[Decision, ...]:
    """Decision days of venues around a moment, from sources or as usual for core venues."""
    return decisions.days_of(known_dates(config, store, around - NEAR, around + NEAR))


def _of_sources(config: Config, store: Store, start: datetime, end: datetime) -> list[Entry]:
    named = {spec.name for spec in config.sources}
    kept = (at.entry for at in store.events(start, end))
    # What a bundle recorded bears the name of its own source, and another kind of id.
    return [e for e in kept if not e.id.startswith("event:") or e.source in named]


def _order(entry: Entry) -> tuple[str, str]:
    return str(entry.starts), entry.id
