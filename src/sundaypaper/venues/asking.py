"""The names of a venue to search for elsewhere, as authors write them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from sundaypaper.models import Venue

SMALL = frozenset("a an and for in of on the to".split())
# Names that stand in comments for other things: a web address, millimetres.
ELSEWHERE = frozenset({"www", "mm"})
SHORT_WORDS, LONGEST_SHORT = 2, 5


def asked_names(core: Iterable[str], table: Iterable[Venue]) -> tuple[str, ...]:
    """The names of the venues of these keys, in their order, each once."""
    known = {venue.key: venue for venue in table}
    names = [name for key in core if key in known for name in _names(known[key])]
    return tuple({name.lower(): name for name in reversed(names)}.values())[::-1]


def _names(venue: Venue) -> list[str]:
    """The title, the other short names before the first whole one, and what all whole ones hold.

    Misspellings stand behind the whole names in the table: they are read, and not asked for.
    """
    short: list[str] = []
    for name in venue.names:
        if len(name.split()) > SHORT_WORDS:
            break
        short.append(name)
    whole = [name for name in venue.names if len(name.split()) > SHORT_WORDS]
    within = [name for name in whole if f" {name} " in f" {whole[0]} "]
    names = [venue.title, *map(_spelled, short), *map(_capitals, sorted(within, key=len)[:1])]
    return [name for name in names if name.lower() not in ELSEWHERE]


def _spelled(name: str) -> str:
    """A short name as it is written: ICML, ACM MM."""
    return " ".join(w.upper() if len(w) <= LONGEST_SHORT else w.capitalize() for w in name.split())


def _capitals(name: str) -> str:
    """A whole name as a title: Neural Information Processing Systems."""
    return " ".join(w if w in SMALL else w[:1].upper() + w[1:] for w in name.split())
