"""The week's issue, composed and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sundaypaper import issue as issues
from sundaypaper import ranking, weeks
from sundaypaper.config import Config
from sundaypaper.models import (
    Entry,
    Issue,
    Pick,
    Sighting,
    SourceReport,
    Story,
    Tagged,
    TopicName,
)
from sundaypaper.pipeline import desk
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.completing import incomplete
from sundaypaper.pipeline.dating import decided, known_dates
from sundaypaper.pipeline.reading import LONG_AGO, Reader
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
    by_hand: bool = False,
    despite: str = "",
) -> Issue:
    """Compose the week's issue and keep it: frozen when nothing is missing, else a draft.

    hold says why it is to stay a draft even so; a week that waits for its editor does until it is
    printed by_hand. despite is why it is printed although something is missing.
    """
    ledger = _ledger(config, store, week, tagged)
    gap = incomplete(config, ledger, week, now)
    waits = f"It waits for its editor: `sundaypaper print --week {week}`"
    why_draft = ("" if despite else gap) or hold or (waits if config.hold and not by_hand else "")
    picks = _rank(config, tagged, week, collected.reprint)
    events = _events(config, store, now, week)
    landmarks = _landmarks(config, store, collected.shelf, tagged, week)
    composed = issues.compose(
        picks,
        week=week,
        title=config.masthead.title,
        now=now,
        sizes=config.sizes,
        topics=tuple(TopicName(t.id, t.name) for t in config.topics),
        core=config.core,
        events=events,
        decisions=decided(config, store, now),
        landmarks=landmarks,
        acceptances=tuple(t.acceptance for t in tagged if t.acceptance),
        taken_back=tuple(t.taken_back for t in tagged if t.taken_back),
        ledger=ledger,
        listed=len(tagged),
        backlog=store.backlog(),
        venues=config.venue_titles,
        abstracts={t.story.sighting.entry.id: t.story.sighting.entry.summary for t in tagged}
        | {e.id: e.summary for e in collected.shelf},
        state="draft" if why_draft else "frozen",
        why_draft=why_draft,
        reprint=collected.reprint,
        fingerprint=config.fingerprint,
        editorial=desk.editorial(config, week, picks, (*events, *landmarks), tagged),
        amendments=desk.corrections(store, week, now),
        follow_ups=tuple(t.follow_up for t in tagged if t.follow_up),
        missing=f"Printed incomplete: {despite.rstrip('.')}. {gap}." if despite and gap else "",
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
        venues=config.venue_titles,
        topics={topic.id: topic.name for topic in config.topics},
        narrowed=frozenset(s.name for s in config.sources if s.narrowed),
    )


def dates(
    config: Config, store: Store, week: str, start: datetime, end: datetime | None = None
) -> tuple[Pick, ...]:
    """What is known of the time between two moments, whole days of the first day included."""
    removed = store.removed()
    told = known_dates(config, store, start - timedelta(days=1), end)
    seen = (Sighting(e, LONG_AGO, week, "backlog") for e in told if e.id not in removed)
    reader = Reader(config, store)
    return _rank(config, tuple(reader.tagged(Story(s)) for s in seen), week, "")


def _events(config: Config, store: Store, now: datetime, week: str) -> tuple[Pick, ...]:
    """The dates of the next weeks, counted from the week's Sunday or from now if that is later."""
    start = max(now, datetime.combine(weeks.sunday(week), datetime.min.time(), now.tzinfo))
    return dates(config, store, week, start, start + DATES_AHEAD)


def _landmarks(
    config: Config,
    store: Store,
    shelf: tuple[Entry, ...],
    tagged: tuple[Tagged, ...],
    week: str,
) -> tuple[Pick, ...]:
    """The landmarks that no issue has shown and that are not themselves news of this week."""
    taken = store.shelved() | store.removed() | {t.story.sighting.entry.id for t in tagged}
    free = [entry for entry in shelf if entry.id not in taken]
    reader = Reader(config, store)
    seen = (Sighting(replace(e, week=""), LONG_AGO, "", "backlog") for e in free)
    return _rank(config, tuple(reader.tagged(Story(s)) for s in seen), week, reprint="shelf")


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
