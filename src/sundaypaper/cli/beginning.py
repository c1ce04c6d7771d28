"""`sundaypaper init`: asks five questions, or takes flags, and writes a paper's feeds.yaml."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sundaypaper.cli import completing

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.models import SourceReport
    from sundaypaper.pipeline.beginning import Answers, Topics

T = TypeVar("T")
LOCALTIME = Path("/etc/localtime")
WIDTH = 90


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Its folder; --root if none.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the paper is called.")] = None,
    topics: Annotated[
        str | None,
        typer.Option(
            help="Names with commas between; all 24 if empty. Birds: bird* OR wing* is a filter of your own.",
            autocompletion=completing.topics,
        ),
    ] = None,
    venues: Annotated[
        str | None,
        typer.Option(
            help="Venues that come first, with commas between: NeurIPS, ACL.",
            autocompletion=completing.venues,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="When a week is printed: sun 08:00, or fri 17:30 Europe/Berlin."),
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="The time zone of --at; this machine's if none.")
    ] = None,
    publish: Annotated[
        str | None,
        typer.Option(
            help="Where the pages go after each run: a folder, rsync://…, s3://…, gh-pages."
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="The address at which readers find the pages.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="A mail address or page that the servers we ask may see.")
    ] = None,
    templates: Annotated[
        bool, typer.Option("--templates", help="Copy the templates of the pages, to change them.")
    ] = False,
    deploy: Annotated[
        str | None,
        typer.Option(
            help="Write what runs it, too: systemd, cron, compose, actions, nginx or caddy."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: flags and defaults.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Ask each source once whether it answers.")
    ] = True,
) -> None:
    """Begin a paper of your own: a few questions, and DIR has a feeds.yaml with comments.

    Nothing that is there is overwritten, and nothing is written before the last answer.

    \b
    Examples:
      sundaypaper init my-paper
      sundaypaper init my-paper --yes --title "Robots weekly" --topics "robotics, vision" --at "fri 17:00"
    """  # fmt: skip
    from sundaypaper.pipeline import beginning

    here: World = ctx.obj
    root = folder or here.root
    beginning.refuse_taken(root)
    asked = _Questions(silent=yes)
    zone = asked.flag("--timezone", timezone, beginning.zone_meant) or _zone()
    if not yes:
        here.say("Return alone keeps what stands in brackets.\n")
    answers = _answers(asked, here, title, topics, venues, at, zone, publish)
    answers = _addressed(answers, base_url or "", contact or "")
    beginning.begin(root, beginning.files(answers, root, templates))
    _written(here, root, templates)
    if deploy:
        from sundaypaper.cli.deploying import write_deployment

        here.say(f"{write_deployment(here, root, deploy) / 'README.md'} says how it is run.")
    if check:
        check_sources(here, root)
    _next_steps(here, root)


class _Questions:
    """Asks until an answer is understood; a flag is asked nothing, and is wrong use where it is not."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent

    def flag(self, name: str, given: str | None, meant: Callable[[str], T]) -> T:
        """What a flag means, what "" means where it was not given."""
        try:
            return meant((given or "").strip())
        except ValueError as bad:
            raise typer.BadParameter(str(bad), param_hint=name) from None

    def ask(self, name: str, given: str | None, text: str, usual: str, meant: Callable[[str], T]) -> T:  # fmt: skip
        """The answer to a question, by flag or at the terminal."""
        if given is not None or self.silent:
            return self.flag(name, given if given is not None else usual, meant)
        while True:
            try:
                return meant(typer.prompt(text, default=usual, show_default=bool(usual)).strip())
            except ValueError as bad:
                typer.echo(f"  {bad}", err=True)


