"""`sundaypaper upgrade-config`: says what a version brings that feeds.yaml does not have."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.upgrading import News


def upgrade_config(
    ctx: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Also what came before the file was made.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Write the new addresses of moved sources, and the version compared with; a copy stays beside.",
        ),
    ] = False,
) -> None:
    """Say which keys, sources and topics this version has and your feeds.yaml does not.

    It changes nothing without --write, and then nothing but what moved: what is new stays yours to take.

    \b
    Examples:
      sundaypaper upgrade-config
      sundaypaper upgrade-config --write
    """  # fmt: skip
    from sundaypaper.pipeline import upgrading

    here: World = ctx.obj
    here.config()  # whose mistakes come first
    text = here.feeds_file.read_bytes().decode("utf-8")
    found = upgrading.news(text, upgrading.since(), every)
    _tell(here, found, every)
    if not write:
        return
    changed = upgrading.moved_text(text, str(here.feeds_file), found.moved)
    if changed == text:
        here.say("nothing to write.")
        return
    _keep_copy(here, changed)


def _tell(here: World, found: News, every: bool) -> None:
    from sundaypaper import __version__
    from sundaypaper.wording.counts import plural

    told_apart = found.since and not every
    since = f"since {found.since}" if told_apart else "that feeds.yaml does not have"
    if not (found.keys or found.sources or found.topics or found.moved):
        here.say(f"sundaypaper {__version__} brings nothing new {since}.")
        return
    here.say(f"sundaypaper {__version__}: what is new {since}")
    for heading, parts in (
        ("keys (docs/configuration.md)", found.keys),
        ("default sources", found.sources),
        ("topics", found.topics),
    ):
        if parts:
            here.say(f"\n{len(parts)} {heading}:")
        for part in parts:
            default = f" [{part.default}]" if part.default else ""
            here.say(f"  {part.name}{default}: {part.about}")
    if found.moved:
        here.say(f"\n{plural(len(found.moved), 'source')} moved; --write changes the address:")
    for move in found.moved:
        here.say(f"  {move.name}: {move.old} -> {move.new}")


def _keep_copy(here: World, changed: str) -> None:
    """Write feeds.yaml anew, with the one before beside it, under a name that none has."""
    from sundaypaper.cli.world import write_whole
    from sundaypaper.errors import BuildError

    file = here.feeds_file
    copy = next(p for n in count(1) if not os.path.lexists(p := Path(f"{file}.before-{n}")))
    try:
        with copy.open("xb") as kept:
            kept.write(file.read_bytes())
        copy.chmod(file.stat().st_mode & 0o777)
    except OSError as bad:
        raise BuildError(f"{copy}: cannot be written: {bad.strerror or bad}") from bad
    write_whole(file.resolve(), changed.encode())
    here.say(f"{file} is written; the one before is {copy.name}.")
    schema = here.root / "feeds.schema.json"
    if schema.is_file():
        from sundaypaper.config import schema_text

        write_whole(schema, schema_text().encode())
        here.say(f"{schema} is renewed.")
