"""The command `prune`, for a paper that has run for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sundaypaper.cli.world import World

# As pipeline/pruning.py has them, which is imported when it is needed.
FEWEST, KEPT = 5, 13


def prune(
    ctx: typer.Context,
    keep_weeks: Annotated[
        int,
        typer.Option("--keep-weeks", min=FEWEST, help="How many of the newest stay as they are."),
    ] = KEPT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
) -> None:
    """Make an old paper small: pack its old weeks, and leave their raw data off the site.

    No answer of the search is lost, and no page changes that a reader reads: of old weeks
    issue.json holds what was printed alone, and taste.js is gone. The next `run` publishes it.

    \b
    Examples:
      sundaypaper prune --dry-run
      sundaypaper prune --keep-weeks 26
    """
    here: World = ctx.obj
    with here.busy(), here.store() as store:
        from sundaypaper.pipeline import pruning

        until = pruning.reach(store, keep_weeks)
        if not until:
            here.say(f"nothing to prune: no issue is older than the newest {keep_weeks} weeks")
            return
        if dry_run:
            weeks = pruning.due(store, keep_weeks)
            packs = f"{len(weeks)} to pack ({weeks[0]} to {weeks[-1]})" if weeks else "all packed"
            here.show(f"weeks up to {until}: {packs}; nothing was done")
            return
        done = pruning.prune(store, keep_weeks, lambda week: here.say(f"{week} is packed"))
    size = f"paper.db {done.before / 1e6:.1f} MB, now {done.after / 1e6:.1f} MB"
    here.say(f"pruned up to {done.until}: {len(done.packed)} packed; {size}")
    if done.lacks:
        here.warn(
            f"the disk lacks {done.lacks / 1e6:.0f} MB to write paper.db anew, so it is as large as it "
            "was: make room and call `sundaypaper prune` again"
        )
        raise typer.Exit(1)
