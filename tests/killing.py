"""Runs that are killed: a small paper on loopback, points at which a run may end, and what is left.

A run is a process of its own that types `sundaypaper`. The functions of `SEAMS` count their calls
in it; at the chosen one it sends itself SIGKILL. `rows`, `pages` and `crumbs` are what is compared.
"""

from __future__ import annotations

import functools
import importlib
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from loopback import Answer, Asked, Loopback
from published import dump
from sundaypaper.errors import SourceError
from test_pipeline import Arxiv, Paper

MARCH = datetime(2026, 3, 8, 12, tzinfo=UTC)  # the Sunday of 2026-W10
# Who owns a function, and its name: before and after each call of it a run may be killed.
SEAMS = (
    ("sundaypaper.cli.world", "run_lock"),
    ("sundaypaper.net:Net", "get"),
    ("sundaypaper.net:Pace", "__enter__"),
    ("sundaypaper.pipeline.collecting", "fetch"),
    ("sundaypaper.pipeline.collecting", "_followed"),
    ("sundaypaper.store:Store", "save"),
    ("sundaypaper.store:Store", "_add_wordings"),
    ("sundaypaper.store:Store", "_add_votes"),
    ("sundaypaper.store:Store", "_save_poll"),
    ("sundaypaper.store:Store", "_tell"),
    ("sundaypaper.store:Store", "keep_reports"),
    ("sundaypaper.store:Store", "keep_issue"),
    ("sundaypaper.store:Store", "log_run"),
    ("sundaypaper.store.issues", "picked_of"),
    ("sundaypaper.store.issues", "counts_of"),
    ("sundaypaper.pipeline.run", "completed"),
    ("sundaypaper.pipeline.run", "collect_votes"),
    ("sundaypaper.pipeline.run", "read"),
    ("sundaypaper.pipeline.run", "edit"),
    ("sundaypaper.pipeline.run", "publish"),
    ("sundaypaper.pipeline.reading:EntryReader", "tagged"),
    ("sundaypaper.pipeline.publishing", "set_up"),
    ("sundaypaper.formats.archive", "of_week"),
    ("sundaypaper.formats.archive", "joined"),
    ("sundaypaper.formats.archive", "manifest"),
    ("sundaypaper.build", "_remove_leftovers"),
    ("sundaypaper.build", "_write"),
    ("sundaypaper.build", "_link"),
    ("sundaypaper.build", "_swap"),
    ("sundaypaper.build", "_forget"),
    ("pathlib:Path", "mkdir"),
    ("pathlib:Path", "rename"),
    ("pathlib:Path", "write_bytes"),
    ("pathlib:Path", "write_text"),
    ("pathlib:Path", "symlink_to"),
    ("os", "replace"),
    ("shutil", "rmtree"),
)


# Loaded once, not by each run anew.
WARM = ("killing", "arxiv", "feedparser", "markdown_it", "sundaypaper.sources.arxiv_page", "sundaypaper.urls", "tldextract", "w3lib.url")  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A moment of a run: before or after the n-th call of a function, counted from 1."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


@dataclass(frozen=True)
class Typed:
    """What a run types, and when: now is the moment at which it stands still.

    A live run has no --now: what is not due is not asked.
    """

    root: Path
    words: tuple[str, ...] = ("run",)
    now: datetime = MARCH
    live: bool = True


class Killer:
    """Counts what passes; at the point it sends the process a signal, kill -9 by default."""

    def __init__(self, point: Point | None, how: signal.Signals) -> None:
        self.point, self.how, self.passed = point, how, dict[str, int]()
        self.lock = threading.Lock()

    def passes(self, name: str) -> None:
        """Something happens; perhaps the last thing."""
        with self.lock:
            self.passed[name] = number = self.passed.get(name, 0) + 1
            if self.point == Point(name, number):
                os.kill(os.getpid(), self.how)

    def watch(self, owner: str, name: str) -> None:
        """Count before and after each call of a function."""
        module, _, kind = owner.partition(":")
        home = importlib.import_module(module)
        home = getattr(home, kind) if kind else home
        real, told = getattr(home, name), f"{kind or module.rpartition('.')[2]}.{name}"

        @functools.wraps(real)
        def watched(*args: Any, **more: Any) -> Any:
            self.passes(f"before {told}")
            done = real(*args, **more)
            self.passes(f"after {told}")
            return done

        setattr(home, name, watched)


