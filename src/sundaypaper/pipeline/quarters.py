"""Quarters in review: one group a quarter, from what its issues printed and counts of its weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby

from sundaypaper import gist, venues, weeks
from sundaypaper.build import Group
from sundaypaper.formats import site
from sundaypaper.issue import Frame, quarter
from sundaypaper.models import IssueHead, Page, Picked
from sundaypaper.pipeline.publishing_context import PublishingContext
from sundaypaper.store import Count
from sundaypaper.venues import comments

TOPICS = 6


def quarter_groups(context: PublishingContext) -> Iterator[Group]:
    """A group for each quarter with a printed issue; it reads no other weeks than its own.

    What its issues printed may have changed since: the stamps of those entries tell.
    """
    for name, held in groupby(context.frozen, key=lambda head: weeks.quarter(head.week)):
        heads = tuple(held)
        ids = _printed(context, heads)
        stamps = context.store.stamps(ids)
        compared = [head.week for head in _frozen_in(context, _before(name))]
        of = [head.week for head in heads]
        fingerprint = context.fingerprint(
            "quarter",
            str(_is_running(context, name)),
            repr(stamps),
            weeks=[*of, *compared],
            ids=(*ids, *of),
        )
        yield Group(f"archive/{name}", fingerprint, partial(_pages, context, name, heads))


def _printed(context: PublishingContext, heads: Iterable[IssueHead]) -> frozenset[str]:
    return frozenset().union(*(context.printed.get(h.week, frozenset()) for h in heads))


def _before(name: str) -> str:
    return weeks.quarter(weeks.after(weeks.weeks_of(name)[0], -1))


def _frozen_in(context: PublishingContext, name: str) -> tuple[IssueHead, ...]:
    return tuple(head for head in context.frozen if weeks.quarter(head.week) == name)


def _is_running(context: PublishingContext, name: str) -> bool:
    """Whether a week of the quarter is still to be printed, as the newest printed one tells."""
    return context.frozen[0].week < weeks.weeks_of(name)[-1]


def _pages(context: PublishingContext, name: str, heads: tuple[IssueHead, ...]) -> tuple[Page, ...]:
    config, frame = context.config, context.frame
    picked = context.picked(head.week for head in heads)
    counts = context.store.counts((head.week for head in heads), frame.venues)
    cut = Frame("", config.masthead.title, heads[0].composed, {}, core=config.core, also=config.also, venues=config.venue_titles)  # fmt: skip
    topics, compared = _topics(context, name, counts)
    released = (
        (week, pick)
        for week, of in sorted(picked.items())
        for pick in of.picks
        if "released" in of.where[pick.id] and pick.source
    )
    ids = _printed(context, heads)
    noted = sum(a.kind == "note" and a.holds for id in ids for a in context.amendments.get(id, ()))
    page = site.QuarterPage(
        quarter=name,
        running=_is_running(context, name),
        of=len(weeks.weeks_of(name)),
        heads=heads,
        entries=sum(count.entries for count in counts if count.kind == "all"),
        told=quarter.cared_for(picked, cut),
        became=tuple(quarter.became(picked, _reread(context, picked))),
        topics=topics,
        compared=compared,
        venues=tuple(_venues(context, counts)),
        releases=tuple(sorted(released, key=lambda at: -at[1].score)),
        noted=noted,
        removed=len(ids & set(context.removed)),
        names=frame.topics,
    )
    return (site.quarter_page(page, frame, context.env),)


def _reread(context: PublishingContext, picked: Mapping[str, Picked]) -> dict[str, quarter.Reread]:
    """The printed papers that say something else now, as they are kept; reading one costs most."""
    table = venues.extend(context.config.own_venues)
    said = {
        pick.id: (pick.comment, pick.journal_ref, abstract)
        for _, pick, abstract in quarter.news(picked)
        if pick.kind == "paper"
    }
    read = {}
    for id, at in context.store.known(said).items():
        entry = at.entry
        if (entry.comment, entry.journal_ref, entry.summary) == said[id]:
            continue
        listed = entry.published.date() if entry.published else None
        claims = comments.claims(entry.comment, entry.journal_ref, listed, table, entry.title)
        withdrawn = comments.withdrawn(entry.comment)
        read[id] = quarter.Reread(entry, claims, gist.evidence(entry), withdrawn)
    return read


def _topics(
    context: PublishingContext, name: str, counts: tuple[Count, ...]
) -> tuple[tuple[site.TopicCount, ...], bool]:
    """Topics that rose, and True; where no quarter before is printed those with most, and False."""
    now = _a_week(counts)
    frozen = _frozen_in(context, _before(name))
    before = _a_week(context.store.counts(head.week for head in frozen)) if frozen else {}
    chosen = quarter.rising(now, before) if before else sorted(now, key=lambda t: (-now[t], t))
    frame = context.frame
    return tuple(
        site.TopicCount(frame.topics[t], frame.topic_path(t), now[t], before.get(t))
        for t in [topic for topic in chosen if topic in frame.topics][:TOPICS]
    ), bool(before)


def _a_week(counts: Iterable[Count]) -> dict[str, float]:
    """The mean of new entries a week by topic, without weeks of half the entries of the fullest."""
    counts = tuple(counts)
    totals = {count.week: count.entries for count in counts if count.kind == "all"}
    full = {week for week, total in totals.items() if total * 2 >= max(totals.values())}
    by_topic: dict[str, list[int]] = {}
    for count in counts:
        if count.kind == "topic" and count.week in full:
            by_topic.setdefault(count.key, []).append(count.entries)
    return {topic: sum(entries) / len(full) for topic, entries in by_topic.items()}


def _venues(context: PublishingContext, counts: tuple[Count, ...]) -> Iterator[site.VenueCount]:
    """The venues that took papers, the one with most first, each with its page of all years.

    Only that page counts the same: papers of any year, and those that name none.
    """
    papers: dict[str, int] = {}
    for count in counts:
        if count.kind == "venue" and count.entries:
            papers[count.key] = papers.get(count.key, 0) + count.entries
    for venue in sorted(papers, key=lambda venue: (-papers[venue], venue)):
        path = f"venues/{venue}/index.html" if context.venue_years.get(venue) else ""
        yield site.VenueCount(context.frame.venues[venue], path, papers[venue])
