"""Import the people of a CSV file as subscribers."""

from __future__ import annotations

from datetime import datetime

from sundaypaper.config import Config
from sundaypaper.delivery import Pending, Readers, RowOutcome, SignUps, import_rows, read_people
from sundaypaper.pipeline.wishes import Wishes, judged

__all__ = ["Pending", "RowOutcome", "SignUps", "Wishes", "import_people"]


def import_people(
    readers: Readers, config: Config, raw: bytes, file: str, consent: str, now: datetime
) -> tuple[RowOutcome, ...]:
    """Add the people of a CSV file as subscribers; the outcome of each of its lines.

    consent is why they may be written to.
    """
    return import_rows(readers, judged(config, read_people(raw, file)), consent, now)
