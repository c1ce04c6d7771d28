"""The app as a process: bodies without an end, clients that dawdle, bytes that are no HTTP."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from asking import run, write_build
from processes import free_port, memory, serving
from sample_issue import sample_issue
from sundaypaper.store import Store
from wire import BrokenError, Lines, Reply, read_reply, request

GIGABYTE = 1 << 30
KILO = b"x" * 1024
FLAT = 24.0  # MB by which memory may differ
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
POST = f"POST /subscribe/ HTTP/1.1\r\nHost: paper.example\r\n{FORM}"


@dataclass(frozen=True)
class Running:
    """The app, where it listens, and what it printed."""

    port: int
    process: subprocess.Popen[str]
    log: Path

    @property
    def mb(self) -> float:
        """MB in memory."""
        return memory(self.process.pid)[0]

    def said(self) -> str:
        """What went wrong, as it told its operator."""
        return "\n".join(line for line in self.log.read_text().splitlines() if line.startswith(("!", "Trace")))  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A small paper, served."""
    root, port = tmp_path_factory.mktemp("served"), free_port()
    (root / "feeds.yaml").write_text(
        f"sources: [{{kind: arxiv}}]\nbase_url: http://127.0.0.1:{port}/\n"
    )
    write_build(root, "one", index_html="<p>the paper", large_html="<p>" + "word " * 400_000)
    with Store(root / "paper.db") as store:
        store.keep_issue(replace(sample_issue(20), state="frozen"))
    with (root / "log.txt").open("w") as log, serving(root, port, log) as process:
        yield Running(port, process, root / "log.txt")


async def ask(port: int, path: str) -> Reply:
    """The answer to a plain request."""
    async with Lines(port) as lines:
        return await lines.ask(request(path))


async def raw(port: int, sent: bytes, *, seconds: float = 30) -> list[Reply]:
    """All answers to bytes after which nothing comes, until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = list[Reply]()
    with suppress(ConnectionError):
        writer.write(sent)
        await writer.drain()
        writer.write_eof()
    with suppress(BrokenError, TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                answers.append(await read_reply(reader))
    writer.close()
    return answers


async def pour(port: int, head: str, piece: bytes, most: int) -> tuple[Reply, int]:
    """Send a head, then pieces until it is answered; the answer, and how many bytes were taken."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}\r\n".encode())
    answering, sent = asyncio.ensure_future(read_reply(reader)), 0
    with suppress(ConnectionError):
        while not answering.done() and sent < most:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
    reply = await answering
    with suppress(ConnectionError):
        while sent < most:
            writer.write(piece * 64)
            await writer.drain()
            sent += len(piece) * 64
    writer.close()
    return reply, sent


# ---------------------------------------------------------------- bodies without an end


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (f"Content-Length: {GIGABYTE}\r\n", KILO),
        ("Transfer-Encoding: chunked\r\n", b"400\r\n" + KILO + b"\r\n"),
        ("Transfer-Encoding: chunked\r\n", b"1\r\nx\r\n"),
        ("Transfer-Encoding: chunked\r\n", b"40000000\r\n" + KILO),
    ],
    ids=["with a length", "in chunks", "in chunks of a byte", "in one chunk"],
)
def test_a_gigabyte_is_refused_at_once(app: Running, head: str, piece: bytes) -> None:
    """413, after which the connection ends: of a gigabyte no more than a few buffers are taken."""
    before = app.mb
    reply, sent = run(pour(app.port, POST + head, piece, GIGABYTE))
    assert (reply.status, reply.closes) == (413, True)
    assert sent < 16 << 20
    assert app.mb - before < FLAT
    assert app.said() == ""


def test_a_client_that_asks_before_it_sends_is_refused_before_it_sends(app: Running) -> None:
    """Expect: 100-continue with a gigabyte: 413, and no word to go on."""
    head = f"{POST}Content-Length: {GIGABYTE}\r\nExpect: 100-continue\r\n\r\n"
    (reply,) = run(raw(app.port, head.encode()))
    assert (reply.status, reply.closes) == (413, True)


# ---------------------------------------------------------------- bytes that are no HTTP

