"""Formats of stored documents: which one is written, and how older ones are converted to it.

A document of paper.db is JSON that names its `format`, a number that each kind counts for itself;
the documents of 0.1.0 name none and are of format 0. docs/notes/0010-stored-forms.md says when a
format is raised.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sundaypaper.codec import to_json

Plain = dict[str, Any]
Step = Callable[[Plain], Plain]


class NewerFormatError(ValueError):
    """Raised for a document in a format that this version does not know."""


def _unnamed(document: Plain) -> Plain:
    """From 0.1.0: the same document, which did not name its format yet."""
    return document


# By the name of the class that is kept: the first function makes format 1 of 0, the next 2 of 1.
STEPS: Mapping[str, tuple[Step, ...]] = {
    "Claimed": (_unnamed,),
    "Entry": (_unnamed,),
    "Issue": (_unnamed,),
    "IssueHead": (_unnamed,),
    "Picked": (_unnamed,),
    "PollState": (_unnamed,),
    "Run": (_unnamed,),
    "SourceReport": (_unnamed,),
    "TopicEntry": (_unnamed,),
}


def written(value: object) -> bytes:
    """The JSON of a stored dataclass, its format first; the same value gives the same bytes."""
    return _opening(type(value).__name__) + to_json(value)[1:]


def newest(kind: str) -> int:
    """The format in which documents of a kind are written."""
    return len(STEPS[kind])


def upcast(kind: str, raw: bytes) -> bytes:
    """The JSON of a stored document in the newest format of its kind.

    NewerFormatError where a newer version wrote it; ValueError, LookupError, TypeError or
    AttributeError where it is not what any version wrote.
    """
    if raw.startswith(_opening(kind)):  # nearly all: no need to read them twice
        return raw
    return json.dumps(lifted(json.loads(raw), STEPS[kind]), ensure_ascii=False).encode()


def lifted(document: Plain, steps: Sequence[Step]) -> Plain:
    """A document after the steps that it has not made yet. Errors as in upcast."""
    number = document.get("format", 0)
    if type(number) is not int or number < 0:
        raise ValueError(f"{number!r} is no format")
    if number > len(steps):
        raise NewerFormatError(f"format {number}, known up to {len(steps)}")
    for step in steps[number:]:
        document = step(document)
    return document | {"format": len(steps)}


def _opening(kind: str) -> bytes:
    return b'{"format":%d,' % newest(kind)
