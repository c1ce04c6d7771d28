"""The real world, made once a command: the clock, the network, the folders, the terminal."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from sundaypaper import __version__, weeks
from sundaypaper.build import run_lock
from sundaypaper.config import Config, load
from sundaypaper.delivery import Readers
from sundaypaper.errors import BuildError, DeliveryError, SourceError
from sundaypaper.models import Ask
from sundaypaper.net import Net, Pace
from sundaypaper.sources import Tools
from sundaypaper.store import Store

# arXiv began in 1991; a year far ahead is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1991, 2100


@dataclass(frozen=True, slots=True)
class World:
    """Where a command works and which day it is; rehearsal when --now bends the day.

    sample is true for the demo, whose days are fixed whatever the clock says.
    """

    root: Path
    now: datetime
    rehearsal: bool
    console: Console
    sample: bool = False

    @property
    def feeds_file(self) -> Path:
        return self.root / "feeds.yaml"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def templates(self) -> Path | None:
        folder = self.root / "templates"
        return folder if folder.is_dir() else None

    def say(self, text: str) -> None:
        """A line for the person at the terminal, as it is."""
        say(self.console, text)

    def config(self) -> Config:
        """feeds.yaml of this root, or every mistake in it."""
        return load(self.feeds_file)

    def store(self) -> Store:
        """paper.db of this root."""
        return Store(self.root / "paper.db")

    def looking(self) -> Store:
        """paper.db for a look; where there is none yet, an empty one that leaves no file."""
        file = self.root / "paper.db"
        return Store(file if file.exists() else Path(":memory:"))

    def readers(self) -> Readers:
        """readers.db of this root: subscribers and the outbox."""
        return Readers(self.root / "readers.db", secrets.token_bytes)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The lock of the one who sends from this root; BusyError where another does."""
        with run_lock(self.root / "send.lock"):
            yield

    def ask(self, week: str) -> Ask:
        """What to ask the sources for."""
        return Ask(week, self.now, datetime.now(UTC), self.rehearsal)

    @contextmanager
    def tools(self, config: Config, tell: Telling) -> Iterator[Tools]:
        """The network and arXiv's pace, for as long as they are needed."""
        said = [f"+{config.masthead.base_url}" if config.masthead.base_url else ""]
        said.append(config.masthead.contact or "no contact given in feeds.yaml")
        agent = f"sundaypaper/{__version__} ({'; '.join(filter(None, said))})"
        stopped = threading.Event()

        def sleep(seconds: float) -> None:
            if stopped.wait(max(0.0, seconds)):
                raise SourceError("the run was interrupted")

        pace = Pace(self.root / "arxiv.lock", wall=time.time, sleep=sleep)
        with Net(
            user_agent=agent,
            allow_private=config.network.allow_private,
            monotonic=time.monotonic,
            sleep=sleep,
        ) as net:
            yield Tools(net, pace, sleep, tell.arxiv, stopped.set)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """The lock of a run in this root; BusyError where another holds it."""
        with run_lock(self.root / "run.lock"):
            yield


def say(console: Console, text: str) -> None:
    """A line as it is: what others wrote is no markup."""
    console.print(text, markup=False, highlight=False)


def write_whole(path: Path, body: bytes) -> None:
    """The whole file or nothing of it; BuildError where it cannot be written."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(body)
        os.replace(beside, path)
    except OSError as bad:
        beside.unlink(missing_ok=True)
        raise BuildError(f"{path}: cannot be written: {bad.strerror or bad}") from bad


def clear_mails(folder: Path) -> None:
    """Remove mails that were written to a folder, since they hold addresses."""
    try:
        for mail in sorted(folder.glob("*.eml")):
            mail.unlink()
    except OSError as bad:
        raise DeliveryError(f"{folder}: cannot be emptied: {bad.strerror or bad}") from bad


class Telling:
    """Says what the sources do: a bar on a terminal, a line for what matters in a pipe.

    Sources tell from several threads; rich's console takes one line at a time.
    """

    def __init__(self, console: Console, total: int) -> None:
        self.console = console
        columns = (SpinnerColumn(), BarColumn(30), MofNCompleteColumn(), TextColumn("{task.description}"))  # fmt: skip
        self.bar = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )
        self.task = self.bar.add_task("collecting", total=total)

    def __enter__(self) -> Telling:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def source(self, line: str) -> None:
        """A source is done."""
        self.bar.update(self.task, advance=1, description=escape(line[:60]))

    def arxiv(self, line: str) -> None:
        """arXiv tells of a slice that came, or of what it waits for."""
        self.bar.update(self.task, description=escape(line[:60]))
        self.console.print(f"  {line}", style="dim", markup=False, highlight=False)


class Steps:
    """A line a step, with what it counted and its seconds."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}
        self.began = time.monotonic()

    @contextmanager
    def __call__(self, name: str) -> Iterator[list[str]]:
        """Time one step; the texts that are put on the list are printed behind its name."""
        began, notes = time.monotonic(), list[str]()
        yield notes
        took = time.monotonic() - began
        self.seconds[name] = round(took, 3)
        line = f"{name:<10}{took:7.2f} s  {' · '.join(notes)}"
        say(self.console, line)

    @property
    def total(self) -> float:
        """Seconds since the first step began."""
        return time.monotonic() - self.began


def world(root: Path, now: str | None) -> World:
    """The world of a root; a --now that is no moment is wrong use."""
    if now is None:
        moment = datetime.now(UTC)
    else:
        try:
            moment = datetime.fromisoformat(now)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise ValueError
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise typer.BadParameter(
                f"{now!r} is no moment from {FIRST_YEAR} to {LAST_YEAR}; write it as 2026-03-08T12:00:00Z",
                param_hint="--now",
            ) from None
    return World(root, moment, now is not None, Console(soft_wrap=True, emoji=False))


def week_argument(week: str | None, now: datetime) -> str | None:
    """A week as it was written on the command line; wrong use where there is none, or not yet."""
    if week is None:
        return None
    try:
        first = weeks.monday(week)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--week") from None
    running = weeks.iso_week(now.date())
    if week > running or first.year < FIRST_YEAR:
        text = f"{week} has not begun; the running week is {running}"
        if first.year < FIRST_YEAR:
            text = f"{week} is from before arXiv began"
        raise typer.BadParameter(text, param_hint="--week")
    return week
