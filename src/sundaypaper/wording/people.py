"""Words for the authors of an entry."""

from __future__ import annotations

from sundaypaper.models import Pick


def authors_words(pick: Pick, limit: int = 3) -> str:
    """At most limit authors: `A. Lind, B. Osei, C. Ruiz and 4 more`."""
    names = pick.authors
    more = len(names) - limit + pick.more_authors
    if more > 0:
        return f"{', '.join(names[:limit])} and {more} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