def _answers(
    asked: _Questions,
    here: World,
    title: str | None,
    topics: str | None,
    venues: str | None,
    at: str | None,
    zone: str,
    publish: str | None,
) -> Answers:
    from sundaypaper.pipeline import beginning
    from sundaypaper.pipeline.beginning import Answers

    called = asked.ask("--title", title, "What is your paper called?", "Sunday Paper", str)
    if not asked.silent and topics is None:
        here.say(_choice())
    chosen: Topics = asked.ask(
        "--topics", topics, "Which topics? Names, or a filter; Return for all 24", "", beginning.topics_meant,
    )  # fmt: skip
    core = asked.ask(
        "--venues", venues, "Which venues come first?", "NeurIPS, ICML, CVPR", beginning.venues_meant
    )  # fmt: skip
    when, named = asked.ask(
        "--at", at, f"When is a week printed? Time zone {zone}, or name one", "sun 08:00", beginning.time_meant,
    )  # fmt: skip
    to = asked.ask(
        "--publish", publish, "Where do the pages go? A folder, rsync://, s3://, gh-pages; Return for nowhere yet", "", str,
    )  # fmt: skip
    core = () if core == ("neurips", "icml", "cvpr") else core
    when = "" if when == "sun 08:00" else when
    return Answers(called, chosen, core, when, named or zone, to)


def _addressed(answers: Answers, base_url: str, contact: str) -> Answers:
    from dataclasses import replace

    return replace(answers, base_url=base_url, contact=contact)


def _choice() -> str:
    """The topics that there are, in lines."""
    import textwrap

    from sundaypaper.config import default_topics

    names = ", ".join(topic.name for topic in default_topics())
    return textwrap.indent("\n".join(textwrap.wrap(names, WIDTH)), "  ")


def _zone() -> str:
    """The time zone of this machine, UTC where it is not known by a name."""
    from sundaypaper.pipeline.beginning import zone_meant

    named = os.environ.get("TZ") or str(LOCALTIME.resolve()).partition("zoneinfo/")[2]
    try:
        zone = zone_meant(named.removeprefix(":"))
    except ValueError:
        return "UTC"
    return "UTC" if not zone or zone.startswith("Etc/") else zone


def _written(here: World, root: Path, templates: bool) -> None:
    here.say(f"{root / 'feeds.yaml'} is written.")
    if templates:
        here.say(f"{root / 'templates'} holds the templates; remove those that you do not change, so that upgrades renew them.")  # fmt: skip


def check_sources(here: World, root: Path) -> None:
    """Ask the sources once; what does not answer is told, and is no failure.

    Not arXiv, of which a question is a whole week: the first run asks it.
    """
    from dataclasses import replace

    from sundaypaper.pipeline.collecting import try_sources

    paper = replace(here, root=root)
    config = paper.config()
    names = [spec.name for spec in config.sources if spec.kind != "arxiv"]
    if not names:
        return
    reporter = here.reporter()
    here.say(f"asking {len(names)} sources whether they answer (Ctrl-C skips this) …")
    try:
        with reporter.sources(len(names)), paper.tools(config, reporter) as tools:
            reports = try_sources(config, names, tools, paper.ask(""), reporter.source)
    except KeyboardInterrupt:
        here.say("skipped; `sundaypaper feeds check` asks them later.")
        return
    _tell(here, reports)


def _tell(here: World, reports: tuple[SourceReport, ...]) -> None:
    from sundaypaper.pipeline.beginning import nothing_reached

    failed = [report for report in reports if report.state in ("failed", "incomplete")]
    if nothing_reached(reports):
        here.warn("No source was reached: there is no network here now. `sundaypaper feeds check` asks them later.")  # fmt: skip
        return
    here.say(f"{len(reports) - len(failed)} of {len(reports)} sources answer.")
    for report in failed:
        here.warn(f"  ! {report.source}: {report.detail}")
    if failed:
        here.warn("  A source that fails now and then is no harm: each run asks again.")


def _next_steps(here: World, root: Path) -> None:
    from sundaypaper.cli.calling import opened, this_command

    command = this_command()
    at = "" if root.absolute() == Path.cwd() else f" --root {shlex.quote(str(root))}"
    here.say(
        f"\nNext:\n"
        f"  {command}{at} run        # collects the newest week and prints it; takes a few minutes\n"
        f"  {opened(root / 'output' / 'site' / 'index.html')}\n"
        f"  {command}{at} schedule   # stays, and prints each week at its time"
    )
