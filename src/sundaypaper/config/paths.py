"""The paths that ship with the package: works of the shelf in reading order, topic by topic."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sundaypaper import paths
from sundaypaper.config.messages import explained
from sundaypaper.errors import ConfigError, Mistake
from sundaypaper.forms import values as v
from sundaypaper.forms.document import YamlDocument, parse
from sundaypaper.forms.strict import Strict
from sundaypaper.models import Step
from sundaypaper.text import fold
from sundaypaper.urls import canonical, post_id

FILE = "paths.yaml"
FIRST_STEPS = "First steps"

Works = Mapping[str, Mapping[str, Any]]


class _StepForm(Strict):
    work: v.Text
    needs: v.Text
    can: v.Text
    after: tuple[v.Text, ...] = ()
    words: tuple[v.Text, ...] = ()


_FILE = TypeAdapter(dict[str, tuple[_StepForm, ...]])


@cache
def learning_paths() -> tuple[Step, ...]:
    """The steps of all paths, path by path in reading order, the first steps first.

    ConfigError, with the place of each mistake, where the data file is damaged.
    """
    data = resources.files("sundaypaper") / "data"
    lines = (data / "shelf" / "entries.jsonl").read_text("utf-8").split("\n")
    shelf = {said["id"] or said["url"]: said for said in map(json.loads, filter(None, lines))}
    topics: list[dict[str, str]] = json.loads((data / "topics.json").read_text("utf-8"))
    names = {paths.FIRST: FIRST_STEPS} | {topic["id"]: topic["name"] for topic in topics}
    return steps_of(parse((data / FILE).read_text("utf-8"), FILE), shelf, names)


def steps_of(document: YamlDocument, shelf: Works, names: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps of a file of paths; shelf gives works by what the file calls them.

    names are those of the topics, by id. ConfigError with every mistake and its place.
    """
    try:
        forms = _FILE.validate_python(document.data)
    except ValidationError as e:
        raise ConfigError(tuple(explained(e, document))) from e
    mistakes = tuple(_mistakes(document, forms, shelf, names))
    if mistakes:
        raise ConfigError(mistakes)
    steps = tuple(
        _step(form, topic, names[topic], at, len(path), shelf[form.work])
        for topic, path in forms.items()
        for at, form in enumerate(path)
    )
    found = tuple(
        document.mistake((step.topic, step.number - 1, "work"), said)
        for step, said in paths.faults(steps)
    )
    if found:
        raise ConfigError(found)
    return steps


def _mistakes(
    document: YamlDocument,
    forms: Mapping[str, tuple[_StepForm, ...]],
    shelf: Works,
    names: Mapping[str, str],
) -> Iterator[Mistake]:
    """Words that name nothing, and works that stand in two places."""
    met = set()
    for topic, path in forms.items():
        if topic not in names:
            yield document.mistake((topic,), f"“{topic}” is no topic", at_key=True)
        for at, form in enumerate(path):
            place = (topic, at, "work")
            if form.work not in shelf:
                yield document.mistake(place, f"“{form.work}” is not on the shelf")
            if form.work in met:
                yield document.mistake(place, f"“{form.work}” is a step already")
            met.add(form.work)


def _step(
    form: _StepForm, topic: str, name: str, at: int, of: int, work: Mapping[str, Any]
) -> Step:
    return Step(
        id=_id(form.work),
        topic=topic,
        path=name,
        number=at + 1,
        of=of,
        kind=work["kind"],
        title=work["title"],
        url=work["url"],
        needs=form.needs,
        can=form.can,
        after=tuple(map(_id, form.after)),
        topics=tuple(work["topics"]),
        words=tuple(map(fold, form.words)),
    )


def _id(work: str) -> str:
    """The id of an entry as its bundle gives it, of what the file calls the work."""
    return post_id(canonical(work)) if work.startswith(("http://", "https://")) else work
