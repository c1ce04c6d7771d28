"""The inbox: leave mails, bounces and complaints, read from a Maildir or over IMAP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sundaypaper.delivery.inbox.imap import Imap
from sundaypaper.delivery.inbox.loop import (
    LIMIT,
    InboxCounts,
    Judge,
    Mailbox,
    Waiting,
    read_inbox,
)
from sundaypaper.delivery.inbox.maildir import Maildir
from sundaypaper.delivery.settings import InboxEntry
from sundaypaper.delivery.tokens import Run, run_command
from sundaypaper.errors import DeliveryError

__all__ = ["InboxCounts", "Judge", "Mailbox", "Waiting", "open_mailbox", "read_inbox"]


def open_mailbox(
    spec: InboxEntry, environ: Mapping[str, str], run: Run = run_command
) -> Maildir | Imap:
    """The mailbox that feeds.yaml names, to be used in a with; environ holds its password.

    DeliveryError, on entering, where it is not there or refuses; it says what to do.
    """
    if spec.kind == "imap":
        return Imap(spec, environ, LIMIT, run=run)
    if not spec.folder:
        raise DeliveryError("feeds.yaml: inbox of kind maildir needs a folder")
    return Maildir(Path(spec.folder), LIMIT)
