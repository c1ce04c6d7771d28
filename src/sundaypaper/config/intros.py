"""Introductions for the pages of topics: two sentences, and works of the shelf to start with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from sundaypaper.config.messages import explained
from sundaypaper.errors import ConfigError
from sundaypaper.forms import values as v
from sundaypaper.forms.document import YamlDocument, parse
from sundaypaper.forms.strict import Strict

ABOUT = "topics-about.yaml"


@dataclass(frozen=True, slots=True)
class Landmark:
    """A work of the shelf to start a topic with, and why, in our words."""

    title: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Intro:
    """A topic for a newcomer: two sentences, and works to start with."""

    about: str
    landmarks: tuple[Landmark, ...]


class _Work(Strict):
    work: v.Text
    why: v.Text


class _IntroForm(Strict):
    about: v.Text
    start: tuple[_Work, ...]


_FILE = TypeAdapter(dict[str, _IntroForm])


@cache
def topic_intros() -> Mapping[str, Intro]:
    """The shipped introductions by topic id; ConfigError where its data file is damaged."""
    data = resources.files("sundaypaper") / "data"
    document = parse((data / ABOUT).read_text("utf-8"), ABOUT)
    try:
        forms = _FILE.validate_python(document.data)
    except ValidationError as e:
        raise ConfigError(tuple(explained(e, document))) from e
    shelf = _shelf((data / "shelf" / "entries.jsonl").read_text("utf-8"))
    return MappingProxyType(
        {
            topic: Intro(form.about, _landmarks(document, topic, form, shelf))
            for topic, form in forms.items()
        }
    )


def _shelf(lines: str) -> dict[str, tuple[str, str]]:
    """Title and address of each entry, by its id, or by its address where it has none."""
    entries = (json.loads(line) for line in lines.split("\n") if line)
    return {entry["id"] or entry["url"]: (entry["title"], entry["url"]) for entry in entries}


def _landmarks(
    document: YamlDocument, topic: str, form: _IntroForm, shelf: Mapping[str, tuple[str, str]]
) -> tuple[Landmark, ...]:
    landmarks = []
    for at, start in enumerate(form.start):
        if start.work not in shelf:
            steps = (topic, "start", at, "work")
            raise ConfigError((document.mistake(steps, f"“{start.work}” is not on the shelf"),))
        landmarks.append(Landmark(*shelf[start.work], start.why))
    return tuple(landmarks)
