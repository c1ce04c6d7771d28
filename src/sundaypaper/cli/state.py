"""The commands `state pack` and `state unpack`, for hosts that keep no disk between two runs."""

from __future__ import annotations

import os
import secrets
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.backups import Root

app = typer.Typer(
    help="What a paper needs to go on, for hosts without a disk.", no_args_is_help=True
)


@app.command("pack")
def pack(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A file, or git:REMOTE/BRANCH.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Replace a state that this paper does not come from.")
    ] = False,
) -> None:
    """Write the state as one file, or as the one commit of a branch, without history.

    What holds readers is refused: others may read a state.

    \b
    Examples:
      sundaypaper state pack state.zip
      sundaypaper state pack git:origin/state
    """
    here: World = ctx.obj
    config = here.config()
    with here.busy(), here.sending() if here.send_lock.exists() else nullcontext():
        from sundaypaper.pipeline import state
        from sundaypaper.pipeline.host import run_program
        from sundaypaper.pipeline.opening import pace_file, state_folder

        pace = pace_file(here.root, config, state_folder(os.environ), here.say)
        done = state.pack(_root(here), config, target, here.now, run_program, pace, yes)
    size = f"{done.bytes / 1e6:.1f} MB"
    here.say(f"{target}: {', '.join(done.held)}; {size}, read again and whole")


@app.command("unpack")
def unpack(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A file, or git:REMOTE/BRANCH.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Take it over though the paper here ran later.")
    ] = False,
) -> None:
    """Take over a state; what stood here is kept beside, under another name.

    A branch that is not there yet is no fault: the paper begins anew then.

    \b
    Examples:
      sundaypaper state unpack git:origin/state
    """
    here: World = ctx.obj
    config = here.config()
    with here.busy(), here.sending() if here.send_lock.exists() else nullcontext():
        from sundaypaper.pipeline import state
        from sundaypaper.pipeline.host import run_program
        from sundaypaper.pipeline.opening import pace_file, state_folder

        pace = pace_file(here.root, config, state_folder(os.environ), here.say)
        done = state.unpack(_root(here), source, here.now, run_program, pace, yes)
    if done is None:
        here.say(f"{source}: there is no state yet; the paper begins anew")
        return
    for name, aside in done.files.items():
        kept = f"; what stood there is {aside.name} now" if aside else ""
        here.say(f"{name} is that of {done.made:%Y-%m-%d %H:%M} UTC{kept}")


def _root(here: World) -> Root:
    from sundaypaper.pipeline.backups import Root

    return Root(Path(here.root), here.output, here.send_lock, secrets.token_bytes)
