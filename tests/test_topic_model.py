"""The learnt part of the topics: the numbers that ship, what they say, and what they cannot do."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from effort import calls
from sundaypaper.config import default_topics
from sundaypaper.models import Card, Entry, Topic
from sundaypaper.models.vocabulary import Kind
from sundaypaper.query import TOPIC_FIELDS, card_of_entry, match, parse
from sundaypaper.topics import model, tags, words
from sundaypaper.wording import telling

SHIPPED = resources.files("sundaypaper").joinpath("data", "topics.npz").read_bytes()
DEFAULTS = default_topics()


def paper(title: str, summary: str = "", *categories: str) -> Entry:
    return Entry(
        id="arxiv:2603.00001",
        kind="paper",
        source="arxiv",
        url="https://example.org/",
        title=title,
        summary=summary,
        categories=categories,
    )


def given(entry: Entry, topics: tuple[Topic, ...] = DEFAULTS) -> list[str]:
    return [tag.topic for tag in tags(entry, topics)]


DIFFUSION = paper(
    "Faster samplers for image diffusion",
    "We propose a sampler for text-to-image diffusion models that needs ten steps. The score "
    "network is left as it is, and generated images keep their quality.",
    "cs.CV",
)
ROBOT = paper(
    "Learning to grasp with two hands",
    "A dexterous manipulation policy for a bimanual robot, trained in simulation and moved to "
    "hardware, picks up objects that it never saw.",
    "cs.RO",
)


# ---------------------------------------------------------------- what ships


def test_the_numbers_are_what_their_header_says() -> None:
    """Sizes, topics and settings of the header agree with the arrays beside it."""
    shipped = model.load()
    header = shipped.header
    dimensions, topics = header["dimensions"], len(header["topics"])
    inputs = dimensions + len(header["categories"]) + 2 + topics
    assert len(shipped.names) == len(shipped.vocabulary) == header["words"]
    assert shipped.embedding.shape == (header["words"], dimensions)
    assert np.abs(shipped.embedding).max() <= 7
    for network in (shipped.papers, shipped.posts):
        assert network.hidden.shape[0] == inputs
        assert network.output.shape == (network.hidden.shape[1], topics)
        assert network.thresholds.shape == (topics,)
    told = json.dumps(header["settings"], sort_keys=True)
    assert header["settings_sha256"] == hashlib.sha256(told.encode()).hexdigest()


def test_the_model_knows_the_default_topics_and_looks_at_their_matches() -> None:
    """A default topic or match that changes asks for a new training, and this says so."""
    shipped = model.load()
    assert tuple(shipped.topics) == tuple(t.id for t in DEFAULTS)
    assert all(shipped.saw(topic) for topic in DEFAULTS)


def test_the_file_is_small_and_holds_no_objects() -> None:
    """At most eight megabytes of plain arrays, each readable with pickles forbidden."""
    assert len(SHIPPED) <= 8_000_000
    with np.load(io.BytesIO(SHIPPED), allow_pickle=False) as arrays:
        assert not any(arrays[name].dtype.hasobject for name in arrays.files)


def test_a_file_with_a_pickle_in_it_is_refused() -> None:
    """Numbers from elsewhere cannot run code."""
    hostile = io.BytesIO()
    np.save(hostile, np.array([{"a": 1}], object), allow_pickle=True)
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SHIPPED)) as old, zipfile.ZipFile(body, "w") as new:
        for name in old.namelist():
            new.writestr(name, hostile.getvalue() if name == "scale.npy" else old.read(name))
    with pytest.raises(ValueError, match="allow_pickle"):
        model.loaded(body.getvalue())


# ---------------------------------------------------------------- what it says


def test_plain_papers_and_posts_get_the_topics_that_a_reader_expects() -> None:
    """Papers by their words and categories, a post by its words alone."""
    post = Entry(
        id="post:0123456789abcdef",
        kind="post",
        source="blog",
        url="https://example.org/post",
        title="Red teaming our newest chat model",
        summary="How we look for jailbreaks, prompt injection and misuse before a release.",
    )
    assert given(DIFFUSION)[0] == "generative"
    assert given(ROBOT)[0] == "robotics"
    assert given(post)[0] == "alignment-safety"


@pytest.mark.parametrize(
    ("kind", "network"),
    [("paper", "papers"), ("post", "posts"), ("course", "posts"), ("event", "posts")],
)
def test_papers_and_all_else_are_told_apart_by_networks_of_their_own(
    kind: Kind, network: str
) -> None:
    """A network that is silent says nothing of its own kind, and leaves the other's alone."""
    shipped = model.load()
    silent = replace(getattr(shipped, network), thresholds=np.ones(len(shipped.topics), np.float32))
    card = card_of_entry(replace(DIFFUSION, kind=kind))
    assert "generative" in model.read(card, shipped).sure()
    assert not model.read(card, replace(shipped, **{network: silent})).sure()
    (other,) = {"papers", "posts"} - {network}
    assert "generative" in model.read(card, replace(shipped, **{other: silent})).sure()


def test_a_post_of_a_line_is_told_by_the_names_that_posts_use() -> None:
    """Titles alone, of subjects that abstracts speak of otherwise."""
    said = {
        "A new voice for our assistant: text to speech in thirty languages": "audio-speech",
        "Get more from your coding agent with subagents": "reasoning-agents",
        "Our new office in Lisbon and what it means for public policy": "society-education",
        "Better observability and alerts for your data pipelines": "mlops",
        "How we red team our models against jailbreaks": "alignment-safety",
    }
    posts = [
        Entry(id=f"post:{at}", kind="post", source="blog", url="", title=title)
        for at, title in enumerate(said)
    ]
    assert [given(post)[:1] for post in posts] == [[topic] for topic in said.values()]


