"""Rendering one template: what fails in it is an error with its file and line, whoever wrote it."""

from __future__ import annotations

import os
import traceback
from itertools import chain
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)

from sundaypaper.errors import BuildError


def rendered(env: Environment, template: str, **values: object) -> str:
    """The text of a template; BuildError with file and line where it has a mistake.

    A fault of Python's in our own templates, where there are no others, is ours and goes on as it is.
    """
    try:
        return env.get_template(template).render(**values)
    except TemplateError as bad:
        raise mistake(env, template, bad) from bad
    except Exception as bad:
        if len(_folders(env)) < 2:
            raise
        raise mistake(env, template, bad) from bad


def mistake(env: Environment, template: str, bad: Exception) -> BuildError:
    """What went wrong in a template as an error of ours, with its place."""
    return BuildError(f"{_place(env, template, bad)}: {_words(bad)}")


def _place(env: Environment, template: str, bad: Exception) -> str:
    """File and line: the innermost of the user's templates at work, else of ours."""
    if isinstance(bad, TemplateSyntaxError):
        return f"{bad.filename or template}:{bad.lineno}"
    frames = traceback.extract_tb(bad.__traceback__)
    for folder in _folders(env):
        for frame in reversed(frames):
            if Path(frame.filename).is_relative_to(folder):
                return f"{frame.filename}:{frame.lineno}"
    files = (folder / template for folder in _folders(env))
    return str(next((file for file in files if file.exists()), f"templates/{template}"))


def _folders(env: Environment) -> list[Path]:
    """Where templates lie, the user's first."""
    loaders = env.loader.loaders if isinstance(env.loader, ChoiceLoader) else ()
    places = (loader.searchpath for loader in loaders if isinstance(loader, FileSystemLoader))
    return [Path(os.path.normpath(folder)) for folder in chain.from_iterable(places)]


def _words(bad: Exception) -> str:
    if isinstance(bad, TemplateNotFound):
        return f"there is no template {bad.name or bad}"
    if isinstance(bad, TemplateError):
        return bad.message or str(bad)
    if isinstance(bad, UnicodeDecodeError):
        return f"not UTF-8 at byte {bad.start}"
    if isinstance(bad, OSError):
        return f"cannot be read: {bad.strerror or bad}"
    if isinstance(bad, RecursionError):
        return "it includes, extends or calls itself without an end"
    return f"{type(bad).__name__}: {bad}"
