"""The dates that are known: those of the sources, and when core venues usually decide."""

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
    """What starts between two moments, soonest first; without an end all that is known.

    A date whose source is no longer in feeds.yaml is left out.
    """
    end = end or start + AHEAD
    told = _of_sources(config, store, start - NEAR, end + NEAR)
    usual = decisions.usual(config.core, config.venue_titles, told, start.date())
    found = (*told, *usual)
    near = [e for e in found if e.starts and start <= max(e.starts, e.ends or e.starts)]
    return tuple(sorted((e for e in near if e.starts and e.starts < end), key=_order))


def decided(config: Config, store: Store, around: datetime) -> tuple[Decision, ...]:
    """When venues decide in the weeks around a moment, as sources tell or as core venues usually do."""
    return decisions.days_of(known_dates(config, store, around - NEAR, around + NEAR))


def _of_sources(config: Config, store: Store, start: datetime, end: datetime) -> list[Entry]:
    named = {spec.name for spec in config.sources}
    kept = (at.entry for at in store.events(start, end))
    # What a bundle recorded bears the name of its own source, and another kind of id.
    return [e for e in kept if not e.id.startswith("event:") or e.source in named]


def _order(entry: Entry) -> tuple[str, str]:
    return str(entry.starts), entry.id
