"""The surroundings of a command: clock, folders, databases, network and terminal."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer
from rich.console import Console

from sundaypaper.cli.reporting import Reporter, say
from sundaypaper.errors import BuildError, DeliveryError, SourceError
from sundaypaper.locks import run_lock

if TYPE_CHECKING:
    from sundaypaper.config import Config
    from sundaypaper.models import Ask
    from sundaypaper.pipeline.mailing import MailJob
    from sundaypaper.pipeline.opening import Clock, Readers, Store, Tools
    from sundaypaper.pipeline.run import Job

Level = Literal["info", "warn", "error"]
# arXiv began in 1991; a year far ahead is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1991, 2100


@dataclass(slots=True)
class Memory:
    """The warnings of the last time, as hashes, and those of now: who works each hour warns once."""

    before: frozenset[str] = frozenset()
    now: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, kept: str) -> Memory:
        """What was kept as text."""
        return cls(frozenset(kept.split()))

    def knows(self, text: str) -> bool:
        """Whether this was said the last time, too."""
        hashed = sha256(text.encode()).hexdigest()[:16]
        self.now.add(hashed)
        return hashed in self.before

    def kept(self) -> str:
        """To be kept for the next time."""
        return " ".join(sorted(self.now))


@dataclass(frozen=True, slots=True)
class World:
    """The root and the time that a command works with; rehearsal is True where --now is given.

    sample is true for the demo, whose days are fixed whatever the clock says. quiet keeps what goes
    well to itself. Where zone is given, what is said are lines of a log, with the time there. What
    memory has heard before is no news to a person.
    """

    root: Path
    now: datetime
    rehearsal: bool
    console: Console
    sample: bool = False
    quiet: bool = False
    errors: Console = field(default_factory=lambda: terminal(stderr=True))
    zone: tzinfo | None = None
    memory: Memory | None = None

    @property
    def feeds_file(self) -> Path:
        return self.root / "feeds.yaml"

    @property
    def send_lock(self) -> Path:
        return self.root / "send.lock"

    @property
    def readers_file(self) -> Path:
        return self.root / "readers.db"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def templates(self) -> Path | None:
        folder = self.root / "templates"
        return folder if folder.is_dir() else None

    def say(self, text: str) -> None:
        """Print a line of what goes well, as it is; nothing where the program is to be quiet."""
        if not self.quiet:
            say(self.console, self._line("info", text))

    def show(self, text: str) -> None:
        """Print a line of the answer that a command was asked for."""
        say(self.console, text)

    def warn(self, text: str) -> None:
        """Print a line of what a person has to look at, on stderr."""
        if self.memory is not None and self.memory.knows(text):
            self.say(text)
            return
        say(self.errors, self._line("warn", text))

    def event(self, name: str, level: Level = "info", **fields: object) -> None:
        """Print a line of a log of what happened; on stderr where a person has to look at it."""
        from sundaypaper.pipeline.log_lines import log_line

        line = log_line(self.clock()().astimezone(self.zone), level, name, **fields)
        if level != "info":
            say(self.errors, line)
        elif not self.quiet:
            say(self.console, line)

    def tell(self, text: str) -> None:
        """Print a line of a program that stays: a trouble begins with “!”, all else goes well."""
        (self.warn if text.lstrip().startswith("!") else self.say)(text)

    def reporter(self) -> Reporter:
        """Whoever tells the steps of a run."""
        return Reporter(self.console, self.say, self.warn, self.quiet or self.zone is not None)

    def _line(self, level: Level, text: str) -> str:
        if self.zone is None:
            return text
        from sundaypaper.pipeline.log_lines import note_line

        return note_line(self.clock()().astimezone(self.zone), level, text)

    def later(self) -> World:
        """The same with the time of now; a rehearsal keeps its own."""
        return self if self.rehearsal else replace(self, now=datetime.now(UTC))

    def config(self) -> Config:
        """Load feeds.yaml of this root; ConfigError lists every mistake in it."""
        from sundaypaper.config import load

        return load(self.feeds_file)

    def store(self) -> Store:
        """paper.db of this root; StoreError where it lost issues that the pages show."""
        from sundaypaper.pipeline.opening import open_store

        return open_store(self.root, self.output)

    def looking(self) -> Store:
        """paper.db to read; where there is none yet, an empty one in memory.

        StoreError as in store.
        """
        from sundaypaper.pipeline.opening import look_into_store

        return look_into_store(self.root, self.output)

    def readers(self) -> Readers:
        """readers.db of this root: subscribers and the outbox; StoreError where it is lost."""
        from sundaypaper.pipeline.opening import open_readers

        return open_readers(self.root, self.send_lock, secrets.token_bytes)

    def ask(self, week: str) -> Ask:
        """What to ask the sources for: the week, the time, and if it is a rehearsal or the demo."""
        from sundaypaper.models import Ask

        return Ask(week, self.now, datetime.now(UTC), self.rehearsal, sample=self.sample)

    def tools(self, config: Config, reporter: Reporter) -> AbstractContextManager[Tools]:
        """The network, arXiv's pace and the children that parse, for as long as they are needed."""
        from sundaypaper.pipeline.opening import open_tools, state_folder

        return open_tools(
            self.root, config, machine_clock(), reporter.arxiv, state_folder(os.environ)
        )

    @contextmanager
    def job(self, renders: bool = True) -> Iterator[Job]:
        """The job of a run of this root, while the run lock is held and paper.db is open.

        The lock comes first: who finds another at work has not loaded what a run needs. BuildError,
        before anything is fetched, where it renders and a template has a mistake.
        """
        if not self.feeds_file.exists():
            self.config()  # which says so, and leaves no lock where no paper is
        with self.busy():
            from sundaypaper.pipeline.publishing import check_templates
            from sundaypaper.pipeline.run import Job

            config = self.config()
            if renders:
                check_templates(self.templates)
            reporter = self.reporter()

            @contextmanager
            def tools() -> Iterator[Tools]:
                with reporter.sources(len(config.sources)), self.tools(config, reporter) as opened:
                    yield opened

            with self.store() as store:
                yield Job(config, store, self.output, self.templates, self.ask(""), reporter, tools)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Hold the lock of a run in this root; BusyError where another holds it."""
        with run_lock(self.root / "run.lock"):
            yield

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Hold the lock of sending from this root; BusyError where another holds it."""
        with run_lock(self.send_lock):
            yield

    @contextmanager
    def mail_job(
        self, config: Config, stopping: Callable[[], bool] = lambda: False
    ) -> Iterator[MailJob]:
        """The job for sending and reading mails of this root, while readers.db is open."""
        from sundaypaper.pipeline.mailing import MailJob
        from sundaypaper.pipeline.opening import channel_tools

        tools = channel_tools(time.monotonic, time.sleep, os.environ, config.network.allow_private)
        with self.readers() as readers:
            yield MailJob(
                config, readers, os.environ, self.clock(), self.say, tools, stopping, self.warn
            )

    def clock(self) -> Callable[[], datetime]:
        """A function that gives the time, which stands still in a rehearsal."""
        return (lambda: self.now) if self.rehearsal else (lambda: datetime.now(UTC))


