"""Paths as the paper follows them: the shelf step by step, and what each entry rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sundaypaper import paths
from sundaypaper.config.paths import learning_paths
from sundaypaper.formats import site
from sundaypaper.models import Pick, Step


def shelf_of(
    landmarks: tuple[Pick, ...],
    picks: Iterable[Pick],
    shown: Mapping[str, str],
    names: Mapping[str, str],
) -> tuple[tuple[Pick, ...], dict[str, str]]:
    """The landmarks that may be printed, in turn, and what is said of those that are steps, by id.

    landmarks are those that no issue has shown; steps stand first, without those that rest on one of
    them. shown gives the week in which an issue showed a landmark, picks are those of this week.
    """
    about = Counter(
        tag.topic for pick in picks if pick.standing in ("new", "late") for tag in pick.tags
    )
    steps, waiting = learning_paths(), {pick.id: pick for pick in landmarks}
    turn = paths.in_turn(steps, waiting.keys(), shown, about)
    of_no_path = waiting.keys() - {step.id for step in steps}
    others = tuple(pick for pick in landmarks if pick.id in of_no_path)
    said = {step.id: _said(step, names) for step in turn}
    return (*(waiting[step.id] for step in turn), *others), said


def _said(step: Step, names: Mapping[str, str]) -> str:
    way = "of the first steps"
    if step.topic != paths.FIRST:
        way = f"on the path into {names.get(step.topic, step.path)}"
    return f"step {step.number} of {step.of} {way}; after it one can {_lower(step.can)}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def steps_left(removed: Collection[str]) -> tuple[Step, ...]:
    """All steps but those that were taken out; those behind keep their numbers."""
    return tuple(step for step in learning_paths() if step.id not in removed)


def rests_of(pick: Pick, abstract: str, removed: Collection[str]) -> site.Rests | None:
    """What an entry rests on by its chief topic; what a step rests on where it is one itself."""
    steps = steps_left(removed)
    own = next((step for step in steps if step.id == pick.id), None)
    if own:
        return site.Rests(tuple(step for step in steps if step.id in own.after), is_step=own)
    if pick.kind == "event" or not pick.tags:
        return None
    chief = max(pick.tags, key=lambda tag: tag.score).topic
    found = paths.nearest(steps, chief, pick.title, abstract)
    return site.Rests((found[0],), found[1]) if found else None
