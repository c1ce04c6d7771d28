"""The line of the paper, written down once.

    feeds.yaml
      | config.load                  -> Config
      | sources.fetch                -> Fetched         COLLECT  hosts side by side, one in turn
      | sightings.place, store.save  -> what is new              one transaction a source
      | links                        -> Story           READ
      | venues, topics, gist         -> Tagged
      | ranking, issue               -> Issue           EDIT     frozen once it is complete
      | formats                      -> Page            PUBLISH
      | build                        -> output/site              a new build, then one swap

Each step may be repeated: collecting twice finds nothing new, publishing twice writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path

from sundaypaper import build, gist, links, query, ranking, sightings, topics, venues, weeks
from sundaypaper import issue as issues
from sundaypaper.build import Built, Group
from sundaypaper.config import Config
from sundaypaper.formats import look, site
from sundaypaper.models import (
    ArxivSpec,
    Ask,
    Claim,
    Entry,
    FeedSpec,
    Fetched,
    Issue,
    IssueHead,
    Page,
    Pick,
    PollState,
    Sighting,
    SourceReport,
    SourceSpec,
    Story,
    Tagged,
    TopicName,
    Venue,
    Wording,
)
from sundaypaper.net import host_of
from sundaypaper.sightings import Desk
from sundaypaper.sources import WINDOW_WEEKS, Tools, at_arxiv, fetch
from sundaypaper.store import Store

FETCHERS = 16
# Issues that the Atom feed tells in full; of older ones it tells the headline.
IN_FEED = 5
# Half a year: long enough for a decision on what was submitted when it was printed.
FOLLOWED_WEEKS = 26
DATES_AHEAD = timedelta(days=21)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Collected:
    """What collecting brought: a report a source, landmarks, and what a reprint says of itself."""

    reports: tuple[SourceReport, ...]
    shelf: tuple[Entry, ...] = ()
    reprint: str = ""


# ---------------------------------------------------------------- collect


def collect(config: Config, store: Store, tools: Tools, ask: Ask, say: Say) -> Collected:
    """Ask every source that is due and keep what it brought, each in one transaction.

    Hosts are asked side by side, the sources of one host in turn; what is there is kept while
    arXiv, the longest chain by far, is still at work. An interruption keeps what was kept.
    """
    polls = {spec.name: store.poll(spec.name) for spec in config.sources}
    ask = replace(ask, again=_unclaimed(config, store, ask.week))
    desk = _desk(store, ask)
    fetched: dict[str, Fetched] = {}
    reports: dict[str, SourceReport] = {}
    with ThreadPoolExecutor(FETCHERS) as pool:
        chains = _chains(config.sources)
        futures = [pool.submit(_fetch_chain, chain, polls, tools, ask, say) for chain in chains]
        try:
            for future in (*futures[1:], *futures[:1]):
                for name, found in future.result():
                    fetched[name] = found
                    reports[name] = _save(store, found, desk)
        except BaseException:
            tools.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    told = [
        report
        for spec in config.sources
        for report in (reports[spec.name], *fetched[spec.name].recorded)
    ]
    store.keep_reports(ask.week, told)
    shelf = tuple(entry for spec in config.sources for entry in fetched[spec.name].shelf)
    reprint = next((f.reprint for f in fetched.values() if f.reprint), "")
    return Collected(tuple(told), shelf, reprint)


def _unclaimed(config: Config, store: Store, week: str) -> tuple[str, ...]:
    """Papers that were printed in the last weeks and claim no acceptance yet, newest issue first."""
    if not any(isinstance(spec, ArxivSpec) for spec in config.sources):
        return ()
    ids = store.papers_printed(weeks.after(week, -FOLLOWED_WEEKS))
    known = store.known(ids)
    table = venues.extend(config.own_venues)

    def accepted(entry: Entry) -> bool:
        claims = venues.claims(entry.comment, entry.journal_ref, None, table)
        return any(claim.status == "accepted" for claim in claims)

    return tuple(id for id in ids if id in known and not accepted(known[id].entry))


def _chains(specs: tuple[SourceSpec, ...]) -> list[list[SourceSpec]]:
    """The sources of one host each, in the order of feeds.yaml; arXiv's first, as it takes longest."""
    hosts: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        hosts.setdefault(_host(spec), []).append(spec)
    return sorted(hosts.values(), key=lambda chain: _host(chain[0]) != "arxiv")


def _fetch_chain(
    chain: list[SourceSpec], polls: Mapping[str, PollState], tools: Tools, ask: Ask, say: Say
) -> list[tuple[str, Fetched]]:
    done = []
    for spec in chain:
        found = fetch(spec, polls[spec.name], tools, ask)
        say(f"{spec.name}: {found.report.state}")
        done.append((spec.name, found))
    return done


def _host(spec: SourceSpec) -> str:
    if isinstance(spec, ArxivSpec) or (isinstance(spec, FeedSpec) and at_arxiv(spec.url)):
        return "arxiv"
    return host_of(spec.url) if isinstance(spec, FeedSpec) else spec.name