def _stand_still(typed: Typed) -> None:
    """The clock of the command stands at a moment; waiting takes no time, but counts as if it had."""
    from sundaypaper.cli import world
    from sundaypaper.pipeline.opening import Clock

    waited, stopped = [0.0], threading.Event()

    class Still(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return typed.now.astimezone(tz)

    def sleep(seconds: float) -> None:
        if stopped.is_set():
            raise SourceError("the run was interrupted")
        waited[0] += max(0.0, seconds)

    def clock() -> Clock:
        return Clock(
            lambda: typed.now.timestamp() + waited[0],
            time.monotonic,  # real: what waits for arXiv makes no blog late
            sleep,
            stopped.set,
        )

    world.datetime = Still  # type: ignore[attr-defined]
    world.machine_clock = clock


def _run(typed: Typed, point: Point | None, trace: Path | None, how: signal.Signals) -> None:
    """The process: type the command, and end where it is told to."""
    from sundaypaper import cli

    said = (typed.root / "said.txt").open("a")
    os.dup2(said.fileno(), 1)
    os.dup2(said.fileno(), 2)
    sys.stdout, sys.stderr = said, said
    os.environ["TMPDIR"] = str(typed.root / "tmp")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" has it ignored
    _stand_still(typed)
    killer = Killer(point, how)
    for owner, name in SEAMS:
        killer.watch(owner, name)
    when = () if typed.live else ("--now", typed.now.isoformat())
    sys.argv = ["sundaypaper", "--root", str(typed.root), *when, *typed.words]
    try:
        cli.main()
    finally:
        if trace:
            counts = (f"{n}\t{name}\n" for name, n in killer.passed.items())
            trace.write_text("".join(counts))


def begin(
    typed: Typed,
    point: Point | None = None,
    trace: Path | None = None,
    how: signal.Signals = signal.SIGKILL,
) -> ForkServerProcess:
    """A run that has begun, in a process of its own."""
    (typed.root / "tmp").mkdir(exist_ok=True)
    line = multiprocessing.get_context("forkserver")
    line.set_forkserver_preload([*WARM, *(owner.partition(":")[0] for owner, _ in SEAMS)])
    process = line.Process(target=_run, args=(typed, point, trace, how))
    process.start()
    return process


def run(
    typed: Typed,
    point: Point | None = None,
    trace: Path | None = None,
    how: signal.Signals = signal.SIGKILL,
) -> int:
    """A run to its end: its exit status, -9 where it was killed."""
    process = begin(typed, point, trace, how)
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def points(trace: Path) -> dict[str, int]:
    """How often each point was passed in a run that left this trace."""
    rows = (line.split("\t") for line in trace.read_text().splitlines())
    return {name: int(n) for n, name in rows}


# ---------------------------------------------------------------- what is left


@dataclass(frozen=True)
class Left:
    """What a run left: rows of paper.db, published files, and crumbs.

    Rows of the run log, and those that say when tables were made, are of the machine's clock.
    """

    rows: tuple[str, ...]
    pages: Mapping[str, bytes]
    crumbs: tuple[str, ...]

    def differs(self, other: Left) -> list[str]:
        """What is not as in the other, a line each."""
        lines = [f"row {row[:300]}" for row in sorted(set(self.rows) ^ set(other.rows))]
        every = sorted(self.pages.keys() | other.pages.keys())
        lines += [f"page {p}" for p in every if self.pages.get(p) != other.pages.get(p)]
        return lines + [f"crumb {crumb}" for crumb in self.crumbs]


def left(root: Path) -> Left:
    """What stands in a root now."""
    site = (root / "output" / "site").resolve()
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    of_clock = ('"runs"', '"_sqlite_migrations"', "sqlite_seq")
    rows = [r for r in dump(root / "paper.db") if not any(table in r for table in of_clock)]
    return Left(
        tuple(sorted(rows)),
        {file.relative_to(site).as_posix(): file.read_bytes() for file in files},
        tuple(_crumbs(root)),
    )


def _crumbs(root: Path) -> Iterator[str]:
    """Files that no run keeps: journals, builds that are not done, whatever lies in tmp."""
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).as_posix()
        hidden = path.name.startswith(".") or path.name.endswith(("-journal", "-wal", "-shm"))
        if hidden or inside.startswith("tmp/"):
            yield inside


