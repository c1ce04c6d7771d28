"""The commands `words export` and `words check`: the table of a paper's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

app = typer.Typer(help="The paper's own words in another language.", no_args_is_help=True)
INCOMPLETE = 1


@app.command("export")
def export(ctx: typer.Context) -> None:
    """Write the table of all words to translate, with what words.yaml already says.

    \b
    Examples:
      sundaypaper words export > words.new.yaml
    """
    from sundaypaper.pipeline import words

    here: World = ctx.obj
    held = here.config().tongue
    print(words.table(words.english(here.templates), held), end="")


@app.command("check")
def check(ctx: typer.Context) -> None:
    """Say which words words.yaml lacks, and which the program does not know; exit 1 where there are any.

    \b
    Examples:
      sundaypaper words check
    """
    from sundaypaper.pipeline import words

    here: World = ctx.obj
    held = here.config().tongue
    found = tuple(words.faults(words.english(here.templates), held))
    for line in found:
        here.show(line)
    if found:
        raise typer.Exit(INCOMPLETE)
    here.show(f"words.yaml says every word in `{held.language}`.")
