"""Text from outside, made into one line of plain text."""

from __future__ import annotations

import pytest

from sundaypaper.text import clean


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u1100\u1161\u11a8", "\uac01"),
        ("\u0065\u0323\u0302", "\u1ec7"),
        ("10\u2076 \ufb01ts", "10\u2076 \ufb01ts"),
    ],
    ids=["accent", "Hangul", "two marks", "what only looks alike stays"],
)
def test_a_letter_has_one_form(written: str, kept: str) -> None:
    """Composed, as keyboards write it: one title is one title whatever program wrote it."""
    assert clean(written) == kept


@pytest.mark.parametrize(
    "character",
    ["\0", "\x1b", "\x7f", "\x9b", "\u202e", "\u2067", "\u200f", "\ud83d", "\ufeff", "\uffff"],
)
def test_what_steers_a_terminal_or_turns_text_around_is_no_text(character: str) -> None:
    """Controls, directions and halves of a letter go; the words on either side stay as they are."""
    assert clean(f"A{character}B title") == "AB title"


def test_a_text_is_one_line() -> None:
    """Whatever breaks lines somewhere is a space here, and spaces are one."""
    assert clean("one\r\ntwo\u2028three\x0bfour\u0085five\tsix  seven") == (
        "one two three four five six seven"
    )
