"""Read the entries of a week: stories with claims, topics, evidence and gist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sundaypaper import gist, links, query, sightings, topics, venues, weeks
from sundaypaper.config import Config
from sundaypaper.models import (
    Claim,
    Entry,
    FollowUp,
    Sighting,
    Story,
    Tagged,
    Wording,
)
from sundaypaper.pipeline.extensions import Extensions
from sundaypaper.pipeline.known_dates import known_dates
from sundaypaper.pipeline.vote_counts import votes_of_week
from sundaypaper.store import Store
from sundaypaper.venues import comments

LONG_AGO = datetime.min.replace(tzinfo=UTC)
DATES_AHEAD = timedelta(days=21)


class EntryReader:
    """Tags entries with the venues and topics of a configuration, which are prepared once.

    A store supplies the texts of papers that topics name as examples by id.
    """

    def __init__(self, config: Config, store: Store | None = None) -> None:
        self.config = config
        self.table = venues.extend(config.own_venues)
        self.texts = example_texts(config, store) if store else {}
        self.topics = topics.Tagger(config.topics, self.texts)
        self.extensions = Extensions(config)

    def tagged(self, story: Story, listed: date | None = None) -> Tagged:
        """A story with claims, topics, evidence and gist; listed is the day its source gave."""
        entry = story.sighting.entry
        listed = listed or (entry.published.date() if entry.published else None)
        claims = comments.claims(entry.comment, entry.journal_ref, listed, self.table, entry.title)
        tags = self.topics.tags(entry, query.card_of_entry(entry))
        tags = self.extensions.tags(entry, tags)
        return Tagged(story, claims, tags, gist.evidence(entry), gist.gist(entry))

    def unread_examples(self) -> tuple[tuple[str, str], ...]:
        """Topics with their examples of which nothing can be learnt: (topic id, example)."""
        return topics.unread_examples(self.config.topics, self.texts)

    def tag(self, entry: Entry, listed: date | None) -> Tagged:
        """One entry read on its own, as `sundaypaper tag` does."""
        moment = datetime.combine(listed, time(), UTC) if listed else entry.published
        return self.tagged(Story(Sighting(entry, moment or LONG_AGO, "", "new")), listed)


def example_texts(config: Config, store: Store) -> dict[str, str]:
    """Title and summary of the examples that topics name by id, as far as they are kept."""
    kept = store.known(topics.example_ids(config.topics))
    return {id: f"{at.entry.title}\n{at.entry.summary}" for id, at in kept.items()}


@dataclass(frozen=True, slots=True)
class ReadWeek:
    """Everything the issue of a week may hold: its entries, the dates ahead, and landmarks."""

    week: str
    entries: tuple[Tagged, ...]
    dates: tuple[Tagged, ...] = ()
    landmarks: tuple[Tagged, ...] = ()


def read(
    reader: EntryReader, store: Store, week: str, now: datetime, shelf: tuple[Entry, ...] = ()
) -> ReadWeek:
    """Read everything that belongs to a week, with claims, topics, evidence and gist.

    Its entries are folded into stories. The dates are those of three weeks from its Sunday on, or
    from now if that is later; the landmarks those of the shelf that no issue has shown.
    """
    entries = _entries(reader, store, week, now)
    start = max(now, datetime.combine(weeks.sunday(week), time(), now.tzinfo))
    dates = read_dates(reader, store, week, start, start + DATES_AHEAD)
    return ReadWeek(week, entries, dates, _landmarks(reader, store, shelf, entries))


def read_dates(
    reader: EntryReader, store: Store, week: str, start: datetime, end: datetime | None = None
) -> tuple[Tagged, ...]:
    """Known events between two moments, counted from the start of the first day."""
    removed = store.removed()
    known = known_dates(reader.config, store, start - timedelta(days=1), end)
    seen = (Sighting(e, LONG_AGO, week, "backlog") for e in known if e.id not in removed)
    return tuple(reader.tagged(Story(sighting)) for sighting in seen)


def _landmarks(
    reader: EntryReader, store: Store, shelf: tuple[Entry, ...], entries: tuple[Tagged, ...]
) -> tuple[Tagged, ...]:
    """The landmarks that no issue has shown and that are not themselves news of this week."""
    taken = store.shelved().keys() | store.removed() | {t.story.sighting.entry.id for t in entries}
    free = (entry for entry in shelf if entry.id not in taken)
    seen = (Sighting(replace(entry, week=""), LONG_AGO, "", "backlog") for entry in free)
    return tuple(reader.tagged(Story(sighting)) for sighting in seen)


def _entries(reader: EntryReader, store: Store, week: str, now: datetime) -> tuple[Tagged, ...]:
    """The entries of a week, folded into stories, with votes and what changed since earlier issues."""
    removed = store.removed()
    places = tuple(at for at in store.of_week(week) if at.entry.id not in removed)
    history = store.wordings(at.entry.id for at in places if at.entry.kind == "paper")
    seen = [
        sightings.sighting(at, week, history.get(at.entry.id, ()))
        for at in places
        if at.entry.kind != "event"
    ]
    older = (s for s in seen if s.standing == "update" or len(s.wordings) > 1)
    printed = store.printed_in(s.entry.id for s in older)

    def claims_in(title: str, wording: Wording) -> tuple[Claim, ...]:
        seen = wording.seen.date()
        return comments.claims(wording.comment, wording.journal_ref, seen, reader.table, title)

    def followed_up(tagged: Tagged) -> Tagged:
        """With what changed since earlier issues, where more than one wording is known."""
        sighting = tagged.story.sighting
        if len(sighting.wordings) < 2:
            return tagged
        claims_of = partial(claims_in, sighting.entry.title)
        first = next((w for w in printed.get(sighting.entry.id, ()) if w < week), "")
        return replace(
            tagged,
            acceptance=sightings.newly_accepted(sighting, week, claims_of, first),
            taken_back=sightings.taken_back(sighting, week, claims_of, comments.withdrawn, first),
        )

    stories = links.stories(tuple(seen))
    tagged = _with_releases(tuple(followed_up(reader.tagged(story)) for story in stories))
    released = _released(store, week, tagged, printed)
    ids = [t.story.sighting.entry.id for t in tagged]
    votes = votes_of_week(store, week, ids, now)
    return tuple(
        replace(t, follow_up=released.get(id), votes=votes.get(id, ()))
        for id, t in zip(ids, tagged, strict=True)
    )


def _with_releases(tagged: tuple[Tagged, ...]) -> tuple[Tagged, ...]:
    """Technical reports with the posts that tell that what they report on is out."""
    releases = [
        (evidence.span, t.story.sighting.entry)
        for t in tagged
        for evidence in t.evidence
        if evidence.kind == "release" and t.story.sighting.entry.kind == "post"
    ]

    def told(paper: Tagged) -> Tagged:
        story, entry = paper.story, paper.story.sighting.entry
        if entry.kind != "paper":
            return paper
        known = {mention.id for mention in story.discussed}
        by = (post for span, post in releases if gist.same_release(entry.title, span))
        more = tuple(links.mention(post) for post in by if post.id not in known)
        return replace(paper, story=replace(story, discussed=story.discussed + more))

    return tuple(map(told, tagged)) if releases else tagged


def _released(
    store: Store, week: str, tagged: Iterable[Tagged], printed: Mapping[str, tuple[str, ...]]
) -> dict[str, FollowUp]:
    """The papers that name their code now, and did not in any issue that printed them."""
    named: dict[str, tuple[str, tuple[str, ...]]] = {}
    for paper in tagged:
        sighting = paper.story.sighting
        span = next((evidence.span for evidence in paper.evidence if evidence.kind == "code"), "")
        before = tuple(at for at in printed.get(sighting.entry.id, ()) if at < week)
        if sighting.standing == "update" and span and before:
            named[sighting.entry.id] = (span, before)
    picked = store.picked({at for _, before in named.values() for at in before})
    had = {
        pick.id
        for at in picked.values()
        for pick in at.picks
        if any(evidence.kind == "code" for evidence in pick.evidence)
    }
    return {
        id: FollowUp(id, span, before[0]) for id, (span, before) in named.items() if id not in had
    }
