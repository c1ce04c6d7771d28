"""Send issues through the outbox to a server that throws them away, beside bare smtplib.

    python benchmarks/delivery.py [--readers 10000] [--filters 200] [--rounds 3] [--folder F]
        [--connections 1] [--commit-ms 0] [--json]

Every reader has a letter of 50 kB of their own; each claim and each settlement is a durable commit.
The server is smtp-sink (Debian: apt-get install postfix). Bare is `smtplib.sendmail` of finished
bytes over as many reused connections, a thread each, without any record. Both run in turns, 500
letters each; the medians count. --commit-ms makes each commit of the outbox so much longer, as a
slow disk does: the transaction sleeps before it ends, with its lock held. Status 1 below 0.6 of bare
or 400 a second.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, TextIO

from sundaypaper.database import fast_journal
from sundaypaper.delivery import Outbox, Readers, import_rows, read_people, send
from sundaypaper.delivery.channels import ChannelTools, open_channels
from sundaypaper.delivery.pace import SendingPace
from sundaypaper.delivery.settings import DeliverySpec, ServerEntry
from sundaypaper.formats.email.letter import Blank, Post, blank, leave_address
from sundaypaper.models import Delivery, Letter, Message, Subscriber

NOW = datetime(2026, 3, 8, 6, tzinfo=UTC)
DOMAIN, SIZE = "paper.example", 50_000
LEAST_RATIO, LEAST_RATE = 0.6, 400
SLICE = 500
MARK = "markofatokenmarkofatokenab"
POST = Post(
    address=f"paper@{DOMAIN}",
    name="Sunday Paper",
    inbox=f"paper@{DOMAIN}",
    list_name="Sunday Paper",
    archive="",
    help="",
    subscribe="",
    week="2026-W10",
    mark=MARK,
    own_list=True,
)
LEAVE = leave_address(POST.inbox, MARK)


@dataclass(frozen=True)
class Speed:
    """Letters a second by the clock, and milliseconds of our CPU a letter."""

    rate: float
    cpu: float


class Mails:
    """One serialised mail a filter; a reader's own address, token and tag are put in its places."""

    def __init__(self, filters: int) -> None:
        self.blanks = {f"topic:t{n}": made(n) for n in range(filters)}

    def letter(self, delivery: Delivery, subscriber: Subscriber) -> Letter:
        """A letter as the pipeline makes it once its filter has been rendered."""
        one = self.blanks[subscriber.filter]
        return one.fill(subscriber.address, subscriber.token, delivery.tag)


