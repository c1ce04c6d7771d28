"""What a version brings to a feeds.yaml of before: it is told, and only what moved is written."""

from __future__ import annotations

from pathlib import Path

from sundaypaper import __version__
from sundaypaper.pipeline.upgrading import Moved, Novelty, moved_text, news, since
from terminal import typed

MINE = """\
format: 1
made_with: 0.1.0
title: Mine           # my title
sources:
  - {kind: arxiv}
  # A good blog.
  - {kind: feed, name: BAIR, url: https://old.example/feed}   # weekly
print: {at: sun 09:00}
topics:
  - {id: vision, name: Vision, match: eye*}
"""
BAIR = "https://bair.berkeley.edu/blog/feed.xml"
METR = "https://metr.substack.com/feed"


def history() -> dict[str, dict[str, str]]:
    """As of a program that is a version further: a key, a source and a topic came, a feed moved twice."""
    real = since()
    return {
        "keys": dict(real["keys"]) | {"print.hold": "0.2.0", "venues": "0.10.0"},
        "sources": dict(real["sources"]) | {METR: "0.2.0"},
        "topics": dict(real["topics"]) | {"audio-speech": "0.2.0"},
        "moved": {
            "https://old.example/feed": "https://middle.example/feed",
            "https://middle.example/feed": BAIR,
        },
    }


def test_only_what_came_since_the_file_was_made_is_news() -> None:
    """0.10 comes after 0.2; what the file could have had from its first day is no news."""
    found = news(MINE, history())
    assert [key.name for key in found.keys] == ["venues", "print.hold"]
    assert found.keys[1].default == "false"
    assert found.sources == (Novelty("METR", METR),)
    assert found.topics == (Novelty("audio-speech", "Audio & speech"),)
    assert found.since == "0.1.0"


def test_a_source_that_moved_is_found_by_its_address_and_led_to_where_it_is_now() -> None:
    """Over two moves; it is not told as a new source, too."""
    found = news(MINE, history(), every=True)
    assert found.moved == (Moved(1, "BAIR", "https://old.example/feed", BAIR),)
    assert BAIR not in [source.about for source in found.sources]


def test_a_move_there_and_back_ends() -> None:
    """Two addresses that each lead to the other."""
    circle = history() | {"moved": {"https://old.example/feed": "https://b.example/", "https://b.example/": "https://old.example/feed"}}  # fmt: skip
    assert news(MINE, circle).moved == ()


def test_a_file_that_names_no_version_hears_all_that_it_lacks() -> None:
    """Written by hand: what it left out on purpose cannot be told from what is new."""
    found = news("title: A\nsources: [{kind: arxiv}]\n", since())
    assert "print" in [key.name for key in found.keys]
    assert "title" not in [key.name for key in found.keys]
    assert "made_with" not in [key.name for key in found.keys]
    assert len(found.sources) > 80
    assert found.topics == ()  # a file without topics has all 24


def test_new_addresses_are_written_with_every_other_letter_kept() -> None:
    """The comment behind the source, the spaces, and the version that it was compared with."""
    found = news(MINE, history())
    text = moved_text(MINE, "feeds.yaml", found.moved)
    assert text == MINE.replace("https://old.example/feed", BAIR).replace(
        "made_with: 0.1.0", f"made_with: '{__version__}'"
    )


def test_the_command_changes_nothing_unless_it_is_asked_to(tmp_path: Path) -> None:
    """It tells, with exit status 0."""
    file = tmp_path / "feeds.yaml"
    file.write_text("title: A\nsources: [{kind: arxiv}]\n")
    done = typed(tmp_path, "upgrade-config")
    assert done.returncode == 0
    assert "  timezone [UTC]: the time zone of" in done.stdout
    assert f"  METR: {METR}\n" in done.stdout
    assert file.read_text() == "title: A\nsources: [{kind: arxiv}]\n"
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_asked_to_write_it_keeps_a_copy_and_is_quiet_afterwards(tmp_path: Path) -> None:
    """The file before stands beside, under a name that nothing had; a second time nothing is new."""
    file = tmp_path / "feeds.yaml"
    before = "title: A   # mine\nsources: [{kind: arxiv}]\n"
    file.write_text(before)
    (tmp_path / "feeds.yaml.before-1").write_text("of long ago")
    assert typed(tmp_path, "upgrade-config", "--write").returncode == 0
    assert (tmp_path / "feeds.yaml.before-1").read_text() == "of long ago"
    assert (tmp_path / "feeds.yaml.before-2").read_text() == before
    assert (
        file.read_text()
        == f"title: A   # mine\nmade_with: '{__version__}'\nsources: [{{kind: arxiv}}]\n"
    )
    again = typed(tmp_path, "upgrade-config", "--write")
    assert f"brings nothing new since {__version__}" in again.stdout
    assert not (tmp_path / "feeds.yaml.before-3").exists()


def test_mistakes_of_the_file_come_first(tmp_path: Path) -> None:
    """What does not load is not compared."""
    (tmp_path / "feeds.yaml").write_text("titel: A\n")
    done = typed(tmp_path, "upgrade-config", "--write")
    assert done.returncode == 2
    assert "did you mean “title”?" in done.stderr
    assert (tmp_path / "feeds.yaml").read_text() == "titel: A\n"
