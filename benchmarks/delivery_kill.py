"""Kill the sender at random moments, again and again, and count what was lost or doubled.

    python benchmarks/delivery_kill.py [--kills 1000] [--readers 5000] [--connections 1] [--seed 1]
        [--json]

The sender is a fork of this process that sends one issue after another to the whole list; this
process is the server at the other end of its sockets, one a connection, and notes each Message-ID
before it answers, so it knows what arrived whatever the sender knew. Now and then it defers a mail or refuses it for
good. After SIGKILL it reads what was still in the line, checks the sums, and forks the next sender.
At the end of an issue the uncertain mails are sent once more, as a person would choose to.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import selectors
import signal
import socket
import struct
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sundaypaper.delivery import Outbox, Readers, import_rows, read_people, send
from sundaypaper.models import Answer, Delivery, DeliveryState, Letter, Subscriber

START = datetime(2026, 3, 8, 6, tzinfo=UTC)
DOMAIN = "paper.example"
ANSWERS = {
    b"2": Answer("sent", 250),
    b"4": Answer("deferred", 451, "4.7.1", "451 4.7.1 greylisted"),
    b"5": Answer("failed", 552, "5.2.2", "552 5.2.2 over quota"),
}
OPEN: tuple[DeliveryState, ...] = ("queued", "deferred", "sending")


@dataclass
class Tally:
    """What all issues together came to; every figure but the first five must be 0."""

    kills: int = 0
    issues: int = 0
    accepted: int = 0
    uncertain: int = 0
    most_uncertain_a_kill: int = 0
    lost: int = 0
    doubled: int = 0
    wrong_sums: int = 0
    untold: int = 0
    lost_after_resending: int = 0
    crashed_senders: int = 0


class Line:
    """A channel: a letter goes down the socket after its length, one byte comes back.

    As SMTP has it, all but the end of a letter goes before the claim of it is durable.
    """

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.end.close()

    def check(self) -> None:
        """The other end is always there."""

    def send(self, letter: Letter) -> Answer:
        """What the other end says."""
        return self.send_when(letter, lambda: None)

    def send_when(self, letter: Letter, may_end: Callable[[], None]) -> Answer:
        """The same, the last byte only when it may be."""
        self.end.sendall(struct.pack("!I", len(letter.body)) + letter.body[:-1])
        may_end()
        self.end.sendall(letter.body[-1:])
        return ANSWERS[self.end.recv(1)]


def message_id(week: str, tag: str) -> str:
    """The id that both ends know a mail by."""
    return f"{week}.{tag}@{DOMAIN}"


def write(delivery: Delivery, subscriber: Subscriber) -> Letter:
    """A letter of the size of a small one."""
    head = f"Message-ID: <{message_id(delivery.week, delivery.tag)}>\r\n\r\n"
    return Letter(f"b@{DOMAIN}", subscriber.address, head.encode() + b"x" * 2000)


@dataclass
class Server:
    """The other end. accepted counts ids over all senders; greylisted are those it put off once."""

    accepted: Counter[str] = field(default_factory=Counter)
    greylisted: set[str] = field(default_factory=set)
    left: dict[socket.socket, bytes] = field(default_factory=dict)

    def serve(self, ends: Sequence[socket.socket], until: float) -> bool:
        """Take letters until a moment of the monotonic clock; True where the sender hung up."""
        buffers = dict.fromkeys(ends, b"")
        with selectors.DefaultSelector() as waiting:
            for one in ends:
                waiting.register(one, selectors.EVENT_READ, one)
            while (left := until - time.monotonic()) > 0:
                for key, _ in waiting.select(left):
                    end: socket.socket = key.data
                    if not (more := end.recv(65_536)):
                        waiting.unregister(end)
                        continue
                    for name in (letters := _Letters(buffers[end] + more)):
                        end.sendall(self.answer(name))
                    buffers[end] = letters.rest
                if not waiting.get_map():
                    return True
        self.left = buffers
        return False

    def drain(self, end: socket.socket) -> None:
        """Take what a killed sender left in the line; nobody reads the answer."""
        buffer = self.left[end]
        try:
            while more := end.recv(65_536):
                buffer += more
        except ConnectionError:
            pass
        for name in _Letters(buffer):
            self.answer(name)

    def answer(self, name: str) -> bytes:
        """Note the letter first, then say so."""
        luck = zlib.crc32(name.encode())
        if luck % 400 == 0:
            return b"5"
        if luck % 40 == 1 and name not in self.greylisted:
            self.greylisted.add(name)
            return b"4"
        self.accepted[name] += 1
        return b"2"


class _Letters:
    """The ids of the whole letters in some bytes; rest is what follows them."""

    def __init__(self, raw: bytes) -> None:
        self.rest = raw

    def __iter__(self) -> Iterator[str]:
        while len(self.rest) >= 4:
            (size,) = struct.unpack("!I", self.rest[:4])
            if len(self.rest) < 4 + size:
                return
            body, self.rest = self.rest[4 : 4 + size], self.rest[4 + size :]
            yield body.split(b"<", 1)[1].split(b">", 1)[0].decode()


class Rehearsal:
    """Issue after issue to the same readers until there were enough kills."""

    def __init__(
        self, folder: Path, readers: int, seed: int, longest: float, connections: int
    ) -> None:
        self.path, self.readers, self.longest = folder / "readers.db", readers, longest
        self.connections = connections
        self.log = folder / "sender.log"
        self.chance, self.server, self.tally = random.Random(seed), Server(), Tally()
        self.starts = 0
        people = "\n".join(f"reader{n}@lab.example" for n in range(readers))
        with Readers(self.path, os.urandom) as kept:
            import_rows(kept, read_people(people.encode(), "people.csv"), "a rehearsal", START)

    def run(self, kills: int) -> Tally:
        """Until the issue in which the last kill happened is out."""
        while self.tally.kills < kills:
            week = f"{2026 + self.tally.issues // 52}-W{self.tally.issues % 52 + 1:02}"
            self.issue(week, kills)
            self.tally.issues += 1
        return self.tally

    def issue(self, week: str, kills: int) -> None:
        """One issue from the queue to its last uncertain mail."""
        with Readers(self.path, os.urandom) as kept:
            everybody = [one.id for one in kept.receiving(datetime.now(UTC).date())]
            Outbox(kept).queue(week, everybody, self.now())
        while self.unfinished(week):
            self.sender(week, self.tally.kills < kills)
        self.judge(week)

    def now(self) -> datetime:
        """The clock of the next sender: later each time, so that deferred mails fall due."""
        return START + timedelta(minutes=20 * self.starts)

    def sender(self, week: str, may_die: bool) -> None:
        """Start a sender; kill it in the middle, or let it come to its end."""
        self.starts += 1
        pairs = [socket.socketpair() for _ in range(self.connections)]
        ours = [mine for mine, _ in pairs]
        child = os.fork()
        if not child:
            for mine in ours:
                mine.close()
            os._exit(self.child(week, [theirs for _, theirs in pairs]))
        for _, theirs in pairs:
            theirs.close()
        wait = self.chance.uniform(0.001, self.longest) if may_die else 3600.0
        hung_up = self.server.serve(ours, time.monotonic() + wait)
        if not hung_up:
            # Not always just after an answer.
            time.sleep(self.chance.uniform(0, 0.0006))
            os.kill(child, signal.SIGKILL)
        for mine in ours:
            if not hung_up:
                self.server.drain(mine)
            mine.close()
        _, status = os.waitpid(child, 0)
        self.tally.kills += os.WIFSIGNALED(status)
        self.tally.crashed_senders += os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0

    def child(self, week: str, ends: Sequence[socket.socket]) -> int:
        """What the sender does; 0 where it came to its end."""
        try:
            with (
                Readers(self.path, os.urandom) as kept,
                self.log.open("a", encoding="utf-8") as log,
            ):
                tell, now = lambda line: print(line, file=log), self.now()
                first, *beside = map(Line, ends)
                send(Outbox(kept), week, first, write, now=lambda: now, tell=tell, beside=beside)
        except BaseException as bad:
            sys.stderr.write(f"{bad!r}\n")
            return 1
        return 0

    def unfinished(self, week: str) -> bool:
        """Check the sums as a restart finds them; whether anything is left to send."""
        with Readers(self.path, os.urandom) as kept:
            counts = Outbox(kept).counts(week)
        self.tally.wrong_sums += sum(counts.values()) != self.readers
        self.tally.most_uncertain_a_kill = max(self.tally.most_uncertain_a_kill, counts["sending"])
        return any(counts[state] for state in OPEN)

    def judge(self, week: str) -> None:
        """Compare what the rows say with what arrived, before and after resending by choice."""
        with Readers(self.path, os.urandom) as kept:
            box = Outbox(kept)
            rows = {message_id(week, row.tag): row.state for row in box.deliveries(week)}
            tally, accepted = self.tally, self.server.accepted
            unsure = {name for name, state in rows.items() if state == "uncertain"}
            tally.uncertain += len(unsure)
            tally.accepted += sum(accepted[name] > 0 for name in rows)
            tally.doubled += sum(accepted[name] > 1 for name in rows)
            tally.lost += sum(s == "sent" and not accepted[n] for n, s in rows.items())
            tally.untold += sum(
                accepted[n] > 0 and s not in ("sent", "uncertain") for n, s in rows.items()
            )
            box.again(week, ["uncertain"], self.now())
        while self.unfinished(week):
            self.sender(week, may_die=False)
        self.judge_resent(week, rows, unsure)

    def judge_resent(self, week: str, rows: Mapping[str, str], unsure: set[str]) -> None:
        """Everybody has it once by its id, and only what was resent by choice came twice."""
        accepted = self.server.accepted
        refused = {name for name, state in rows.items() if state == "failed"}
        self.tally.lost_after_resending += sum(
            not accepted[name] and zlib.crc32(name.encode()) % 400 != 0
            for name in rows.keys() - refused
        )
        self.tally.doubled += sum(accepted[name] > 1 for name in rows.keys() - unsure)


def main() -> int:
    """0 where nothing was lost, doubled or miscounted."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--readers", type=int, default=5000)
    asked.add_argument("--connections", type=int, default=1)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--longest", type=float, default=0.2, help="seconds from a start to a kill")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = Rehearsal(
            Path(folder), given.readers, given.seed, given.longest, given.connections
        )
        tally = rehearsal.run(given.kills)
        leaked = b"@lab.example" in rehearsal.log.read_bytes()
    figures = asdict(tally) | {"addresses_in_the_log": int(leaked)}
    if given.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):24}{value:>10,}")
        print(f"{'seconds':24}{time.monotonic() - began:>10.0f}")
    must_be_none = list(figures)[5:]
    too_many = tally.most_uncertain_a_kill > given.connections
    return int(any(figures[name] for name in must_be_none) or too_many)


if __name__ == "__main__":
    sys.exit(main())
