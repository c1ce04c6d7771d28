"""Templates in a paper's language: the source as it is loaded, and filters for what is composed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from sundaypaper.formats import mathematics
from sundaypaper.wording.dates import when_words
from sundaypaper.wording.messages import translated
from sundaypaper.wording.tongue import Tongue

# Filters and functions that put something into English words of ours.
COMPOSED = "authors claim claim_short day quarter shared_authors state week".split()
ENGLISH = Markup(' lang="en"')


class Speaking(FileSystemLoader):
    """Templates of a folder, their own words in a language; mistakes keep their lines."""

    def __init__(self, folder: Path, tongue: Tongue) -> None:
        super().__init__(folder)
        self.tongue = tongue

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The source of a template in the language of the table."""
        source, file, is_fresh = super().get_source(environment, template)
        if self.tongue.templates and template.endswith((".html", ".txt")):
            source = translated(source, self.tongue.templates.get, template.endswith(".txt"))
        return source, file, is_fresh


def speak(env: Environment, tongue: Tongue) -> None:
    """Give an environment the language: its filters say in it what is composed.

    `own` says a text of ours as HTML, and marks what stays English; `said` says it as plain text. In
    English both leave it as it is. `english` is the attribute of what others wrote.
    """
    env.globals.update(tongue=tongue, language=tongue.spoken, english="")
    env.filters.update(own=_as_it_is, said=_as_it_is)
    if tongue.is_plain:
        return
    for name in COMPOSED:
        env.filters[name] = _saying(env.filters[name], tongue)
    env.globals["when"] = _saying(when_words, tongue)
    env.filters.update(
        number=lambda value: tongue.number(f"{value:,}"),
        plural=tongue.plural,
        said=tongue.say,
        sentence=_sentence_in(env.filters["sentence"], tongue),
    )
    if not tongue.is_foreign:
        env.filters["own"] = tongue.say
        return
    env.globals["english"] = ENGLISH
    env.filters.update(marked=_theirs, own=lambda text: _own(text, tongue))


def _as_it_is(text: Any) -> Any:
    return text


def _saying(compose: Callable[..., str], tongue: Tongue) -> Callable[..., str]:
    @wraps(compose)
    def say(*given: Any, **named: Any) -> str:
        return tongue.say(compose(*given, **named))

    return say


def _sentence_in(compose: Callable[[str], str], tongue: Tongue) -> Callable[[str], str]:
    return lambda text: compose(tongue.say(text))


def _theirs(text: str) -> Markup:
    """What others wrote, marked as English; what is said already as it is."""
    if isinstance(text, Markup):
        return text
    return (
        Markup('<span lang="en">{}</span>').format(mathematics.marked(text)) if text else Markup()
    )


def _own(text: str, tongue: Tongue) -> Markup:
    return Markup(tongue.say(text, theirs=_theirs, ours=lambda own: str(escape(own))))  # noqa: S704 both escape
