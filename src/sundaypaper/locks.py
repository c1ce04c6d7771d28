"""Lock a file that one process holds at a time, such as that of a run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sundaypaper.errors import BuildError, BusyError


def holder(file: Path) -> int | None:
    """The process that holds a lock file now: 0 where that is not known, None where nobody does.

    The lock is what the system knows of; a file that was left behind is held by nobody.
    """
    try:
        with file.open("r") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _process(os.fstat(handle.fileno()).st_ino)
    except OSError:
        return None
    return None


def _process(inode: int) -> int:
    """The process that holds a lock on a file of that number, as Linux lists it."""
    try:
        rows = Path("/proc/locks").read_text("ascii").splitlines()
    except OSError:
        return 0
    held = (row.split() for row in rows if " FLOCK " in row and "->" not in row)
    return next((int(row[4]) for row in held if row[5].rpartition(":")[2] == str(inode)), 0)


@contextmanager
def run_lock(file: Path) -> Iterator[None]:
    """Hold the lock of a run; it is freed where the process is killed.

    BusyError where another process holds it, BuildError where the file cannot be made.
    """
    with ExitStack() as stack:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handle = stack.enter_context(file.open("a"))
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"another run is at work (it holds {file})") from None
        except OSError as bad:
            raise BuildError(f"{file}: {bad.strerror or bad}; a run needs to write here") from bad
        yield
