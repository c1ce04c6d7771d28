"""Channel that writes .eml files to a folder: for dry runs, tests, and sending by other means."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sundaypaper.delivery.channels.contract import ChannelTools
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Letter

if TYPE_CHECKING:
    from sundaypaper.delivery.settings import DeliverySpec

NAME = re.compile(rb"^message-id:\s*<([a-z0-9][a-z0-9._-]{0,120})@", re.IGNORECASE | re.MULTILINE)


class FolderChannel:
    """Writes one file a letter, named by its Message-ID: the same letter again is the same file."""

    def __init__(self, spec: DeliverySpec, tools: ChannelTools) -> None:
        if not spec.folder:
            raise DeliveryError("delivery of kind file needs a folder: give one in feeds.yaml")
        self.folder = Path(spec.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open between two letters."""

    def check(self) -> None:
        """Make the folder, private to its owner; DeliveryError where it cannot be written to."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.folder / ".check", b"")
            (self.folder / ".check").unlink()
        except OSError as bad:
            raise self._unwritten(bad) from bad

    def send(self, letter: Letter, /) -> Answer:
        """Write a letter whole or not at all. DeliveryError where the disk does not take it."""
        head = letter.body.partition(b"\r\n\r\n")[0]
        name = NAME.search(head)
        if not name:
            return Answer("failed", told="the mail has no Message-ID that could name its file")
        try:
            _write(self.folder / f"{name[1].decode('ascii')}.eml", letter.body)
        except OSError as bad:
            raise self._unwritten(bad) from bad
        return Answer("sent")

    def _unwritten(self, bad: OSError) -> DeliveryError:
        return DeliveryError(
            f"mails cannot be written to {self.folder}: {bad.strerror or bad}; name another folder "
            "at delivery.folder in feeds.yaml, or make room"
        )


def _write(path: Path, body: bytes) -> None:
    """Replace the file at path; after a crash it is whole, the old one or this one."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
