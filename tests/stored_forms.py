"""The form of each class that paper.db keeps as a document: its keys and what may stand there.

Names of classes do not show, so that renaming one changes nothing. `python tests/stored_forms.py`
writes tests/data/stored-forms.json anew; docs/notes/0010-stored-forms.md says when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sundaypaper.models import (
    Claimed,
    Entry,
    Issue,
    IssueHead,
    Picked,
    PollState,
    SourceReport,
    TopicEntry,
)
from sundaypaper.store.upcast import newest

KINDS = (Claimed, Entry, Issue, IssueHead, Picked, PollState, SourceReport, TopicEntry)
FILE = Path(__file__).parent / "data" / "stored-forms.json"


def form(kind: Any) -> Any:
    """The form of a type: keys of a dataclass, words of a Literal, what a tuple holds."""
    origin, args = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: form(hints[field.name]) for field in fields(kind)}
    if origin is Literal:
        return " | ".join(sorted(f'"{word}"' for word in args))
    if origin in (Union, UnionType):
        return {"either": [form(one) for one in args]}
    if origin is tuple:
        return [form(one) for one in args if one is not ...]
    if origin is Mapping:
        return {"any key": form(args[1])}
    return kind.__name__


def forms() -> dict[str, Any]:
    """The format and the form of every kind of document."""
    return {kind.__name__: {"format": newest(kind.__name__), "form": form(kind)} for kind in KINDS}


if __name__ == "__main__":
    FILE.write_text(json.dumps(forms(), indent=1) + "\n", encoding="utf-8")
