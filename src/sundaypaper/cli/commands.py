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
    deploying,
    doctor,
    editor,
    feeds,
    mailing,
    previewing,
    pruning,
    publishing,
    running,
    scheduling,
    state,
    statistics,
    subscribers,
    upgrading,
    venues,
    watching,
    words,
)

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
app.add_typer(venues.app, name="venues")
app.add_typer(topics_app, name="topics")
editions_app = typer.Typer(help="The editions of feeds.yaml.", no_args_is_help=True)
app.add_typer(editions_app, name="editions")
app.add_typer(state.app, name="state")
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(words.app, name="words")


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


app.command("run")(running.run)
app.command("collect")(running.collect)
app.command("backfill")(running.backfill)
app.command("tick")(scheduling.tick)
app.command("schedule")(scheduling.schedule)
app.command("init")(beginning.init)
app.command("upgrade-config")(upgrading.upgrade_config)
app.command("deploy", epilog=deploying.EXAMPLES)(deploying.deploy)
app.command("publish")(publishing.publish)
app.command("desk", epilog=editor.DESK)(editor.desk)
app.command("print", epilog=editor.PRINT)(editor.print_issue)
app.command("export")(editor.export)
app.command("correct", epilog=editor.CORRECT)(editor.correct)
app.command("remove", epilog=editor.REMOVE)(editor.remove)
app.command("send")(mailing.send)
app.command("preview", epilog=previewing.EXAMPLES)(previewing.preview)
app.command("deliveries")(mailing.deliveries)
app.command("inbox")(mailing.inbox)
app.command("stats")(statistics.stats)
app.command("status")(watching.status)
app.command("doctor")(doctor.doctor)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("prune")(pruning.prune)


@app.command()
def demo(ctx: typer.Context) -> None:
    """Print three sample issues from the landmarks that come with the program; no network."""
    from sundaypaper.cli import demonstration

    demonstration.run(ctx.obj, running.run_week)


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
    by_clock: Annotated[
        bool, typer.Option("--schedule", help="Work by the clock meanwhile, as `schedule` does.")
    ] = False,
    grace: scheduling.GraceOption = scheduling.GRACE,
) -> None:
    """Serve the pages to readers, who subscribe and leave there; Ctrl-C ends it.

    Without `delivery:` in feeds.yaml its mails go into the folder mails/served.

    \b
    Examples:
      sundaypaper serve
      sundaypaper serve --schedule --port 8080
    """
    from sundaypaper.cli import serving

    here: World = ctx.obj
    if not by_clock:
        serving.serve(here, host, port, show_mails)
        return
    with scheduling.beside(here, grace):
        serving.serve(here, host, port, show_mails)


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
