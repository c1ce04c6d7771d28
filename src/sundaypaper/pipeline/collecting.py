"""Fetch every source that is due, and store its entries, poll state and report."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sundaypaper import decisions, sightings, topics, venues, weeks
from sundaypaper.config import Config
from sundaypaper.models import (
    Ask,
    Claim,
    Entry,
    Fetched,
    Place,
    PollState,
    SourceReport,
)
from sundaypaper.pipeline.known_dates import AHEAD, decided
from sundaypaper.sightings import IssueCalendar
from sundaypaper.sources import ARXIV, KINDS, MOST_AGAIN, Source, Tools, fetch
from sundaypaper.store import Ledger, Store
from sundaypaper.venues import comments

FETCHERS = 16
# Half a year: long enough for a decision on what was submitted when it came out.
FOLLOWED_WEEKS = 26

Say = Callable[[str], None]
Answers = list[tuple[str, Fetched]]  # by the names of the sources


@dataclass(frozen=True, slots=True)
class Collected:
    """The result of collecting: source reports, landmarks, and the reprint notice if any.

    ledger holds what the asked week's ledger says by now, of earlier runs too.
    """

    reports: tuple[SourceReport, ...]
    shelf: tuple[Entry, ...] = ()
    reprint: str = ""
    ledger: tuple[SourceReport, ...] = ()


def collect(config: Config, store: Store, tools: Tools, ask: Ask, say: Say) -> Collected:
    """Fetch every source that is due and store its entries, each source whole or not at all.

    Votes are not among them: see collect_votes. An interruption loses nothing stored.
    """
    specs = tuple(spec for spec in config.sources if not spec.brings_votes)
    polls = {spec.name: store.poll(spec.name) for spec in specs}
    asks_again = any(spec.asks_again(polls[spec.name], ask) for spec in specs)
    again = _followed(config, store, ask) if asks_again else ()
    ask = replace(ask, again=again, own_venues=config.own_venues)
    collected = _collected(specs, polls, store, tools, ask, say)
    return replace(collected, ledger=tuple(store.reports(ask.week).values()))


def collect_votes(config: Config, store: Store, tools: Tools, ask: Ask, say: Say) -> Collected:
    """Fetch and store the votes for the papers of the weeks of an ask.

    This comes after arXiv: only then it is known which weeks are complete and about to be printed.
    """
    specs = tuple(spec for spec in config.sources if spec.brings_votes)
    polls = {spec.name: store.poll(spec.name) for spec in specs}
    return _collected(specs, polls, store, tools, ask, say)


def _collected(
    specs: tuple[Source, ...],
    polls: Mapping[str, PollState],
    store: Store,
    tools: Tools,
    ask: Ask,
    say: Say,
) -> Collected:
    """Ask sources, hosts in parallel and the sources of one host in turn, and store what they bring.

    The other hosts are stored while arXiv, the longest chain by far, is still being read.
    """
    calendar = _calendar(store, ask)
    fetched: dict[str, Fetched] = {}
    reports: dict[str, SourceReport] = {}
    with _fetchers(tools) as pool:
        chains = _chains(specs, polls)
        futures = deque(
            pool.submit(_fetch_chain, chain, polls, tools, ask, say) for chain in chains
        )
        futures.rotate(-1)
        for batch in _answers(futures):
            with store.together():
                for name, answer in batch:
                    reports[name] = _save(store, answer, calendar, ask)
                    fetched[name] = replace(answer, news=(), updates=(), names={}, votes={})
    ledger = tuple(
        report for spec in specs for report in (reports[spec.name], *fetched[spec.name].recorded)
    )
    shelf = tuple(entry for spec in specs for entry in fetched[spec.name].shelf)
    reprint = next((f.reprint for f in fetched.values() if f.reprint), "")
    return Collected(ledger, shelf, reprint)


@contextmanager
def _fetchers(tools: Tools) -> Iterator[ThreadPoolExecutor]:
    """Threads that ask sources; an interruption stops what they wait for."""
    with ThreadPoolExecutor(FETCHERS) as pool:
        try:
            yield pool
        except BaseException:
            tools.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _answers(futures: deque[Future[Answers]]) -> Iterator[Answers]:
    """What the chains bring, in their order; with one that was waited for, all that are done.

    A commit may cost more than the rows in it, so that is how they are saved. What came before a
    chain that failed, as by an interruption, comes first.
    """
    while futures:
        batch = list(futures.popleft().result())
        while futures and futures[0].done() and not futures[0].exception():
            batch += futures.popleft().result()
        yield batch


def try_sources(
    config: Config,
    names: Collection[str],
    tools: Tools,
    ask: Ask,
    done: Callable[[str], None] = lambda name: None,
) -> tuple[SourceReport, ...]:
    """Ask sources of these names, all where there are none, as if they had never been asked.

    Nothing is kept. done hears the name of each source that was asked, from several threads.
    """
    week = weeks.newest_week(ask.now)
    fresh = replace(ask, week=week, rehearsal=True, own_venues=config.own_venues)
    wanted = [spec for spec in config.sources if not names or spec.name in names]

    def report(spec: Source) -> SourceReport:
        answer = fetch(spec, PollState(spec.name), tools, fresh).report
        done(spec.name)
        return answer

    with _fetchers(tools) as pool:
        return tuple(pool.map(report, wanted))


def _followed(config: Config, store: Store, ask: Ask) -> tuple[str, ...]:
    """The ids of papers that arXiv is asked for by id in this run.

    First those that topics name as examples and that are not known yet, then known papers without
    an acceptance.
    """
    since = weeks.after(ask.week, -FOLLOWED_WEEKS)
    table = venues.extend(config.own_venues)

    def claims(comment: str, journal_ref: str) -> tuple[Claim, ...]:
        return comments.claims(comment, journal_ref, None, table) if comment or journal_ref else ()

    ids = store.papers_printed(since)
    kept = store.known(ids)
    entries = [kept[id].entry for id in ids if id in kept]
    papers = [
        decisions.KnownPaper(e.id, "", claims(e.comment, e.journal_ref), printed=True)
        for e in entries
    ]
    papers += [
        decisions.KnownPaper(id, week, claims(wording.comment, wording.journal_ref))
        for id, (week, wording) in store.said_since(since).items()
        if id not in kept
    ]
    followed = decisions.followed(papers, decided(config, store, ask.now), ask.week, MOST_AGAIN)
    named = topics.example_ids(config.topics)
    unknown = tuple(sorted(set(named) - store.known(named).keys()))
    return (*unknown, *followed)


def _chains(specs: tuple[Source, ...], polls: Mapping[str, PollState]) -> list[list[Source]]:
    """The sources of one host each, in the order of feeds.yaml; arXiv's first, as it takes longest.

    Hosts that failed when they were last asked come last: slow ones keep nobody waiting.
    """
    hosts: dict[str, list[Source]] = {}
    for spec in specs:
        hosts.setdefault(spec.host, []).append(spec)

    def rank(chain: list[Source]) -> tuple[bool, bool]:
        return chain[0].host != ARXIV, all(polls[spec.name].failures > 0 for spec in chain)

    return sorted(hosts.values(), key=rank)


def _fetch_chain(
    chain: list[Source], polls: Mapping[str, PollState], tools: Tools, ask: Ask, say: Say
) -> Answers:
    done = []
    for spec in chain:
        answer = fetch(spec, polls[spec.name], tools, ask)
        if spec.asks_again(polls[spec.name], ask):  # one source of arXiv asks for all of them
            ask = replace(ask, again=())
        say(f"{spec.name}: {answer.report.state}")
        done.append((spec.name, answer))
    return done


def _save(store: Store, fetched: Fetched, calendar: IssueCalendar, ask: Ask) -> SourceReport:
    """Keep what a source brought, its poll state and its report, all of it or nothing."""
    entries = (*fetched.news, *fetched.updates)
    off = _called_off(store, fetched, calendar)
    if not entries:
        ledgers = _ledgers(fetched, fetched.report, ask)
        store.save(off, (), (fetched.poll,), votes=fetched.votes, ledgers=ledgers)
        return fetched.report
    names = (name for id, others in fetched.names.items() for name in (id, *others) if name)
    fetched, named = sightings.as_known(fetched, store.named(names))
    entries = (*fetched.news, *fetched.updates)
    known = store.known(e.id for e in entries)
    unknown = len({e.id for e in entries} - known.keys())
    if unknown > sightings.MANY:
        fetched = sightings.held_back(fetched, unknown, store.brought(fetched.report.source))
    history = store.wordings(e.id for e in entries if e.kind == "paper" and e.id in known)
    placed = sightings.place(fetched, known, history, calendar)
    places, report = (*placed.places, *off), replace(fetched.report, new=placed.new)
    ledgers = _ledgers(fetched, report, ask)
    store.save(places, placed.wordings, (fetched.poll,), named, fetched.votes, ledgers)
    return report


def _ledgers(fetched: Fetched, report: SourceReport, ask: Ask) -> dict[str, Ledger]:
    """What is told to the ledger of each week: its own report, and those that a bundle recorded."""
    told = fetched.weekly or {ask.week: report}
    return {week: Ledger((said,), fetched.recorded) for week, said in told.items()}


def _called_off(store: Store, fetched: Fetched, calendar: IssueCalendar) -> tuple[Place, ...]:
    """Coming events that their source no longer lists, without dates so that none is printed."""
    report = fetched.report
    kind = KINDS.get(report.kind)
    if kind is None or not kind.whole or report.state != "fresh":
        return ()
    there = {entry.id for entry in fetched.news}
    coming = store.events(calendar.now, calendar.now + AHEAD)
    gone = (at for at in coming if at.entry.source == report.source and at.entry.id not in there)
    return tuple(replace(at, entry=replace(at.entry, starts=None, ends=None)) for at in gone)


def _calendar(store: Store, ask: Ask) -> IssueCalendar:
    printed = frozenset(head.week for head in store.heads() if head.state == "frozen")
    return IssueCalendar(ask.now, ask.week, printed)