def _save(store: Store, fetched: Fetched, desk: Desk) -> SourceReport:
    entries = (*fetched.news, *fetched.updates)
    if not entries:
        store.save((), (), (fetched.poll,))
        return fetched.report
    names = (name for id, others in fetched.names.items() for name in (id, *others) if name)
    fetched, named = sightings.as_known(fetched, store.named(names))
    entries = (*fetched.news, *fetched.updates)
    known = store.known(e.id for e in entries)
    unknown = len({e.id for e in entries} - known.keys())
    if unknown > sightings.MANY:
        fetched = sightings.held_back(fetched, unknown, store.brought(fetched.report.source))
    history = store.wordings(e.id for e in entries if e.kind == "paper" and e.id in known)
    placed = sightings.place(fetched, known, history, desk)
    store.save(placed.places, placed.wordings, (fetched.poll,), named)
    return replace(fetched.report, new=placed.new)


def _desk(store: Store, ask: Ask) -> Desk:
    printed = frozenset(head.week for head in store.heads() if head.state == "frozen")
    return Desk(ask.now, ask.week, printed)


# ---------------------------------------------------------------- read


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

    return tuple(followed_up(_tagged(config, story, table)) for story in links.stories(tuple(seen)))


def tag(config: Config, entry: Entry, listed: date | None) -> Tagged:
    """One entry read on its own, as `sundaypaper tag` does."""
    moment = datetime.combine(listed, time(), UTC) if listed else entry.published
    table = venues.extend(config.own_venues)
    story = Story(Sighting(entry, moment or LONG_AGO, "", "new"))
    return _tagged(config, story, table, listed=listed)


def _tagged(
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


# ---------------------------------------------------------------- edit


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
    return _rank(config, tuple(_tagged(config, Story(s), ()) for s in seen), week, "")


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
        config, tuple(_tagged(config, Story(s), table) for s in seen), week, reprint="shelf"
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


def incomplete(config: Config, ledger: Iterable[SourceReport], week: str, now: datetime) -> str:
    """Why the week cannot be printed for good yet; empty where it can."""
    if now < weeks.complete_at(week):
        return f"The week is not over: its last batch comes out on {weeks.complete_at(week):%Y-%m-%d at %H:%M} UTC"  # fmt: skip
    told = {report.source: report for report in ledger}
    asked = [report for report in told.values() if report.state != "off"]
    if asked and all(report.state == "failed" for report in asked):
        return f"No source answered; {asked[0].source}: {asked[0].detail}"
    for spec in config.sources:
        if spec.kind != "arxiv":
            continue
        report = told.get(spec.name)
        if report is None:
            return f"{spec.name} has not been asked for this week yet"
        if report.state != "fresh":
            return f"{spec.name} is {report.state}: {gaps(report) or report.detail}"
    return ""


def owed(heads: tuple[IssueHead, ...], week: str) -> list[str]:
    """Earlier weeks that are not printed, oldest first: drafts, and weeks in which nothing ran.

    Of the latter only those back to which arXiv's questions reach.
    """
    before = {head.week: head.state for head in heads if head.week < week}
    if not before:
        return []
    reach = [weeks.after(week, -back) for back in range(1, WINDOW_WEEKS)]
    drafts = [at for at, state in before.items() if state == "draft"]
    return sorted({*drafts, *(at for at in reach if at > max(before))})


def completed(config: Config, store: Store, draft: str, week: str, collected: Collected) -> bool:
    """Whether this run has completed an older draft; its ledger then says so.

    arXiv's questions reach back over several weeks, so a complete answer for one completes those.
    """
    arxiv_names = {spec.name for spec in config.sources if isinstance(spec, ArxivSpec)}
    reports = [r for r in collected.reports if r.source in arxiv_names]
    reach = weeks.after(week, 1 - WINDOW_WEEKS)
    if draft < reach or not reports or any(r.state != "fresh" for r in reports):
        return False
    store.keep_reports(draft, reports)
    return True


def gaps(report: SourceReport) -> str:
    """What is missing of a source, part by part with counts, each reason said once."""
    why: dict[str, list[str]] = {}
    for part in report.missing:
        of = "an unknown number" if part.expected is None else part.expected
        why.setdefault(part.why.rstrip("."), []).append(f"{part.name}, {part.fetched} of {of}")
    return "; ".join(f"{'; '.join(parts)} ({reason})" for reason, parts in why.items())


# ---------------------------------------------------------------- publish


def check_templates(templates: Path | None) -> None:
    """BuildError where a template has a mistake: better now than after all was collected."""
    site.check(site.environment(templates))


def publish(config: Config, store: Store, output: Path, templates: Path | None) -> Built:
    """Render what changed and swap the build in; nothing is written where nothing changed."""
    env = site.environment(templates)
    drawn = build.fingerprint(look.fingerprint(templates), repr(config.masthead))
    digests, heads = store.digests(), store.heads()

    def pages_of(week: str, before: IssueHead | None) -> Callable[[], tuple[Page, ...]]:
        return lambda: site.issue_pages(_kept(store, week), config.masthead, env, before)

    def front() -> tuple[Page, ...]:
        whole = tuple(_kept(store, head.week) for head in heads[:IN_FEED])
        newest = whole[0] if whole else None
        return site.front_pages(newest, heads, config.masthead, env, whole[1:])

    groups = []
    for head, before in zip_longest(heads, heads[1:]):
        told = build.fingerprint(drawn, digests[head.week], before.week if before else "")
        groups.append(Group(f"issues/{head.week}", told, pages_of(head.week, before)))
    told = build.fingerprint(drawn, *(f"{week} {digest}" for week, digest in digests.items()))
    return build.publish(output, [*groups, Group("front", told, front)])


def _kept(store: Store, week: str) -> Issue:
    issue = store.issue(week)
    assert issue is not None  # the only writer listed its digest a moment ago
    return issue
