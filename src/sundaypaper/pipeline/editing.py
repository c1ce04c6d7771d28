"""Rank the entries of a week, compose its issue, and store it as a draft or frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sundaypaper import issue as issues
from sundaypaper import weeks
from sundaypaper.config import Config
from sundaypaper.interest.rank import rank
from sundaypaper.models import Issue, Pick, SourceReport, Tagged, TopicName
from sundaypaper.pipeline import before, desk_files, recalling
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.completeness import derived_holidays, held, incomplete, too_early
from sundaypaper.pipeline.extensions import Extensions
from sundaypaper.pipeline.known_dates import decided
from sundaypaper.pipeline.learning import shelf_of
from sundaypaper.pipeline.reading import ReadWeek
from sundaypaper.pipeline.sequels import sequels
from sundaypaper.pipeline.vote_counts import without_votes
from sundaypaper.store import Store
from sundaypaper.wording.counts import plural


@dataclass(frozen=True, slots=True)
class Terms:
    """Conditions under which a week is printed.

    hold is the reason to keep it a draft although nothing is missing. by_hand is True where its
    editor prints it, which ends the wait for them. despite is the reason to print it although
    something is missing. Who prints by hand does not wait for the print time either.
    """

    hold: str = ""
    by_hand: bool = False
    despite: str = ""


USUAL = Terms()


def edit(
    config: Config,
    store: Store,
    read: ReadWeek,
    now: datetime,
    collected: Collected,
    terms: Terms = USUAL,
    extensions: Extensions | None = None,
) -> Issue:
    """Compose the week's issue and store it: frozen when nothing is missing and it is time, else a draft.

    extensions are those of feeds.yaml as far as they are loaded already.
    """
    theirs = extensions or Extensions(config)
    recalling.catch_up(store)
    ledger = _ledger(config, store, read)
    gap = incomplete(config, ledger, read.week, now)
    tagged = (*read.entries, *read.dates, *read.landmarks)
    picks = ranked(config, tagged, read.week, collected, theirs)
    material = _material(config, store, read, now, collected, picks, ledger)
    frame = _frame(config, read.week, now, collected, gap, terms)
    lacking = " ".join(filter(None, (frame.missing, without_votes(config, ledger, read.entries))))
    frame = replace(frame, missing=lacking, own=theirs.sections())
    composed = issues.compose(material, frame)
    if faults := theirs.told():
        lacking = " ".join(filter(None, (lacking, _faulty(faults))))
        composed = issues.compose(material, replace(frame, missing=lacking))
    store.keep_issue(composed)
    return composed


def _faulty(faults: tuple[str, ...]) -> str:
    """What an issue says of extensions that broke; how each did is told to who runs it."""
    return (
        f"{plural(len(faults), 'extension')} of this paper broke while it was made; "
        "what would have come from there is left out."
    )


def ranked(
    config: Config,
    tagged: tuple[Tagged, ...],
    week: str,
    collected: Collected,
    extensions: Extensions | None = None,
) -> tuple[Pick, ...]:
    """Tagged entries as picks, best first, ranked with the weights and signals of feeds.yaml."""
    return rank(
        tagged,
        core=config.core,
        also=config.also,
        authors=config.authors,
        weights=config.weights,
        week=week,
        year=weeks.sunday(week).year,
        reprint=bool(collected.reprint),
        venues=config.venue_titles,
        topics={topic.id: topic.name for topic in config.topics},
        narrowed=frozenset(s.name for s in config.sources if s.narrowed),
        signals=extensions.signals() if extensions else (),
    )


def _material(
    config: Config,
    store: Store,
    read: ReadWeek,
    now: datetime,
    collected: Collected,
    picks: tuple[Pick, ...],
    ledger: tuple[SourceReport, ...],
) -> issues.Material:
    events, landmarks = _among(picks, read.dates), _among(picks, read.landmarks)
    entries = [tagged.story.sighting.entry for tagged in read.entries]
    of_week = _among(picks, read.entries)
    names = {topic.id: topic.name for topic in config.topics}
    shelf, on_shelf = shelf_of(landmarks, of_week, store.shelved(), names)
    return issues.Material(
        picks=of_week,
        events=events,
        landmarks=shelf,
        on_shelf=on_shelf,
        acceptances=tuple(t.acceptance for t in read.entries if t.acceptance),
        taken_back=tuple(t.taken_back for t in read.entries if t.taken_back),
        follow_ups=tuple(t.follow_up for t in read.entries if t.follow_up),
        corrections=desk_files.corrections(store, read.week, now),
        decisions=decided(config, store, now),
        ledger=ledger,
        abstracts={entry.id: entry.summary for entry in (*entries, *collected.shelf)},
        editorial=desk_files.editorial(config, read, of_week, (*events, *landmarks)),
        listed=len(read.entries),
        backlog=store.backlog(),
        usual=before.usual(store, read.week),
        last_forms=before.last_forms(store, read.week),
        earlier=sequels(store, read.week, read.entries),
    )


def _among(picks: tuple[Pick, ...], tagged: Iterable[Tagged]) -> tuple[Pick, ...]:
    ids = {t.story.sighting.entry.id for t in tagged}
    return tuple(pick for pick in picks if pick.id in ids)


def _frame(
    config: Config, week: str, now: datetime, collected: Collected, gap: str, terms: Terms
) -> issues.Frame:
    waiting = "" if terms.by_hand else held(config, week)
    early = "" if terms.by_hand else too_early(config, week, now)
    why_draft = ("" if terms.despite else gap) or terms.hold or waiting or early
    despite = terms.despite.rstrip(".")
    lacking = f"Printed incomplete: {despite}. {gap}." if despite and gap else ""
    return issues.Frame(
        week=week,
        title=config.masthead.title,
        now=now,
        sizes=config.sizes,
        topics=tuple(TopicName(topic.id, topic.name) for topic in config.topics),
        core=config.core,
        also=config.also,
        venues=config.venue_titles,
        state="draft" if why_draft else "frozen",
        why_draft=why_draft,
        reprint=collected.reprint,
        fingerprint=config.fingerprint,
        missing=" ".join(filter(None, (lacking, derived_holidays(config, now)))),
    )


def _ledger(config: Config, store: Store, read: ReadWeek) -> tuple[SourceReport, ...]:
    """Each source's last report of the week, in the order of feeds.yaml, with what it added."""
    kept = store.reports(read.week)
    new: dict[str, int] = {}
    for tagged in read.entries:
        seen = tagged.story.sighting
        if seen.standing in ("new", "late"):
            new[seen.entry.source] = new.get(seen.entry.source, 0) + 1
        for mention in (*tagged.story.discussed, *tagged.story.copies):
            new[mention.source] = new.get(mention.source, 0) + 1
    named = [spec.name for spec in config.sources]
    order = [name for name in named if name in kept] + sorted(kept.keys() - set(named))
    return tuple(replace(kept[name], new=new.get(name, kept[name].new)) for name in order)
