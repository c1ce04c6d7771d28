"""A list of people becomes subscribers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sundaypaper import plugins
from sundaypaper.delivery import Outcome, Readers, import_rows, read_people, without_addresses

__all__ = ["Outcome", "import_people"]


def import_people(
    readers: Readers,
    raw: bytes,
    file: str,
    editions: Collection[str],
    consent: str,
    now: datetime,
    say: Callable[[str], None],
) -> tuple[Outcome, ...]:
    """Take over the people of a CSV file; what became of each of its lines.

    consent is why they may be written to. A line with an edition that is not made is said with its
    place, without an address.
    """
    rows = read_people(raw, file)
    for row in rows:
        if row.edition and row.edition not in editions:
            wrong = without_addresses(plugins.unknown(row.edition, tuple(editions)))
            say(f"  ! {row.place}: {wrong}; they get everything")
    return import_rows(readers, rows, consent, now)
