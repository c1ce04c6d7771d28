"""Renders an issue, filtered for its subscriber, as a Message: subject, HTML and text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

import css_inline
from jinja2 import Environment

from sundaypaper.errors import BuildError
from sundaypaper.formats.email.sheet import Links, Sheet, sheet_of
from sundaypaper.formats.email.speaking import spoken
from sundaypaper.formats.email.weight import fit
from sundaypaper.formats.template import rendered
from sundaypaper.models import Issue, Masthead, Message

HTML, TEXT, CSS = "mail/digest.html", "mail/digest.txt", "mail/mail.css"
BLANK = re.compile(r"\n{3,}")


def message(
    edition: Issue,
    masthead: Masthead,
    links: Links,
    *,
    about: str = "",
    note: str = "",
    welcome: bool = False,
    env: Environment,
) -> Message:
    """The digest of an issue that holds what its reader asked for, in the sizes of a mail.

    about names the reader's topics, "" for the whole paper; note is one line of ours. welcome:
    it is sent because its reader confirmed. env is one of formats.site.environment: it knows the templates and what venues are called. The HTML weighs at
    most 80,000 bytes as sent. BuildError where a template has a mistake.
    """
    sheet = sheet_of(edition, masthead, links, about, note, env.filters["claim"])
    tongue: Any = env.globals["tongue"]
    sheet = replace(spoken(sheet, tongue), welcome=welcome)
    fitted = fit(sheet, lambda smaller: _html(smaller, env))
    text = BLANK.sub("\n\n", rendered(env, TEXT, sheet=fitted.sheet)).strip() + "\n"
    count = fitted.sheet.count
    return Message(sheet.subject, fitted.html, text, count, fitted.left_out)


def _html(sheet: Sheet, env: Environment) -> str:
    return inlined(rendered(env, HTML, sheet=sheet), env)


def inlined(html: str, env: Environment) -> str:
    """A mail with the rules of mail.css in its elements; BuildError where those have a mistake."""
    try:
        return _inliner(_css(env)).inline(html)
    except css_inline.InlineError as bad:
        raise BuildError(f"templates/{CSS}: {bad}") from bad


def _css(env: Environment) -> str:
    if env.loader is None:
        raise ValueError("the environment has no loader; make it with formats.site.environment()")
    return env.loader.get_source(env, CSS)[0]


@lru_cache(maxsize=4)
def _inliner(css: str) -> css_inline.CSSInliner:
    """Writes CSS rules into the elements and keeps those for dark screens; uses no network."""
    return css_inline.CSSInliner(
        extra_css=css, keep_at_rules=True, minify_css=True, load_remote_stylesheets=False
    )
