"""What the looking commands print: explain, status, feeds, topics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from rich.console import Console
from rich.table import Table

from sundaypaper import pipeline, query, weeks
from sundaypaper.cli.world import say
from sundaypaper.config import Config
from sundaypaper.formats.site.front import TRIED
from sundaypaper.formats.wording import plural
from sundaypaper.models import (
    All,
    Any,
    Ask,
    Card,
    Filter,
    Issue,
    Node,
    Not,
    Pick,
    Place,
    PollState,
    Words,
)
from sundaypaper.sources import Source, Tools, fetch
from sundaypaper.store import Store
from sundaypaper.text import shorten

SAMPLES = 5
NEAR_MISSES = 3
MATCH_SHOWN = 60
ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://)?(?:export\.|www\.)?arxiv\.org/\w+/)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)


def explain(console: Console, store: Store, id: str) -> int:
    """Print the whole sum of an entry's score; 1 where the entry is unknown."""
    found = ARXIV.fullmatch(id.strip())
    wanted = f"arxiv:{found[1]}" if found else id.strip()
    for week in _weeks_of(store, wanted):
        issue = store.issue(week)
        pick = next((p for p in issue.entries if p.id == wanted or p.url == wanted), None) if issue else None  # fmt: skip
        if issue and pick:
            _explain(console, issue, pick)
            return 0
    known = store.known([wanted]).get(wanted)
    if known is None:
        say(console, f"{id}: not known here. Ids stand in issue.json, such as arxiv:2603.01234.")
    else:
        week = known.week or "no week: it is from before this paper began, and is never printed"
        say(console, f"{known.entry.title}\nis kept (week: {week}) but stands in no issue yet.")
    return 1


def _weeks_of(store: Store, id: str) -> list[str]:
    """The issues that may hold an entry, newest first; all of them for an address."""
    all_weeks = [head.week for head in store.heads()]
    place = store.known([id]).get(id)
    if place is None:
        return all_weeks
    own = {place.week, place.late, place.touched, *store.printed_in([id]).get(id, ())}
    return [week for week in all_weeks if week in own]


def _explain(console: Console, issue: Issue, pick: Pick) -> None:
    say(console, f"{pick.title}\n{pick.url}\n{pick.kind} from {pick.source}, {pick.standing} in {issue.week}, ring {pick.ring}")  # fmt: skip
    for claim in pick.claims:
        say(console, f"  claim   {claim.status} · {claim.venue} {claim.year or ''} · {claim.track}"
             f"{' · ' + claim.presentation if claim.presentation else ''} — “{claim.span}” ({claim.field})")  # fmt: skip
    for tag in pick.tags:
        say(console, f"  topic   {tag.topic} {tag.score:.2f} — {tag.reason}")
    for evidence in pick.evidence:
        say(console, f"  carries {evidence.kind} — “{evidence.span}”")
    table = Table(box=None, pad_edge=False, show_header=False)
    for part in pick.contributions:
        table.add_row(f"  {part.value:+8.3f}", part.name, part.reason)
    table.add_row(f"  {pick.score:8.3f}", "score", f"the sum of {len(pick.contributions)} parts")
    console.print(table, markup=False, highlight=False)
    sections = [s.title for s in issue.sections if any(i.id == pick.id for i in s.items)]
    say(console, f"printed in: {', '.join(sections)}" if sections else "not printed; counted in the funnel")  # fmt: skip


def status(console: Console, config: Config, store: Store, now: datetime) -> None:
    """Print the newest issues, the last runs, and the sources that need a look."""
    heads = store.heads()
    if not heads:
        say(console, "no issue yet; `sundaypaper run` makes the first one.")
    for head in heads[:3]:
        say(console, f"{head.week}  {head.state:<6}  {head.printed} of {head.listed} printed  {head.headline}")  # fmt: skip
    newest = weeks.newest_week(now)
    say(console, f"newest week whose last batch is out: {newest}; the next: {weeks.complete_at(weeks.after(newest)):%Y-%m-%d %H:%M} UTC")  # fmt: skip
    for run in store.last_runs():
        ended = {0: "ok", 1: "incomplete"}.get(run.status, str(run.status))
        say(console, f"run {run.started:%Y-%m-%d %H:%M}  {run.week}  {ended}  {run.seconds:.1f} s")
    reports = store.reports(heads[0].week) if heads else {}
    troubled = [r for r in reports.values() if r.state in ("failed", "incomplete", "waiting")]
    say(console, f"sources: {len(config.sources)}, {len(troubled)} in trouble")
    for report in troubled:
        say(
            console,
            f"  ! {report.source}: {report.state}: {pipeline.gaps(report) or report.detail}",
        )


def feeds(console: Console, config: Config, store: Store) -> None:
    """Print a table of all sources."""
    for spec in config.sources:
        state = _state(spec, store.poll(spec.name))
        say(console, f"{spec.name:<32}{spec.kind:<10}{_group(spec):<24}{state:<22}{spec.address}")


