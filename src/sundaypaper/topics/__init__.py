"""Tagging: the topics that an entry is about, each with a score and a reason.

A default topic is given where the learnt model is over the topic's threshold; the match of the
default topics is part of what the model looks at. A match that a user wrote, for a topic of their
own or in place of a default one, gives its topic wherever it holds; so do examples, to all that is
close enough to them.

    topics, texts of their examples | Tagger | tags of an entry
"""

from __future__ import annotations

from sundaypaper.models import Card, Entry, Tag, Topic

from .nearest import Near, Usage, made_with, nearest, shared, usage, vectors
from .tagger import MAX_TAGS, Tagger, example_ids, unread_examples

__all__ = [
    "MAX_TAGS",
    "Near",
    "Tagger",
    "Usage",
    "example_ids",
    "made_with",
    "nearest",
    "shared",
    "tags",
    "unread_examples",
    "usage",
    "vectors",
]

MOST_READY = 64
# By identity, since comparing topics costs more than tagging an entry. The topics are kept beside
# their tagger, so that no others can take over their identity.
_ready: dict[int, tuple[tuple[Topic, ...], Tagger]] = {}


def tags(entry: Entry, topics: tuple[Topic, ...], card: Card | None = None) -> tuple[Tag, ...]:
    """The tags of an entry, by a Tagger made once for these topics, without texts for example ids."""
    known = _ready.get(id(topics))
    if known is None:
        if len(_ready) >= MOST_READY:
            _ready.clear()
        known = _ready[id(topics)] = (topics, Tagger(topics))
    return known[1].tags(entry, card)
