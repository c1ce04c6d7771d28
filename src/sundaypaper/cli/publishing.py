"""The command `publish`: renders the pages, and brings them to where the world reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli.calling import opened

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.publishing_to import Published


def publish(
    ctx: typer.Context,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="TARGET",
            help="Bring them there, too: DIR, rsync://host/module/path, user@host:path, "
            "s3://bucket/prefix, gh-pages, gh-pages:REMOTE, or remote:path of rclone.",
        ),
    ] = None,
    there: Annotated[
        bool, typer.Option("--there", help="Bring them to what `publish: {to: …}` names, too.")
    ] = False,
) -> None:
    """Render the pages of all issues from what is kept; nothing is asked.

    \b
    Examples:
      sundaypaper publish --to /var/www/paper
      sundaypaper publish --to gh-pages
    """
    here: World = ctx.obj
    chosen = _target(here, to, there)
    with here.job() as job:
        from sundaypaper.pipeline.publishing_to import publish_to
        from sundaypaper.pipeline.run import publish_pages

        publish_pages(job)
        published = None
        if chosen:
            from sundaypaper.pipeline.host import run_program

            published = publish_to(here.output, chosen, run_program)
    here.say(opened(here.output / "site" / "index.html"))
    if published:
        here.say(told(published))


def _target(here: World, to: str | None, there: bool) -> str:
    """Where to, "" for nowhere; BadParameter where that is none."""
    from sundaypaper.pipeline.publishing_to import target

    if to is None:
        named = here.config().publish_to if there else ""
        if there and not named:
            raise typer.BadParameter(
                "feeds.yaml names no target: add `publish: {to: …}`, or say where: --to TARGET",
                param_hint="--there",
            )
        return named
    if there:
        raise typer.BadParameter("give --to or --there, not both", param_hint="--there")
    try:
        target(to)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--to") from None
    return to


def told(published: Published) -> str:
    """A line that says what became of a publication."""
    if not published.written and not published.removed:
        return f"{published.target} has it already: {published.kept} files, nothing changed"
    return (
        f"{published.target}: {published.written} files written ({published.bytes / 1e6:.1f} MB), "
        f"{published.removed} removed, {published.kept} as they were"
    )
