"""The section “From the shelf”: a landmark of the field, the next step of a path where it is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Plan
from sundaypaper.models import Item, Pick
from sundaypaper.weeks import monday
from sundaypaper.wording.counts import plural
from sundaypaper.wording.sentences import clip


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """The landmark whose turn it is: a step of a path, every other week one of none if there is any."""
    left_out = {*given.editorial.drop, *used}
    kept = {pick.id: pick for pick in given.material.landmarks if pick.id not in left_out}
    if not kept or plan["shelf"] < 1:
        return Draft()
    steps = [id for id in given.material.on_shelf if id in kept]
    others = [pick for pick in kept.values() if pick.id not in given.material.on_shelf]
    if steps and not (others and _ordinal(given.frame.week) % 2):
        return Draft((Item(steps[0], given.material.on_shelf[steps[0]]),))
    return Draft(_of_no_path(given, others))


def _of_no_path(given: Prepared, landmarks: Sequence[Pick]) -> tuple[Item, ...]:
    about = Counter(tag.topic for pick in given.fresh for tag in pick.tags)
    chosen = landmark(landmarks, given.frame.week, about)
    if chosen is None:
        return ()
    pick, topic = chosen
    why = f"a landmark of {given.topics.get(topic, topic)}"
    if about[topic]:
        why += f": {plural(about[topic], 'entry', 'entries')} this week"
    return (Item(pick.id, clip(why)),)


def landmark(
    landmarks: Sequence[Pick], week: str, about: Mapping[str, int]
) -> tuple[Pick, str] | None:
    """The landmark whose turn it is, or the next, that shares a topic with the week; and the topic.

    Where none does, as in an empty week, the one whose turn it is. Each has its turn before any has
    a second one, as long as every topic occurs in the week; the caller leaves out those that were
    shown.
    """
    ordered = sorted(landmarks, key=lambda p: p.id)
    turn = _ordinal(week) % len(ordered) if ordered else 0
    for pick in (*ordered[turn:], *ordered[:turn]):
        shared = [tag.topic for tag in pick.tags if about.get(tag.topic)]
        if shared:
            return pick, max(shared, key=lambda topic: about[topic])
    first = ordered[turn] if ordered else None
    return (first, first.tags[0].topic if first.tags else "") if first else None


def _ordinal(week: str) -> int:
    return monday(week).toordinal() // 7
