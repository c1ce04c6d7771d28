"""The commands `venues`: which conferences and journals are known, and by which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli.helping import examples

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.venue_list import VenueRow

app = typer.Typer(help="The venues that claims are read of.", no_args_is_help=True)
EXAMPLES = examples("sundaypaper venues list", 'sundaypaper venues list "computer vision"')
NAMED = 3


@app.command("list", epilog=EXAMPLES)
def venues_list(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="A part of a key or a name; all if none.")] = "",
) -> None:
    """All venues: key, name, ring, papers of this paper's issues accepted there, other names.

    Core and also are the rings of feeds.yaml, own is a venue that it brings. Wherever a venue is
    configured its key or any of its names will do, in any capitals.
    """
    from sundaypaper.config.advice import advice
    from sundaypaper.pipeline.venue_list import nearest_venue, venue_rows

    here: World = ctx.obj
    config = here.config()
    with here.looking() as store:
        rows = venue_rows(config, store, query)
    if not rows:
        here.warn(f"no venue has “{query}” in its key or names{nearest_venue(config, query)}")
        here.warn("A venue that is new stands in venues.own of feeds.yaml (docs/feeds.md).")
        raise typer.Exit(1)
    for row in rows:
        here.show(_line(row))
    for told in advice(config):
        here.warn(f"! {told}.")


def _line(row: VenueRow) -> str:
    papers = str(row.papers) if row.papers else "-"
    names = ", ".join(row.names[:NAMED])
    return f"{row.key:<18}{row.title:<22}{row.ring:<10}{papers:>6}  {names}".rstrip()
