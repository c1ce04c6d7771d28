"""Examples of a topic in feeds.yaml: what may stand there, and what is told where it may not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sundaypaper import config
from sundaypaper.errors import ConfigError
from sundaypaper.models import Topic

HEAD = "sources: [{kind: arxiv}]\ntopics:\n- {id: bees, name: Bees, "


def topic(folder: Path, keys: str) -> Topic:
    """The one topic of a file."""
    path = folder / "feeds.yaml"
    path.write_text(f"{HEAD}{keys}}}\n", encoding="utf-8")
    (found,) = config.load(path).topics
    return found


def mistake(folder: Path, keys: str) -> str:
    """The one mistake of a file, without its name."""
    with pytest.raises(ConfigError) as caught:
        topic(folder, keys)
    (found,) = caught.value.mistakes
    return str(dataclasses.replace(found, file=""))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2602.00010", "arxiv:2602.00010"),
        ("2602.00001v3", "arxiv:2602.00001"),
        ("'arXiv:2602.00001'", "arxiv:2602.00001"),
        ("https://arxiv.org/abs/2602.00001v2", "arxiv:2602.00001"),
        ("http://arxiv.org/pdf/2602.00001.pdf", "arxiv:2602.00001"),
        ("cs/9901001", "arxiv:cs/9901001"),
        ("https://arxiv.org/abs/hep-th/9901001v1", "arxiv:hep-th/9901001"),
        ("math.GT/0309136", "arxiv:math/0309136"),
        ("Counting  bees in hives", "Counting bees in hives"),
    ],
)
def test_ids_in_all_their_forms_and_titles_are_read(
    tmp_path: Path, written: str, read: str
) -> None:
    """An id arrives as entries carry it, a text cleaned; no match is needed, and none holds."""
    found = topic(tmp_path, f"examples: [{written}]")
    assert found.examples == (read,)
    assert found.match.text == ""


def test_a_block_keeps_the_title_on_its_line(tmp_path: Path) -> None:
    """The first line is the title, whatever follows is the abstract."""
    path = tmp_path / "feeds.yaml"
    head = "sources: [{kind: arxiv}]\ntopics:\n- id: bees\n  name: Bees\n  examples:\n  - |\n"
    path.write_text(head + "    Counting bees\n    A camera counts\n    them.\n", encoding="utf-8")
    (found,) = config.load(path).topics
    assert found.examples == ("Counting bees\nA camera counts them.",)


def test_examples_stand_beside_a_match(tmp_path: Path) -> None:
    """Either may be left out, and both may be there."""
    found = topic(tmp_path, "match: bee*, examples: [2602.00001]")
    assert (found.match.text, found.examples) == ("bee*", ("arxiv:2602.00001",))


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("examples: []", ":3:36: topics[0].examples: expected at least 1 entry, found an empty li"),
        ("examples: [three short words]", ":3:37: topics[0].examples[0]: expected an arXiv id su"),
        ("examples: [2602.00001, bees]", ":3:49: topics[0].examples[1]: expected an arXiv id such"),
        ("examples: [[2602.00001]]", ":3:37: topics[0].examples[0]: expected an arXiv id or a ti"),
        ("examples: 2602.00001", ":3:36: topics[0].examples: expected a list, found “2602.00001”"),
        ("examples: ", ":3:3: topics[0]: the key “match” is missing: expected a query"),
        ("match: ", ":3:26: topics[0].match: expected a query"),
    ],
)
def test_what_cannot_be_an_example_is_told_with_its_place(
    tmp_path: Path, keys: str, says: str
) -> None:
    """Line, column and what would be right."""
    assert mistake(tmp_path, keys).startswith(says)


def test_more_than_fifty_examples_are_refused(tmp_path: Path) -> None:
    """A training set is not a list of examples."""
    ids = ", ".join(f"2602.{n:05}" for n in range(51))
    says = ":3:36: topics[0].examples: expected at most 50 entries, found 51"
    assert mistake(tmp_path, f"examples: [{ids}]") == says


def test_examples_count_as_content(tmp_path: Path) -> None:
    """An issue made with other examples is another issue; without any nothing changes."""
    prints = []
    for keys in (
        "match: a",
        "match: a, examples: [2602.00001]",
        "match: a, examples: [2602.00002]",
    ):
        topic(tmp_path, keys)
        prints.append(config.load(tmp_path / "feeds.yaml").fingerprint)
    assert len(set(prints)) == 3
