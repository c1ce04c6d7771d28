"""Delivery by mail: readers.db, the outbox, and the loop that sends.

No message, log line or exception of this package shows a mail address.
"""

from __future__ import annotations

from .channels import Channel
from .list_files import People, Row, read_people
from .outbox import Outbox
from .queries import Reason
from .readers import Added, Readers
from .redaction import without_addresses
from .sending import Counts, send
from .sign_ups import Confirmation, Pending, SignUps
from .subscriber_lists import RowOutcome, import_rows, sync_group
from .tables import Randomness, tag

__all__ = [
    "Added",
    "Channel",
    "Confirmation",
    "Counts",
    "Outbox",
    "Pending",
    "People",
    "Randomness",
    "Readers",
    "Reason",
    "Row",
    "RowOutcome",
    "SignUps",
    "import_rows",
    "read_people",
    "send",
    "sync_group",
    "tag",
    "without_addresses",
]
