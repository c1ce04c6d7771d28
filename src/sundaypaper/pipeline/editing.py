"""The week's issue, composed and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sundaypaper import issue as issues
from sundaypaper import ranking, sightings, venues, weeks
from sundaypaper.config import Config
from sundaypaper.models import (
    Entry,
    FeedSpec,
    Issue,
    Pick,
    Sighting,
    SourceReport,
    Story,
    Tagged,
    TopicName,
)
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.completing import incomplete
from sundaypaper.pipeline.reading import LONG_AGO, tagged_of
from sundaypaper.store import Store

DATES_AHEAD = timedelta(days=21)


def edit(
    config: Config,
    store: Store,
    week: str,
    now: datetime,
    collected: Collected,
    tagged: tuple[Tagged, ...],
    hold: str = "",
) -> Issue:
    """Compose the week's issue and keep it: frozen when nothing is missing, else a draft.

    hold says why it is to stay a draft even so.
    """
    ledger = _ledger(config, store, week, tagged)
    why_draft = incomplete(config, ledger, week, now) or hold
    picks = _rank(config, tagged, week, collected.reprint)
    composed = issues.compose(
        picks,
        week=week,
        title=config.masthead.title,
        now=now,
        sizes=config.sizes,
        topics=tuple(TopicName(t.id, t.name) for t in config.topics),
        core=config.core,
        events=_events(config, store, now, week),
        landmarks=_landmarks(config, store, collected.shelf, tagged, week),
        acceptances=tuple(t.acceptance for t in tagged if t.acceptance),
        taken_back=tuple(t.taken_back for t in tagged if t.taken_back),
        ledger=ledger,
        listed=len(tagged),
        backlog=store.backlog(),
        venues=venue_titles(config),
        abstracts={t.story.sighting.entry.id: t.story.sighting.entry.summary for t in tagged}
        | {e.id: e.summary for e in collected.shelf},
        state="draft" if why_draft else "frozen",
        why_draft=why_draft,
        reprint=collected.reprint,
        fingerprint=config.fingerprint,
    )
    store.keep_issue(composed)
    return composed


def _rank(config: Config, tagged: tuple[Tagged, ...], week: str, reprint: str) -> tuple[Pick, ...]:
    return ranking.rank(
        tagged,
        core=config.core,
        also=config.also,
        authors=config.authors,
        weights=config.weights,
        week=week,
        year=weeks.sunday(week).year,
        reprint=bool(reprint),
        venues=venue_titles(config),
        topics={topic.id: topic.name for topic in config.topics},
        narrowed=frozenset(s.name for s in config.sources if isinstance(s, FeedSpec) and s.only),
    )


def venue_titles(config: Config) -> dict[str, str]:
    """What to print for each venue's key."""
    return {venue.key: venue.title for venue in venues.extend(config.own_venues)}


def _events(config: Config, store: Store, now: datetime, week: str) -> tuple[Pick, ...]:
    """The dates of the next weeks, counted from the week's Sunday or from now if that is later."""
    start = max(now, datetime.combine(weeks.sunday(week), datetime.min.time(), now.tzinfo))
    places = store.events(start, start + DATES_AHEAD)
    seen = (sightings.sighting(at, week) for at in places)
    return _rank(config, tuple(tagged_of(config, Story(s), ()) for s in seen), week, "")


def _landmarks(
    config: Config,
    store: Store,
    shelf: tuple[Entry, ...],
    tagged: tuple[Tagged, ...],
    week: str,
) -> tuple[Pick, ...]:
    """The landmarks that no issue has shown and that are not themselves news of this week."""
    taken = store.shelved() | {t.story.sighting.entry.id for t in tagged}
    free = [entry for entry in shelf if entry.id not in taken]
    table = venues.extend(config.own_venues)
    seen = (Sighting(replace(e, week=""), LONG_AGO, "", "backlog") for e in free)
    return _rank(
        config, tuple(tagged_of(config, Story(s), table) for s in seen), week, reprint="shelf"
    )


def _ledger(
    config: Config, store: Store, week: str, tagged: tuple[Tagged, ...]
) -> tuple[SourceReport, ...]:
    """Each source's last report of the week, in the order of feeds.yaml, with what it added."""
    kept = store.reports(week)
    new: dict[str, int] = {}
    for t in tagged:
        seen = t.story.sighting
        if seen.standing in ("new", "late"):
            new[seen.entry.source] = new.get(seen.entry.source, 0) + 1
        for mention in (*t.story.discussed, *t.story.copies):
            new[mention.source] = new.get(mention.source, 0) + 1
    named = [spec.name for spec in config.sources]
    order = [name for name in named if name in kept] + sorted(kept.keys() - set(named))
    return tuple(replace(kept[name], new=new.get(name, kept[name].new)) for name in order)
