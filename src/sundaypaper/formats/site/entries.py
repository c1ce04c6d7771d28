"""Pages of picked entries: all that the paper knows of each, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jinja2 import Environment

from sundaypaper.formats.hrefs import slug
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.paths import Rests
from sundaypaper.formats.site.rendering import render
from sundaypaper.models import Amendment, Earlier, Page, Pick, Related, Sequel


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry as its newest issue prints it. printed holds week and section ids, oldest first.

    rests is None where no topic of the entry has a path. authors are the paths of the pages of its
    authors who have one, by name; related the entries of earlier weeks that are like it; earlier
    that from which it goes on, later those that go on from it.
    """

    pick: Pick
    abstract: str
    printed: tuple[tuple[str, tuple[str, ...]], ...]
    amendments: tuple[Amendment, ...] = ()
    rests: Rests | None = None
    authors: Mapping[str, str] = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    earlier: Earlier | None = None
    later: tuple[Sequel, ...] = ()


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
