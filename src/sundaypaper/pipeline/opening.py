"""Open the databases and the network tools of a root.

Each is imported when it is opened, so that a command loads only what it uses.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sundaypaper import __version__
from sundaypaper.errors import StoreError
from sundaypaper.wording.counts import plural

if TYPE_CHECKING:
    from sundaypaper.config import Config
    from sundaypaper.delivery import Readers
    from sundaypaper.delivery.channels import ChannelTools
    from sundaypaper.net import Net, Pace
    from sundaypaper.sources import Source, Tools
    from sundaypaper.store import Store

__all__ = [
    "Clock",
    "Readers",
    "Source",
    "Store",
    "Tools",
    "arxiv_pace",
    "channel_tools",
    "look_into_store",
    "open_net",
    "open_readers",
    "open_store",
    "open_tools",
    "pace_file",
    "readers_fault",
    "state_folder",
]

PAPER, READERS, MEMORY = "paper.db", "readers.db", Path(":memory:")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and waiting as the machine has them. sleep fails once the run was interrupted."""

    wall: Callable[[], float]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    stop: Callable[[], None]


def open_store(root: Path, output: Path) -> Store:
    """Open paper.db of a root; StoreError where it lacks issues that the pages below output show."""
    return _whole(root / PAPER, root / PAPER, output)


def look_into_store(root: Path, output: Path) -> Store:
    """Open paper.db to read it; where there is none yet, an empty one in memory.

    StoreError as in open_store.
    """
    file = root / PAPER
    return _whole(file, file if file.exists() else MEMORY, output)


def _whole(file: Path, opened: Path, output: Path) -> Store:
    from sundaypaper.store import Store

    shown = _published_weeks(output)  # first: a run keeps an issue, then shows it
    if shown and not file.exists():
        raise StoreError(f"{file}: is missing, but {_restore(shown, output)}")
    store = Store(opened)
    if lost := shown - store.issue_hashes().keys():
        store.db.close()
        raise StoreError(f"{file}: is not whole: {_restore(lost, output)}")
    return store


def _published_weeks(output: Path) -> frozenset[str]:
    """The weeks whose issues the pages in place show."""
    pages = (output / "site" / "issues").glob("*/index.html")
    return frozenset(page.parent.name for page in pages)


def _restore(lost: frozenset[str], output: Path) -> str:
    """The end of an error: which issues the pages show that paper.db lacks, and what to do."""
    more = f" and {plural(len(lost) - 1, 'older issue')}" if len(lost) > 1 else ""
    return (
        f"the pages in {output} show {max(lost)}{more}, which would be gone from them. Restore "
        f"{PAPER} from a backup that holds them (`sundaypaper restore FILE`); for a new paper, or if they may go, move {output} "
        "away first"
    )


def open_readers(root: Path, send_lock: Path, random: Callable[[int], bytes]) -> Readers:
    """Open readers.db of a root: subscribers and the outbox.

    StoreError where it is lost: the lock of sending says that mails went out from here.
    """
    from sundaypaper.delivery import Readers

    file = root / READERS
    if not file.exists() and send_lock.exists():
        raise StoreError(
            f"{file}: is missing, but `send` has run here before ({send_lock} says so): "
            "a new file would not know who left, nor who has this issue. Restore it from a "
            f"backup (`sundaypaper restore FILE`); to begin anew even so, remove {send_lock}"
        )
    return Readers(file, random)


def readers_fault(root: Path) -> str:
    """Why readers.db of a root cannot be read now, "" where it can; names no path and no reader.

    It looks at a page of the file and not at all of them: it may be asked each second.
    """
    from sundaypaper.database import readable

    if not (root / READERS).is_file():
        return "is missing"
    return "" if readable(root / READERS) else "cannot be read"


@contextmanager
def open_tools(
    root: Path, config: Config, clock: Clock, tell: Callable[[str], None], state: Path | None
) -> Iterator[Tools]:
    """The network, arXiv's pace and the children that parse, for as long as they are needed.

    state is the folder in which programs of this user keep what they know, None where there is none.
    """
    from sundaypaper.parsing import Limits, Pool
    from sundaypaper.sources import Tools, parsers

    pace = arxiv_pace(root, config, clock, state, tell)
    with (
        open_net(config, clock.monotonic, clock.sleep) as net,
        Pool(parsers.ENTRY, Limits()) as pool,
    ):

        def stop() -> None:
            clock.stop()
            pool.close()
            net.stop()

        yield Tools(net, pace, clock.sleep, tell, parsers.in_children(pool), stop)


def arxiv_pace(
    root: Path,
    config: Config,
    clock: Clock,
    state: Path | None,
    tell: Callable[[str], None] = lambda _: None,
) -> Pace:
    """arXiv's pace, which all papers of this user keep together."""
    from sundaypaper.net import Pace

    return Pace(pace_file(root, config, state, tell), wall=clock.wall, sleep=clock.sleep)


def open_net(config: Config, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> Net:
    """The way out to the network, as feeds.yaml allows it."""
    from sundaypaper.net import Net

    return Net(
        user_agent=user_agent(config),
        allow_private=config.network.allow_private,
        monotonic=monotonic,
        sleep=sleep,
    )


def state_folder(environ: Mapping[str, str]) -> Path | None:
    """The folder of a user for what programs know, as XDG has it; None where there is no home."""
    named = Path(environ.get("XDG_STATE_HOME", ""))
    if named.is_absolute():
        return named
    home = Path(environ.get("HOME", ""))
    return home / ".local" / "state" if home.is_absolute() else None


def pace_file(root: Path, config: Config, state: Path | None, tell: Callable[[str], None]) -> Path:
    """Where arXiv's pace is kept: one file for all papers of a user, since arXiv counts them as one.

    A stand-in for arXiv has a file of its own, so that what it answers blocks no real request.
    """
    from sundaypaper.sources import ARXIV, at_arxiv

    asked = [spec.address for spec in config.sources if spec.host == ARXIV]
    own = root / "arxiv.lock"
    if not asked:
        return own
    host = (
        ""
        if any(map(at_arxiv, asked))
        else re.sub("[^A-Za-z0-9.]+", "-", urlsplit(asked[0]).netloc)
    )
    try:
        if state is None:
            raise OSError("neither XDG_STATE_HOME nor HOME names a folder")
        file = state / "sundaypaper" / f"arxiv{host and '-'}{host}.lock"
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        os.close(os.open(file, os.O_RDWR))
    except OSError as bad:
        tell(
            f"! arXiv's pace cannot be kept for all papers of this user ({bad}); it is kept in {own} "
            "and holds for this paper alone. XDG_STATE_HOME may name a folder that can be written"
        )
        return own
    return file


def user_agent(config: Config) -> str:
    """The User-Agent: this program, where its pages are, and whom to write to."""
    masthead = config.masthead
    about = [f"+{masthead.base_url}"] if masthead.base_url else []
    about.append(masthead.contact or "no contact given in feeds.yaml")
    return f"sundaypaper/{__version__} ({'; '.join(about)})"


def channel_tools(
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
    environ: Mapping[str, str],
    allow_private: bool = False,
) -> ChannelTools:
    """Tools for a delivery channel: the time, waiting, and passwords from the environment."""
    from sundaypaper.delivery.channels import ChannelTools

    return ChannelTools(monotonic, sleep, environ, allow_private=allow_private)
