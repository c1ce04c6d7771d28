"""The commands of the editor: the desk, printing by hand, export, corrections."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sundaypaper import issue as issues
from sundaypaper import pipeline, plugins, weeks
from sundaypaper.cli import running
from sundaypaper.cli.world import Steps, World, week_argument, write_whole
from sundaypaper.errors import BuildError
from sundaypaper.formats.desk import MARKER, desk_text, renewed
from sundaypaper.formats.export import export_html, export_markdown
from sundaypaper.forms.values import paper_id
from sundaypaper.models import Amendment, Issue
from sundaypaper.sources.urls import canonical, post_id
from sundaypaper.store import Run, Store
from sundaypaper.text import clean, words

LONGEST = 300
FORMATS = {"markdown": export_markdown, "html": export_html}

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.")]
ThatWeek = Annotated[str, typer.Option("--week", help="ISO week, such as 2026-W10.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="An arXiv id, an address, or an id of issue.json.")]  # fmt: skip


def desk(ctx: typer.Context, week: WeekOption = None) -> None:
    """Write desk/2026-W10.yaml, where you decide for a week, with its candidates as comments.

    Again it renews only the candidates below the marker line; what you wrote stays as it is.
    """
    here: World = ctx.obj
    chosen = week_argument(week, here.now) or weeks.newest_week(here.now)
    with here.looking() as store:
        issue = store.issue(chosen)
    if issue is None:
        raise BuildError(
            f"there is no draft of {chosen}: `sundaypaper run --week {chosen}` makes it"
        )
    if issue.state == "frozen":
        raise BuildError(f"{chosen} is printed already; a printed issue does not change")
    path = pipeline.desk_file(here.root, chosen)
    write_whole(path, _desk_text(path, issue).encode())
    here.say(f"{path} is written; print it with `sundaypaper print --week {chosen}`")


def _desk_text(path: Path, issue: Issue) -> str:
    try:
        there = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return desk_text(issue)
    except (OSError, UnicodeDecodeError) as bad:
        raise BuildError(f"{path}: cannot be read: {bad}") from bad
    text = renewed(there, issue)
    if text is None:
        raise BuildError(
            f"{path}: something of yours stands below the line `{MARKER}`, or the line is gone. "
            "Nothing was written: move what is yours above it, or move the file away"
        )
    return text


def print_issue(
    ctx: typer.Context,
    week: ThatWeek,
    incomplete: Annotated[
        str, typer.Option(help="Why to print a week that arXiv never completed; the issue says so.")
    ] = "",
) -> None:
    """Print a week for good, composed anew with its desk file from what is kept; nothing is asked."""
    here: World = ctx.obj
    config = here.config()
    chosen = week_argument(week, here.now) or week
    despite = clean(incomplete, LONGEST)
    pipeline.check_templates(here.templates)
    with here.busy(), here.store() as store:
        began, steps, status = here.ask("").wall, Steps(here.console), 1
        try:
            with steps("print") as notes:
                hold = running.hold(here)
                issue = pipeline.print_week(config, store, chosen, here.now, despite, hold)
                notes.append(f"{issue.funnel.printed} printed, {issue.words} words")
            running.publish(here, config, store, steps)
            status = 0
        finally:
            told = {"seconds": steps.seconds}
            store.log_run(Run(began, here.now, chosen, status, steps.total, told))
    _tell_unprinted(here, issue)
    here.say(f"{chosen} is printed: {issue.headline}")


def _tell_unprinted(here: World, issue: Issue) -> None:
    """Notes on entries that were not chosen are kept and shown nowhere."""
    printed = {item.id for section in issue.sections for item in section.items}
    for id in issue.editorial.notes if issue.editorial else ():
        if id not in printed:
            here.say(f"  ! your note on {id} is not shown: the issue does not print that entry")


def export(
    ctx: typer.Context,
    week: WeekOption = None,
    format: Annotated[str, typer.Option(help="markdown or html.")] = "markdown",
    out: Annotated[Path | None, typer.Option(help="The file to write; else it is shown.")] = None,
) -> None:
    """An issue as a block to paste into any newsletter tool; the newest where no week is named."""
    here: World = ctx.obj
    if format not in FORMATS:
        raise typer.BadParameter(plugins.unknown(format, tuple(FORMATS)), param_hint="--format")
    config, chosen = here.config(), week_argument(week, here.now)
    with here.looking() as store:
        heads = store.heads()
        chosen = chosen or (heads[0].week if heads else weeks.newest_week(here.now))
        issue = store.issue(chosen)
        amendments = store.amendments()
    if issue is None:
        raise BuildError(
            f"there is no issue of {chosen}: `sundaypaper run --week {chosen}` makes it"
        )
    text = FORMATS[format](issues.amended(issue, amendments), config.masthead, config.venue_titles)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_whole(out, text.encode())
    here.say(f"{out} is written")


# ---------------------------------------------------------------- corrections


def correct(
    ctx: typer.Context,
    id: IdArgument,
    note: Annotated[str, typer.Option(help="What was wrong, and what is right, in a sentence.")],
) -> None:
    """Put a dated note under an entry that was printed, and tell of it in the next issue."""
    _amend(ctx.obj, id, Amendment("", ctx.obj.now, "note", _said(note, "--note")))


def remove(
    ctx: typer.Context,
    id: IdArgument,
    reason: Annotated[str, typer.Option(help="Why, in words that readers will see.")],
) -> None:
    """Take an entry out: one neutral line is left everywhere, and it never comes back."""
    _amend(ctx.obj, id, Amendment("", ctx.obj.now, "removed", _said(reason, "--reason")))


def _said(text: str, option: str) -> str:
    cleaned = clean(text)
    if not words(cleaned):
        raise typer.BadParameter("expected a sentence, found nothing", param_hint=option)
    if len(cleaned) > LONGEST:
        told = f"expected at most {LONGEST} characters, found {len(cleaned)}"
        raise typer.BadParameter(told, param_hint=option)
    return cleaned


def _amend(here: World, text: str, said: Amendment) -> None:
    config = here.config()
    pipeline.check_templates(here.templates)
    with here.busy(), here.store() as store:
        id = _known(store, text)
        if said.kind == "note" and not store.printed_in([id]):
            raise BuildError(f"{id} stands in no printed issue, so there is nothing to correct")
        before = store.amendments().get(id, ())
        gone = next((one for one in before if one.kind == "removed"), None)
        if gone and said.kind == "note":
            raise BuildError(f"{id} was removed on {gone.made:%Y-%m-%d}; there is nothing to note")
        if gone or any((one.kind, one.text) == (said.kind, said.text) for one in before):
            here.say(f"{id}: that is said already; nothing was changed")
        else:
            store.amend(Amendment(id, said.made, said.kind, said.text))
            _tell_amended(here, id, said, store.printed_in([id]).get(id, ()))
        running.publish(here, config, store, Steps(here.console))


def _tell_amended(here: World, id: str, said: Amendment, printed: tuple[str, ...]) -> None:
    where = f"printed in {', '.join(printed)}" if printed else "printed in no issue"
    done = "is removed for good" if said.kind == "removed" else "has its note"
    here.say(f"{id} ({where}) {done}")


def _known(store: Store, text: str) -> str:
    """The id of an entry that was printed or is kept, by its id, number or address."""
    wanted = clean(text)
    printed = frozenset().union(*store.printed_by_week().values())
    by_name = store.named([wanted, post_id(canonical(wanted))])
    for id in (paper_id(wanted), wanted, *by_name.values()):
        if id and (id in printed or store.known([id])):
            return id
    near = plugins.nearest(paper_id(wanted) or wanted, tuple(sorted(printed)))
    told = f"“{clean(text, 80)}” is in no issue and is not kept here{near}"
    raise typer.BadParameter(told, param_hint="ID")
