"""Pages of authors: who appears most, and what stands under one name, told apart by co-authors."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment

from sundaypaper.formats.hrefs import name_slug
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.rendering import render
from sundaypaper.models import AuthorCount, Page


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    """An entry under a name: others are its other authors, page the path of its page here or ""."""

    title: str
    url: str
    page: str
    week: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """What stands under a name as it is printed, newest first.

    groups hold entries that share co-authors, alone those that share none with another. more counts
    entries that are not shown. Of a followed author there may be a single entry.
    """

    name: str
    count: AuthorCount
    followed: bool
    groups: tuple[tuple[AuthorEntry, ...], ...]
    alone: tuple[AuthorEntry, ...]
    more: int

    @property
    def people(self) -> int:
        """How many people they may be: groups, and entries that stand alone."""
        return len(self.groups) + len(self.alone)

    @property
    def search(self) -> str:
        """The query that finds all of them, as it stands in an address."""
        return author_query(self.name)


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """A person of the list of those who appear most, as far as co-authors tell: counts of papers."""

    name: str
    page: str
    papers: int
    printed: int
    others: tuple[str, ...]

    @property
    def search(self) -> str:
        """The query that finds all of the name, as it stands in an address."""
        return author_query(self.name)


@dataclass(frozen=True, slots=True)
class AuthorLists:
    """The page of all authors: most by span in words, and those with a page, by name and count."""

    spans: tuple[tuple[str, tuple[AuthorLine, ...]], ...]
    followed: tuple[tuple[str, AuthorCount], ...]
    printed: tuple[tuple[str, AuthorCount], ...]
    more: int


def author_path(name: str) -> str:
    """Where the page of a folded name lies."""
    return f"authors/{name_slug(name)}/index.html"


def author_query(name: str) -> str:
    """A search for a name, quoted for an address."""
    return quote(f'author:"{name.replace(chr(34), " ")}"')


def author_page(page: AuthorPage, frame: PageFrame, env: Environment) -> Page:
    """`authors/<name>/`."""
    return render("author.html", author_path(page.count.name), env, frame, page=page)


def authors_page(lists: AuthorLists, frame: PageFrame, env: Environment) -> Page:
    """`authors/`: who appears most, and who has a page."""
    return render(
        "authors.html", "authors/index.html", env, frame, lists=lists, path_of=author_path
    )
