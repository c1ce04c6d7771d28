"""Delivery by mail: readers.db, the outbox, and the loop that sends.

Nothing here shows an address: not a message, not a log line, not an exception.
"""

from __future__ import annotations

from .channels import Channel
from .looking import Reason
from .outbox import Outbox
from .people import Outcome, Row, import_rows, read_people, sync_group
from .readers import Added, Readers
from .sending import Counts, send
from .tables import Randomness, tag
from .telling import without_addresses

__all__ = [
    "Added",
    "Channel",
    "Counts",
    "Outbox",
    "Outcome",
    "Randomness",
    "Readers",
    "Reason",
    "Row",
    "import_rows",
    "read_people",
    "send",
    "sync_group",
    "tag",
    "without_addresses",
]
