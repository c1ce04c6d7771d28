"""What extensions are made of: the functions that feeds.yaml may name, and a section of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sundaypaper.models.derived import Tag
from sundaypaper.models.printed import Issue, Pick
from sundaypaper.models.sourced import Entry

# The topics of an entry beside those that it has by itself.
TopicTagger = Callable[[Entry], Iterable[Tag]]
# How much more (or less) an entry is worth, from -1 to 1, and why in words; 0 says nothing.
Signal = Callable[[Pick], tuple[float, str]]
# Files of a printed issue, by their names.
OutputFormat = Callable[[Issue], Mapping[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A section of somebody else's: a list of titles with some words beside each.

    take is handed the news of the week that stand in no other section, best first, and gives the
    ids of those that it prints, each with the words beside it: at most `most` are printed.
    """

    id: str
    title: str
    take: Callable[[tuple[Pick, ...]], Iterable[tuple[str, str]]]
    most: int = 5
