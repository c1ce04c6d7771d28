"""The commands `feeds …`: the sources of feeds.yaml, finding new ones, lists of other readers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli import completing
from sundaypaper.cli.helping import examples

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.config import Config
    from sundaypaper.pipeline.feed_finding import Added, Found

app = typer.Typer(help="The sources of feeds.yaml.", no_args_is_help=True)

SHOWN = 20
GroupOption = Annotated[str, typer.Option(help="lab, researcher, practitioner, newsletter, course, community or vendor.")]  # fmt: skip


@app.command("list", epilog=examples("sundaypaper feeds list"))
def feeds_list(ctx: typer.Context) -> None:
    """All sources with their group, state and address."""
    from sundaypaper.cli import show

    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        show.feeds(here.console, config, store)


@app.command("check", epilog=examples("sundaypaper feeds check", "sundaypaper feeds check BAIR"))
def feeds_check(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Names; all sources if none.", autocompletion=completing.sources),
    ] = None,
) -> None:
    """Ask sources now, whether due or not, and say what they answer; keeps nothing."""
    from sundaypaper import plugins
    from sundaypaper.cli import show
    from sundaypaper.pipeline.collecting import try_sources

    here: World = ctx.obj
    config = here.config()
    known = tuple(spec.name for spec in config.sources)
    for name in names or ():
        if name not in known:
            raise typer.BadParameter(plugins.unknown(name, known))
    reporter = here.reporter()
    with reporter.sources(len(names or known)), here.tools(config, reporter) as tools:
        reports = try_sources(config, names or (), tools, here.ask(""))
    raise typer.Exit(show.check(here.console, reports))


@app.command(
    "add",
    epilog=examples(
        "sundaypaper feeds add https://bair.berkeley.edu/blog/",
        "sundaypaper feeds add https://github.com/vllm-project/vllm --group vendor",
        "sundaypaper feeds add distill.pub --name Distill --only 'interpretability'",
    ),
)
def feeds_add(
    ctx: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Of a feed, a page, a channel, a repository.")
    ],
    name: Annotated[str, typer.Option(help="What pages and reports call it; else its title.")] = "",
    group: GroupOption = "",
    only: Annotated[str, typer.Option(help="A filter: only what it finds is read.")] = "",
    pick: Annotated[int, typer.Option(min=0, help="Which one, where a page names several.")] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find it and write nothing.")] = False,
) -> None:
    """Find the feed of an address, try it, and write it into feeds.yaml, where every comment stays.

    It knows YouTube, Substack, Medium, GitHub, Reddit and author pages of arXiv; of other pages it
    takes what they name as their feed, then looks where feeds often lie.
    """  # fmt: skip
    from sundaypaper.pipeline.feed_finding import add_feeds, find_feeds, known_feeds, to_add
    from sundaypaper.urls import canonical

    here: World = ctx.obj
    config = here.config()
    _checked(group)
    with here.tools(config, here.reporter()) as tools:
        found = find_feeds(url, tools)
    chosen = _chosen(here, found, pick)
    if there := known_feeds(config).get(canonical(chosen.url)):
        here.show(f"{chosen.url} is there already, as “{there}”; nothing was written")
        return
    added = to_add(config, chosen, name, group, only)
    here.show(_told(chosen))
    if dry_run:
        here.show(f"would be written: {_line(added)}")
        return
    add_feeds(here.feeds_file, [added])
    here.show(f"written into {here.feeds_file}: {_line(added)}")


def _chosen(here: World, found: tuple[Found, ...], pick: int) -> Found:
    """The one that is meant; on a terminal a person is asked, else BadParameter lists them."""
    if pick > len(found):
        raise typer.BadParameter(f"the page names {len(found)}", param_hint="--pick")
    if pick or len(found) == 1:
        return found[max(pick, 1) - 1]
    for at, one in enumerate(found, 1):
        here.show(f"{at}  {_told(one)}")
    if not sys.stdin.isatty():
        raise typer.BadParameter("the page names several feeds; say which: --pick 1", param_hint="--pick")  # fmt: skip
    while True:
        said = typer.prompt("which one", default="1")
        if said.isdecimal() and 1 <= int(said) <= len(found):
            return found[int(said) - 1]


def _checked(group: str) -> None:
    from sundaypaper.forms.values import GROUPS
    from sundaypaper.plugins import unknown

    if group and group not in GROUPS:
        raise typer.BadParameter(unknown(group, GROUPS), param_hint="--group")


def _told(found: Found) -> str:
    newest = f", the newest of {found.newest:%Y-%m-%d}" if found.newest else ""
    count = "1 entry" if found.entries == 1 else f"{found.entries} entries"
    return f"“{found.title or 'without a title'}” {found.url} ({found.where}): {count}{newest}"


def _line(added: Added) -> str:
    return ", ".join(f"{key}: {value}" for key, value in added.keys().items())


@app.command(
    "import",
    epilog=examples(
        "sundaypaper feeds import subscriptions.opml",
        "sundaypaper feeds import https://example.org/blogroll.opml --check",
    ),
)
def feeds_import(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE", help="OPML: a file or an address.")],
    check: Annotated[
        bool, typer.Option("--check", help="Ask each feed first, and leave out what fails.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do.")] = False,
) -> None:
    """Take over the feeds of another reader: what is new is written, what is there stays as it is.

    Folders that are called as our groups are (Labs, Newsletters, vendor …) become groups.
    """
    from sundaypaper.pipeline.feed_finding import add_feeds, from_list, read_list

    here: World = ctx.obj
    config = here.config()
    with here.tools(config, here.reporter()) as tools:
        listed = read_list(source, tools)
    added, there = from_list(config, listed)
    failed = 0
    if check and added:
        added, failed = _answering(here, config, added)
    if not dry_run and added:
        add_feeds(here.feeds_file, added)
    done = "would be written" if dry_run else "written"
    for one in added[:SHOWN]:
        here.show(f"  {_line(one)}")
    if len(added) > SHOWN:
        here.show(f"  and {len(added) - SHOWN:,} more")
    here.show(f"{len(added)} {done}, {len(there)} there already")
    for count, why in (
        (failed, "left out, since they do not answer as feeds"),
        (listed.bad, "left out, since they name no address of the web"),
        (listed.beyond, "left out: a list of feeds is read up to 5,000"),
    ):
        if count:
            here.warn(f"{count} {why}")
    raise typer.Exit(int(failed > 0))


def _answering(
    here: World, config: Config, added: tuple[Added, ...]
) -> tuple[tuple[Added, ...], int]:
    """Those that answer, and how many do not."""
    from sundaypaper.pipeline.feed_finding import trial

    reporter = here.reporter()
    with reporter.sources(len(added)), here.tools(config, reporter) as tools:
        reports = trial(config, added, tools, here.ask(""), reporter.source)
    bad = {report.source: report.detail for report in reports if report.state == "failed"}
    for name, detail in list(bad.items())[:SHOWN]:
        here.warn(f"  {name}: {detail}")
    return tuple(one for one in added if one.name not in bad), len(bad)


@app.command("export", epilog=examples("sundaypaper feeds export --out feeds.opml"))
def feeds_export(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option(help="The file to write; else it is shown.")] = None,
) -> None:
    """The feeds of this paper as OPML, which every feed reader takes over; by group."""
    from sundaypaper.cli.world import write_whole
    from sundaypaper.pipeline.feed_finding import as_opml

    here: World = ctx.obj
    body, others = as_opml(here.config())
    if others:
        here.warn(f"{others} sources are no feeds (arXiv, votes, calendars …) or switched off, and are left out")  # fmt: skip
    if out is None:
        typer.echo(body, nl=False)
        return
    write_whole(out, body)
    here.say(f"{out} is written")


@app.command("remove", epilog=examples("sundaypaper feeds remove 'A blog'"))
def feeds_remove(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(help="As `feeds list` names it.", autocompletion=completing.sources)
    ],
) -> None:
    """Take a source out of feeds.yaml, with the comments right above it; its entries stay kept."""
    from sundaypaper.pipeline.feed_finding import remove_source

    here: World = ctx.obj
    gone = remove_source(here.feeds_file, here.config(), name)
    here.show(f"“{gone}” is no longer in {here.feeds_file}")
