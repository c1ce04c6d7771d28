"""Mailbox in a Maildir, a folder with new/, cur/ and tmp/, into which others deliver at the same time.

Unread is what lies in new/, and what lies in cur/ without the flag S: a mail program, or an IMAP
server over the same folder, moves mails there before anybody has read them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from sundaypaper.errors import DeliveryError

# A link or a pipe in the folder is no mail, and must not be followed or waited for.
FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Maildir:
    """The unread mails of a Maildir. limit: how many bytes of one are read."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit = folder, limit

    def __enter__(self) -> Self:
        for name in ("new", "cur"):
            where = self.folder / name
            if not where.is_dir():
                raise DeliveryError(
                    f"{self.folder} is no Maildir: it has no folder {name}; point inbox.folder in "
                    "feeds.yaml to the one that your mail server delivers into"
                )
            if not os.access(where, os.R_OK | os.W_OK | os.X_OK):
                raise DeliveryError(
                    f"{where}: its mails can be read and marked only with rights to read and write "
                    "there; give them to the user who runs this"
                )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def __iter__(self) -> Iterator[tuple[str, bytes | None]]:
        """Each unread mail there is now, by name, which begins with its time; None: unreadable."""
        for key in [*self._names("cur"), *self._names("new")]:
            try:
                raw = self._read(self.folder / key)
            except FileNotFoundError:
                continue  # somebody else has moved it: it is theirs
            except OSError:
                raw = None
            yield key, raw

    def done(self, key: str) -> None:
        """Mark a mail as read. DeliveryError where that is not allowed."""
        place, _, name = key.partition("/")
        base, _, flags = name.partition(":2,") if place == "cur" else (name, "", "")
        seen = "".join(sorted({*flags, "S"}))
        try:
            (self.folder / key).rename(self.folder / "cur" / f"{base}:2,{seen}")
        except FileNotFoundError:
            return
        except OSError as bad:
            raise DeliveryError(
                f"{self.folder}: a mail cannot be marked as read: {bad.strerror or bad}"
            ) from bad

    def _names(self, place: str) -> list[str]:
        """place/name of each unread mail in one of the two folders."""
        try:
            with os.scandir(self.folder / place) as files:
                names = [file.name for file in files if not file.name.startswith(".")]
        except OSError as bad:
            raise DeliveryError(
                f"{self.folder / place} cannot be listed: {bad.strerror or bad}"
            ) from bad
        if place == "cur":
            names = [name for name in names if not {"S", "T"} & set(name.partition(":2,")[2])]
        return [f"{place}/{name}" for name in sorted(names)]

    def _read(self, path: Path) -> bytes | None:
        """The beginning of a mail; None where it is no plain file."""
        handle = os.open(path, FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            return os.read(handle, self.limit)
        finally:
            os.close(handle)
