"""Pages of editions: an issue page of the entries that match a filter, linked to the whole."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.rendering import render
from sundaypaper.formats.view import view
from sundaypaper.models import Issue, IssueHead, Page


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition of one week: its id, its name, what it is, and the issue as it prints it.

    pages holds the entries that have a page of their own: those that the whole issue prints.
    """

    id: str
    name: str
    about: str
    issue: Issue
    pages: frozenset[str]

    @property
    def folder(self) -> str:
        """The folder of its newest page, below which each week has its own."""
        return f"editions/{self.id}"

    @property
    def is_empty(self) -> bool:
        """Whether this week had nothing for it."""
        return not any(section.items for section in self.issue.sections)


def edition_pages(
    editions: tuple[EditionPage, ...],
    frame: PageFrame,
    env: Environment,
    previous: IssueHead | None = None,
    following: IssueHead | None = None,
    *,
    newest: bool = False,
) -> tuple[Page, ...]:
    """`editions/<id>/<week>/` of each; previous and following are the issues beside it, if any.

    newest makes `editions/<id>/` instead: the same page at a lasting address.
    """
    return tuple(
        _page(
            f"{edition.folder}/{'' if newest else edition.issue.week + '/'}index.html",
            edition,
            frame,
            env,
            previous,
            following,
        )
        for edition in editions
    )


def _page(
    path: str,
    edition: EditionPage,
    frame: PageFrame,
    env: Environment,
    previous: IssueHead | None,
    following: IssueHead | None,
) -> Page:
    issue = edition.issue
    return render(
        "issue.html",
        path,
        env,
        frame,
        edition=edition,
        issue=issue,
        view=view(issue, edition.pages),
        previous=previous,
        following=following,
        home=f"{'../' * path.count('/')}issues/{issue.week}/",
    )
