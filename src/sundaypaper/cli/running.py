"""The commands `run`, `collect` and `backfill`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli import completing, hooking, watching
from sundaypaper.cli.calling import opened

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
INTERRUPTED = 130
MOST_SHORT = 2  # weeks in a row: arXiv has no time for us now


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


def backfill(
    ctx: typer.Context,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="So many weeks before the newest.")],
) -> None:
    """Print past weeks, the oldest first, from what arXiv knows of them today; nobody is mailed.

    One after another, at arXiv's pace; stopped, it goes on with the next call. Weeks that are printed
    stay as they are. The issues hold papers alone: feeds and votes cannot be asked for the past.

    \b
    Examples:
      sundaypaper backfill --weeks 8
    """
    from sundaypaper.pipeline import backfilling
    from sundaypaper.weeks import newest_week

    here: World = ctx.obj
    backfilling.of_papers(here.config())
    with here.looking() as store:
        wanted = backfilling.weeks_to_fill(store.heads(), newest_week(here.now), weeks)
    if not wanted:
        here.say("all of these weeks are printed; nothing was asked")
        return
    left = _about(len(wanted) * backfilling.USUAL_SECONDS)
    here.say(f"{wanted[0]} to {wanted[-1]}: {len(wanted)} to print, {left} at arXiv's pace")
    try:
        status = _fill(here, wanted)
    except KeyboardInterrupt:
        here.warn("stopped; what is printed stays, and the next `backfill` goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(status)


def _fill(here: World, wanted: tuple[str, ...]) -> int:
    """Print weeks, then render the pages; the exit status. Two that fall short in a row end it."""
    from sundaypaper.pipeline.backfilling import backfill_week
    from sundaypaper.pipeline.run import publish_pages

    began, short, in_a_row = time.monotonic(), list[str](), 0
    for number, week in enumerate(wanted, 1):
        # The lock is held for a week, not for all: a run that is due comes between.
        with here.job(renders=False) as job:
            issue = backfill_week(job, week)
        if issue.state == "frozen":
            left, in_a_row = (time.monotonic() - began) / number * (len(wanted) - number), 0
            more = f"; {_about(left)} for the rest" if number < len(wanted) else ""
            here.say(f"{week} is printed: {issue.headline}{more}")
            continue
        here.warn(f"{week} is left a draft: {issue.why_draft}")
        short, in_a_row = [*short, week], in_a_row + 1
        if in_a_row == MOST_SHORT:
            break
    with here.job() as job:
        publish_pages(job)
    if short:
        here.warn(f"{', '.join(short)} fell short; the next `backfill` tries again")
    here.say(opened(here.output / "site" / "index.html"))
    return int(bool(short))


def _about(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"about {minutes / 60:.1f} hours"
