"""The commands `run` and `collect`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli import completing, hooking, watching
from sundaypaper.cli.calling import opened

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
INTERRUPTED = 130


def run(ctx: typer.Context, week: WeekOption = None) -> None:
    """Collect, read, edit and publish one week: the newest whose last batch is out."""
    from sundaypaper.cli.world import week_argument

    here: World = ctx.obj
    chosen = week_argument(week, here.now)
    status = run_week(here, chosen)
    here.say(opened(here.output / "site" / "index.html"))
    raise typer.Exit(status)


def run_week(here: World, week: str | None) -> int:
    """Run all steps for one week, and print the result; the exit status."""
    with here.job() as job:
        from sundaypaper.pipeline import run as runs

        try:
            outcome = runs.run_week(job, week)
        except KeyboardInterrupt:
            here.warn("stopped; what was kept by then is kept, and the next run goes on from there")
            raise typer.Exit(INTERRUPTED) from None
        config = job.config
    issue = outcome.issue
    if outcome.is_held:
        here.say(f"{issue.week}{issue.why_draft.removeprefix('It')}")
    elif issue.state == "draft":
        tell = here.say if outcome.is_complete else here.warn
        tell(f"{issue.week} is a draft: {issue.why_draft}")
    elif outcome.printed_before:
        here.say(f"{issue.week} was printed before and stays as it is")
    else:
        here.say(f"{issue.week} is printed: {issue.headline}")
    hooking.call_hooks(here, config)
    watching.ping(here, config, outcome.is_complete)
    return int(not outcome.is_complete)


def collect(ctx: typer.Context, week: WeekOption = None) -> None:
    """Ask the sources that are due and keep what they bring; publish nothing."""
    from sundaypaper.cli.world import week_argument

    here: World = ctx.obj
    chosen = week_argument(week, here.now)
    with here.job(renders=False) as job:
        from sundaypaper.pipeline.run import collect_week

        complete = collect_week(job, chosen)
    raise typer.Exit(int(not complete))
