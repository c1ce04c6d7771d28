"""The manual as tests read it: its pages, and their blocks of commands with what is said of how they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "sample" not in page.parts)
MARK = re.compile(r"<!-- (?P<how>not run|read): (?P<reason>.+) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its lines, and how it is run: "" as it stands, read, not run."""

    language: str
    lines: tuple[str, ...]
    how: str
    reason: str

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(f"{line}\n" for line in self.lines)


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    mark: re.Match[str] | None = None
    open_: list[str] | None = None
    language = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        if open_ is None and line.startswith("```"):
            language, open_ = line[3:].strip(), []
        elif open_ is not None and line == "```":
            how, reason = (mark["how"], mark["reason"]) if mark else ("", "")
            yield Block(language, tuple(open_), how, reason)
            mark, open_ = None, None
        elif open_ is not None:
            open_.append(line)
        elif line.strip():
            mark = MARK.fullmatch(line)
