"""Which topics an entry is about, each with its score and its reason.

A default topic is given where the learnt model is over the topic's threshold; the match of the
default topics is part of what the model looks at. A match that a user wrote, for a topic of their
own or in place of a default one, gives its topic wherever it holds.
"""

from __future__ import annotations

from sundaypaper.models import Card, Entry, Tag, Topic
from sundaypaper.query import card_of_entry

from .model import Reading, read
from .rules import ruled

__all__ = ["MAX_TAGS", "tags"]

MAX_TAGS = 4
LEAST, MOST = 0.01, 0.99


def tags(entry: Entry, topics: tuple[Topic, ...], card: Card | None = None) -> tuple[Tag, ...]:
    """At most four tags, best first, ties in the order of topics; card saves making it anew.

    An entry whose bundle states its topics keeps those, all of them and nothing else.
    """
    if entry.topics:
        return tuple(Tag(topic, 1.0, "as the shelf has it") for topic in entry.topics)
    card = card_of_entry(entry) if card is None else card
    reading = read(card)
    found = [tag for topic in topics if (tag := _tag(topic, card, reading)) is not None]
    return tuple(sorted(found, key=lambda tag: -tag.score)[:MAX_TAGS])


def _tag(topic: Topic, card: Card, reading: Reading) -> Tag | None:
    if reading.holds(topic.id):
        rule = ruled(topic, card)
        return Tag(topic.id, _score(reading, topic, rule), _reason(reading, topic, rule))
    return None if reading.model.saw(topic) else ruled(topic, card)


def _score(reading: Reading, topic: Topic, rule: Tag | None) -> float:
    score = round(min(MOST, max(LEAST, reading.probability(topic.id))), 2)
    if rule is None or reading.model.saw(topic):
        return score
    return max(score, rule.score)


def _reason(reading: Reading, topic: Topic, rule: Tag | None) -> str:
    """What a person can check first, then the words that speak most for the topic."""
    if rule is None:
        words = reading.words(topic.id)
        return f"reads like {topic.name}" + (f": {', '.join(words)}" if words else "")
    words = reading.words(topic.id, most=2, beside=rule.reason)
    return rule.reason + (f"; reads like: {', '.join(words)}" if words else "")
