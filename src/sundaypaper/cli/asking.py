"""Ask a person before something is done that nothing takes back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

YesOption = Annotated[bool, typer.Option("--yes", help="Do it without a question.")]


def sure(here: World, what: str, yes: bool) -> None:
    """Go on where a person agrees to what will happen, or has said --yes.

    BadParameter without a terminal to ask at; Exit where the person does not agree.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"{what} Nobody can be asked here, and nothing was done: --yes says that it is meant"
        )
    if not typer.confirm(f"{what} Go on?", err=True):
        here.show("nothing was done")
        raise typer.Exit(1)