def test_an_entry_without_words_gets_no_tag() -> None:
    """Nothing said, nothing claimed, and no division by zero."""
    assert given(Entry(id="post:0", kind="post", source="b", url="", title="")) == []


def test_a_reason_names_the_words_that_spoke_for_the_topic() -> None:
    """Without a rule that holds the words stand behind the topic's name, all of them the entry's."""
    topic = Topic("robotics", "Robots", parse("zeppelin", only=TOPIC_FIELDS))
    (tag,) = tags(ROBOT, (topic,))
    assert tag.reason.startswith("reads like Robots: ")
    said = tag.reason.removeprefix("reads like Robots: ").split(", ")
    text = card_of_entry(ROBOT).text
    assert 2 <= len(said) <= 3
    assert all(f" {word} " in text.replace("  ", " ") for word in said)


def test_a_rule_that_holds_is_named_first() -> None:
    """What a person can find at a glance stands before what the model felt."""
    generative = tuple(t for t in DEFAULTS if t.id == "generative")
    (tag,) = tags(DIFFUSION, generative)
    assert tag.reason.startswith("title: diffusion")


def test_reasons_leave_out_empty_words_and_say_nothing_twice() -> None:
    """Neither `on the`, a number or a letter, nor `anomalies` beside `anomaly`."""
    assert not telling.sayable("on the")
    assert not telling.sayable("top 10")
    assert not telling.sayable("t")
    assert telling.sayable("3d")
    terms = ("anomalies", "on the", "sampler", "samplers", "score", "image")
    assert telling.first_to_say(terms, 2, "title: anomaly detection") == ("sampler", "score")
    (tag,) = tags(ROBOT, (Topic("robotics", "Robots", parse("robot", only=TOPIC_FIELDS)),))
    first, _, rest = tag.reason.partition("; reads like: ")
    assert first == "summary: robot"
    assert rest
    assert "robot" not in rest


def test_scores_are_probabilities_and_best_first() -> None:
    """Between nought and one, falling, four at the most."""
    found = tags(DIFFUSION, DEFAULTS)
    scores = [tag.score for tag in found]
    assert 1 <= len(found) <= 4
    assert all(0 < score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


# ---------------------------------------------------------------- what a user changes


def test_a_topic_of_ones_own_works_by_its_match_alone() -> None:
    """The model has never heard of it, and its match gives and withholds it."""
    hands = Topic("hands", "Hands", parse("bimanual", only=TOPIC_FIELDS))
    assert given(ROBOT, (hands,)) == ["hands"]
    assert given(DIFFUSION, (hands,)) == []


def test_a_changed_match_adds_to_what_the_model_says() -> None:
    """A default topic with a user's words is given where either holds."""
    robotics = Topic("robotics", "Robotics", parse('"image diffusion"', only=TOPIC_FIELDS))
    assert given(ROBOT, (robotics,)) == ["robotics"]
    (tag,) = tags(DIFFUSION, (robotics,))
    assert (tag.topic, tag.score, tag.reason) == ("robotics", 0.9, "title: image diffusion")


def test_a_default_match_alone_gives_nothing_that_the_model_denies() -> None:
    """The match is part of what the model looked at when it said no."""
    passing = paper(
        "Grasping with two hands by flow matching",
        "A dexterous manipulation policy for a bimanual robot learns contact-rich tasks from "
        "demonstrations by an operator, moves from simulation to hardware, and picks up objects "
        "that it never saw. We also report results on a benchmark of tabletop tasks.",
        "cs.RO",
    )
    evaluation = tuple(t for t in DEFAULTS if t.id == "data-evaluation")
    assert match(evaluation[0].match, card_of_entry(passing))
    assert tags(passing, evaluation) == ()


def test_a_topic_that_was_removed_is_never_given() -> None:
    """What feeds.yaml does not list does not exist, however sure the model is."""
    rest = tuple(t for t in DEFAULTS if t.id != "robotics")
    assert "robotics" not in given(ROBOT, rest)


# ---------------------------------------------------------------- what is hostile


def test_a_megabyte_of_text_is_read_no_further_than_its_beginning() -> None:
    """The same beginning gives the same reading, and the rest costs next to nothing."""
    head = card_of_entry(ROBOT).text.rstrip()
    body = f"{head} " + "diffusion " * 250
    short, long = Card(body), Card(body + "zeppelin a b c " * 70_000)
    assert len(long.text) > 1_000_000
    read = model.read(short)
    assert calls(lambda: model.read(long)) == calls(lambda: model.read(short))
    assert np.array_equal(model.read(long).probabilities, read.probabilities)


def test_a_clipped_card_keeps_its_fields_and_only_the_words_it_still_has() -> None:
    """Rules that look at the clipped card see neither words nor a title from beyond the cut."""
    card = Card(" title  " + "word " * 1000 + "late ", {"cat": frozenset({"cs.ro"})})
    cut = words.clipped(card)
    assert len(cut.text) == 2000
    assert cut.fields["cat"] == {"cs.ro"}
    assert cut.fields["title"] == {"title"}
    assert "late" not in cut.fields["word"]
    assert words.clipped(Card(" title  word ")) == Card(" title  word ")


def test_the_bag_counts_known_words_and_pairs() -> None:
    """Unknown terms are left out, repeated ones counted."""
    assert words.bag(" red fox  red hat ", {"red": 0, "red fox": 1, "fox": 2}) == {0: 2, 1: 1, 2: 1}
