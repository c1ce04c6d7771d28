"""How the paper stands, for the app: looked at every five minutes at most, and nobody waits for long."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from sundaypaper.errors import SundayPaperError
from sundaypaper.pipeline.watching import Watch, look
from sundaypaper.web.surroundings import Surroundings

# To open paper.db it is read as a whole, which takes a second where it holds years.
KEPT = 300.0


class Watched:
    """The last look at the paper. A run that writes just then may keep a look waiting."""

    def __init__(self, here: Surroundings) -> None:
        self.here = here
        self.last: Watch | None = None
        self.looked = float("-inf")
        self.task: asyncio.Task[None] | None = None

    async def seen(self, patience: float) -> Watch | None:
        """The paper as it was seen last, after at most so many seconds; None where it never was."""
        under_way = self.task is not None and not self.task.done()
        if not under_way and self.here.monotonic() - self.looked >= KEPT:
            self.task = asyncio.create_task(self._look())
        if self.task is not None and not self.task.done():
            await asyncio.wait({self.task}, timeout=patience)
        return self.last

    async def _look(self) -> None:
        here = self.here
        try:
            self.last = await run_in_threadpool(
                look, here.config(), here.root, here.output, here.now(), free
            )
        except SundayPaperError:
            self.last = None  # nothing is known; `sundaypaper status` says why
        self.looked = here.monotonic()


def free(folder: Path) -> int:
    """The bytes that are free where a folder lies."""
    return shutil.disk_usage(folder).free
