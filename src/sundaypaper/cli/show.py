"""Print the tables and lists of `explain`, `status`, `feeds` and `topics`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sundaypaper import weeks
from sundaypaper.cli.reporting import say
from sundaypaper.models import Place
from sundaypaper.text import shorten
from sundaypaper.wording.reports import gaps

if TYPE_CHECKING:
    from rich.console import Console

    from sundaypaper.config import Config
    from sundaypaper.models import Entry, Pick, PollState, SourceReport
    from sundaypaper.pipeline.explain import Explained
    from sundaypaper.pipeline.opening import Source, Store

SAMPLES = 5
MATCH_SHOWN = 60
BAR = 60


def explain(console: Console, config: Config, store: Store, id: str) -> int:
    """Print an entry's claims, topics and each part of its score; 1 where it is unknown."""
    from sundaypaper.pipeline.explain import Explained
    from sundaypaper.pipeline.explain import explain as explained

    match explained(config, store, id):
        case Explained() as known:
            _explain(console, known)
            return 0
        case Place(entry, week):
            week = week or "no week: it is from before this paper began, and is never printed"
            say(console, f"{entry.title}\nis kept (week: {week}) but stands in no issue yet.")
        case _:
            say(
                console, f"{id}: not known here. Ids stand in issue.json, such as arxiv:2603.01234."
            )
    return 1


def _explain(console: Console, known: Explained) -> None:
    from rich.table import Table

    issue, pick = known.issue, known.pick
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
    if known.sections:
        say(console, f"printed in: {', '.join(known.sections)}")
    else:
        say(console, " ".join(("not printed; counted in the funnel.", *known.lacked)))


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


def check(console: Console, reports: Iterable[SourceReport]) -> int:
    """Print what sources answered; 1 where one failed."""
    from rich.table import Column, Table

    # Folded, not cut off: a person copies the address that a detail names.
    detail_column = Column("detail", overflow="fold")
    table = Table("source", "state", "entries", detail_column, box=None, pad_edge=False)
    failed = False
    for report in reports:
        failed |= report.state in ("failed", "incomplete")
        detail = gaps(report) or report.detail
        table.add_row(report.source, report.state, str(report.fetched), detail)
    console.print(table, markup=False, highlight=False)
    return int(failed)


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


def try_filter(console: Console, config: Config, store: Store, text: str, now: datetime) -> None:
    """Print what a filter matches in the last stored weeks: counts, samples and near misses."""
    from sundaypaper.pipeline.backtest import backtest
    from sundaypaper.pipeline.known_names import kept_names

    tried = backtest(store, text, weeks.newest_week(now), kept_names(config, store))
    for hint in tried.hints:
        say(console, f"{hint.message}; did you mean: {hint.query}")
    say(console, f"entries that match, week by week, of the last {tried.looked_back} weeks")
    for at in tried.weeks:
        bar = "▪" * min(BAR, -(-at.hits * BAR // at.entries))
        say(console, f"{at.week}  {at.hits:5} of {at.entries}  {bar}")
    if not tried.hits and not tried.near_misses:
        nothing = "nothing is kept here yet; `sundaypaper run` collects a week"
        say(console, "nothing matches in the weeks that are kept" if tried.has_issues else nothing)
    samples = tried.hits[:SAMPLES]
    counted = "1 sample" if len(samples) == 1 else f"{len(samples)} samples"
    _list(console, f"{counted} of the {len(tried.hits)} that match", samples)
    _list(console, "near misses (all but one part of the filter holds)", tried.near_misses)


def _list(console: Console, heading: str, entries: tuple[Pick | Entry, ...]) -> None:
    if not entries:
        return
    say(console, heading)
    for entry in entries:
        say(console, f"  {entry.title}\n    {entry.url}")
