"""What a run works with, opened: the databases and the network of a root.

Each is imported when it is opened, so that a look at one costs nothing of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sundaypaper import __version__

if TYPE_CHECKING:
    from sundaypaper.config import Config
    from sundaypaper.delivery import Readers
    from sundaypaper.delivery.channels import ChannelTools
    from sundaypaper.sources import Tools
    from sundaypaper.store import Store

__all__ = [
    "Clock",
    "Readers",
    "Store",
    "Tools",
    "channel_tools",
    "look_into_store",
    "open_readers",
    "open_store",
    "open_tools",
]

MEMORY = Path(":memory:")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and waiting as the machine has them. sleep fails once the run was interrupted."""

    wall: Callable[[], float]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    stop: Callable[[], None]


def open_store(root: Path) -> Store:
    """paper.db of a root."""
    from sundaypaper.store import Store

    return Store(root / "paper.db")


def look_into_store(root: Path) -> Store:
    """paper.db for a look; where there is none yet, an empty one that leaves no file."""
    from sundaypaper.store import Store

    file = root / "paper.db"
    return Store(file if file.exists() else MEMORY)


def open_readers(root: Path, random: Callable[[int], bytes]) -> Readers:
    """readers.db of a root: subscribers and the outbox."""
    from sundaypaper.delivery import Readers

    return Readers(root / "readers.db", random)


@contextmanager
def open_tools(
    root: Path, config: Config, clock: Clock, tell: Callable[[str], None]
) -> Iterator[Tools]:
    """The network and arXiv's pace, for as long as they are needed."""
    from sundaypaper.net import Net, Pace
    from sundaypaper.sources import Tools

    pace = Pace(root / "arxiv.lock", wall=clock.wall, sleep=clock.sleep)
    with Net(
        user_agent=user_agent(config),
        allow_private=config.allow_private,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    ) as net:
        yield Tools(net, pace, clock.sleep, tell, clock.stop)


def user_agent(config: Config) -> str:
    """Who asks: this program, where its pages are, and whom to write to."""
    masthead = config.masthead
    about = [f"+{masthead.base_url}"] if masthead.base_url else []
    about.append(masthead.contact or "no contact given in feeds.yaml")
    return f"sundaypaper/{__version__} ({'; '.join(about)})"


def channel_tools(
    monotonic: Callable[[], float], sleep: Callable[[float], None], environ: Mapping[str, str]
) -> ChannelTools:
    """What a delivery channel may use of the machine: the time, waiting, and passwords."""
    from sundaypaper.delivery.channels import ChannelTools

    return ChannelTools(monotonic, sleep, environ)
