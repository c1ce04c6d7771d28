"""Issue -> the pages of the paper: static HTML that needs no script and no other host.

Every link inside the paper is relative and names its file, so that a build reads the same from a
disk, below a path, and on any host. A page of an issue never names a later one: once printed it
does not change.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from sundaypaper.errors import BuildError
from sundaypaper.formats import wording
from sundaypaper.formats.atom import atom_page
from sundaypaper.formats.document import document_json
from sundaypaper.formats.view import encode, view
from sundaypaper.models import Issue, IssueHead, Masthead, Page

PACKAGED = Path(__file__).parent.parent / "templates"
SCORES = Path(__file__).parent.parent / "data" / "scores.json"


def environment(folder: Path | None) -> Environment:
    """Jinja over a user's templates, file by file before the packaged ones; escapes everything."""
    folders = [PACKAGED] if folder is None else [folder, PACKAGED]
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(place) for place in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters.update(
        arxiv_id=wording.arxiv_id,
        authors=wording.authors_words,
        claim=wording.claim_words,
        claim_short=wording.claim_short,
        code_url=wording.code_url,
        day=wording.day_words,
        number=wording.number,
        plural=wording.plural,
        sentence=wording.sentence,
        state=wording.state_words,
        troubled=wording.troubled,
        web=wording.web,
        week=wording.week_words,
    )
    env.globals.update(around=wording.around, when=wording.when_words)
    return env


def check(env: Environment) -> None:
    """BuildError with file and line where a template of the user's has a mistake."""
    for name in env.list_templates():
        try:
            if name.endswith((".html", ".atom")):
                env.get_template(name)
            else:
                _copy(name, env)
        except TemplateSyntaxError as bad:
            raise BuildError(f"{bad.filename or name}:{bad.lineno}: {bad.message}") from bad
        except UnicodeDecodeError as bad:
            raise BuildError(f"{name}: not UTF-8 at byte {bad.start}") from bad


def issue_pages(
    issue: Issue, masthead: Masthead, env: Environment, previous: IssueHead | None = None
) -> tuple[Page, ...]:
    """The pages of one issue below `issues/<week>/`; previous is the issue before it, if named."""
    folder = f"issues/{issue.week}"
    return (
        _issue_page(f"{folder}/index.html", issue, masthead, env, previous),
        _page(
            "all.html",
            f"{folder}/all/index.html",
            env,
            masthead=masthead,
            issue=issue,
            view=view(issue),
        ),
        Page(f"{folder}/issue.json", document_json(issue, masthead)),
    )


def front_pages(
    newest: Issue | None,
    heads: tuple[IssueHead, ...],
    masthead: Masthead,
    env: Environment,
    recent: tuple[Issue, ...] = (),
) -> tuple[Page, ...]:
    """The front, the archive, the scores, the feed and what they share; heads are newest first.

    The feed tells newest and recent issues in full, and of the others the headline.
    """
    if newest is None:
        front = _page("empty.html", "index.html", env, masthead=masthead)
    else:
        previous = next((head for head in heads if head.week < newest.week), None)
        front = _issue_page("index.html", newest, masthead, env, previous)
    by_year = groupby(heads, key=lambda head: head.week[:4])
    years = [(year, list(group)) for year, group in by_year]
    return (
        front,
        _page("archive.html", "archive/index.html", env, masthead=masthead, years=years),
        _page("about.html", "about/index.html", env, masthead=masthead, card=_scores()),
        _page("404.html", "404.html", env, masthead=masthead),
        atom_page(heads, recent if newest is None else (newest, *recent), masthead, env),
        _copy("style.css", env),
        _copy("favicon.svg", env),
    )


def _scores() -> dict[str, object]:
    """The scorecard that ships with the package: groups, rows and tables."""
    card: dict[str, object] = json.loads(SCORES.read_text(encoding="utf-8"))
    return card


def _issue_page(
    path: str, issue: Issue, masthead: Masthead, env: Environment, previous: IssueHead | None
) -> Page:
    home = "" if path.startswith("issues/") else f"issues/{issue.week}/"
    return _page(
        "issue.html",
        path,
        env,
        masthead=masthead,
        issue=issue,
        view=view(issue),
        previous=previous,
        all_entries=f"{home}all/index.html",
    )


def _page(template: str, path: str, env: Environment, **values: object) -> Page:
    """A page whose template is told the way back to the root of the build."""
    root = "../" * path.count("/")
    try:
        text = env.get_template(template).render(root=root, path=path, **values)
    except TemplateError as bad:
        raise BuildError(f"templates/{template}: {bad.message or bad}") from bad
    return Page(path, encode(text))


def _copy(name: str, env: Environment) -> Page:
    """A file of the templates as it is; it is no template itself."""
    if env.loader is None:
        raise ValueError("the environment has no loader; make it with environment()")
    text, _, _ = env.loader.get_source(env, name)
    return Page(name, encode(text))
