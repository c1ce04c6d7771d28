"""Turns pydantic's errors into mistakes: words for a person, and the place in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from sundaypaper.config.schema import keys_at
from sundaypaper.errors import Mistake
from sundaypaper.forms.document import Steps, YamlDocument
from sundaypaper.forms.values import shown
from sundaypaper.plugins import nearest, unknown
from sundaypaper.sources import KINDS
from sundaypaper.text import clean

MOST = 200
WANTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "tuple": "a list",
    "model": "keys and values",
    "dataclass": "keys and values",
    "dict": "keys and values",
}
BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
}


Keys = Callable[[str], Mapping[str, str]]


def explained(
    error: ValidationError, document: YamlDocument, keys: Keys = keys_at
) -> list[Mistake]:
    """One mistake for each that pydantic found, the first 200.

    keys gives the keys that may stand at a place of this kind of file, each with its sentence.
    """
    details = [d for d in error.errors(include_url=False) if not _empty_only_now(d)]
    details.sort(key=lambda d: document.place(_steps(d["loc"], document)))
    mistakes = [_mistake(d, document, keys) for d in details[:MOST]]
    if len(details) > MOST:
        steps = _steps(details[MOST]["loc"], document)
        mistakes.append(
            document.mistake(steps, f"and {len(details) - MOST} more mistakes from here")
        )
    return mistakes


def _empty_only_now(detail: Any) -> bool:
    """Whether a list is too short only because its entries are wrong, which is reported anyway."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _mistake(detail: Any, document: YamlDocument, keys: Keys) -> Mistake:
    kind, loc = detail["type"], detail["loc"]
    steps = _steps(loc, document)
    if kind == "missing":
        return _missing(loc, steps, document, keys)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = tuple(keys(_section(loc[:-1])))
        return document.mistake(steps, _unknown_key(str(loc[-1]), known), at_key=True)
    if kind.startswith("union_tag"):
        return _kind(detail["input"], steps, document)
    if loc and loc[-1] == "[key]":
        return document.mistake(steps, _message(kind, detail), at_key=True)
    return document.mistake(steps, _message(kind, detail))


def _steps(loc: tuple[Any, ...], document: YamlDocument) -> Steps:
    """The place in the file: without the tags of unions and without keys that are not there."""
    steps: Steps = ()
    for step in loc:
        if (*steps, step) in document.values:
            steps = (*steps, step)
    return steps


def _section(loc: tuple[Any, ...]) -> str:
    parts = ("[]" if isinstance(step, int) else f".{step}" for step in loc)
    return "".join(parts).removeprefix(".")


def _missing(loc: tuple[Any, ...], steps: Steps, document: YamlDocument, keys: Keys) -> Mistake:
    key = str(loc[-1])
    sentence = keys(_section(loc[:-1])).get(key, "")
    if steps and steps[-1] == key:
        return document.mistake(steps, f"expected {sentence}, found nothing")
    return document.mistake(steps, f"the key “{key}” is missing: expected {sentence}")


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    hint = nearest(key, known) or f"; the keys here are {', '.join(known)}"
    return f"there is no key “{clean(key, 60)}” here{hint}"


def _kind(source: object, steps: Steps, document: YamlDocument) -> Mistake:
    choice = (*KINDS, "package.module:name")
    if not isinstance(source, dict):
        return document.mistake(steps, f"expected keys and values, found {shown(source)}")
    kind = source.get("kind")
    if isinstance(kind, str):
        return document.mistake((*steps, "kind"), unknown(clean(kind), choice))
    if "kind" in source:
        message = f"expected one of {', '.join(choice)}, found {shown(kind)}"
        return document.mistake((*steps, "kind"), message)
    return document.mistake(
        steps, f"the key “kind” is missing: expected one of {', '.join(choice)}"
    )


def _message(kind: str, detail: Any) -> str:
    value, context = shown(detail["input"]), detail.get("ctx", {})
    if kind == "value_error":
        return clean(str(context["error"]), 500)
    if kind in BOUNDS:
        name, words = BOUNDS[kind]
        return f"expected {words} {context[name]:g}, found {value}"
    if kind == "too_short":
        return f"expected at least {context['min_length']} entry, found an empty list"
    if kind == "too_long":
        given = len(detail["input"])
        return f"expected at most {context['max_length']} entries, found {given}"
    if kind == "tuple_type" and isinstance(detail["input"], str):
        return f"expected a list, found {value}: write [{clean(detail['input'], 60)}]"
    wanted = WANTED.get(kind.split("_")[0])
    return f"expected {wanted}, found {value}" if wanted else clean(str(detail["msg"]), 200)
