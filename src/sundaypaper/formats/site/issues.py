"""The pages of one issue: the issue itself, which names those beside it, and what lies behind it."""

from __future__ import annotations

from jinja2 import Environment

from sundaypaper.formats import archive
from sundaypaper.formats.document import document_json
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.rendering import render
from sundaypaper.formats.taste import taste_page
from sundaypaper.formats.view import view
from sundaypaper.models import Issue, IssueHead, Page


def issue_pages(
    issue: Issue, frame: PageFrame, env: Environment, *, pruned: bool = False
) -> tuple[Page, ...]:
    """What lies behind an issue, below `issues/<week>/`: ledger, taste, data and card.

    None of it names another issue: once printed it does not change. Of a week that is pruned there is
    no taste, and its data holds what was printed alone.
    """
    folder = f"issues/{issue.week}"
    return (
        render("ledger.html", f"{folder}/ledger/index.html", env, frame, issue=issue),
        *(() if pruned else (taste_page(issue, frame.venues),)),
        Page(f"{folder}/issue.json", document_json(issue, frame.masthead, pruned=pruned)),
        *_card(issue, frame),
    )


def all_page(
    issue: Issue,
    frame: PageFrame,
    env: Environment,
    previous: IssueHead | None = None,
    following: IssueHead | None = None,
) -> Page:
    """`issues/<week>/all/`: all entries of an issue; it leads to those of the weeks beside it."""
    return render(
        "all.html",
        f"issues/{issue.week}/all/index.html",
        env,
        frame,
        issue=issue,
        view=view(issue),
        numbers=archive.numbered(issue),
        previous=previous,
        following=following,
    )


def _card(issue: Issue, frame: PageFrame) -> tuple[Page, ...]:
    """The card, which is named by a whole address; nothing is loaded to draw where none is drawn."""
    if not frame.masthead.base_url:
        return ()
    from sundaypaper.formats.card import card_page

    return (card_page(issue, frame.masthead),)


def issue_page(
    path: str,
    issue: Issue,
    frame: PageFrame,
    env: Environment,
    previous: IssueHead | None = None,
    following: IssueHead | None = None,
) -> Page:
    """An issue as a page, at its own address or as the front; it leads to those before and after."""
    return render(
        "issue.html",
        path,
        env,
        frame,
        issue=issue,
        view=view(issue),
        previous=previous,
        following=following,
        home="" if path.startswith("issues/") else f"issues/{issue.week}/",
    )
