"""The feeds.yaml that comes with the program: complete, explained, and within its own promises."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sundaypaper.models import Card, Entry
from sundaypaper.query import TOPIC_FIELDS, card_of_entry, match, parse

FEEDS = Path(__file__).parents[1] / "feeds.yaml"
AT_LEAST = {"researcher": 10, "practitioner": 16, "newsletter": 8, "course": 8, "community": 3}
FEED_LINE = re.compile(r"\s*- \{kind: feed,")
MIRROR = "https://raw.githubusercontent.com/"


@cache
def config() -> dict[str, Any]:
    """The file as plain data."""
    data: dict[str, Any] = YAML(typ="safe").load(FEEDS.read_text("utf-8"))
    return data


def feeds() -> list[dict[str, Any]]:
    """Every feed that is listed, read or not."""
    return [s for s in config()["sources"] if s["kind"] == "feed"]


def read() -> list[dict[str, Any]]:
    """The feeds that are asked."""
    return [f for f in feeds() if not f.get("off")]


def post(title: str) -> Card:
    """What a filter sees of a post that is no more than its title."""
    return card_of_entry(Entry("post:1", "post", "A blog", "https://blog.example/1", title))


def test_between_60_and_70_feeds_are_read() -> None:
    """Enough for a choice, few enough for a polite run."""
    assert 60 <= len(read()) <= 70


def test_the_choice_leans_to_people_who_explain_and_build() -> None:
    """Labs stay within a dozen, every other group has its share, and no vendor's news is read."""
    groups = Counter(f["group"] for f in read())
    assert groups["lab"] <= 12
    assert {g: n for g, n in groups.items() if n < AT_LEAST.get(g, 0)} == {}
    assert set(groups) == {"lab", *AT_LEAST}


@pytest.mark.parametrize("key", ["name", "url"])
def test_no_two_feeds_share_a_name_or_an_address(key: str) -> None:
    """A source is known by its name, and a server is asked once for one thing."""
    counts = Counter(f[key].casefold().rstrip("/") for f in feeds())
    assert [value for value, n in counts.items() if n > 1] == []


def test_every_address_is_https() -> None:
    """Nobody on the way may change what is read."""
    assert [f["url"] for f in feeds() if not f["url"].startswith("https://")] == []


def test_a_mirror_says_so_and_is_not_read() -> None:
    """What somebody else scrapes from a site is listed as unofficial and off."""
    mirrors = [f for f in feeds() if f["url"].startswith(MIRROR)]
    assert mirrors
    assert [f["name"] for f in mirrors if not (f.get("unofficial") and f.get("off"))] == []


def test_every_feed_says_why_it_is_there() -> None:
    """The line above each feed is a comment of some words, and no two feeds share one."""
    lines = FEEDS.read_text("utf-8").splitlines()
    above = [lines[i - 1].strip() for i, line in enumerate(lines) if FEED_LINE.match(line)]
    assert len(above) == len(feeds())
    assert [a for a in above if not re.match(r"# \w.{15,}", a)] == []
    assert len(set(above)) == len(above)


def test_every_filter_of_a_feed_is_a_query() -> None:
    """The busy feeds are narrowed, in the filter language."""
    busy = {"Simon Willison", "Towards Data Science", "MIT News", "r/MachineLearning"}
    narrowed = {f["name"]: f["only"] for f in feeds() if "only" in f}
    assert busy <= set(narrowed)
    for text in narrowed.values():
        parse(text)


@pytest.mark.parametrize(
    ("name", "kept", "dropped"),
    [
        ("r/MachineLearning", "[R] Sparse maps for small robots", "[D] Is a degree worth it?"),
        ("Simon Willison", "Evaluating agents on my own notes", "Quoting a stranger on models"),
        ("Towards Data Science", "How to split data by time", "My year in spreadsheets"),
        ("Hacker News", "A GPU kernel in forty lines", "The history of the paperclip"),
        ("NVIDIA Developer", "Faster inference with small batches", "Meet us at the fair"),
    ],
)
def test_a_filter_keeps_the_lesson_and_drops_the_rest(name: str, kept: str, dropped: str) -> None:
    """What a filter is for, shown by one title of either sort."""
    query = parse(next(f["only"] for f in feeds() if f["name"] == name))
    assert match(query, post(kept))
    assert not match(query, post(dropped))


def test_24_topics_each_with_its_own_id_and_name() -> None:
    """The default taxonomy is whole."""
    topics = config()["topics"]
    assert len({t["id"] for t in topics}) == len({t["name"] for t in topics}) == len(topics) == 24


def test_every_topic_can_be_read_by_a_person_and_by_the_program() -> None:
    """A match parses with the fields that a topic may use, and stays short enough to edit."""
    for topic in config()["topics"]:
        parse(topic["match"], only=TOPIC_FIELDS)
        assert len(topic["match"]) <= 1100, topic["id"]


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("vision", "Object detection under fog"),
        ("graphs", "Graph neural networks for bus lines"),
        ("generative", "Diffusion models that draw maps"),
        ("reinforcement-learning", "Offline reinforcement learning from logs"),
        ("mlops", "Kubernetes for a team of two"),
        ("efficiency-systems", "Pruning a network while it trains"),
        ("audio-speech", "Speech recognition in kitchens"),
        ("alignment-safety", "A jailbreak that rhymes"),
    ],
)
def test_a_plain_title_finds_its_topic(topic: str, title: str) -> None:
    """A post without arXiv categories is understood by its words alone."""
    query = next(t["match"] for t in config()["topics"] if t["id"] == topic)
    assert match(parse(query), post(title))


def test_a_title_about_none_of_them_finds_no_topic() -> None:
    """No match is so wide that everything falls into it."""
    card = post("A walk along the river")
    assert [t["id"] for t in config()["topics"] if match(parse(t["match"]), card)] == []


def test_the_file_names_the_schema_its_editor_may_use() -> None:
    """Editors complete and check the file by its first line."""
    first = FEEDS.read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=src/sundaypaper/data/feeds.schema.json"
