"""The tagger: a configuration's topics, prepared once and applied to many entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from sundaypaper.models import Card, Entry, Tag, Topic
from sundaypaper.query import card_of_entry
from sundaypaper.text import clean

from . import model, words
from .examples import Likeness, likeness
from .matches import CardMatches, Matches
from .model import Floats, Likelihood, TopicReading
from .rules import tag_of_match

MAX_TAGS = 4
LEAST, MOST = 0.01, 0.99
LONGEST_TITLE = 90
# What says less has no direction that could be relied on.
FEWEST_TERMS = 3
NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ready:
    """A topic, the place of its match among the matches, and what its examples have in common.

    seen: the match is one that the model looks at itself. alone: a match or examples may give the
    topic without the model.
    """

    topic: Topic
    match: int
    seen: bool
    alone: bool
    ids: frozenset[str]
    likeness: Likeness | None


class Tagger:
    """Gives entries their tags. texts holds the texts of examples that are ids, by id `arxiv:…`."""

    def __init__(self, topics: tuple[Topic, ...], texts: Mapping[str, str] = NO_TEXTS) -> None:
        self._model = model.load()
        own = [topic for topic in topics if not self._model.saw(topic)]
        self._matches = Matches((*self._model.matches, *(topic.match for topic in own)))
        self._topics = tuple(self._ready(topic, own, texts) for topic in topics)
        self._known = range(len(self._model.matches))

    def tags(self, entry: Entry, card: Card | None = None) -> tuple[Tag, ...]:
        """At most four tags, best first, ties in the order of topics; card saves making it anew.

        An entry whose bundle states its topics keeps those, all of them and nothing else.
        """
        if entry.topics:
            return tuple(Tag(topic, 1.0, "as the shelf has it") for topic in entry.topics)
        card = card_of_entry(entry) if card is None else card
        matches = self._matches.on(card)
        clipped = words.clipped(card)
        begins = matches if clipped is card else self._matches.on(clipped)
        reading = model.read(clipped, self._model, [begins.holds(at) for at in self._known])
        sure = reading.sure()
        given = [
            tag
            for ready in self._topics
            if (ready.alone or ready.topic.id in sure)
            and (tag := _tag(ready, entry, matches, reading, sure.get(ready.topic.id)))
        ]
        return tuple(sorted(given, key=lambda tag: -tag.score)[:MAX_TAGS])

    def _ready(self, topic: Topic, own: list[Topic], texts: Mapping[str, str]) -> Ready:
        seen = topic not in own
        at = self._model.topics[topic.id] if seen else len(self._model.matches) + own.index(topic)
        ids = frozenset(e for e in topic.examples if is_id(e))
        alone = not seen or bool(topic.examples)
        return Ready(topic, at, seen, alone, ids, _likeness(topic, texts))


def is_id(example: str) -> bool:
    """Whether an example is an id rather than a text."""
    return example.startswith("arxiv:") and " " not in example


def example_ids(topics: tuple[Topic, ...]) -> tuple[str, ...]:
    """The ids `arxiv:…` that the examples of these topics name, each once: those to look up."""
    return tuple(dict.fromkeys(e for t in topics for e in t.examples if is_id(e)))


def unread_examples(
    topics: tuple[Topic, ...], texts: Mapping[str, str] = NO_TEXTS
) -> tuple[tuple[str, str], ...]:
    """The examples that cannot count, each with its topic's id.

    Ids without a text, and texts with fewer than three words that the model knows.
    """
    return tuple((t.id, e) for t in topics for e in t.examples if _vector(e, texts) is None)


def _vector(example: str, texts: Mapping[str, str]) -> Floats | None:
    text = texts.get(example, "") if is_id(example) else example
    title, _, summary = text.partition("\n")
    entry = Entry(id="", kind="paper", source="", url="", title=title, summary=summary)
    vector, known = model.direction(card_of_entry(entry))
    return vector if known >= FEWEST_TERMS else None


def _likeness(topic: Topic, texts: Mapping[str, str]) -> Likeness | None:
    read = {
        texts.get(e, e): vector for e in topic.examples if (vector := _vector(e, texts)) is not None
    }
    names = [clean(text.partition("\n")[0], LONGEST_TITLE) for text in read]
    return likeness(names, np.array(list(read.values()))) if read else None


def _tag(
    ready: Ready, entry: Entry, matches: CardMatches, reading: TopicReading, sure: Likelihood | None
) -> Tag | None:
    """The tag by the model (None where it says no), the match and the examples together."""
    topic, rule = ready.topic, None
    if matches.holds(ready.match):
        rule = tag_of_match(topic, matches.reasons(ready.match))
    tag = None if ready.seen else rule
    if sure is not None:
        score = _score(sure.probability, None if ready.seen else rule)
        tag = Tag(topic.id, score, _reason(reading, sure, topic, rule))
    return _beside(tag, _like(ready, entry, reading)) if topic.examples else tag


def _like(ready: Ready, entry: Entry, reading: TopicReading) -> Tag | None:
    if entry.id in ready.ids:
        return Tag(ready.topic.id, MOST, "one of your examples")
    if ready.likeness is None or len(reading.terms) < FEWEST_TERMS:
        return None
    near = ready.likeness.score(reading.direction)
    if near is None:
        return None
    score, name = near
    return Tag(ready.topic.id, round(min(MOST, score), 2), f"close to your examples: “{name}”")


def _beside(tag: Tag | None, like: Tag | None) -> Tag | None:
    """Both reasons where there are two, and the surer score."""
    if tag is None or like is None:
        return tag or like
    return replace(tag, score=max(tag.score, like.score), reason=f"{tag.reason}; {like.reason}")


def _score(probability: float, rule: Tag | None) -> float:
    score = round(min(MOST, max(LEAST, probability)), 2)
    return score if rule is None else max(score, rule.score)


def _reason(reading: TopicReading, sure: Likelihood, topic: Topic, rule: Tag | None) -> str:
    """What a person can check first, then the words that speak most for the topic."""
    if rule is None:
        terms = reading.words(sure)
        return f"reads like {topic.name}" + (f": {', '.join(terms)}" if terms else "")
    terms = reading.words(sure, most=2, beside=rule.reason)
    return rule.reason + (f"; reads like: {', '.join(terms)}" if terms else "")
