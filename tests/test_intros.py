"""What the topic pages say to a newcomer: there for every topic, short, plain, and on the shelf."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest

from sundaypaper.config import default_topics
from sundaypaper.config import intros as module
from sundaypaper.config.intros import Landmark, topic_intros
from sundaypaper.errors import ConfigError
from sundaypaper.forms.document import parse
from sundaypaper.text import words

SENTENCE_END = re.compile(r"[.?!](?: |$)")
SUPERLATIVE = re.compile(
    r"\b(best|most|largest|biggest|fastest|greatest|latest|simplest|strongest|powerful|seminal"
    r"|groundbreaking|breakthrough|amazing|revolutionary|state-of-the-art)\b",
    re.IGNORECASE,
)


def shelf() -> dict[str, frozenset[str]]:
    """The topics of each entry of the shelf, by its address."""
    file = resources.files("sundaypaper") / "data" / "shelf" / "entries.jsonl"
    entries = map(json.loads, file.read_text("utf-8").splitlines())
    return {entry["url"]: frozenset(entry["topics"]) for entry in entries}


def test_every_default_topic_is_introduced_and_no_other() -> None:
    """A newcomer finds words on each page, and no words wait for a page that is not there."""
    assert set(topic_intros()) == {topic.id for topic in default_topics()}


def test_an_introduction_is_two_plain_sentences_of_at_most_fifty_words() -> None:
    """Short enough to be read, and without praise."""
    for topic, intro in topic_intros().items():
        assert len(SENTENCE_END.findall(intro.about)) == 2, topic
        assert words(intro.about) <= 50, topic
        assert not SUPERLATIVE.search(intro.about), topic
        assert "!" not in intro.about, topic


def test_two_landmarks_each_with_a_reason_of_at_most_twelve_words() -> None:
    """Two works to start with are a choice; ten would be a list."""
    for topic, intro in topic_intros().items():
        assert len({one.url for one in intro.landmarks}) == 2, topic
        assert all(1 <= words(one.why) <= 12 for one in intro.landmarks), topic
        assert not any(SUPERLATIVE.search(one.why) for one in intro.landmarks), topic


def test_every_landmark_stands_on_the_shelf_and_carries_its_topic() -> None:
    """What a newcomer is sent to is what the paper itself keeps under that topic."""
    held = shelf()
    for topic, intro in topic_intros().items():
        assert [one.title for one in intro.landmarks if topic not in held[one.url]] == [], topic


def test_title_and_address_of_a_landmark_are_those_of_the_shelf() -> None:
    """They are written down once: here stands only which work, and why."""
    first = topic_intros()["vision"].landmarks[0]
    assert isinstance(first, Landmark)
    assert first.title == "Deep Residual Learning for Image Recognition"
    assert first.url == "https://arxiv.org/abs/1512.03385"


def test_a_work_that_is_not_on_the_shelf_is_named_with_its_place() -> None:
    """A slip in the data file says where it is, instead of a page without a link."""
    text = "birds:\n  about: They sing. They fly.\n  start: [{work: arxiv:0000.00000, why: song}]\n"
    document = parse(text, "topics-about.yaml")
    said = module._FILE.validate_python(document.data)["birds"]
    with pytest.raises(ConfigError) as caught:
        module._landmarks(document, "birds", said, {})
    assert str(caught.value.mistakes[0]).startswith("topics-about.yaml:3:18: birds.start[0].work")
