"""The commands, each from arguments to steps."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from sundaypaper import __version__, pipeline, plugins, weeks
from sundaypaper.cli import browsing, demonstration, desk, editions, scheduling, show, tagging
from sundaypaper.cli.world import Steps, Telling, World, week_argument, world
from sundaypaper.config import Config
from sundaypaper.errors import SundayPaperError
from sundaypaper.models import Issue, SourceReport
from sundaypaper.store import Run, Store

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

# So many names that do not resolve are one fault, of the network, and one line.
MANY, UNRESOLVED = 5, "does not resolve"

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
        status = run_week(here, config, chosen)
    page = here.output / "site" / "index.html"
    here.console.print(f"open {page}", markup=False, highlight=False)
    raise typer.Exit(status)


def run_week(here: World, config: Config, week: str | None) -> int:
    """The whole line for one week; the exit status. Each run leaves a line in the run log."""
    steps = Steps(here.console)
    began = here.ask("").wall
    chosen = week or weeks.newest_week(here.now)
    status, detail = 1, {}
    pipeline.check_templates(here.templates)
    with here.store() as store:
        try:
            asked = _asked_for(store, chosen, week, here.now)
            collected = _collect(here, config, store, steps, asked)
            detail["failed"] = sorted(r.source for r in collected.reports if r.state == "failed")
            issue, printed_before = _edit(here, config, store, steps, chosen, collected)
            _publish(here, config, store, steps)
            status = int(issue.state == "draft" or _is_short(collected.reports))
        except KeyboardInterrupt:
            detail["stopped"] = ["by the user"]
            _say(
                here, "stopped; what was kept by then is kept, and the next run goes on from there"
            )
            raise typer.Exit(130) from None
        except SundayPaperError as bad:
            detail["error"] = [str(bad)]
            raise
        finally:
            told = {"seconds": steps.seconds, **detail}
            store.log_run(Run(began, here.now, chosen, status, steps.total, told))
    _tell_outcome(here, issue, printed_before)
    return status


def _is_short(reports: tuple[SourceReport, ...]) -> bool:
    """Whether arXiv did not answer in full."""
    return any(r.kind == "arxiv" and r.state in ("failed", "incomplete") for r in reports)


def _edit(
    here: World,
    config: Config,
    store: Store,
    steps: Steps,
    chosen: str,
    collected: pipeline.Collected,
) -> tuple[Issue, bool]:
    """Compose the chosen week unless it is printed; first what earlier weeks still owe."""
    for week in pipeline.owed(store.heads(), chosen):
        if pipeline.completed(config, store, week, chosen, collected):
            _say(here, f"{week} is complete now")
            _compose(here, config, store, steps, week, collected)
    issue = store.issue(chosen)
    if issue is not None and issue.state == "frozen":
        return issue, True
    return _compose(here, config, store, steps, chosen, collected), False


def _asked_for(store: Store, chosen: str, week: str | None, now: datetime) -> str:
    """The week to collect for: the chosen one, or the one in the making where that is printed."""
    issue = next((head for head in store.heads() if head.week == chosen), None)
    if week or issue is None or issue.state != "frozen":
        return chosen
    return max(weeks.after(chosen), weeks.iso_week(now.date()))


def _collect(
    here: World, config: Config, store: Store, steps: Steps, week: str
) -> pipeline.Collected:
    with (
        steps("collect") as notes,
        Telling(here.console, len(config.sources)) as tell,
        here.tools(config, tell) as tools,
    ):
        collected = pipeline.collect(config, store, tools, here.ask(week), tell.source)
        notes.extend(_summary(collected.reports))
    _name_failed(here, collected.reports)
    return collected


def _summary(reports: tuple[SourceReport, ...]) -> list[str]:
    notes = []
    for kind in dict.fromkeys(report.kind for report in reports):
        of_kind = [r for r in reports if r.kind == kind]
        states: dict[str, int] = {}
        for report in of_kind:
            states[report.state] = states.get(report.state, 0) + 1
        told = ", ".join(f"{count} {state}" for state, count in states.items())
        new = sum(r.new for r in of_kind)
        notes.append(f"{kind}: {told}, {sum(r.fetched for r in of_kind)} entries, {new} new")
    return notes


def _name_failed(here: World, reports: tuple[SourceReport, ...]) -> None:
    lost = [r for r in reports if UNRESOLVED in r.detail]
    if len(lost) >= MANY:
        names = ", ".join(r.source for r in lost[:3])
        _say(here, f"  ! {len(lost)} sources cannot be reached ({names} …). Is there a network?")
    for report in reports:
        if report in lost and len(lost) >= MANY:
            continue
        if report.state in ("failed", "incomplete", "waiting"):
            _say(
                here,
                f"  ! {report.source} is {report.state}: {pipeline.gaps(report) or report.detail}",
            )


def _compose(
    here: World,
    config: Config,
    store: Store,
    steps: Steps,
    week: str,
    collected: pipeline.Collected,
) -> Issue:
    with steps("read") as notes:
        tagged = pipeline.read(config, store, week)
        claimed = sum(bool(t.claims) for t in tagged)
        notes.append(f"{len(tagged)} entries, {claimed} with a claim")
    for topic, example in pipeline.unread_examples(config, store):
        _say(here, f"  ! topic {topic}: nothing can be learnt from its example {example}; its text is not known or too short")  # fmt: skip
    with steps("edit") as notes:
        issue = pipeline.edit(config, store, week, here.now, collected, tagged, _hold(here))
        funnel = issue.funnel
        notes.append(f"{funnel.new} new, {funnel.accepted} accepted, {funnel.printed} printed")
        notes.append(f"{len(issue.newly_accepted)} newly accepted")
    return issue


def _hold(here: World) -> str:
    """A rehearsal of a day that has not come leaves no printed issue behind."""
    ahead = here.now > datetime.now(UTC) + timedelta(days=1)
    return "A rehearsal of a day that has not come." if ahead and not here.sample else ""


def _publish(here: World, config: Config, store: Store, steps: Steps) -> None:
    with steps("publish") as notes:
        built = pipeline.publish(config, store, here.output, here.templates)
        if built.changed:
            notes.append(f"{built.rendered} pages rendered, {built.linked} kept")
        else:
            notes.append("nothing changed")


def _tell_outcome(here: World, issue: Issue, printed_before: bool) -> None:
    if issue.state == "draft":
        text = f"{issue.week} is a draft: {issue.why_draft}"
    elif printed_before:
        text = f"{issue.week} was printed before and stays as it is"
    else:
        text = f"{issue.week} is printed: {issue.headline}"
    _say(here, text)


def _say(here: World, text: str) -> None:
    here.console.print(text, markup=False, highlight=False)


@app.command()
def collect(ctx: typer.Context, week: WeekOption = None) -> None:
    """Ask the sources that are due and keep what they bring; publish nothing."""
    here: World = ctx.obj
    config = here.config()
    with here.busy(), here.store() as store:
        steps = Steps(here.console)
        began = here.ask("").wall
        chosen = week_argument(week, here.now) or weeks.newest_week(here.now)
        asked = _asked_for(store, chosen, week, here.now)
        collected = _collect(here, config, store, steps, asked)
        short = _is_short(collected.reports)
        store.log_run(Run(began, here.now, asked, int(short), steps.total, {"seconds": steps.seconds}))  # fmt: skip
    raise typer.Exit(int(short))


@app.command()
def publish(ctx: typer.Context) -> None:
    """Render the pages of all issues from what is kept; nothing is asked."""
    here: World = ctx.obj
    config = here.config()
    with here.busy(), here.store() as store:
        _publish(here, config, store, Steps(here.console))
    here.console.print(f"open {here.output / 'site' / 'index.html'}", markup=False, highlight=False)


app.command("desk")(desk.desk)
app.command("print")(desk.print_issue)
app.command("export")(desk.export)
app.command("correct")(desk.correct)
app.command("remove")(desk.remove)


@app.command()
def schedule(
    ctx: typer.Context,
    cron: Annotated[
        str,
        typer.Option(help="Minute, hour, day, month, weekday by name; in the paper's time zone."),
    ] = scheduling.USUAL,
) -> None:
    """Stay here and run when the time comes; the first run is at once."""
    here: World = ctx.obj
    zone = ZoneInfo(here.config().masthead.timezone)
    try:
        when = scheduling.trigger(cron, zone)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--cron") from None

    def job() -> None:
        today = world(here.root, None)
        with today.busy():
            run_week(today, today.config(), None)

    scheduling.run(job, when, lambda text: here.console.print(text, markup=False))


@app.command()
def demo(ctx: typer.Context) -> None:
    """Print three sample issues from the landmarks that come with the program; no network."""
    here: World = ctx.obj
    demonstration.run(here, run_week)


@app.command()
def browse(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
) -> None:
    """Show the pages at an address of this machine, so that search works; Ctrl-C ends it."""
    here: World = ctx.obj
    browsing.browse(here.output / "site", port, lambda text: _say(here, text))


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
