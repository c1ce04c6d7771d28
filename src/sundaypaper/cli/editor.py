"""The commands of the editor: the desk, printing by hand, export, corrections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sundaypaper.cli import completing, hooking
from sundaypaper.cli.helping import examples
from sundaypaper.text import clean, words

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.models import Issue

LONGEST = 300
DESK = examples("sundaypaper desk", "sundaypaper desk --week 2026-W10")
PRINT = examples("sundaypaper print --week 2026-W10 --dry-run", "sundaypaper print --week 2026-W10")
CORRECT = examples(
    'sundaypaper correct 2603.01234 --note "The code is at another address."',
    'sundaypaper correct --week 2026-W10 --headline "A quiet week"',
    "sundaypaper correct --week 2026-W10 --undo",
)
REMOVE = examples(
    'sundaypaper remove 2603.01234 --reason "at its authors’ wish"',
    "sundaypaper remove 2603.01234 --undo",
)

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
ThatWeek = Annotated[str, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="An arXiv id, an address, or an id of issue.json.")]  # fmt: skip


def desk(ctx: typer.Context, week: WeekOption = None) -> None:
    """Write desk/2026-W10.yaml, where you decide for a week, with its candidates as comments.

    Again it renews only the candidates below the marker line; what you wrote stays as it is.
    """
    from sundaypaper import weeks
    from sundaypaper.cli.world import week_argument, write_whole
    from sundaypaper.pipeline.desk_files import desk_file, desk_text, when_applied

    here: World = ctx.obj
    config = here.config()
    chosen = week_argument(week, here.now) or weeks.newest_week(here.now)
    path = desk_file(here.root, chosen)
    with here.looking() as store:
        text = desk_text(store, chosen, path)
    write_whole(path, text.encode())
    here.say(f"{path} is written")
    here.say(f"after your changes `sundaypaper preview --week {chosen}` shows the issue with them;")
    here.say(when_applied(config, chosen))


def print_issue(
    ctx: typer.Context,
    week: ThatWeek,
    incomplete: Annotated[
        str, typer.Option(help="Why to print a week that arXiv never completed; the issue says so.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be printed; change nothing.")
    ] = False,
) -> None:
    """Print a week for good, composed anew with its desk file from what is kept; nothing is asked."""
    from sundaypaper.cli.world import week_argument

    here: World = ctx.obj
    chosen = week_argument(week, here.now) or week
    if dry_run:
        from sundaypaper.cli import previewing

        raise typer.Exit(previewing.dry_run(here, chosen, clean(incomplete, LONGEST)))
    with here.job() as job:
        from sundaypaper.pipeline.run import print_by_hand

        issue = print_by_hand(job, chosen, clean(incomplete, LONGEST))
        config = job.config
    _tell_unprinted(here, issue)
    here.say(f"{chosen} is printed: {issue.headline}")
    hooking.call_hooks(here, config)


def _tell_unprinted(here: World, issue: Issue) -> None:
    """Notes on entries that were not chosen are kept and shown nowhere."""
    printed = {item.id for section in issue.sections for item in section.items}
    for id in issue.editorial.notes if issue.editorial else ():
        if id not in printed:
            here.warn(f"  ! your note on {id} is not shown: the issue does not print that entry")


def export(
    ctx: typer.Context,
    week: WeekOption = None,
    format: Annotated[
        str, typer.Option(help="markdown or html; bibtex, ris, csl-json or csv for references.")
    ] = "markdown",
    filter: Annotated[
        str,
        typer.Option(
            help="Only what it finds, in the week or in all weeks, a line or reference each."
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option(help="The file to write; else it is shown.")] = None,
) -> None:
    """An issue as a block to paste into any newsletter tool, or entries as references to cite.

    The newest issue where no week is named; with a filter all weeks, the newest first.
    """
    from sundaypaper import plugins
    from sundaypaper.cli.world import week_argument, write_whole
    from sundaypaper.pipeline import exporting
    from sundaypaper.pipeline.wishes import Wishes

    here: World = ctx.obj
    if format not in exporting.FORMATS:
        raise typer.BadParameter(plugins.unknown(format, exporting.FORMATS), param_hint="--format")
    config, chosen = here.config(), week_argument(week, here.now)
    with here.looking() as store:
        text = exporting.export(config, store, chosen, format, filter)
    for hint in Wishes(config).hints(filter):
        typer.echo(f"{hint.message}; did you mean: {hint.query}", err=True)
    if out is None:
        # As bytes: RIS and CSV end their lines as their formats want, on every system.
        typer.echo(text.encode(), nl=False)
        return
    write_whole(out, text.encode())
    here.say(f"{out} is written")


# ---------------------------------------------------------------- corrections


UndoOption = Annotated[
    bool, typer.Option("--undo", help="Take it back; that is dated and shown as well.")
]


def correct(
    ctx: typer.Context,
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The entry, where a note is meant.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(help="What was wrong, and what is right, in a sentence.")
    ] = None,
    week: WeekOption = None,
    headline: Annotated[
        str | None, typer.Option(help="Other words for the headline of a printed --week.")
    ] = None,
    intro: Annotated[
        str | None, typer.Option(help="Other words of the editor in a printed --week, in Markdown.")
    ] = None,
    undo: UndoOption = False,
) -> None:
    """Put a dated note under a printed entry, or correct the headline or intro of a printed week.

    A note is told in the next issue, too. Corrected words show on the pages, in feeds and in mails
    that are still to go, with those that were printed; no mail is sent again. Once more it replaces
    what it said before.
    """
    words = {kind: text for kind, text in (("headline", headline), ("intro", intro)) if text is not None}  # fmt: skip
    if (id is None) == (week is None):
        raise typer.BadParameter("name an entry (ID), or the --week whose words are corrected, not both")  # fmt: skip
    if undo and (words or note is not None):
        raise typer.BadParameter("takes back what was said; give no words beside it", param_hint="--undo")  # fmt: skip
    if week is not None:
        if note is not None:
            raise typer.BadParameter("is for an entry; a week has --headline and --intro", param_hint="--note")  # fmt: skip
        _reword(ctx.obj, week, words, undo)
        return
    assert id is not None
    if words:
        raise typer.BadParameter("are words of a --week; an entry has --note", param_hint="--headline and --intro")  # fmt: skip
    _amend(ctx.obj, id, "note", None if undo else _sentence(note or "", "--note"))


def _reword(here: World, week: str, words: dict[str, str], undo: bool) -> None:
    from sundaypaper.cli.world import week_argument
    from sundaypaper.pipeline import amend

    chosen = week_argument(week, here.now) or week
    if not words and not undo:
        raise typer.BadParameter("give --headline, --intro or --undo with it", param_hint="--week")
    checked: dict[amend.Words, str] = {}
    if "headline" in words:
        checked["headline"] = _checked(amend.headline_text, words["headline"], "--headline")
    if "intro" in words:
        checked["intro"] = _checked(amend.intro_text, words["intro"], "--intro")
    with here.job() as job:
        if undo:
            amend.take_back_words(job, chosen)
        else:
            amend.reword(job, chosen, checked)


def _checked(check: Callable[[str], str], text: str, option: str) -> str:
    try:
        checked = check(text)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint=option) from None
    if not words(checked):
        raise typer.BadParameter("expected words, found nothing", param_hint=option)
    return checked


def remove(
    ctx: typer.Context,
    id: IdArgument,
    reason: Annotated[str | None, typer.Option(help="Why, in words that readers will see.")] = None,
    undo: UndoOption = False,
) -> None:
    """Take an entry out: one neutral line is left everywhere, and no source brings it back."""
    if undo and reason is not None:
        raise typer.BadParameter("takes back what was said; give no words beside it", param_hint="--undo")  # fmt: skip
    _amend(ctx.obj, id, "removed", None if undo else _sentence(reason or "", "--reason"))


def _sentence(text: str, option: str) -> str:
    cleaned = clean(text)
    if not words(cleaned):
        raise typer.BadParameter("expected a sentence, found nothing", param_hint=option)
    if len(cleaned) > LONGEST:
        wrong = f"expected at most {LONGEST} characters, found {len(cleaned)}"
        raise typer.BadParameter(wrong, param_hint=option)
    return cleaned


def _amend(here: World, id: str, kind: Literal["note", "removed"], text: str | None) -> None:
    """Amend an entry, or take its amendment back where there is no text."""
    with here.job() as job:
        from sundaypaper.pipeline import amend

        try:
            if text is None:
                amend.take_back(job, id, kind)
            else:
                amend.amend(job, id, kind, text)
        except amend.UnknownEntryError as bad:
            raise typer.BadParameter(str(bad), param_hint="ID") from None
