"""Topics from examples: what is close to them, what is not, and what cannot count."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from importlib import resources

import numpy as np

from sundaypaper.config import default_topics
from sundaypaper.models import Any, Entry, Filter, Tag, Topic
from sundaypaper.query import TOPIC_FIELDS, parse
from sundaypaper.topics import Tagger, example_ids, model, tags, unread_examples
from sundaypaper.topics.examples import background, likeness, views_over

BEES = (
    "Counting honey bees at the hive entrance\nA camera at the entrance of a bee hive counts the "
    "honey bees that leave and return. We detect bees, follow them and tell pollen carriers apart.",
    "Hive sounds tell when a bee colony will swarm\nMicrophones in bee hives record honey bee "
    "colonies for a season, and a classifier of the sound tells swarming bees days ahead.",
    "Pollen on honey bees, seen from above\nImages of honey bees on a ramp show which bees carry "
    "pollen into the hive, as a measure of the health of the bee colony.",
    "A data set of bee waggle dances\nHoney bees dance in the hive to tell others where food is. "
    "We film dancing bees in an observation hive and decode direction and distance.",
    "Mites in the bee hive, found by a camera\nVarroa mites harm honey bee colonies. We detect "
    "mites on bees in images taken at the entrance of the hive.",
)
NEVER = Filter("", Any(()))
HIVE = Topic("bees", "Bees", NEVER, BEES)
BEE = (
    "Detecting honey bees at the entrance of the hive",
    "A camera at the hive counts honey bees that carry pollen, and tells how healthy the bee "
    "colony is.",
)
ROBOT = (
    "Learning to grasp with two hands",
    "A dexterous manipulation policy for a bimanual robot, trained in simulation and moved to "
    "hardware, picks up objects that it never saw.",
)


def paper(title: str, summary: str = "", id: str = "arxiv:2603.00001") -> Entry:
    return Entry(id=id, kind="paper", source="arxiv", url="", title=title, summary=summary)


def test_a_paper_close_to_the_examples_is_given_and_the_nearest_is_named() -> None:
    """The reason says how it came to be, with a title that the user knows."""
    (tag,) = tags(paper(*BEE), (HIVE,))
    assert tag.topic == "bees"
    assert 0.5 <= tag.score <= 0.99
    assert tag.reason.startswith("close to your examples: “")
    assert any(f"“{text.partition(chr(10))[0]}”" in tag.reason for text in BEES)


def test_a_paper_about_something_else_is_not_given() -> None:
    """Examples withhold a topic as much as they give it."""
    assert tags(paper(*ROBOT), (HIVE,)) == ()


def test_ids_count_by_the_texts_that_the_caller_found() -> None:
    """The same examples as ids give the same tags, once their texts are known."""
    ids = tuple(f"arxiv:2602.0000{n}" for n in range(5))
    named = (replace(HIVE, examples=ids),)
    texts = dict(zip(ids, BEES, strict=True))
    assert Tagger(named, texts).tags(paper(*BEE)) == tags(paper(*BEE), (HIVE,))
    assert Tagger(named).tags(paper(*BEE)) == ()


def test_an_example_itself_carries_the_topic_even_where_its_text_is_unknown() -> None:
    """What a user named needs no guess."""
    named = (replace(HIVE, examples=("arxiv:2603.00001",)),)
    assert Tagger(named).tags(paper(*ROBOT)) == (Tag("bees", 0.99, "one of your examples"),)


def test_match_or_examples_give_a_topic_and_both_reasons_are_told() -> None:
    """A topic with both is given by either; what both say is surer than each."""
    both = (replace(HIVE, match=parse("grasp OR camera", only=TOPIC_FIELDS)),)
    (by_match,) = tags(paper(*ROBOT), both)
    assert by_match == Tag("bees", 0.9, "title: grasp")
    (tag,) = tags(paper(*BEE), both)
    assert tag.reason.startswith("summary: camera; close to your examples: “")


def test_examples_on_a_default_topic_only_add() -> None:
    """The network still gives the topic, and the examples give it to what it never saw there."""
    robotics = next(t for t in default_topics() if t.id == "robotics")
    wider = (replace(robotics, examples=BEES),)
    assert tags(paper(*ROBOT), wider) == tags(paper(*ROBOT), (robotics,))
    assert tags(paper(*BEE), (robotics,)) == ()
    assert [t.topic for t in tags(paper(*BEE), wider)] == ["robotics"]


def test_the_ids_to_look_up_are_listed_once_each() -> None:
    """Texts are none of them, and two topics may share a paper."""
    first = replace(HIVE, examples=("arxiv:2602.00001", "arxiv:cs/9901001", BEES[0]))
    second = replace(HIVE, id="hives", examples=("arxiv:2602.00001",))
    assert example_ids((first, second)) == ("arxiv:2602.00001", "arxiv:cs/9901001")


def test_examples_that_cannot_count_are_listed() -> None:
    """An id without a text, and a text without words that the model knows."""
    topic = replace(HIVE, examples=("arxiv:2602.00001", "xqzv wvvq zzkx qqpw", BEES[0]))
    lost = ("bees", "xqzv wvvq zzkx qqpw")
    assert unread_examples((topic,)) == (("bees", "arxiv:2602.00001"), lost)
    assert unread_examples((topic,), {"arxiv:2602.00001": BEES[1]}) == (lost,)


def test_an_entry_of_too_few_words_is_close_to_nothing() -> None:
    """One word has a direction, and says nothing."""
    assert tags(paper("Bees"), (HIVE,)) == ()


def test_fewer_examples_ask_for_more() -> None:
    """Chance makes two papers alike sooner than it makes five."""
    rng = np.random.default_rng(1)
    views = views_over(rng.normal(size=(400, 20)).astype(np.float32))
    apart = rng.normal(size=(8, 20)).astype(np.float32)
    few, many = likeness(("a",), apart[:1], views), likeness(tuple("abcdefgh"), apart, views)
    assert few.threshold > many.view.least
    assert few.threshold > many.threshold


def test_examples_that_lie_close_together_ask_for_closeness() -> None:
    """An entry must stand as far from other papers as an example that was left out."""
    rng = np.random.default_rng(2)
    views = views_over(rng.normal(size=(600, 200)).astype(np.float32))
    middle, off = rng.normal(size=(2, 200)).astype(np.float32)
    names = tuple("abcdef")
    tight, loose = (
        likeness(names, middle + width * rng.normal(size=(6, 200)).astype(np.float32), views)
        for width in (0.1, 1.0)
    )
    between = middle + 0.8 * off
    assert tight.threshold > loose.threshold
    assert tight.score(middle) is not None
    assert tight.score(between) is None
    assert loose.score(between) is not None


def test_the_background_was_made_for_the_numbers_that_ship() -> None:
    """Vectors of another embedding mean nothing: run tools/background.py after a training."""
    body = resources.files("sundaypaper").joinpath("data", "background.npz").read_bytes()
    shipped = model.load()
    made_of = shipped.embedding.tobytes() + shipped.scale.tobytes()
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        assert arrays["made_for"].tobytes() == hashlib.sha256(made_of).digest()
        assert arrays["vectors"].shape[1] == shipped.embedding.shape[1]
    assert [len(view.others) for view in background()] == [2000, 2000]
