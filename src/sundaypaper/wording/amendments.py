"""Words for what was changed after it was printed, and for what was taken back again."""

from __future__ import annotations

from sundaypaper import markdown
from sundaypaper.models import Amendment
from sundaypaper.wording.dates import day_words
from sundaypaper.wording.sentences import sentence

MADE = {
    "note": "Correction",
    "removed": "Removed",
    "headline": "Headline corrected",
    "intro": "Words of the editor corrected",
}
ENDED = {
    "note": "Correction of {made}, taken back on {until}",
    "removed": "Removed on {made}, back since {until}",
    "headline": "Headline corrected on {made}, taken back on {until}",
    "intro": "Words of the editor corrected on {made}, taken back on {until}",
}


def amendment_label(one: Amendment) -> str:
    """What was done and when: `Correction, 12 March 2026`."""
    made = day_words(one.made)
    if one.until is None:
        return f"{MADE[one.kind]}, {made}"
    return ENDED[one.kind].format(made=made, until=day_words(one.until))


def ended_words(one: Amendment) -> str:
    """What became of an amendment that was told: `Taken back on 14 March 2026.`; "" while it holds."""
    if one.until is None:
        return ""
    return f"{'Back since' if one.kind == 'removed' else 'Taken back on'} {day_words(one.until)}."


def amendment_words(one: Amendment) -> str:
    """What it says, as one sentence; of corrected words those that had been printed.

    Of corrected words that were taken back it says those that stood here meanwhile. Empty where
    they may not be shown any more.
    """
    if one.kind in ("note", "removed"):
        return sentence(one.text)
    if one.until is not None:
        return _quoted("Meanwhile it said", one.kind, one.text)
    return _quoted("It was printed as", one.kind, one.old)


def _quoted(before: str, kind: str, words: str) -> str:
    words = " ".join(markdown.plain(words).split()) if kind == "intro" else words
    return f"{before}: “{words}”" if words else ""
