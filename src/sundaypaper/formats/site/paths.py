"""The page of all paths, and the lines of a path, each step with those that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import Environment

from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.formats.site.rendering import render
from sundaypaper.models import Page, Step


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as its path prints it, with the steps of other paths that it rests on."""

    step: Step
    rests: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Rests:
    """What an entry rests on: a step, and the word of the entry that tells it, or "".

    is_step: the entry is itself a step, and on are those that it rests on.
    """

    on: tuple[Step, ...]
    word: str = ""
    is_step: Step | None = None


def path_of(steps: Iterable[Step], topic: str) -> tuple[StepLine, ...]:
    """The lines of a topic's path, in reading order; none where the topic has no path."""
    by_id = {step.id: step for step in steps}
    return tuple(
        StepLine(step, _others(step, by_id)) for step in by_id.values() if step.topic == topic
    )


def _others(step: Step, by_id: Mapping[str, Step]) -> tuple[Step, ...]:
    on = (by_id[id] for id in step.after if id in by_id)
    return tuple(other for other in on if other.topic != step.topic)


def paths_page(steps: tuple[Step, ...], frame: PageFrame, env: Environment) -> Page:
    """`paths/`: where to begin, and the way from there into each topic."""
    topics = tuple(dict.fromkeys(step.topic for step in steps))
    lines = {topic: path_of(steps, topic) for topic in topics}
    first = topics[0] if topics else ""
    return render("paths.html", "paths/index.html", env, frame, lines=lines, first=first)
