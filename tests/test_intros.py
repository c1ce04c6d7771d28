"""What the topic pages say to a newcomer: there for every topic, short and plain."""

from __future__ import annotations

import re

from sundaypaper.config import default_topics
from sundaypaper.config.intros import topic_intros
from sundaypaper.text import words

SENTENCE_END = re.compile(r"[.?!](?: |$)")
SUPERLATIVE = re.compile(
    r"\b(best|most|largest|biggest|fastest|greatest|latest|simplest|strongest|powerful|seminal"
    r"|groundbreaking|breakthrough|amazing|revolutionary|state-of-the-art)\b",
    re.IGNORECASE,
)


def test_every_default_topic_is_introduced_and_no_other() -> None:
    """A newcomer finds words on each page, and no words wait for a page that is not there."""
    assert set(topic_intros()) == {topic.id for topic in default_topics()}


def test_an_introduction_is_two_plain_sentences_of_at_most_fifty_words() -> None:
    """Short enough to be read, and without praise."""
    for topic, about in topic_intros().items():
        assert len(SENTENCE_END.findall(about)) == 2, topic
        assert words(about) <= 50, topic
        assert not SUPERLATIVE.search(about), topic
        assert "!" not in about, topic
