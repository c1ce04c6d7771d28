"""Import the people of a CSV file as subscribers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sundaypaper import plugins
from sundaypaper.delivery import Readers, RowOutcome, import_rows, read_people, without_addresses

__all__ = ["RowOutcome", "import_people"]


def import_people(
    readers: Readers,
    raw: bytes,
    file: str,
    editions: Collection[str],
    consent: str,
    now: datetime,
    say: Callable[[str], None],
) -> tuple[RowOutcome, ...]:
    """Add the people of a CSV file as subscribers; the outcome of each of its lines.

    consent is why they may be written to. A line that names an unknown edition is reported by its
    place in the file, without the address.
    """
    rows = read_people(raw, file)
    for row in rows:
        if row.edition and row.edition not in editions:
            wrong = without_addresses(plugins.unknown(row.edition, tuple(editions)))
            say(f"  ! {row.place}: {wrong}; they get everything")
    return import_rows(readers, rows, consent, now)