NO_HTTP = {
    "nothing": b"",
    "line ends": b"\r\n" * 5000,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
    "space before a colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "a null": b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "lone line feeds": b"GET / HTTP/1.1\nHost: a\n\n",
    "another site": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "all of it": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": POST.encode() + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=b",
    "length and chunks": POST.encode() + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /large.html HTTP/1.1\r\nHost: a\r\n\r\n",
    "chunks in disguise": POST.encode() + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a length below nothing": POST.encode() + b"Content-Length: -1\r\n\r\n",
    "a length with a sign": POST.encode() + b"Content-Length: +3\r\n\r\na=b",
    "a chunk of no number": POST.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a long line": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "a websocket": b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    "HTTP/2 in the clear": b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_HTTP)
def test_bytes_that_are_no_request_are_no_event(app: Running, name: str) -> None:
    """One answer at most, none of the server's name, nothing in the log, and the app lives on."""
    answers = run(raw(app.port, NO_HTTP[name]))
    assert len(answers) <= 1
    for reply in answers:
        assert reply.status in (200, 400, 404, 405, 413, 422, 431), name
        assert "server" not in reply.headers
        assert b"Traceback" not in reply.body
        assert b"evil" not in reply.body
        assert "location" not in reply.headers
    assert app.said() == ""
    assert run(ask(app.port, "/")).status == 200


def test_to_ask_for_the_head_brings_no_body(app: Running) -> None:
    """Of each kind of page, over one connection, where a body would be taken for the next answer."""
    paths = (
        "/",
        "/healthz",
        "/subscribe/",
        "/confirm/abc",
        "/nothing",
        "/feeds/custom.atom?q=depth",
    )

    async def asked() -> list[tuple[int, int]]:
        async with Lines(app.port) as lines:
            heads = [await lines.ask(request(path, "HEAD"), head_only=True) for path in paths]
            last = await lines.ask(request("/"))
            assert lines.opened == 1
            assert b"the paper" in last.body
            return [(reply.status, int(reply.headers.get("content-length", 0))) for reply in heads]

    told = run(asked())
    assert [status for status, _ in told] == [200, 200, 200, 404, 404, 200]
    assert all(length > 0 for _, length in told)


def test_requests_that_follow_at_once_are_answered_in_turn(app: Running) -> None:
    """A thousand in one go over one connection: a thousand answers."""

    async def asked() -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
        writer.write(request("/") * 1000)
        told = [(await read_reply(reader)).status for _ in range(1000)]
        writer.close()
        return told

    assert run(asked()) == [200] * 1000


def test_whoever_takes_no_answers_costs_no_memory(app: Running) -> None:
    """Forty ask for large pages again and again and read nothing."""

    async def asked() -> float:
        writers = []
        for _ in range(40):
            _, writer = await asyncio.open_connection("127.0.0.1", app.port, limit=1024)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(request("/large.html") * 50)
            writers.append(writer)
        async with Lines(app.port) as lines:
            for _ in range(50):
                assert (await lines.ask(request("/"))).status == 200
        told = app.mb
        for writer in writers:
            writer.transport.abort()
        return told

    run(ask(app.port, "/large.html"))
    before = app.mb
    assert run(asked()) - before < 2 * FLAT
    assert app.said() == ""


# ---------------------------------------------------------------- clients that dawdle


async def others(port: int, done: Callable[[], bool], took: list[float]) -> None:
    """A reader who asks for pages meanwhile, with how long each took."""
    async with Lines(port) as lines:
        while not done():
            began = time.perf_counter()
            reply = await lines.ask(request("/"))
            assert reply.status == 200
            took.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def beside(app: Running) -> AsyncIterator[list[float]]:
    """Another reader is served meanwhile, 99 of 100 pages within a tenth of a second."""
    ended, took = asyncio.Event(), list[float]()
    reading = asyncio.create_task(others(app.port, ended.is_set, took))
    yield took
    ended.set()
    await reading
    assert sorted(took)[int(len(took) * 0.99)] < 0.1


async def dribble(port: int, head: bytes, drops: bytes) -> tuple[int, float]:
    """Send a byte a second; what was answered (0 for nothing), and when it was over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began, status = time.perf_counter(), 0

    async def drip() -> None:
        with suppress(ConnectionError):
            writer.write(head)
            for drop in drops:
                await asyncio.sleep(1)
                writer.write(bytes([drop]))
                await writer.drain()

    dripping = asyncio.create_task(drip())
    with suppress(BrokenError, ConnectionError):
        status = (await read_reply(reader)).status
    took = time.perf_counter() - began
    dripping.cancel()
    writer.close()
    return status, took


async def in_crowd(
    count: int, one: Callable[[], Awaitable[tuple[int, float]]]
) -> list[tuple[int, float]]:
    """The same by so many at once."""
    return await asyncio.gather(*(one() for _ in range(count)))


@pytest.mark.clock
def test_a_body_that_comes_by_the_second_ends_in_ten(app: Running) -> None:
    """Two hundred at once, with a length and in chunks: 408 each, and others are served meanwhile."""

    async def tried(head: str) -> list[tuple[int, float]]:
        async with beside(app):
            return await in_crowd(
                200, lambda: dribble(app.port, (POST + head + "\r\n").encode(), b"1" * 60)
            )

    for head in ("Content-Length: 1000\r\n", "Transfer-Encoding: chunked\r\n"):
        before = app.mb
        told = run(tried(head))
        assert {status for status, _ in told} == {408}
        assert all(9 < took < 13 for _, took in told)
        assert app.mb - before < FLAT
    assert app.said() == ""


@pytest.mark.clock
def test_a_head_that_comes_by_the_second_ends_in_twenty(app: Running) -> None:
    """Five hundred at once: no answer, the connection ends, and others are served meanwhile."""

    async def tried() -> list[tuple[int, float]]:
        async with beside(app):
            return await in_crowd(
                500, lambda: dribble(app.port, b"GET / HTTP/1.1\r\nX: ", b"a" * 60)
            )

    before = app.mb
    told = run(tried())
    assert all(took < 25 for _, took in told)
    assert {status for status, _ in told} <= {0, 400, 408}
    assert app.mb - before < FLAT


@pytest.mark.clock
def test_two_thousand_who_say_nothing_keep_nobody_out(app: Running) -> None:
    """They are let in, or make room for one another; others are served, and memory stays flat."""

    async def tried() -> tuple[float, list[float]]:
        writers = list[asyncio.StreamWriter]()
        async with beside(app) as took:
            for _ in range(2000):
                _, writer = await asyncio.open_connection("127.0.0.1", app.port)
                writers.append(writer)
            await asyncio.sleep(5)
            most = app.mb
        for writer in writers:
            writer.close()
        await asyncio.sleep(1)
        return most, took

    before = app.mb
    most, took = run(tried())
    assert len(took) > 50
    assert most - before < 2 * FLAT
    assert app.mb - before < 2 * FLAT
    assert re.fullmatch("", app.said())
