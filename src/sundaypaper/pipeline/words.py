"""The table of a paper's own words: what there is to say, and what a table of it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from sundaypaper.config.words_file import FILE, tongue_of
from sundaypaper.formats.site.rendering import PACKAGED
from sundaypaper.forms.document import parse
from sundaypaper.wording.messages import messages
from sundaypaper.wording.tongue import Tongue

__all__ = ["FILE", "english", "faults", "table", "tongue_of"]


def english(templates: Path | None) -> Mapping[str, tuple[str, ...]]:
    """All words by part of the table, in the order in which they are written there."""
    text = (resources.files("sundaypaper") / "data" / FILE).read_text("utf-8")
    shipped: Any = parse(text, FILE).data
    folders = [folder for folder in (templates, PACKAGED) if folder is not None]
    found = dict.fromkeys(text for folder in folders for text in _of_folder(folder))
    return {
        "counted": tuple(shipped["counted"]),
        "phrases": tuple(shipped["phrases"]),
        "templates": tuple(found),
    }


def _of_folder(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".html", ".txt"):
            source = file.read_text("utf-8")
            yield from (one.text for one in messages(source, file.suffix == ".txt"))


def table(words: Mapping[str, tuple[str, ...]], held: Tongue) -> str:
    """The text of words.yaml with every word, said where a table has it."""
    thousands, decimal = held.marks
    lines = [f"thousands: {_quoted(thousands)}", f"decimal: {_quoted(decimal)}"]
    for part, every in words.items():
        said: Mapping[str, str] = getattr(held, part)
        lines.append(f"{part}:")
        for text in every:
            lines += [f"- en: {_quoted(text)}", f"  own: {_quoted(said.get(text, ''))}"]
    return "\n".join(lines) + "\n"


def faults(words: Mapping[str, tuple[str, ...]], held: Tongue) -> Iterator[str]:
    """A line for each word that a table lacks, or has and the program does not."""
    for part, every in words.items():
        said: Mapping[str, str] = getattr(held, part)
        yield from (f"missing in {part}: {text}" for text in every if text not in said)
        yield from (f"unknown in {part}: {text}" for text in said if text not in every)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
