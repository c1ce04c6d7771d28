"""Composing in tests: what is said by name goes into the material or the frame of an issue."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sundaypaper.issue import Frame, Material, Sizes, compose, edition, frame_of
from sundaypaper.issue.section_table import SETTINGS
from sundaypaper.models import Issue, Pick

MATERIAL = frozenset(field.name for field in fields(Material))
# As the manual says them, by hand; a section that no test here names prints nothing.
USUAL: Sizes = {
    "lead": 5, "accepted": 8, "accepted_titles": 24, "newly_accepted": 6, "elsewhere": 12, "new": 8,
    "new_titles": 16, "released": 6, "blogs": 8, "learn": 3, "shelf": 1, "dates": 5, "words": 2600,
}  # fmt: skip
SIZES: Sizes = {**dict.fromkeys((size.name for size in SETTINGS), 0), **USUAL}


def sizes(**given: int) -> Sizes:
    """The usual sizes but for those that are given."""
    return {**SIZES, **given}


def composed(*picks: Pick, **given: Any) -> Issue:
    """The issue of these picks; the usual sizes where none are given."""
    frame = {"sizes": SIZES} | {k: given[k] for k in given.keys() - MATERIAL}
    return compose(
        Material(picks, **{k: given[k] for k in given.keys() & MATERIAL}), Frame(**frame)
    )


def viewed(issue: Issue, match: Any, chosen: Sizes = SIZES, **given: Any) -> Issue:
    """The edition of an issue that a match lets through."""
    frame = {"core": (), "venues": {}} | given
    return edition(issue, frame_of(issue, sizes=chosen, **frame), match)
