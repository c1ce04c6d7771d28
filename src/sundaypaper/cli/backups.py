"""The commands `backup` and `restore`."""

from __future__ import annotations

import secrets
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sundaypaper.errors import ConfigError

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.backups import Restored, Root


def backup(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="backups/paper-TIME.zip if none.")
    ] = None,
    keep: Annotated[
        int, typer.Option(min=0, help="Of those without a name, keep so many; 0 keeps all.")
    ] = 0,
    encrypt: Annotated[
        str,
        typer.Option(metavar="COMMAND", help="Encrypt it by a command, such as 'age -r age1…'."),
    ] = "",
) -> None:
    """Copy both databases, feeds.yaml, desk files and templates into one file, checked; at any time.

    It holds addresses of readers: only its owner may read it.

    \b
    Examples:
      sundaypaper backup --keep 8
      sundaypaper backup --encrypt 'age -r age1…' /mnt/paper.zip.age
    """
    from sundaypaper.locks import run_lock
    from sundaypaper.pipeline import backups

    here: World = ctx.obj
    chosen = file or backups.default_file(here.root, here.now, encrypt)
    with run_lock(here.root / "backup.lock"):
        held = backups.back_up(_root(here), chosen, here.now, _named(here), encrypt)
        size = chosen.stat().st_size / 1e6
        sealed = ", then encrypted" if encrypt else ""
        here.say(f"{chosen}: {', '.join(held)}; {size:.1f} MB, read again and whole{sealed}")
        if keep and file is None and (gone := backups.forget_older(chosen, keep)):
            here.say(f"{gone} older {'one' if gone == 1 else 'ones'} removed")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Replace databases that are whole, too.")
    ] = False,
    only: Annotated[
        Literal["paper.db", "readers.db"] | None,
        typer.Option("--only", help="Only this one of the two."),
    ] = None,
    decrypt: Annotated[
        str,
        typer.Option(metavar="COMMAND", help="Open it by a command, such as 'age -d -i key.txt'."),
    ] = "",
) -> None:
    """Put back what a backup holds: databases that are missing or damaged, and files that are gone.

    What stood there is kept beside, under another name.

    \b
    Examples:
      sundaypaper restore backups/paper-20260308T120000Z.zip
      sundaypaper restore paper.zip.age --decrypt 'age -d -i key.txt'
    """
    from sundaypaper.pipeline import backups

    here: World = ctx.obj
    plain = backups.decrypted(here.root, file, decrypt) if decrypt else nullcontext(file)
    with plain as opened:
        _restore(here, opened, (only,) if only else (), yes)


def _restore(here: World, file: Path, only: tuple[str, ...], yes: bool) -> None:
    from sundaypaper.pipeline import backups

    names = backups.wanted(here.root, file, only, yes)
    # The lock of sending says that mails went out from here, so it is made for readers.db alone.
    sends = "readers.db" in names or here.send_lock.exists()
    with here.busy(), here.sending() if sends else nullcontext():
        done = backups.restore(_root(here), file, names, here.now)
    _tell(here, done)
    with here.store():  # which says where the pages show more than this backup holds
        here.say("`sundaypaper publish` makes the pages from it")


def _named(here: World) -> list[Path]:
    """The files that feeds.yaml names; none where it has mistakes, which hinder no backup."""
    try:
        readers = here.config().readers
    except ConfigError:
        return []
    return [Path(readers.source)] if readers and not readers.variable else []


def _root(here: World) -> Root:
    from sundaypaper.pipeline.backups import Root

    return Root(here.root, here.output, here.send_lock, secrets.token_bytes)


def _tell(here: World, done: Restored) -> None:
    for name, aside in done.files.items():
        kept = f"; what stood there is {aside.name} now" if aside else ""
        here.say(f"{name} is that of {done.made:%Y-%m-%d %H:%M} UTC{kept}")
    for name in done.left_alone:
        here.say(f"{name} is whole and stays; --yes replaces it, too")
    if "readers.db" in done.files:
        here.warn(
            "  ! who left, came or got a mail since then is not known here: read the inbox, and see "
            "`sundaypaper deliveries` before anything is sent"
        )
