"""What readers' forms hold: every field bounded, clean, and told where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from sundaypaper.pipeline.wishes import Choices, Wishes
from sundaypaper.text import UNSEEN

MOST_FIELDS = 500
MOST_LINES = 40
# What no keyboard types, and what stands for bytes that are no UTF-8; line breaks and tabs are fine.
ODD = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffd\ufffe\uffff]"
)
# What copying brings along and nobody sees.
INVISIBLE = re.compile(f"[{UNSEEN}]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that a reader can mend: the id of its field and what kind of mistake it is.

    line and column say where it is (from 1), or line how many there may be; said is what the filter
    language says. The sentence lies in the templates.
    """

    field: str
    kind: str
    line: int = 0
    column: int = 0
    said: str = ""


@dataclass(slots=True)
class Fields:
    """The fields of a form that was sent, by name; mistakes gathers those of what was asked for."""

    values: dict[str, list[str]]
    mistakes: list[Mistake] = field(default_factory=list)

    def one(self, name: str) -> str:
        """A field that stands there once, without line breaks; "" where it is missing."""
        given = self.values.get(name, [""])
        if len(set(given)) > 1:
            self.mistakes.append(Mistake(name, "twice"))
        return self._clean(name, given[0], lines=False)

    def many(self, name: str) -> tuple[str, ...]:
        """A field that may stand there more than once, each value once."""
        given = self.values.get(name, ())
        return tuple(dict.fromkeys(self._clean(name, value, lines=False) for value in given))

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a field, blank ones too, but for those at its end."""
        given = self.values.get(name, [""])
        if len(set(given)) > 1:
            self.mistakes.append(Mistake(name, "twice"))
        text = self._clean(name, given[0], lines=True)
        lines = tuple(text.rstrip().splitlines())
        if len(lines) > MOST_LINES:
            self.mistakes.append(Mistake(name, "many", MOST_LINES))
        return lines

    def _clean(self, name: str, value: str, *, lines: bool) -> str:
        """A value as it may be shown again; what cannot be meant is a mistake."""
        value = INVISIBLE.sub("", value).replace("\r\n", "\n")
        if ODD.search(value) or "\r" in value or ("\n" in value and not lines):
            self.mistakes.append(Mistake(name, "odd"))
            value = ODD.sub("", value).replace("\r", "" if lines else " ")
        return value if lines else value.replace("\n", " ")


async def read_fields(request: Request) -> Fields | None:
    """The fields of a form, urlencoded or multipart; None where it cannot be read, or holds files."""
    try:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            return Fields(_values(form))
    except (HTTPException, MultiPartException):
        return None


def _values(form: FormData) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
    return values


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form asks for, as it is shown again: choices, what an empty week brings, mistakes."""

    choices: Choices
    empty: Literal["say", "skip"]
    mistakes: tuple[Mistake, ...]


def chosen(fields: Fields, wishes: Wishes) -> Chosen:
    """What a form asks for, with every mistake in it."""
    choices = Choices(
        fields.one("edition"),
        fields.many("topic"),
        fields.many("venue"),
        fields.lines("people"),
        fields.lines("queries"),
    )
    empty: Literal["say", "skip"] = "skip" if fields.one("empty") == "skip" else "say"
    found = _once(fields.mistakes)
    # So much is not even read: each line costs a while.
    if not any(mistake.kind == "many" for mistake in found):
        found += _slips(wishes, choices, {mistake.field for mistake in found})
    return Chosen(choices, empty, found)


def _once(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    return tuple(dict.fromkeys(mistakes))


def _slips(wishes: Wishes, choices: Choices, known: set[str]) -> tuple[Mistake, ...]:
    """The slips of choices in fields that are not wrong as a whole."""
    return tuple(
        Mistake(
            slip.field,
            _kind(slip.field, slip.line, slip.message),
            slip.line,
            slip.column,
            slip.message,
        )
        for slip in wishes.slips(choices)
        if slip.field not in known
    )


def _kind(field: str, line: int, said: str) -> str:
    if field == "queries" and not line:
        return "whole"
    if field == "queries" and not said:
        return "private"
    return "slip"
