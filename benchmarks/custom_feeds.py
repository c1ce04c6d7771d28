"""What readers' queries cost over a root: the first, later ones, those that are kept; memory; the loop.

Milliseconds by the clock, of the child's processor time, and by which the event loop of the app wakes
late meanwhile; the memory of the child. Usage: PYTHONPATH=src custom_feeds.py ROOT
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sundaypaper.config import load
from sundaypaper.web.finder import Finder
from sundaypaper.web.surroundings import Surroundings

BEAT = 0.002
QUERIES = (
    "topic:vision",
    'diffusion OR "flow matching"',
    'author:"Fei-Fei Li"',
    "robot* -survey venue:cvpr",
    "zebra medical cats dogs horses",
    " OR ".join(f"z{one}{two}*" for one in "abcdefgh" for two in "aeiou"),
)


async def main(root: Path) -> None:
    """Print a line for each query."""
    config = load(root / "feeds.yaml")
    here = Surroundings(
        root=root, output=root / "output", templates=None, config=lambda: config,
        now=lambda: datetime.now(UTC), monotonic=time.monotonic, random=secrets.token_bytes,
        base_url="http://127.0.0.1/", say=print,
    )  # fmt: skip
    finder, late = Finder(here, patience=600), list[float]()
    beating = asyncio.create_task(beat(late))
    print(f"{'query':32}{'tried':>9}{'feed':>9}{'kept':>9}{'child':>9}{'late':>9}{'memory':>9}")
    for text in (QUERIES[0], *QUERIES):
        late.clear()
        before = child()[0]
        times = [
            await timed(work)
            for work in (finder.tried(text), finder.feed(text, "atom"), finder.feed(text, "atom"))
        ]
        used, memory = child()
        shown = "".join(
            f"{1000 * took:9.1f}" for took in (*times, used - before, max(late, default=0))
        )
        print(f"{text[:30]:32}{shown}{memory / 1e6:6.0f} MB")
    beating.cancel()
    finder.close()


async def timed(work: Awaitable[Any]) -> float:
    """The seconds that some work takes."""
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


async def beat(late: list[float]) -> None:
    """Note how late the loop wakes, again and again."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(BEAT)
        late.append(time.perf_counter() - begun - BEAT)


def child() -> tuple[float, int]:
    """Seconds of processor time and bytes of memory of the only child; 0 and 0 before it is there."""
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            ticks = int(said[11]) + int(said[12])
            return ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE")
    return 0.0, 0


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
