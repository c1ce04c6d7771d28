"""What a version brings that a feeds.yaml does not have: keys, default sources and topics, moved sources.

`data/since.json` says which version brought what (made by tools/generate.py), `made_with` of a
feeds.yaml which version it was last compared with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sundaypaper import __version__, config
from sundaypaper.config.schema import AT, keys_at
from sundaypaper.config.writing import FeedsText
from sundaypaper.forms.document import parse

# A key of feeds.yaml whose value nobody sets by hand.
OURS = ("format", "made_with")


@dataclass(frozen=True, slots=True)
class Novelty:
    """Something that a feeds.yaml lacks: its name, and what it is; default is "" where there is none."""

    name: str
    about: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A source whose feed lies elsewhere now; number is its place in the file."""

    number: int
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class News:
    """What a version brings to a feeds.yaml. since is the version it was compared with, "" if unknown."""

    since: str
    keys: tuple[Novelty, ...] = ()
    sources: tuple[Novelty, ...] = ()
    topics: tuple[Novelty, ...] = ()
    moved: tuple[Moved, ...] = ()


@cache
def since() -> Mapping[str, Mapping[str, str]]:
    """Which version brought each key, source (by address) and topic, and where sources moved to."""
    file = resources.files("sundaypaper") / "data" / "since.json"
    loaded: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
    return loaded


def news(text: str, history: Mapping[str, Mapping[str, str]], every: bool = False) -> News:
    """What the text of a feeds.yaml, which loads, does not have.

    Only what came after the version that it names; all of it where it names none, or with every.
    """
    data = parse(text, "feeds.yaml").data
    said: dict[str, Any] = data if isinstance(data, dict) else {}
    made = str(said.get("made_with") or "")
    after = () if every else _number(made)

    def came(part: str, name: str) -> bool:
        return _number(history[part].get(name, __version__)) > after

    default = parse(config.default_text(), "feeds.yaml").data
    assert isinstance(default, dict)
    mine = {_address(source): source for source in _entries(said, "sources")}
    moved = tuple(_moved(said, history["moved"]))
    theirs = mine.keys() | {move.new for move in moved}
    topics = {topic.get("id") for topic in _entries(said, "topics")}
    return News(
        since=made,
        keys=tuple(key for key in _missing(said) if came("keys", key.name)),
        sources=tuple(
            Novelty(source["name"], _address(source))
            for source in _entries(default, "sources")
            if "url" in source and _address(source) not in theirs and came("sources", source["url"])
        ),
        # A file without topics has all of the program's, whatever they are.
        topics=tuple(
            Novelty(topic["id"], topic["name"])
            for topic in _entries(default, "topics")
            if topics and topic["id"] not in topics and came("topics", topic["id"])
        ),
        moved=moved,
    )


def moved_text(text: str, file: str, moves: tuple[Moved, ...]) -> str:
    """The text of a feeds.yaml with the new addresses, and the version that it was compared with."""
    feeds = FeedsText(text, file)
    for move in moves:
        feeds.set(("sources", move.number, "url"), move.new)
    feeds.set("made_with", __version__, after="format" if feeds.has("format") else "title")
    config.read_text(feeds.text, Path(file))
    return feeds.text


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if version else ()


def _entries(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    listed = data.get(key)
    return (
        [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    )


def _address(source: Mapping[str, Any]) -> str:
    return str(source.get("url") or "")


def _moved(said: Mapping[str, Any], moved: Mapping[str, str]) -> Iterator[Moved]:
    """The sources that lie elsewhere now, each with where its last move led."""
    for number, source in enumerate(_entries(said, "sources")):
        new = old = _address(source)
        for _ in moved:  # no longer than there are moves: one may lead back
            new = moved.get(new, new)
        if new != old:
            yield Moved(number, str(source.get("name") or ""), old, new)


def _missing(said: Mapping[str, Any]) -> Iterator[Novelty]:
    """The keys that a file lacks, each with its sentence; not those below one that it lacks whole."""
    for section in (name for name in AT if "[]" not in name):
        there: Any = said
        for step in filter(None, section.split(".")):
            there = there.get(step) if isinstance(there, dict) else None
        if not isinstance(there, dict):
            continue
        defaults = _defaults(section)
        for key, about in keys_at(section).items():
            if key not in there and key not in OURS:
                yield Novelty(f"{section}.{key}".strip("."), about, defaults.get(key, ""))


def _defaults(section: str) -> dict[str, str]:
    """The default of each key of a section, as YAML would write it; "" where it is nothing or long."""
    schema = json.loads(config.schema_text())
    own = schema if not section else schema["$defs"][AT[section].__name__]
    shown = {key: value.get("default") for key, value in own["properties"].items()}
    return {key: _written(value) for key, value in shown.items()}


def _written(value: object) -> str:
    if value is None or value == "" or isinstance(value, dict | list):
        return ""
    return value if isinstance(value, str) else json.dumps(value)
