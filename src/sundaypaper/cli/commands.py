"""The commands, each from arguments to steps."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from sundaypaper import __version__, plugins, weeks
from sundaypaper.cli import (
    browsing,
    demonstration,
    desk,
    editions,
    mailing,
    running,
    scheduling,
    show,
    subscribers,
    tagging,
)
from sundaypaper.cli.world import Steps, Telling, World, week_argument, world
from sundaypaper.store import Run

app = typer.Typer(
    name="sundaypaper",
    help="A weekly newspaper of machine learning, from arXiv and the blogs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
feeds_app = typer.Typer(help="The sources of feeds.yaml.", no_args_is_help=True)
topics_app = typer.Typer(help="The topics of feeds.yaml.", no_args_is_help=True)
app.add_typer(feeds_app, name="feeds")
app.add_typer(topics_app, name="topics")
editions_app = typer.Typer(help="The editions of feeds.yaml.", no_args_is_help=True)
app.add_typer(editions_app, name="editions")
app.add_typer(subscribers.app, name="subscribers")

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"sundaypaper {__version__}")
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
    root: Annotated[
        Path, typer.Option(help="The folder of feeds.yaml, templates, output and databases.")
    ] = Path("."),
    now: Annotated[
        str | None, typer.Option(help="Rehearse as if it were then: 2026-03-08T12:00:00Z.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A weekly newspaper of machine learning, from arXiv and the blogs."""
    ctx.obj = world(root, now)


@app.command()
def run(ctx: typer.Context, week: WeekOption = None) -> None:
    """Collect, read, edit and publish one week: the newest whose last batch is out."""
    here: World = ctx.obj
    config = here.config()
    chosen = week_argument(week, here.now)
    with here.busy():
        status = running.run_week(here, config, chosen)
    page = here.output / "site" / "index.html"
    here.say(f"open {page}")
    raise typer.Exit(status)


@app.command()
def collect(ctx: typer.Context, week: WeekOption = None) -> None:
    """Ask the sources that are due and keep what they bring; publish nothing."""
    here: World = ctx.obj
    config = here.config()
    with here.busy(), here.store() as store:
        steps = Steps(here.console)
        began = here.ask("").wall
        chosen = week_argument(week, here.now) or weeks.newest_week(here.now)
        asked = running.asked_for(store, chosen, week, here.now)
        collected = running.collect(here, config, store, steps, asked)
        short = running.is_short(collected.reports)
        store.log_run(Run(began, here.now, asked, int(short), steps.total, {"seconds": steps.seconds}))  # fmt: skip
    raise typer.Exit(int(short))


@app.command()
def publish(ctx: typer.Context) -> None:
    """Render the pages of all issues from what is kept; nothing is asked."""
    here: World = ctx.obj
    config = here.config()
    with here.busy(), here.store() as store:
        running.publish(here, config, store, Steps(here.console))
    here.say(f"open {here.output / 'site' / 'index.html'}")


app.command("desk")(desk.desk)
app.command("print")(desk.print_issue)
app.command("export")(desk.export)
app.command("correct")(desk.correct)
app.command("remove")(desk.remove)
app.command("send")(mailing.send)
app.command("preview")(mailing.preview)
app.command("deliveries")(mailing.deliveries)
app.command("inbox")(mailing.inbox)


@app.command()
def schedule(
    ctx: typer.Context,
    cron: Annotated[
        str,
        typer.Option(help="Minute, hour, day, month, weekday by name; in the paper's time zone."),
    ] = scheduling.USUAL,
) -> None:
    """Stay here and run when the time comes, at once too; send by mail where feeds.yaml says how."""
    here: World = ctx.obj
    zone = ZoneInfo(here.config().masthead.timezone)
    try:
        when = scheduling.trigger(cron, zone)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--cron") from None

    def job() -> None:
        today = world(here.root, None)
        with today.busy():
            running.run_week(today, today.config(), None)
        tend()

    def tend() -> None:
        mailing.tend(world(here.root, None))

    scheduling.run(job, tend, when, here.say)


@app.command()
def demo(ctx: typer.Context) -> None:
    """Print three sample issues from the landmarks that come with the program; no network."""
    here: World = ctx.obj
    demonstration.run(here, running.run_week)


@app.command()
def browse(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
) -> None:
    """Show the pages at an address of this machine, so that search works; Ctrl-C ends it."""
    here: World = ctx.obj
    browsing.browse(here.output / "site", port, here.say)


@app.command()
def explain(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="An arXiv id, an address, or an id of issue.json.")],
) -> None:
    """Why an entry stands where it stands: claims, topics, and the sum of its score."""
    here: World = ctx.obj
    with here.looking() as store:
        raise typer.Exit(show.explain(here.console, store, id))


@app.command()
def status(ctx: typer.Context) -> None:
    """The newest issue, the last runs, and which sources need a look."""
    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        show.status(here.console, config, store, here.now)


@app.command()
def tag(ctx: typer.Context) -> None:
    """Tag papers: JSON lines in, JSON lines out, in the same order; needs no feeds.yaml.

    In: {id, title, summary or abstract, comment, journal_ref, categories, authors, published,
    listed}; all but title may be missing. Out: {topics, claims, evidence, gist}, or {error}.
    """
    here: World = ctx.obj
    config = here.config() if here.feeds_file.exists() else None
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    raise typer.Exit(tagging.run(config, sys.stdin.buffer, sys.stdout))


@feeds_app.command("list")
def feeds_list(ctx: typer.Context) -> None:
    """All sources with their group, state and address."""
    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        show.feeds(here.console, config, store)


@feeds_app.command("check")
def feeds_check(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Names; all sources if none.")] = None,
) -> None:
    """Ask sources now, whether due or not, and say what they answer; keeps nothing."""
    here: World = ctx.obj
    config = here.config()
    known = tuple(spec.name for spec in config.sources)
    for name in names or ():
        if name not in known:
            raise typer.BadParameter(plugins.unknown(name, known))
    with Telling(here.console, len(names or known)) as tell, here.tools(config, tell) as tools:
        ask = here.ask(weeks.newest_week(here.now))
        raise typer.Exit(show.check(here.console, config, tools, ask, names or []))


@topics_app.command("list")
def topics_list(ctx: typer.Context) -> None:
    """The topics with their filters and how many entries of the newest issue carry each."""
    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        show.topics(here.console, config, store)


@topics_app.command("try")
def topics_try(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="QUERY", help="A filter, in quotes.")],
) -> None:
    """What a filter would have found in the last 8 weeks: counts, samples and near misses."""
    here: World = ctx.obj
    with here.looking() as store:
        show.try_filter(here.console, store, text, here.now)


@editions_app.command("list")
def editions_list(ctx: typer.Context) -> None:
    """The editions with their filters, and the minutes and entries of each in the newest issue."""
    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        editions.editions(here.console, config, store)
