"""The commands of `sundaypaper`. Each imports what it needs when it is called."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper import __version__
from sundaypaper.cli import (
    backups,
    beginning,
    completing,
    doctor,
    editor,
    feeds,
    hooking,
    mailing,
    publishing,
    state,
    statistics,
    subscribers,
    upgrading,
    watching,
)
from sundaypaper.cli.calling import opened

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

app = typer.Typer(
    name="sundaypaper",
    help="A weekly newspaper of machine learning, from arXiv and the blogs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
topics_app = typer.Typer(help="The topics of feeds.yaml.", no_args_is_help=True)
app.add_typer(feeds.app, name="feeds")
app.add_typer(topics_app, name="topics")
editions_app = typer.Typer(help="The editions of feeds.yaml.", no_args_is_help=True)
app.add_typer(editions_app, name="editions")
app.add_typer(state.app, name="state")
app.add_typer(subscribers.app, name="subscribers")

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
# Drafts on Friday and Saturday morning, and on Monday what could not be printed at its time.
USUAL_TIME = "17 6 * * fri,sat,mon"
INTERRUPTED = 130


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
    quiet: Annotated[
        bool,
        typer.Option("--quiet", help="Say nothing of what goes well; troubles go to stderr."),
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A weekly newspaper of machine learning, from arXiv and the blogs."""
    from sundaypaper.cli.world import world

    ctx.obj = world(root, now, quiet)


@app.command()
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


@app.command()
def collect(ctx: typer.Context, week: WeekOption = None) -> None:
    """Ask the sources that are due and keep what they bring; publish nothing."""
    from sundaypaper.cli.world import week_argument

    here: World = ctx.obj
    chosen = week_argument(week, here.now)
    with here.job(renders=False) as job:
        from sundaypaper.pipeline.run import collect_week

        complete = collect_week(job, chosen)
    raise typer.Exit(int(not complete))


app.command("init")(beginning.init)
app.command("upgrade-config")(upgrading.upgrade_config)
app.command("publish")(publishing.publish)
app.command("desk")(editor.desk)
app.command("print")(editor.print_issue)
app.command("export")(editor.export)
app.command("correct")(editor.correct)
app.command("remove")(editor.remove)
app.command("send")(mailing.send)
app.command("preview")(mailing.preview)
app.command("deliveries")(mailing.deliveries)
app.command("inbox")(mailing.inbox)
app.command("stats")(statistics.stats)
app.command("status")(watching.status)
app.command("doctor")(doctor.doctor)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)


@app.command()
def schedule(
    ctx: typer.Context,
    cron: Annotated[
        str,
        typer.Option(
            help="Minute, hour, day, month, weekday by name, in the paper's time zone, beside the time of `print: {at: …}`."
        ),
    ] = USUAL_TIME,
) -> None:
    """Stay here and run when the time comes, at once too; send by mail where feeds.yaml says how.

    It always runs at the print time of feeds.yaml.
    """
    from zoneinfo import ZoneInfo

    from sundaypaper.cli import scheduling
    from sundaypaper.cli.stopping import Stop
    from sundaypaper.cli.world import world

    here: World = ctx.obj
    config = here.config()
    zone = ZoneInfo(config.masthead.timezone)
    try:
        when = scheduling.trigger(cron, zone, config.print_at)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--cron") from None

    def job() -> None:
        run_week(world(here.root, None), None)
        tend()

    def tend() -> None:
        now = world(here.root, None)
        hooking.call_hooks(now, now.config(), stop.asked)
        mailing.tend(now, stop.asked)

    stop = Stop()
    scheduling.run(job, tend, when, here.say, stop.ask)


@app.command()
def demo(ctx: typer.Context) -> None:
    """Print three sample issues from the landmarks that come with the program; no network."""
    from sundaypaper.cli import demonstration

    demonstration.run(ctx.obj, run_week)


@app.command()
def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
    host: Annotated[
        str, typer.Option(help="The address to listen at; a proxy stands before it.")
    ] = "127.0.0.1",
    show_mails: Annotated[
        bool, typer.Option("--show-mails", help="Show the mails of a demonstration at /mails/.")
    ] = False,
) -> None:
    """Serve the pages to readers, who subscribe and leave there; Ctrl-C ends it.

    Without `delivery:` in feeds.yaml its mails go into the folder mails/served.
    """
    from sundaypaper.cli import serving

    serving.serve(ctx.obj, host, port, show_mails)


@app.command()
def mcp(ctx: typer.Context) -> None:
    """Answer programs over stdin and stdout by the Model Context Protocol; reads, changes nothing.

    Four tools: search, issue, entry, accepted. A client starts it: sundaypaper --root FOLDER mcp.
    """
    from sundaypaper.cli import tool_server
    from sundaypaper.pipeline.answering import Desk

    here: World = ctx.obj
    config = here.config()

    def write(line: bytes) -> None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()

    with here.looking() as store:
        try:
            tool_server.serve(Desk(config, store), sys.stdin.buffer, write)
        except (KeyboardInterrupt, BrokenPipeError):
            raise typer.Exit from None  # whoever asked has gone


@app.command()
def explain(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="An arXiv id, an address, or an id of issue.json.")],
) -> None:
    """Why an entry stands where it stands: claims, topics, and the sum of its score."""
    from sundaypaper.cli import show

    here: World = ctx.obj
    with here.looking() as store:
        raise typer.Exit(show.explain(here.console, here.config(), store, id))


@app.command()
def tag(ctx: typer.Context) -> None:
    """Tag papers: JSON lines in, JSON lines out, in the same order; needs no feeds.yaml.

    In: {id, title, summary or abstract, comment, journal_ref, categories, authors, published,
    listed}; all but title may be missing. Out: {topics, claims, evidence, gist}, or {error}.
    """
    from sundaypaper.cli import tagging

    here: World = ctx.obj
    config = here.config() if here.feeds_file.exists() else None
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    raise typer.Exit(tagging.run(config, sys.stdin.buffer, sys.stdout))


@topics_app.command("list")
def topics_list(ctx: typer.Context) -> None:
    """The topics with their filters and how many entries of the newest issue carry each."""
    from sundaypaper.cli import show

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
    from sundaypaper.cli import show

    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        show.try_filter(here.console, config, store, text, here.now)


@editions_app.command("list")
def editions_list(ctx: typer.Context) -> None:
    """The editions with their filters, and the minutes and entries of each in the newest issue."""
    from sundaypaper.cli import show_editions

    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        show_editions.editions(here.console, config, store)
