"""Pages of picked entries: all that the paper knows of each, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment

from sundaypaper.formats.hrefs import slug
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.paths import Rests
from sundaypaper.formats.site.rendering import render
from sundaypaper.models import Amendment, Page, Pick


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry as its newest issue prints it. printed holds week and section ids, oldest first.

    rests is None where no topic of the entry has a path.
    """

    pick: Pick
    abstract: str
    printed: tuple[tuple[str, tuple[str, ...]], ...]
    amendments: tuple[Amendment, ...] = ()
    rests: Rests | None = None


def entry_path(id: str) -> str:
    """Where the page of an entry lies."""
    return f"e/{slug(id)}/index.html"


def entry_pages(
    entries: Iterable[EntryPage], frame: PageFrame, env: Environment
) -> tuple[Page, ...]:
    """A page for each entry, below `e/`."""
    return tuple(
        render(
            "entry.html",
            entry_path(entry.pick.id),
            env,
            frame,
            entry=entry,
            pick=entry.pick,
        )
        for entry in entries
    )
