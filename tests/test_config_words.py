"""Mistakes of feeds.yaml in words for a person: none of the parser's own language is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from sundaypaper import config
from sundaypaper.errors import ConfigError

ARXIV = "sources: [{kind: arxiv}]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources:\n  - kind: arxiv\n   name: A\n", ":3:4: not YAML: this line stands further in or out"),
        ("sources: [{kind: arxiv]\n", ":1:23: not YAML: the { before it is not closed"),
        ("sources: [{kind: arxiv}\ntitle: x\n", ":2:1: not YAML: the [ before it is not closed"),
        (f"{ARXIV}}}\n", ":2:1: not YAML: this } closes nothing that was opened"),
        (f"title: 'x\n{ARXIV}", ":3:1: not YAML: a text in quotes is not closed"),
        (f"title: x\n\u00a0 contact: a\n{ARXIV}", ":2:1: the line begins with a non-breaking space (U+00A0)"),
        ("sources: [{kind: arxiv, categories: cs.LG}]\n", ":1:37: sources[0].categories: expected a list, found “cs.LG”: write [cs.LG]"),
        (f"venues: {{core: neurips}}\n{ARXIV}", ":1:16: venues.core: expected a list, found “neurips”: write [neurips]"),
        (f"contact: nobody\n{ARXIV}", ":1:10: contact: expected a mail address, or a page"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_words_for_a_person(text: str, told: str) -> None:
    """Where it is and what to write; no <block end>, scalar, mapping or stream."""
    with pytest.raises(ConfigError) as raised:
        config.read_text(text, Path("feeds.yaml"))
    message = str(raised.value)
    assert message.startswith(f"feeds.yaml{told}")
    assert not any(
        word in message for word in ("<block", "scalar", "mapping", "stream", "sequence")
    )


@pytest.mark.parametrize(
    "contact", ["''", "me@lab.example", "'Ada <ada@lab.example>'", "https://lab.example/paper"]
)
def test_whoever_can_be_reached_is_a_contact(contact: str) -> None:
    """A mail address, with a name too, a page, or nothing at all."""
    config.read_text(f"contact: {contact}\n{ARXIV}", Path("feeds.yaml"))
