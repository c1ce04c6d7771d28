"""Words for the authors of an entry."""

from __future__ import annotations

from sundaypaper.models import Pick
from sundaypaper.wording.counts import listed


def authors_words(pick: Pick, limit: int = 3) -> str:
    """At most limit authors: `A. Lind, B. Osei, C. Ruiz and 4 more`."""
    names = pick.authors
    more = len(names) - limit + pick.more_authors
    if more > 0:
        return f"{', '.join(names[:limit])} and {more} more"
    return listed(names) if names else ""
