"""The command `preview`, and `print --dry-run`: what an issue will be, before it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli import completing
from sundaypaper.cli.helping import examples

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

WeekOption = Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W10.", autocompletion=completing.weeks)]  # fmt: skip
FilterOption = Annotated[str, typer.Option("--filter", help="A query, as a reader has one.")]
EXAMPLES = examples("sundaypaper preview", "sundaypaper preview --week 2026-W10 --edition robotics")


def preview(
    ctx: typer.Context,
    week: WeekOption = None,
    filter: FilterOption = "",
    edition: Annotated[
        str,
        typer.Option(
            help="The id of an edition of feeds.yaml.", autocompletion=completing.editions
        ),
    ] = "",
) -> None:
    """Write an issue as a mail and as a page into mails/preview; nothing is sent, nothing kept.

    A week that is not printed is composed as `print` would now, with its desk file; the newest week
    where none is named.
    """
    from sundaypaper.cli.subscribers import checked_wish
    from sundaypaper.cli.world import week_argument, write_whole
    from sundaypaper.pipeline.mails import Mails, Wish, preview_mail
    from sundaypaper.pipeline.previewing import preview_page, previewed

    here: World = ctx.obj
    config, chosen = here.config(), week_argument(week, here.now)
    wish = Wish(*checked_wish(here, config, filter, edition))
    folder = here.root / "mails" / "preview"
    with (
        here.looking() as store,
        previewed(config, store, chosen, here.now, here.templates, _hold(here), here.warn) as seen,
    ):
        issue, refused = seen.issue, seen.refused
        message, letter = preview_mail(Mails(seen.paper), wish, here.now)
        name = f"{issue.week}{'-filtered' if any(wish) else ''}"
        files = {f"{name}.eml": letter.body, f"{name}.html": message.html.encode()}
        if not any(wish):
            build = os.path.relpath(here.output / "site", folder / issue.week)
            pages = preview_page(config, seen, here.templates, build)
            files |= {f"{issue.week}/{page.path}": page.body for page in pages}
    for file, body in files.items():
        write_whole(folder / file, body)
        if file.endswith((".eml", ".html")):
            here.show(f"{folder / file}  {len(body):,} bytes")
    here.show(f"Subject: {message.subject}")
    if refused:
        here.warn(f"{issue.week} cannot be printed yet: {refused}")


def dry_run(here: World, week: str, despite: str) -> int:
    """Say what `print` would print, and change nothing; 1 where it would refuse."""
    from sundaypaper.pipeline.previewing import outline, rehearsed

    config = here.config()
    with (
        here.looking() as store,
        rehearsed(config, store, week, here.now, despite, _hold(here), here.warn) as made,
    ):
        issue, refused = made.issue, made.refused
    would = "would not be printed" if refused else "would be printed"
    here.show(f"{week} {would}: {refused or issue.headline}")
    for line in outline(issue, bool(refused)):
        here.show(f"  {line}")
    here.show(f"nothing was changed; `sundaypaper preview --week {week}` shows it")
    return int(bool(refused))


def _hold(here: World) -> str:
    from sundaypaper.pipeline.run import rehearsed_ahead

    return rehearsed_ahead(here.ask(""))
