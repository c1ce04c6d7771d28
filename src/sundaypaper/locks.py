"""Lock a file that one process holds at a time, such as that of a run."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sundaypaper.errors import BuildError, BusyError


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
