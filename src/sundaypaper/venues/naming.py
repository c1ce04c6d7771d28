"""Which venue a person means by a word: its key, title, or a name, in whatever capitals. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from sundaypaper.models import Venue
from sundaypaper.text import fold


def key_meant(word: str, table: Iterable[Venue]) -> str:
    """The key of the venue that a word means, "" where there is none; keys win over titles over names."""
    wanted, every = fold(word), tuple(table)
    for names in (
        {fold(venue.key): venue.key for venue in reversed(every)},
        {fold(venue.key.removeprefix("other:")): venue.key for venue in reversed(every)},
        {fold(venue.title): venue.key for venue in reversed(every)},
        {fold(name): venue.key for venue in reversed(every) for name in venue.names},
    ):
        if found := names.get(wanted):
            return found
    return ""
