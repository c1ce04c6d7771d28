"""Parsers that go wrong in every way, as the table of a child: `Pool("ill_parsers", …)`."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

from sundaypaper.errors import ParseError
from sundaypaper.parsing import serve


class Peculiar(ParseError):
    """An error of one parser's own."""


def echo(about: bytes, body: bytes) -> bytes:
    """The body again."""
    return body


def search(about: bytes, body: bytes) -> bytes:
    """Search for as good as ever, in C, with the interpreter held; tells a pipe when it begins."""
    if about:
        with open(about, "wb"):
            pass
    re.search("(a+)+b", "a" * 99)
    return b""


def wait(about: bytes, body: bytes) -> bytes:
    """Wait for good, at no cost; tells a pipe when it begins."""
    if about:
        with open(about, "wb"):
            pass
    threading.Event().wait()
    return b""


def fill(about: bytes, body: bytes) -> bytes:
    """Take a gigabyte."""
    return b"x" * 1_000_000_000


def hide(about: bytes, body: bytes) -> bytes:
    """Take a gigabyte and call what comes of it something else."""
    try:
        return fill(about, body)
    except Exception as bad:
        raise ParseError(f"not a document ({bad!r})") from bad


def hoard(about: bytes, body: bytes) -> bytes:
    """Keep sixty megabytes."""
    globals()["kept"] = bytes(60_000_000)
    return b"kept"


def leave(about: bytes, body: bytes) -> bytes:
    """End without a word, or with the one that it is given."""
    os.set_blocking(2, True)
    os.write(2, b"Traceback\nSomeError: " + body + b"\n")
    os._exit(3)


def crash(about: bytes, body: bytes) -> bytes:
    """Read where there is nothing."""
    ctypes.string_at(0)
    return b""


def vanish(about: bytes, body: bytes) -> bytes:
    """Be ended by somebody else."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def boast(about: bytes, body: bytes) -> bytes:
    """Answer at length."""
    return b"x" * 3_000_000


def lie(about: bytes, body: bytes) -> bytes:
    """Write an answer of one's own into every pipe that there is."""
    for number in range(3, 20):
        try:
            os.write(number, b"\0\0\0\x02no\0\0\0\x02no")
        except OSError:
            continue
    return b""


def chatter(about: bytes, body: bytes) -> bytes:
    """Print more than a pipe holds."""
    for number in (1, 2):
        for _ in range(100):
            try:
                os.write(number, b"chatter " * 1000)
            except BlockingIOError:
                break
    print("more of it")
    return b"done"


def refuse(about: bytes, body: bytes) -> bytes:
    """Refuse, in a way of one's own."""
    raise Peculiar("not \ud800 this")


def stumble(about: bytes, body: bytes) -> bytes:
    """Fail by a mistake."""
    raise KeyError("nothing")


def surroundings(about: bytes, body: bytes) -> bytes:
    """What a child has: variables, open files, folder, and what it may not do."""
    files = {}
    for number in os.listdir("/proc/self/fd"):
        try:
            files[number] = os.readlink(f"/proc/self/fd/{number}").partition(":")[0]
        except OSError:
            continue
    said = {"environ": dict(os.environ), "files": files, "cwd": os.getcwd(), "pid": os.getpid()}
    return json.dumps({**said, "paths": sys.path}).encode()


Parser = Callable[[bytes, bytes], bytes]
PARSERS: tuple[Parser, ...] = (
    echo, search, wait, fill, hide, hoard, leave, crash, vanish, boast, lie, chatter, refuse, stumble,
    surroundings,
)  # fmt: skip


def main() -> None:
    """Be a child."""
    serve({parser.__name__: partial(ready, parser) for parser in PARSERS})


def ready(parser: Parser) -> Parser:
    """None of them has anything to load."""
    return parser
