"""`sundaypaper status`, what of it is wrong, and the call of an outside watch after a good run."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli import hooking, statistics

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.config import Config
    from sundaypaper.models import IssueHead
    from sundaypaper.pipeline.opening import Store
    from sundaypaper.pipeline.watching import Watch

RUNS, ISSUES = 5, 3


def free(folder: Path) -> int:
    """The bytes that are free where a folder lies, for whoever runs this."""
    return shutil.disk_usage(folder).free


def status(
    ctx: typer.Context,
    check: Annotated[
        bool,
        typer.Option("--check", help="One line for each trouble, the worst first; 1 where any is."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: names that stay (docs/watching.md).")
    ] = False,
) -> None:
    """The newest issue, the last runs, what is wrong, and readers who came or left.

    \b
    Examples:
      sundaypaper status --check || mail -s "the paper needs a look" me@lab.example
      sundaypaper status --json
    """
    from sundaypaper.pipeline import watching

    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        seen = watching.watch(config, store, here.root, here.now, free)
        if as_json:
            print(json.dumps(watching.as_json(seen), ensure_ascii=False, indent=2))
        elif check:
            _tell_check(here, seen)
        else:
            _tell_all(here, config, store, seen)
    if check and not seen.well:
        raise typer.Exit(1)


def _tell_check(here: World, seen: Watch) -> None:
    """A line for each trouble; one that all is well, and whose turn it is, where there is none."""
    for trouble in seen.troubles:
        here.show(f"{trouble.part}: {trouble.text}")
    if seen.well:
        newest = f"{seen.newest.week} is printed" if seen.newest else "no issue yet"
        here.show(f"well: {'; '.join((newest, *seen.waits))}; the next is due {seen.next_due:%Y-%m-%d %H:%M} UTC")  # fmt: skip


def _tell_all(here: World, config: Config, store: Store, seen: Watch) -> None:
    from sundaypaper.wording.runs import how_it_ended

    heads = store.heads()
    if not heads:
        here.show("no issue yet; `sundaypaper run` makes the first one.")
    for head in heads[:ISSUES]:
        here.show(f"{head.week}  {_state(head, seen):<8}{_counted(head)}  {head.headline}")
    here.show(f"the next issue is due {seen.next_due:%Y-%m-%d %H:%M} UTC")
    for run in store.last_runs(RUNS):
        ended = how_it_ended(run.status, run.detail)
        here.show(f"run {run.started:%Y-%m-%d %H:%M}  {run.week}  {run.seconds:.1f} s  {ended}")
    _tell_sources(here, config, store, heads)
    hooking.tell_troubles(here, config)
    if readers := statistics.status_line(here):
        here.show(readers)
    for trouble in seen.troubles:
        here.show(f"! {trouble.part}: {trouble.text}")
    for waits in seen.waits:
        here.show(waits)


def _state(head: IssueHead, seen: Watch) -> str:
    if head.state == "frozen":
        return "printed"
    is_held = seen.standing.week == head.week and seen.standing.state == "with its editor"
    return "held" if is_held else "draft"


def _counted(head: IssueHead) -> str:
    """How many entries an issue prints; landmarks are printed and were never new."""
    from sundaypaper.wording.counts import plural

    entries = plural(max(head.printed, head.listed), "entry", "entries")
    return entries if head.printed > head.listed else f"{head.printed} of {entries}"


def _tell_sources(here: World, config: Config, store: Store, heads: tuple[IssueHead, ...]) -> None:
    from sundaypaper.wording.reports import gaps, state_words, troubled

    reports = troubled(store.reports(heads[0].week).values()) if heads else ()
    here.show(f"sources: {len(config.sources)}, {len(reports)} in trouble")
    for report in reports:
        here.show(
            f"  ! {report.source}: {state_words(report.state)}: {gaps(report) or report.detail}"
        )


def ping(
    here: World, config: Config, well: bool, told: Callable[[str], None] | None = None
) -> None:
    """Tell the service of `healthcheck` that a run went well; never of a rehearsal or the demo."""
    if not config.healthcheck or here.rehearsal or here.sample:
        return
    from sundaypaper.pipeline import pinging
    from sundaypaper.pipeline.opening import open_net

    tell = told or here.warn
    url = pinging.address_of(config.healthcheck, os.environ)
    if not url:
        tell(f"the variable {config.healthcheck.removeprefix('env:')} of `healthcheck` is not set, so nobody is told that this run went well")  # fmt: skip
        return
    with open_net(config, time.monotonic, time.sleep) as net:
        pinging.ping(url, net, well, tell)
