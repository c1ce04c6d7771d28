"""Composing one week: ranked picks in, a frozen issue out."""

from sundaypaper.issue.amending import (
    Amendments,
    Told,
    amended,
    amended_head,
    amended_picked,
    neutral,
    removals,
    removed_words,
    told,
)
from sundaypaper.issue.compose import compose
from sundaypaper.issue.editions import edition, has_news
from sundaypaper.issue.sizes import Sizes

__all__ = [
    "Amendments",
    "Sizes",
    "Told",
    "amended",
    "amended_head",
    "amended_picked",
    "compose",
    "edition",
    "has_news",
    "neutral",
    "removals",
    "removed_words",
    "told",
]
