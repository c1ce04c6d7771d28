"""Running the line in tests: what a run says is kept as a list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sundaypaper.config import Config
from sundaypaper.models import Ask
from sundaypaper.pipeline.run import Job
from sundaypaper.sources import Tools
from sundaypaper.store import Store


@dataclass
class Said:
    """A report that keeps what a run says, line by line; no time passes."""

    lines: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    total: float = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """A step, with what it counted."""
        notes: list[str] = []
        yield notes
        self.lines.append(f"{name}: {' · '.join(notes)}")

    def say(self, text: str) -> None:
        """A line for a person."""
        self.lines.append(text)

    def warn(self, text: str) -> None:
        """A line of what a person has to look at."""
        self.lines.append(text)

    def source(self, line: str) -> None:
        """A source is done; they come in any order, so they are not kept."""


def job(
    config: Config,
    store: Store,
    root: Path,
    now: datetime,
    tools: Tools | None = None,
    report: Said | None = None,
    wall: datetime | None = None,
) -> Job:
    """What a run of a root works with at a moment; without tools it may ask nobody."""

    def opened() -> AbstractContextManager[Tools]:
        assert tools is not None, "this run was to ask nobody"
        return nullcontext(tools)

    ask = Ask("", now, wall or now, rehearsal=True)
    return Job(config, store, root / "output", None, ask, report or Said(), opened)
