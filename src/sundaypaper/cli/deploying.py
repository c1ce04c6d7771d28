"""`sundaypaper deploy`: lays the files that run a paper for good beside it: units, a crontab, a container."""

from __future__ import annotations

import getpass
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli.helping import examples

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

EXAMPLES = examples("sundaypaper deploy systemd", "sundaypaper --root /srv/paper deploy cron")


def deploy(
    ctx: typer.Context,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="systemd, cron, compose, actions, nginx or caddy.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to write into; deploy/KIND of the paper if none."),
    ] = None,
) -> None:
    """Write the files by which a machine runs this paper, filled in for it; README.md says what to do.

    Nothing that is there is overwritten, and nothing is installed.
    """
    here: World = ctx.obj
    folder = write_deployment(here, here.root, kind, out)
    here.show(f"{folder} has what it takes; {folder / 'README.md'} says how to begin")


def write_deployment(here: World, root: Path, kind: str, out: Path | None = None) -> Path:
    """Write the files of a kind for the paper of a root; the folder. BadParameter for no such kind."""
    from dataclasses import replace

    from sundaypaper.pipeline.beginning import lay
    from sundaypaper.pipeline.deploying import KINDS, Place, deployment_files
    from sundaypaper.plugins import unknown

    if kind not in KINDS:
        raise typer.BadParameter(unknown(kind, tuple(KINDS)), param_hint="KIND")
    config = replace(here, root=root).config()
    masthead = config.masthead
    place = Place(
        str(root.resolve()), _command(), getpass.getuser(), masthead.base_url, masthead.timezone, config.print_at
    )  # fmt: skip
    folder = out or root / "deploy" / kind
    lay(folder, deployment_files(kind, place))
    return folder


def _command() -> str:
    """The whole path by which this program is called again, whoever starts it."""
    there = Path(sys.executable).with_name("sundaypaper")
    found = str(there) if there.exists() else shutil.which("sundaypaper")
    return found or str(Path(sys.argv[0]).resolve())
