"""Paths into the topics: what is wrong with them, whose turn it is, and what an entry rests on.

A path is the steps of one topic in reading order. A step rests on others, in whatever path, and all
lead back to the first steps, which rest on nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from sundaypaper.models import Step
from sundaypaper.text import fold

FIRST = "first-steps"
# A word of the title counts as much as two of the abstract.
IN_TITLE = 2
LATER = "later"  # than any week


def faults(steps: Sequence[Step]) -> Iterator[tuple[Step, str]]:
    """What is wrong with the graph of all steps, each with the step where it is.

    A circle is told at each of its steps, and nothing else is said of what lies behind it.
    """
    by_id = {step.id: step for step in steps}
    told = set()
    for step in steps:
        if said := _fault(step, by_id):
            told.add(step.id)
            yield step, said
    before = _before(steps)
    reached = set(told)
    while more := {id for id in before.keys() - reached if reached.issuperset(before[id])}:
        reached |= more
    for step in steps:
        if step.id not in reached and step.id in _all_below(step.id, before):
            yield step, "it rests on itself, by way of others"


def _fault(step: Step, by_id: Mapping[str, Step]) -> str:
    unknown = [id for id in step.after if id not in by_id]
    if unknown:
        return f"it rests on “{unknown[0]}”, which is a step of no path"
    if step.topic == FIRST:
        return "a first step rests on nothing" if step.after else ""
    if not step.after:
        return "it rests on nothing, so no way leads to it from the first steps"
    own = (by_id[id] for id in step.after if by_id[id].topic == step.topic)
    return "it rests on a later step" if any(other.number >= step.number for other in own) else ""


def _before(steps: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """What is read before each step: what it rests on, and the step before it on its path."""
    before = {step.id: step.after for step in steps}
    for one, other in pairwise(steps):
        if one.topic == other.topic:
            before[other.id] = (*other.after, one.id)
    return before


def _all_below(id: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    below: set[str] = set()
    ahead = list(edges.get(id, ()))
    while ahead:
        other = ahead.pop()
        if other not in below:
            below.add(other)
            ahead += edges.get(other, ())
    return below


def below(step: Step, steps: Sequence[Step]) -> frozenset[str]:
    """The ids of all that a step rests on, directly or through others."""
    return frozenset(_all_below(step.id, {other.id: other.after for other in steps}))


def in_turn(
    steps: Sequence[Step],
    waiting: Collection[str],
    shown: Mapping[str, str],
    about: Mapping[str, int],
) -> tuple[Step, ...]:
    """The waiting steps that may be printed next, the one whose turn it is first.

    Before none of them another waits. First come the first steps; then the path that was begun
    first and is not at its end, or what its next step rests on; then a path to begin, of the topic
    with most entries. shown gives the week that printed a step, by id, about the entries of a topic.
    """
    before = _before(steps)
    open_ = [s for s in steps if s.id in waiting and not any(id in waiting for id in before[s.id])]
    begun: dict[str, str] = {}
    for step in steps:
        if step.id in shown:
            begun[step.topic] = min(shown[step.id], begun.get(step.topic, LATER))

    def rank(wanted: Step) -> tuple[bool, str, int]:
        topic = wanted.topic
        return topic != FIRST, begun.get(topic, LATER), -about.get(topic, 0)

    wanted = {step.topic: step for step in reversed(steps) if step.id in waiting}
    ahead = sorted(
        (wanted[topic] for topic in dict.fromkeys(s.topic for s in steps) if topic in wanted),
        key=rank,
    )
    turn: dict[str, Step] = {}
    for step in ahead:
        needed = {step.id, *_all_below(step.id, before)}
        turn |= {one.id: one for one in open_ if one.id in needed and one.id not in turn}
    return tuple(turn.values())


def nearest(
    steps: Sequence[Step], topic: str, title: str, abstract: str
) -> tuple[Step, str] | None:
    """The step that an entry of a topic rests on, and the word of the entry that tells it.

    Of all steps that carry the topic the one whose words it says most; where it says none, the last
    of the topic's path with no word. None where the topic has no path.
    """
    path = [step for step in steps if step.topic == topic]
    if not path:
        return None
    title, abstract = (f" {fold(text)} " for text in (title, abstract))
    best, most, told = path[-1], 0, ""
    for step in (*path, *(s for s in steps if topic in s.topics and s.topic not in (topic, FIRST))):
        said = {word: _count(word, title, abstract) for word in step.words}
        score = sum(said.values())
        if score > most:
            best, most, told = step, score, max(said, key=lambda word: said[word])
    return best, told


def _count(word: str, title: str, abstract: str) -> int:
    return IN_TITLE * (f" {word} " in title) + (f" {word} " in abstract)