def machine_clock() -> Clock:
    """The machine's time, and waiting that an interruption ends."""
    from sundaypaper.pipeline.opening import Clock

    stopped = threading.Event()

    def sleep(seconds: float) -> None:
        if stopped.wait(max(0.0, seconds)):
            raise SourceError("the run was interrupted")

    return Clock(time.time, time.monotonic, sleep, stopped.set)


def write_whole(path: Path, body: bytes) -> None:
    """Write a whole file or nothing of it; BuildError where it cannot be written."""
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


def world(root: Path, now: str | None, quiet: bool = False) -> World:
    """The world of a root; BadParameter where --now is no moment."""
    moment = datetime.now(UTC) if now is None else _moment(now)
    return World(root, moment, now is not None, terminal(), quiet=quiet)


def terminal(stderr: bool = False) -> Console:
    """What prints lines as they are: to stdout, or to stderr."""
    return Console(soft_wrap=True, emoji=False, stderr=stderr)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no moment from {FIRST_YEAR} to {LAST_YEAR}; write it as 2026-03-08T12:00:00Z",
            param_hint="--now",
        ) from None


def week_argument(week: str | None, now: datetime) -> str | None:
    """A week from the command line; BadParameter where there is no such week, or not yet."""
    if week is None:
        return None
    from sundaypaper import weeks

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
