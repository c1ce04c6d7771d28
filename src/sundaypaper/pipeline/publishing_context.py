"""The data that all groups of pages are made from, and the fingerprint of each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sundaypaper import build
from sundaypaper import issue as issues
from sundaypaper.config import Config
from sundaypaper.formats import lasting_names, site, templates_hash
from sundaypaper.models import Amendment, AuthorCount, Issue, IssueHead, Masthead, Picked, Sequel
from sundaypaper.pipeline.edition_views import definition, edition_pages_of
from sundaypaper.pipeline.pruning import pruned_until
from sundaypaper.store import ADDRESSES, Store
from sundaypaper.text import fold
from sundaypaper.weeks import monday

NAMES = "names"
# Weeks whose picks stay in memory: many venues ask for the same newest ones.
AT_HAND = 24
PRINTED = 2  # entries, for a page of one's own


@dataclass(frozen=True, slots=True)
class PublishingContext:
    """Settings, templates and indexes that all groups are made with: small, read once a run.

    authors are those who have a page, by folded name; signed their names over each printed entry;
    pruned is the newest week whose raw data is left out.
    """

    config: Config
    store: Store
    env: site.Environment
    frame: site.PageFrame
    drawn: str
    heads: tuple[IssueHead, ...]
    digests: Mapping[str, str]
    printed: Mapping[str, frozenset[str]]
    amendments: Mapping[str, tuple[Amendment, ...]]
    venue_years: Mapping[str, list[tuple[int, int, tuple[str, ...]]]]
    followed: Mapping[str, str]
    authors: Mapping[str, AuthorCount]
    signed: Mapping[str, tuple[str, ...]]
    sequels: tuple[Sequel, ...]
    pruned: str = ""
    at_hand: dict[str, Picked] = field(default_factory=dict)
    whole: dict[str, tuple[Issue, tuple[site.EditionPage, ...]]] = field(default_factory=dict)

    @property
    def weeks(self) -> tuple[str, ...]:
        """The weeks of all issues, newest first."""
        return tuple(head.week for head in self.heads)

    @property
    def frozen(self) -> tuple[IssueHead, ...]:
        """The issues that are printed, newest first."""
        return tuple(head for head in self.heads if head.state == "frozen")

    @property
    def removed(self) -> tuple[str, ...]:
        """The entries that were taken out."""
        return tuple(issues.removals(self.amendments))

    @property
    def entries_with_pages(self) -> frozenset[str]:
        """The entries that an issue printed: each has a page of its own."""
        return frozenset().union(*self.printed.values())

    @property
    def amended_on(self) -> dict[str, datetime]:
        """When each entry was last amended."""
        return {id: max(a.changed for a in some) for id, some in self.amendments.items()}

    def amended(self, ids: Iterable[str]) -> datetime | None:
        """When one of these entries was last amended."""
        moments = (a.changed for id in ids for a in self.amendments.get(id, ()))
        return max(moments, default=None)

    def amended_issue(self, week: str) -> datetime | None:
        """When the issue of a week was last amended: an entry that it printed, or its words."""
        return self.amended((*self.printed.get(week, ()), week))

    def picked(self, weeks: Iterable[str]) -> dict[str, Picked]:
        """The picks that the issues of those weeks printed, with later amendments applied."""
        wanted = sorted(set(weeks), reverse=True)
        read = self.store.picked(week for week in wanted if week not in self.at_hand)
        fresh = {w: issues.amended_picked(picked, self.amendments) for w, picked in read.items()}
        self.at_hand.update({w: fresh[w] for w in self.weeks[:AT_HAND] if w in fresh})
        return {w: fresh[w] if w in fresh else self.at_hand[w] for w in wanted}

    def fingerprint(self, *parts: str, weeks: Iterable[str] = (), ids: Iterable[str] = ()) -> str:
        """A hash over what a group is made from: the look, issues of some weeks, amendments of ids.

        Whoever prints the editor's words of a week names that week among the ids, too.
        """
        amended = (repr(self.amendments[id]) for id in sorted(ids) if id in self.amendments)
        issues = (f"{week} {self.digests[week]}" for week in weeks)
        return build.fingerprint(self.drawn, *parts, *issues, *amended)


def set_up(config: Config, store: Store, templates: Path | None) -> PublishingContext:
    every = config.venues
    printed, amendments = store.printed_by_week(), store.amendments()
    heads = _heads(store, printed, amendments)
    config = replace(config, masthead=_masthead(config.masthead, store, heads))
    frame = frame_of(config)
    followed = {fold(author): author for author in config.authors}
    authors, signed = _authors(store, followed)
    return PublishingContext(
        config=config,
        store=store,
        env=site.environment(templates, config.venue_titles, config.tongue),
        frame=frame,
        drawn=build.fingerprint(
            templates_hash.fingerprint(templates),
            repr(config.masthead),
            repr((frame.topics, every)),
            definition(config),
            repr(config.tongue),
            # What was taken out may be named anywhere, and is so seldom.
            repr([amendments[id] for id in issues.removals(amendments)]),
        ),
        heads=heads,
        digests=store.issue_hashes(),
        printed=printed,
        amendments=amendments,
        venue_years=venue_years(config, store, frame),
        followed=followed,
        authors=authors,
        signed=signed,
        sequels=store.sequels(),
        pruned=pruned_until(store),
    )


def frame_of(config: Config) -> site.PageFrame:
    """What every page under a configuration knows of the others."""
    topics = {topic.id: topic.name for topic in config.topics}
    editions = {edition.id: edition.name for edition in config.editions}
    return site.PageFrame(
        config.masthead, topics, site.paged(config.venues), editions, config.subscribe.join
    )


def _masthead(masthead: Masthead, store: Store, heads: tuple[IssueHead, ...]) -> Masthead:
    """The masthead with the names that were settled, which is done with the first issue."""
    named = lasting(masthead, store, heads)
    if heads and named.names != store.fact(NAMES):
        store.settle(NAMES, named.names)
    return named


def lasting(masthead: Masthead, store: Store, heads: tuple[IssueHead, ...]) -> Masthead:
    """The masthead with the names that were settled, else those that will be; heads newest first."""
    if not heads:
        return masthead
    begun = monday(heads[-1].week)
    names = store.fact(NAMES)
    if names in ("", ADDRESSES):
        names = (
            lasting_names.addresses(masthead) if names else lasting_names.settled(masthead, begun)
        )
    return replace(masthead, names=names, begun=begun)


def _heads(
    store: Store, printed: Mapping[str, frozenset[str]], amendments: issues.Amendments
) -> tuple[IssueHead, ...]:
    """The heads of all issues; one that was corrected, or is about a removed entry, is replaced."""
    gone = issues.removals(amendments)
    heads = []
    for head in store.heads():
        issue = None
        told = printed.get(head.week, frozenset())
        if head.week in amendments or not told.isdisjoint(gone):
            issue = store.issue(head.week)
        heads.append(
            issues.amended_head(head, issues.amended(issue, amendments)) if issue else head
        )
    return tuple(heads)


def _authors(
    store: Store, followed: Iterable[str]
) -> tuple[dict[str, AuthorCount], dict[str, tuple[str, ...]]]:
    """Who has a page, being followed or printed at least twice; and their names over each entry."""
    printed = store.printed_names()
    paged = {*followed} | {name for name, ids in printed.items() if len(ids) >= PRINTED}
    counts = store.author_counts(paged)
    signed: dict[str, tuple[str, ...]] = {}
    for name in sorted(counts.keys() & printed.keys()):
        for id in printed[name]:
            signed[id] = (*signed.get(id, ()), name)
    return counts, signed


def venue_years(
    config: Config, store: Store, frame: site.PageFrame
) -> dict[str, list[tuple[int, int, tuple[str, ...]]]]:
    """Years, counts and weeks by venue, core venues first; only those that have a name to print."""
    held: dict[str, list[tuple[int, int, tuple[str, ...]]]] = {}
    for (venue, year), (count, weeks) in store.venue_years().items():
        if year and venue in frame.venues:
            held.setdefault(venue, []).append((year, count, weeks))
    order = [*config.core, *config.also]
    ranked = sorted(held, key=lambda v: (order.index(v) if v in order else len(order), v))
    return {venue: held[venue] for venue in ranked}


def kept(context: PublishingContext, week: str) -> tuple[Issue, tuple[site.EditionPage, ...]]:
    """The issue of a week that is there, and its editions, as they may be shown now.

    The newest, which is asked for last again, and the last one that was asked for stay at hand.
    """
    if week not in context.whole:
        for other in set(context.whole) - {context.weeks[0]}:
            del context.whole[other]
        frozen = context.store.issue(week)
        assert frozen is not None  # the only writer listed its digest a moment ago
        editions = edition_pages_of(context.config, frozen, context.amendments)
        context.whole[week] = issues.amended(frozen, context.amendments), editions
    return context.whole[week]