def copied(root: Path, to: Path) -> Path:
    """A root as it stands, at another place."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(root, to, symlinks=True)
    return to


# ---------------------------------------------------------------- a small paper


@dataclass
class Small:
    """Two weeks of a small arXiv, blogs of many moods, dates and votes, each on a host of its own."""

    arxiv: Arxiv
    servers: list[Loopback] = field(default_factory=list)

    def feeds_yaml(self, *more: str) -> str:
        """The settings of a root that reads them all."""
        of = {path: server.url(path) for server in self.servers for path in server.script}
        lines = [
            "network: {allow_private: true}",
            "sources:",
            f"  - {{kind: arxiv, categories: [cs.SC], api_url: '{of['/api/query']}'}}",
            f"  - {{kind: votes, name: Readers, api_url: '{of['/list']}'}}",
            f"  - {{kind: calendar, name: Dates, url: '{of['/dates.ics']}'}}",
        ]
        blogs = (path for path in of if path.startswith("/blog"))
        lines += [f"  - {{kind: feed, name: '{p[1:]}', url: '{of[p]}'}}" for p in blogs]
        return "\n".join([*lines, *more, ""])


@contextmanager
def small(papers: int = 3) -> Iterator[Small]:
    """The stand-in for arXiv and the blogs; so many papers a batch."""
    arxiv = Arxiv(list(_papers(papers)))
    made = Small(arxiv)
    scripts: list[dict[str, Any]] = [{"/api/query": arxiv}, {"/list": _list}, {"/dates.ics": Answer(body=DATES)}]  # fmt: skip
    scripts += [{f"/blog{n}": blog} for n, blog in enumerate(_blogs())]
    with ExitStack() as stack:
        made.servers = [stack.enter_context(Loopback(script)) for script in scripts]
        yield made


def _papers(a_batch: int) -> Iterator[Paper]:
    """Papers of 2026-W09 and W10, every third of which says that it was accepted, and an old one."""
    yield Paper("2501.00001", "2025-01-06T09:00:00Z", comment="CVPR 2025")
    days = ["2026-02-20", *(f"2026-02-{d}" for d in range(23, 28)), *(f"2026-03-0{d}" for d in range(2, 6))]  # fmt: skip
    for batch, day in enumerate(days):
        month = "2602" if day < "2026-02-27" else "2603"
        for n in range(a_batch):
            comment = "Accepted at CVPR 2026" if n % 3 == 0 else ""
            title = f"Kettle {batch} of Kind {n}: How Water Learns to Boil"
            number = f"{month}.{batch * a_batch + n + 1:05}"
            yield Paper(number, f"{day}T09:{n % 60:02}:00Z", comment=comment, title=title)


def _list(asked: Asked) -> Answer:
    week = asked.path.partition("week=")[2][:8]
    number = {"2026-W09": "2602.00004", "2026-W10": "2603.00020"}.get(week, "2603.00021")
    row = f'{{"paper": {{"id": "{number}", "upvotes": {len(week) + int(week[-2:])}}}}}'
    return Answer(body=f"[{row}]".encode())


def _blogs() -> Iterator[Answer | Callable[[Asked], Answer]]:
    """With a validator and without, failing, telling one story twice, of a backlog that is long."""
    yield _remembering('"a"', _rss("Kettles", ("On boiling", "https://a.example/boil", 4), ("Old cups", "https://a.example/cups", -30)))  # fmt: skip
    yield Answer(headers=RSS, body=_rss("Cups", ("A cup of tea", "https://b.example/tea", 5)))
    yield Answer(500)
    yield Answer(headers=RSS, body=_rss("Copy", ("On boiling", "https://a.example/boil?utm_source=x", 4)))  # fmt: skip
    posts = ((f"Post {n} of a long row", f"https://d.example/{n}", n % 5) for n in range(40))
    yield Answer(headers=RSS, body=_rss("Long", *posts))
    yield Answer(404)


RSS = {"Content-Type": "application/rss+xml"}


def _remembering(tag: str, body: bytes) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        same = asked.headers.get("if-none-match") == tag
        return Answer(304) if same else Answer(headers=RSS | {"ETag": tag}, body=body)

    return answer


def _rss(title: str, *posts: tuple[str, str, int]) -> bytes:
    """A feed of posts: title, address, and how many days after 1 March they came out."""
    items = (
        f"<item><title>{name}</title><link>{url.replace('&', '&amp;')}</link>"
        f"<pubDate>{datetime.fromtimestamp(1772358000 + day * 86400, UTC):%a, %d %b %Y %H:%M:%S GMT}</pubDate>"
        f"<description>About {name}.</description></item>"
        for name, url, day in posts
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()  # fmt: skip


DATES = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1@kettles\r
DTSTAMP:20260301T000000Z\r
DTSTART:20260316T170000Z\r
SUMMARY:A reading group about kettles\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@kettles\r
DTSTAMP:20260301T000000Z\r
DTSTART:20260320T170000Z\r
SUMMARY:A talk about cups\r
END:VEVENT\r
END:VCALENDAR\r
"""