def made(number: int) -> Blank:
    """A mail of the usual size; every line of it is its filter's."""
    line = f"<p>Filter {number:4}: ".ljust(70, "x") + "</p>\n"
    html = line * ((SIZE - 2_000) // len(line + "=")) + f"<a href='mailto:{LEAVE}'>leave</a>"
    return blank(Message(f"Week 10, topic {number}", html, f"Leave: {LEAVE}", 30), POST, NOW)


@contextmanager
def sink() -> Iterator[int]:
    """The port of a running smtp-sink."""
    path = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not path:
        sys.exit(
            "smtp-sink is missing; on Debian it is in the package postfix (apt-get install it)"
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    user = ("-u", "nobody") if os.getuid() == 0 else ()
    running = subprocess.Popen([path, *user, f"127.0.0.1:{port}", "100"])
    try:
        wait_for(port)
        yield port
    finally:
        running.terminate()
        running.wait()


def wait_for(port: int) -> None:
    """Until somebody listens; at most five seconds."""
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("smtp-sink does not answer")


class Alternating:
    """The log of `send`, which after every so many letters lets bare smtplib send as many.

    So both meet the same weather on a machine that does other things beside; the clock of ours
    stands still meanwhile.
    """

    def __init__(self, log: TextIO, bare: Callable[[int], None]) -> None:
        self.log, self.bare, self.lines = log, bare, 0
        self.ours, self.plain = list[Speed](), list[Speed]()
        self._began = self._now()

    def __call__(self, line: str) -> None:
        print(line, file=self.log)
        self.lines += 1
        if self.lines % SLICE == 0:
            self.ours.append(self._lap())
            self.bare(SLICE)
            self.plain.append(self._lap())

    def _now(self) -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def _lap(self) -> Speed:
        (began, used), self._began = self._began, self._now()
        now, cpu = self._began
        return Speed(SLICE / (now - began), (cpu - used) / SLICE * 1000)


class SlowOutbox(Outbox):
    """An outbox on a disk that takes so many milliseconds more for a commit."""

    commit_ms = 0.0

    @contextmanager
    def together(self) -> Iterator[Any]:
        """The transaction, whose end is waited for."""
        with super().together() as conn:
            yield conn
            if self.commit_ms:
                time.sleep(self.commit_ms / 1000)


class Bare:
    """Bare smtplib: so many connections, each with a thread that sends its share."""

    def __init__(self, port: int, connections: int, letters: list[Letter]) -> None:
        self.letters = letters
        self.lines = [smtplib.SMTP("127.0.0.1", port) for _ in range(connections)]
        for line in self.lines:
            line.ehlo()

    def __call__(self, count: int) -> None:
        """Send so many letters over all connections."""
        if len(self.lines) == 1:
            self.share(self.lines[0], self.letters[:count])
            return
        step = len(self.lines)
        threads = [
            threading.Thread(target=self.share, args=(line, self.letters[n:count:step]))
            for n, line in enumerate(self.lines)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @staticmethod
    def share(line: smtplib.SMTP, letters: list[Letter]) -> None:
        """One connection's letters, one after the other."""
        for one in letters:
            line.sendmail(one.sender, [one.recipient], one.body)

    def close(self) -> None:
        """Say goodbye on each."""
        for line in self.lines:
            line.quit()


def issue(outbox: Outbox, week: str, mails: Mails, spec: DeliverySpec, turns: Alternating) -> None:
    """A queued issue to its last letter, with the log that `send` writes."""
    pace = SendingPace(0, time.monotonic, time.sleep)
    first, *beside = open_channels(spec, ChannelTools(time.monotonic, time.sleep, {}, pace=pace))
    counts = send(
        outbox, week, first, mails.letter, now=lambda: NOW, tell=turns, beside=beside, pace=pace
    )
    if counts["sent"] != sum(counts.values()):
        sys.exit(f"not every letter was sent: {dict(counts)}")


def disk(folder: Path) -> float:
    """Milliseconds for the disk to keep three pages for good: what a commit waits for at least."""
    took = list[float]()
    with (folder / "pages").open("wb", buffering=0) as file:
        for _ in range(200):
            began = time.perf_counter()
            file.write(bytes(12_288))
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return median(took)


def measure(folder: Path, port: int, given: argparse.Namespace) -> dict[str, float]:
    """Issue after issue, in turns with bare smtplib; the figures."""
    people = "address,filter\n" + "".join(
        f"reader{n}@lab.example,topic:t{n % given.filters}\n" for n in range(given.readers)
    )
    server = ServerEntry("127.0.0.1", port, "none")
    spec = DeliverySpec("smtp", POST.address, server=server, connections=given.connections)
    mails, ours, plain, waits = Mails(given.filters), list[Speed](), list[Speed](), list[float]()
    with (
        Readers(folder / "readers.db", os.urandom) as kept,
        (folder / "log").open("w", encoding="utf-8") as log,
    ):
        import_rows(kept, read_people(people.encode(), "people.csv"), "a benchmark", NOW)
        everybody, outbox = kept.receiving(NOW.date()), SlowOutbox(kept)
        outbox.commit_ms = given.commit_ms
        finished = [
            mails.letter(Delivery("2026-W10", p.id, "a" * 26), p) for p in everybody[:SLICE]
        ]
        with closing(Bare(port, given.connections, finished)) as bare:
            for n in range(given.rounds):
                week = f"2026-W{n + 10}"
                outbox.queue(week, [p.id for p in everybody], NOW)
                waits.append(disk(folder))
                turns = Alternating(log, bare)
                issue(outbox, week, mails, spec, turns)
                ours, plain = ours + turns.ours, plain + turns.plain
    return figures_of(ours, plain) | {
        "disk ms a commit": median(waits) + given.commit_ms,
        "connections": float(given.connections),
        "bytes a letter": float(len(finished[0].body)),
    }


def figures_of(ours: list[Speed], plain: list[Speed]) -> dict[str, float]:
    """Medians over the slices; the ratio is that of neighbours."""
    ratios = sorted(one.rate / other.rate for one, other in zip(ours, plain, strict=True))
    return {
        "bare a second": median(s.rate for s in plain),
        "ours a second": median(s.rate for s in ours),
        "ratio": median(ratios),
        "lower quarter": ratios[len(ratios) // 4],
        "bare cpu ms": median(s.cpu for s in plain),
        "ours cpu ms": median(s.cpu for s in ours),
    }


def main() -> int:
    """0 where both bars are met."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--readers", type=int, default=10_000)
    asked.add_argument("--filters", type=int, default=200)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--connections", type=int, default=1)
    asked.add_argument("--commit-ms", type=float, default=0.0, help="so much longer a commit")
    asked.add_argument("--folder", help="where readers.db lies while it runs; else the system's")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder, sink() as port:
        figures = measure(Path(folder), port, given)
    if given.json:
        print(json.dumps(figures))
    else:
        print(f"{'journal':18}{fast_journal():>12}, synchronous=full")
        for name, value in figures.items():
            print(f"{name:18}{value:>12,.2f}")
    return int(figures["ratio"] < LEAST_RATIO or figures["ours a second"] < LEAST_RATE)


if __name__ == "__main__":
    sys.exit(main())
