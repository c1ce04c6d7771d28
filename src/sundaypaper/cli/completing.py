"""What a shell offers when somebody presses Tab: weeks, sources, editions, topics and venues.

Nothing is opened but feeds.yaml; where that has a mistake nothing is offered, since a shell at a
Tab is no place to tell it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sundaypaper.errors import SundayPaperError

if TYPE_CHECKING:
    from sundaypaper.config import Config


def weeks(ctx: typer.Context, incomplete: str) -> list[str]:
    """The weeks whose issues the pages show, the newest first."""
    pages = (_root(ctx) / "output" / "site" / "issues").glob("*/index.html")
    return _beginning(sorted((page.parent.name for page in pages), reverse=True), incomplete)


def sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """The names of the sources of feeds.yaml."""
    config = _config(ctx)
    return _beginning((source.name for source in config.sources) if config else (), incomplete)


def editions(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of the editions of feeds.yaml."""
    config = _config(ctx)
    return _beginning((edition.id for edition in config.editions) if config else (), incomplete)


def topics(incomplete: str) -> list[str]:
    """The topics of the program; behind a comma the next one."""
    from sundaypaper.config import default_topics

    return _listed((topic.id for topic in default_topics()), incomplete)


def venues(incomplete: str) -> list[str]:
    """The keys of the venues of the program; behind a comma the next one."""
    from sundaypaper.config import default_config

    keys = (venue.key for venue in default_config().venues)
    return _listed((key for key in keys if ":" not in key), incomplete)


def _root(ctx: typer.Context) -> Path:
    return Path(ctx.find_root().params.get("root") or ".")


def _config(ctx: typer.Context) -> Config | None:
    from sundaypaper.config import load

    try:
        return load(_root(ctx) / "feeds.yaml")
    except SundayPaperError:
        return None


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _listed(words: Iterable[str], incomplete: str) -> list[str]:
    before, comma, last = incomplete.rpartition(",")
    taken = set(before.split(","))
    return [
        f"{before}{comma}{word}" for word in _beginning(words, last.strip()) if word not in taken
    ]
