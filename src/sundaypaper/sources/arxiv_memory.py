"""What a source of arXiv remembers between runs, as the note of its poll state.

2026-W10 5c0d1e2f            the week and the questions of the last complete answer ("-" for none)
2026-W10 5c0d1e2f {"at":…}   … and the parts of a later answer that came, where others did not
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sundaypaper import weeks
from sundaypaper.models import Ask


@dataclass(frozen=True, slots=True)
class Part:
    """A question that was answered completely: papers declared, fetched, and of each listing day."""

    expected: int = 0
    fetched: int = 0
    days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """The last complete answer, and the parts since that need not be asked for again."""

    week: str = "-"
    questions: str = "-"
    at: datetime | None = None
    partly: tuple[str, str] = ("", "")
    parts: Mapping[str, Part] = field(default_factory=dict)

    def usable(self, ask: Ask, questions: str) -> Mapping[str, Part]:
        """The parts that hold for this run: of its week and questions, and since the last announcement."""
        if self.at is None or self.partly != (ask.week, questions):
            return {}
        return self.parts if weeks.last_announcement(ask.now) <= self.at <= ask.now else {}

    def with_parts(
        self, ask: Ask, questions: str, parts: Mapping[str, Part], answered: datetime
    ) -> Memory:
        """With what came in a run that was not complete."""
        at = self.at if self.usable(ask, questions) and self.at else answered
        return replace(self, at=at, partly=(ask.week, questions), parts=parts)

    def note(self) -> str:
        """As the poll state keeps it."""
        said = f"{self.week} {self.questions}"
        if self.at is None or not self.parts:
            return said if self.week != "-" else ""
        rest = {
            "at": self.at.isoformat(),
            "week": self.partly[0],
            "questions": self.partly[1],
            "parts": {key: [p.expected, p.fetched, dict(p.days)] for key, p in self.parts.items()},
        }
        return f"{said} {json.dumps(rest, separators=(',', ':'))}"


def remembered(note: str) -> Memory:
    """The memory that a note holds; parts that cannot be read are asked for again."""
    week, _, rest = note.partition(" ")
    questions, _, document = rest.partition(" ")
    memory = Memory(week or "-", questions or "-")
    try:
        kept = json.loads(document or "null")
        return (
            memory
            if kept is None
            else replace(
                memory,
                at=datetime.fromisoformat(kept["at"]),
                partly=(kept["week"], kept["questions"]),
                parts={key: Part(*values) for key, values in kept["parts"].items()},
            )
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return memory
