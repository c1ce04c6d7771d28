"""The base of every form: keys and values, no others than the ones named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


def without_blanks(data: object, known: Iterable[str]) -> object:
    """`contact:` with nothing behind it means the default, as if the line were not there."""
    if not isinstance(data, dict):
        return data
    names = set(known)
    return {k: value for k, value in data.items() if value is not None or k not in names}


class Strict(BaseModel):
    """Keys and values, no others than the ones named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _blanks(cls, data: Any) -> Any:
        return without_blanks(data, keys_of(cls))


def keys_of(kind: type[BaseModel]) -> dict[str, str]:
    """The keys of a form as its file writes them, each with its sentence."""
    return {f.alias or name: f.description or "" for name, f in kind.model_fields.items()}
