"""Words for the authors of an entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from sundaypaper.models import Pick
from sundaypaper.wording.counts import listed

SHOWN = 3


class WithOthers(Protocol):
    """Whatever says who else wrote it."""

    @property
    def others(self) -> tuple[str, ...]:
        """The other authors."""


def shared_authors(entries: Iterable[WithOthers], limit: int = 3) -> str:
    """The co-authors that most entries of a group have, at most so many: `A. Lind and B. Osei`."""
    counts = Counter(name for entry in entries for name in dict.fromkeys(entry.others))
    often = sorted(counts, key=lambda name: (-counts[name], name))[:limit]
    return listed(often) if often else "nobody else"


def authors_words(pick: Pick, limit: int = SHOWN) -> str:
    """At most limit authors: `A. Lind, B. Osei, C. Ruiz and 4 more`."""
    return people_words(pick.authors, pick.more_authors, limit)


def people_words(names: Sequence[str], more: int, limit: int = SHOWN) -> str:
    """At most limit of the names; more counts those that nobody named."""
    left = len(names[limit:]) + more
    if names and left:
        return f"{', '.join(names[:limit])} and {left} more"
    return listed(names) if names else ""
