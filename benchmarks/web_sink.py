"""An SMTP server that throws mails away and counts whose they were, in a process of its own.

smtp-sink is faster, but says neither to whom a mail went nor of what kind it was.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import FrameType

NOTICE = b"\r\nauto-submitted:"
END = b"\r\n.\r\n"
EHLO = b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
ANSWERS = {b"HELO": b"250 sink.example\r\n", b"EHLO": EHLO, b"QUIT": b"221 Bye\r\n"}


@dataclass
class Taken:
    """How many mails each address got: issues, and notices about a subscription."""

    issues: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)


class Speaker(asyncio.Protocol):
    """One connection: enough of SMTP for smtplib."""

    def __init__(self, taken: Taken) -> None:
        self.taken, self.buffer, self.data, self.recipient = taken, bytearray(), False, ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink.example\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._mail() if self.data else self._command():
            pass

    def _command(self) -> bool:
        line, end, rest = self.buffer.partition(b"\r\n")
        if not end:
            return False
        self.buffer = rest
        verb = bytes(line[:4]).upper()
        if verb == b"RCPT":
            self.recipient = line.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace")
        self.data = verb == b"DATA"
        self.transport.write(b"354 Go on\r\n" if self.data else ANSWERS.get(verb, b"250 Ok\r\n"))
        return True

    def _mail(self) -> bool:
        body, end, rest = self.buffer.partition(END)
        if not end:
            return False
        self.buffer, self.data = rest, False
        head = b"\r\n" + bytes(body.partition(b"\r\n\r\n")[0]).lower()
        kind = self.taken.notices if NOTICE in head else self.taken.issues
        kind[self.recipient] += 1
        self.transport.write(b"250 Ok\r\n")
        return True


def _serve(line: Connection) -> None:
    async def run() -> None:
        taken, stop = Taken(), asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        server = await loop.create_server(lambda: Speaker(taken), "127.0.0.1", 0)
        line.send(server.sockets[0].getsockname()[1])

        def tell() -> None:
            line.recv()
            line.send(taken)

        loop.add_reader(line.fileno(), tell)
        await stop.wait()
        server.close()

    signal.signal(signal.SIGINT, _ignore)
    asyncio.run(run())


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C is for whoever started this."""


class Sink:
    """The server from outside: where it listens, and what it took until now."""

    def __init__(self, line: Connection) -> None:
        self.line = line
        self.port: int = line.recv()

    def taken(self) -> Taken:
        """What it took until now."""
        self.line.send("taken?")
        told: Taken = self.line.recv()
        return told


@contextmanager
def sink() -> Iterator[Sink]:
    """A server that runs meanwhile."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Sink(ours)
    finally:
        process.terminate()
        process.join()
