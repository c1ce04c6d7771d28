"""Words for the authors of an entry."""

from __future__ import annotations

from collections.abc import Sequence

from sundaypaper.models import Pick
from sundaypaper.wording.counts import listed

SHOWN = 3


def authors_words(pick: Pick, limit: int = SHOWN) -> str:
    """At most limit authors: `A. Lind, B. Osei, C. Ruiz and 4 more`."""
    return people_words(pick.authors, pick.more_authors, limit)


def people_words(names: Sequence[str], more: int, limit: int = SHOWN) -> str:
    """At most limit of the names; more counts those that nobody named."""
    left = len(names[limit:]) + more
    if names and left:
        return f"{', '.join(names[:limit])} and {left} more"
    return listed(names) if names else ""
