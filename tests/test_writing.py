"""feeds.yaml is edited as a person would: what was asked for changes, and no other letter does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundaypaper import config
from sundaypaper.config.writing import FeedsText
from sundaypaper.errors import ConfigError
from sundaypaper.forms.document import parse

ROOT = Path(__file__).parents[1]
SMALL = """\
# What my paper reads.
title: Sunday Paper   # its name
contact:
print: {}             # how much

venues:
  core: [neurips, icml]   # first
  also:                   # near
    - iclr                # learning
    - acl

sources:
  # New papers.
  - kind: arxiv
    name: arXiv
  # A blog of mine.
  - {kind: feed, name: Mine, url: https://a.example/feed}  # good

  # - {kind: feed, name: Not yet, url: https://b.example/feed}

topics:

  - id: birds
    name: Birds
    match: >-
      bird* OR
      wing

  # With fins.
  - id: fish
    name: Fish
    match: fish*
"""


def edited(text: str = SMALL) -> FeedsText:
    """The file as its editor has it."""
    return FeedsText(text)


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that are new."""
    old, new = before.splitlines(), after.splitlines()
    return [x for x in old if x not in new], [x for x in new if x not in old]


def test_a_value_changes_and_its_comment_stays_where_it_was() -> None:
    """The comment behind it keeps its column while there is room for it."""
    feeds = edited()
    feeds.set("title", "My Paper")
    assert changed(SMALL, feeds.text) == (
        ["title: Sunday Paper   # its name"],
        ["title: My Paper       # its name"],
    )


def test_text_that_yaml_would_misread_is_quoted() -> None:
    """A colon, a leading star, a line break, nothing."""
    feeds = edited()
    for said in ("a: b", "*star", "two\nlines", "", "“quoted” # no comment", "- x", "null"):
        feeds.set("title", said)
        assert parse(feeds.text, "f").data["title"] == said  # type: ignore[index]


def test_a_key_without_a_value_gets_one() -> None:
    """`contact:` stood there empty."""
    feeds = edited()
    feeds.set("contact", "me@example.org")
    assert changed(SMALL, feeds.text) == (["contact:"], ["contact: me@example.org"])


def test_a_new_key_comes_last_or_behind_the_one_that_is_named() -> None:
    """At the top level and in brackets; what it belongs to is made where it is not there."""
    feeds = edited()
    feeds.set("publish.to", "gh-pages", after="contact")
    feeds.set("print.at", "fri 09:00")
    feeds.set("print.lead", 3)
    feeds.set("timezone", "Europe/Berlin")
    assert changed(SMALL, feeds.text) == (
        ["print: {}             # how much"],
        [
            "publish: {to: gh-pages}",
            "print: {at: fri 09:00, lead: 3}             # how much",
            "timezone: Europe/Berlin",
        ],
    )
    assert feeds.text.index("contact:") < feeds.text.index("publish:") < feeds.text.index("print:")
    assert feeds.text.endswith("\ntimezone: Europe/Berlin\n")


def test_a_new_key_parts_no_comment_from_what_it_is_about() -> None:
    """Lines of comments that stand further in go on about the key above them."""
    feeds = edited("title: A   # its name,\n           # printed large\nsources: []\n")
    feeds.set("contact", "me", after="title")
    assert feeds.text == (
        "title: A   # its name,\n           # printed large\ncontact: me\nsources: []\n"
    )


def test_a_list_is_written_as_the_one_before_it_was() -> None:
    """In brackets or a line an item; the comments of items that go, go."""
    feeds = edited()
    feeds.set("venues.core", ["acl"])
    feeds.set("venues.also", ["emnlp", "naacl"])
    assert "  core: [acl]             # first\n" in feeds.text
    assert "  also:                   # near\n    - emnlp\n    - naacl\n\nsources:" in feeds.text


def test_a_source_is_added_behind_the_last_with_a_comment() -> None:
    """Before what is commented out, as far in as the others; a long one takes a line a key."""
    feeds = edited()
    feeds.append(
        "sources", {"kind": "feed", "name": "B", "url": "https://b.example/"}, comment="B."
    )
    long = "https://c.example/" + "c" * 80
    feeds.append("sources", {"kind": "feed", "name": "C: d", "url": long})
    assert (
        "feed}  # good\n"
        "  # B.\n"
        "  - {kind: feed, name: B, url: https://b.example/}\n"
        "  - kind: feed\n"
        "    name: 'C: d'\n"
        f"    url: {long}\n"
        "\n"
        "  # - {kind: feed, name: Not yet"
    ) in feeds.text
    assert changed(SMALL, feeds.text)[0] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sources: []  # none\n", "sources:  # none\n  - {kind: arxiv}\n"),
        ("sources:\ntitle: A\n", "sources:\n  - {kind: arxiv}\ntitle: A\n"),
        ("title: A", "title: A\nsources:\n  - {kind: arxiv}\n"),
        ("sources: [{kind: bundle},]\n", "sources: [{kind: bundle}, {kind: arxiv},]\n"),
        ("sources:\n- {kind: bundle}", "sources:\n- {kind: bundle}\n- {kind: arxiv}\n"),
        ("sources:\r\n- {kind: bundle}\r\n", "sources:\r\n- {kind: bundle}\r\n- {kind: arxiv}\r\n"),
        ("sources: [\n  {kind: bundle} # b\n]\n", "sources: [\n  {kind: bundle} # b\n, {kind: arxiv}]\n"),
    ],
)  # fmt: skip
def test_the_first_source_of_any_file_is_added(before: str, after: str) -> None:
    """An empty list, no value, no key, brackets, no indentation, line breaks of Windows, a comment inside."""
    feeds = edited(before)
    feeds.append("sources", {"kind": "arxiv"})
    assert feeds.text == after


