"""Print the table of `sundaypaper editions list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sundaypaper.cli.reporting import say
from sundaypaper.pipeline.edition_views import editions_of
from sundaypaper.text import shorten

if TYPE_CHECKING:
    from rich.console import Console

    from sundaypaper.config import Config, Edition
    from sundaypaper.models import Issue
    from sundaypaper.pipeline.opening import Store

MATCH_SHOWN = 60


def editions(console: Console, config: Config, store: Store) -> None:
    """Print every edition with its filter, and what it prints of the newest issue."""
    if not config.editions:
        say(console, "feeds.yaml switches editions off (`editions: []`)")
        return
    heads = store.heads()
    issue = store.issue(heads[0].week) if heads else None
    made = {edition.id: cut for edition, cut in editions_of(config, issue)} if issue else {}
    for edition in config.editions:
        match = shorten(" ".join(edition.match.text.split()), MATCH_SHOWN)
        say(console, f"{edition.id:<24}{_size(edition, made):<34}{edition.name:<24}{match}")
    if issue:
        say(console, f"of {issue.week}: {issue.minutes} min as a whole, {len(issue.entries)} entries")  # fmt: skip
    else:
        say(console, "no issue yet; `sundaypaper run` makes the first one.")


def _size(edition: Edition, made: dict[str, Issue]) -> str:
    if edition.id not in made:
        return ""
    cut = made[edition.id]
    printed = sum(len(section.items) for section in cut.sections)
    return f"{cut.minutes:>2} min, {printed:>3} of {len(cut.entries):>4} entries"
