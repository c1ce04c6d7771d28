"""Base classes of forms: each key is declared with a sentence, any other key is a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo


def without_blanks(data: object, known: Iterable[str]) -> object:
    """Data without known keys that have no value: `contact:` alone means the default."""
    if not isinstance(data, dict):
        return data
    names = set(known)
    return {k: value for k, value in data.items() if value is not None or k not in names}


class Strict(BaseModel):
    """Keys and values, no others than the ones named."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _blanks(cls, data: Any) -> Any:
        return without_blanks(data, keys_of(cls))


@dataclass(frozen=True, slots=True)
class Form:
    """Keys and values as a frozen dataclass: checked where a file gives them, not where code does."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _blanks(cls, data: Any) -> Any:
        return without_blanks(data, keys_of(cls))


def key(sentence: str, **bounds: Any) -> Any:
    """The pydantic field of a key, for Annotated: the sentence that explains it, and its bounds."""
    return Field(description=sentence, **bounds)


def keys_of(kind: type[BaseModel] | type[Form]) -> dict[str, str]:
    """The keys of a form as its file writes them, each with its sentence."""
    if issubclass(kind, BaseModel):
        return {f.alias or name: f.description or "" for name, f in kind.model_fields.items()}
    form: Any = kind  # mypy takes the __hash__ of its instances for that of the class
    return dict(_keys_of_fields(form))


@cache
def _keys_of_fields(kind: Any) -> tuple[tuple[str, str], ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_written(field.name, hints[field.name]) for field in fields(kind))


def _written(name: str, hint: Any) -> tuple[str, str]:
    """A field's key as a file writes it, and its sentence; "" where it has none."""
    given = [part for part in getattr(hint, "__metadata__", ()) if isinstance(part, FieldInfo)]
    alias = next((part.alias for part in given if part.alias), name)
    return alias, next((part.description for part in given if part.description), "")