def test_a_name_is_added_to_an_empty_list_in_its_brackets() -> None:
    """`authors: []`, as the default file has it."""
    feeds = edited("authors: []  # people\n")
    feeds.append("authors", "Ada Example")
    feeds.append("authors", "Bo, Jr.")
    assert feeds.text == "authors: [Ada Example, 'Bo, Jr.']  # people\n"


def test_an_item_goes_with_the_comments_right_above_it() -> None:
    """And with the blank lines behind it; the others stay."""
    feeds = edited()
    feeds.remove(("topics", 0))
    assert "topics:\n\n  # With fins.\n  - id: fish\n" in feeds.text
    feeds = edited()
    feeds.remove(("sources", 1), ("topics", 1))
    assert "Mine" not in feeds.text
    assert "A blog of mine" not in feeds.text
    assert "# - {kind: feed, name: Not yet" in feeds.text
    assert feeds.text.endswith("      bird* OR\n      wing\n\n")


@pytest.mark.parametrize(
    ("text", "edit", "said"),
    [
        ("a: &x [1]\nb: *x\n", lambda f: f.set("b", 2), "b: is shared by an anchor (&, *): change it by hand"),
        ("a: &x [1]\nb: *x\n", lambda f: f.append("a", 2), "a: is shared by an anchor (&, *): change it by hand"),
        ("a: text\n", lambda f: f.set("a.b", 2), "a: holds no keys: change it by hand"),
        ("a: text\n", lambda f: f.append("a", 2), "a: is no list: change it by hand"),
        ("a: [1, 2]\n", lambda f: f.remove(("a", 0)), "a[0]: stands among others in one line: change it by hand"),
        ("a: [1\n", lambda f: f.set("b", 2), "not YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_edited_is_said_and_left(
    text: str, edit: Callable[[FeedsText], None], said: str
) -> None:
    """An anchor, a text where keys were expected, a list in one line, no YAML."""
    feeds = edited(text)
    with pytest.raises(ConfigError, match=r"^feeds\.yaml:[12]:") as caught:
        edit(feeds)
    assert said in str(caught.value)
    assert feeds.text == text


TEXT = st.text(max_size=20).map(lambda text: "".join(filter(str.isprintable, text)))


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, min_size=1), min_size=1, max_size=3), TEXT)
def test_whatever_is_written_reads_back(value: dict[str, object], name: str) -> None:
    """Any keys and texts, as an item, in brackets and as a value, beside what was there."""
    feeds = edited()
    before = parse(SMALL, "f").data
    feeds.append("sources", value)
    feeds.append("authors", name)
    feeds.set("web", value, after="title")
    after = parse(feeds.text, "f").data
    assert isinstance(before, dict)
    sources = [*before["sources"], value]
    assert after == before | {"sources": sources, "authors": [name], "web": value}


def test_the_default_file_is_edited_and_still_loads(tmp_path: Path) -> None:
    """The real one, 600 lines with its comments: five lines change, and what it means with them."""
    default = (ROOT / "feeds.yaml").read_text(encoding="utf-8")
    feeds = FeedsText(default)
    feeds.set("title", "Birds: a paper")
    feeds.set("print.at", "fri 09:00")
    feeds.set("venues.core", ["acl"])
    feeds.append("sources", {"kind": "feed", "name": "Bird", "url": "https://bird.example/feed"})
    file = tmp_path / "feeds.yaml"
    file.write_text(feeds.text, encoding="utf-8")
    read = config.load(file)
    assert read.masthead.title == "Birds: a paper"
    assert read.core == ("acl",)
    assert read.sources[-1].name == "Bird"
    gone, new = changed(default, feeds.text)
    assert (len(gone), len(new)) == (3, 4)