def _group(spec: Source) -> str:
    return f"{spec.group}, unofficial" if spec.unofficial else spec.group


def _state(spec: Source, poll: PollState) -> str:
    if spec.off:
        return "off"
    if poll.failures:
        return f"failed, {poll.failures} in a row"
    if poll.answered_at:
        return f"complete {poll.answered_at:%Y-%m-%d}"
    if spec.on_disk:
        return "on disk"
    return "answered" if poll.fetched_once else "not asked yet"


def check(console: Console, config: Config, tools: Tools, ask: Ask, names: list[str]) -> int:
    """Ask sources as if they had never been asked; 1 where one failed."""
    wanted = [s for s in config.sources if not names or s.name in names]
    with ThreadPoolExecutor(16) as pool:
        fresh = replace(ask, rehearsal=True, own_venues=config.own_venues)
        all_fetched = pool.map(lambda s: fetch(s, PollState(s.name), tools, fresh), wanted)
        reports = [fetched.report for fetched in all_fetched]
    table = Table("source", "state", "entries", "detail", box=None, pad_edge=False)
    for report in reports:
        table.add_row(
            report.source, report.state, str(report.fetched), pipeline.gaps(report) or report.detail
        )
    console.print(table, markup=False, highlight=False)
    return int(any(r.state in ("failed", "incomplete") for r in reports))


def topics(console: Console, config: Config, store: Store) -> None:
    """Print every topic, how many entries of the newest issue carry it, and its filter."""
    heads = store.heads()
    issue = store.issue(heads[0].week) if heads else None
    counts: dict[str, int] = {}
    for pick in issue.entries if issue else ():
        for tag in pick.tags:
            counts[tag.topic] = counts.get(tag.topic, 0) + 1
    for topic in config.topics:
        match = shorten(topic.match.text, MATCH_SHOWN)
        say(console, f"{topic.id:<24}{counts.get(topic.id, 0):>5}  {topic.name:<28}{match}")
    if issue:
        say(console, f"entries of {issue.week} that carry each, of {len(issue.entries)}")


def try_filter(console: Console, store: Store, text: str, now: datetime) -> None:
    """Print what a filter would have found in the last weeks that are kept."""
    wanted = query.parse(text)
    looser = _looser(wanted)
    found: list[Pick | Place] = []
    near: list[Pick | Place] = []
    newest = max([head.week for head in store.heads()] or [weeks.newest_week(now)])
    say(console, f"entries that match, week by week, of the last {TRIED} weeks")
    for back in range(TRIED):
        week = weeks.after(newest, -back)
        total, hits = 0, 0
        for candidate, card in _cards(store, week):
            total += 1
            if query.match(wanted, card):
                hits += 1
                found.append(candidate)
            elif len(near) < NEAR_MISSES and any(query.match(f, card) for f in looser):
                near.append(candidate)
        if total:
            say(console, f"{week}  {hits:5} of {total}  {'▪' * min(60, -(-hits * 60 // total))}")
    if not found and not near:
        kept = bool(store.heads())
        say(console, "nothing matches in the weeks that are kept" if kept else "nothing is kept here yet; `sundaypaper run` collects a week")  # fmt: skip
    _list(
        console,
        f"{plural(min(SAMPLES, len(found)), 'sample')} of the {len(found)} that match",
        found[:SAMPLES],
    )
    _list(console, "near misses (all but one part of the filter holds)", near)


def _cards(store: Store, week: str) -> Iterable[tuple[Pick | Place, Card]]:
    """The entries of a week: as its issue holds them, else as they were collected."""
    issue = store.issue(week)
    places = {at.entry.id: at for at in store.of_week(week)}
    if issue is None:
        yield from ((at, query.card_of_entry(at.entry, week=week)) for at in places.values())
        return
    for pick in issue.entries:
        at = places.get(pick.id)
        yield (
            pick,
            query.card_of_pick(
                pick, issue.abstracts.get(pick.id) or (at.entry.summary if at else "")
            ),
        )


def _looser(wanted: Filter) -> list[Filter]:
    """The filter with one part left out, for each part; a phrase as its separate words."""
    return [Filter(wanted.text, tree) for tree in _loosened(wanted.tree)]


def _loosened(node: Node) -> list[Node]:
    if isinstance(node, All) and len(node.of) > 1:
        rests = [tuple(m for m in node.of if m is not left) for left in node.of]
        return [
            rest[0] if len(rest) == 1 else All(rest)
            for rest in rests
            if any(not isinstance(m, Not) for m in rest)
        ]
    if isinstance(node, Any):
        return [loose for member in node.of for loose in _loosened(member)]
    if isinstance(node, Words) and len(node.words) > 1:
        return [All(tuple(Words((word,)) for word in node.words))]
    return []


def _list(console: Console, heading: str, rows: list[Pick | Place]) -> None:
    if not rows:
        return
    say(console, heading)
    for row in rows:
        entry = row.entry if isinstance(row, Place) else row
        say(console, f"  {entry.title}\n    {entry.url}")
