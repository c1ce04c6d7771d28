"""Frozen dataclasses to JSON and back, and the JSON Schema of one, by pydantic."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def adapter(kind: Any) -> TypeAdapter[Any]:
    """The adapter of a dataclass, made once: making it costs milliseconds."""
    if kind not in ADAPTERS:
        ADAPTERS[kind] = TypeAdapter(kind)
    return ADAPTERS[kind]


def to_json(value: object) -> bytes:
    """Compact JSON in UTF-8; the same value gives the same bytes."""
    return adapter(type(value)).dump_json(value)


def from_json(kind: type[T], raw: bytes | str) -> T:
    """The dataclass back; ValueError (pydantic's) where the JSON is not of that form."""
    value: T = adapter(kind).validate_json(raw)
    return value


def schema(kind: type[Any], title: str) -> str:
    """The JSON Schema of a dataclass as indented text that ends in a line break."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(kind).json_schema(mode="serialization"),
        "title": title,
    }
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
