"""How fast `sundaypaper serve` answers while builds are swapped, and what hostile clients cost it.

    python benchmarks/serving.py --root demo [--seconds 60] [--rate 200]
    python benchmarks/serving.py --root demo --hostile

The first asks at an even pace from a process of its own over kept connections, whether or not the
answers before have come, so that a slow answer is not hidden by waiting for it; meanwhile a build is
swapped and the one before the last removed each two seconds. The second drips heads and bodies,
sends a gigabyte, holds thousands of connections, and reads nothing of an answer; between them a page
is asked for. The root is copied; nothing in it is changed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 50
SWAP = 2.0  # seconds
PAGES = 200  # addresses that are asked for
IDLE = 3_000


@contextmanager
def served(root: Path) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """`serve` of a root as a process: it, its host and its port."""
    line = [sys.executable, "-m", "sundaypaper", "--root", str(root), "serve", "--port", "0"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().split()[0])
        try:
            yield process, address.hostname or "", address.port or 0
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def memory(process: subprocess.Popen[str]) -> str:
    """What a process holds now and held at the most, in MB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    size = {line.split()[0]: int(line.split()[1]) // 1024 for line in lines if "kB" in line}
    return f"{size['VmRSS:']} MB, {size['VmHWM:']} MB at the most"


def worked(process: subprocess.Popen[str]) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- many readers


async def ask(host: str, port: int, rate: int, seconds: int, paths: list[str]) -> dict[str, object]:
    """Ask at a rate for so many seconds; times in ms from when a request was due."""
    due: asyncio.Queue[float | None] = asyncio.Queue()
    times: list[float] = []
    errors: Counter[str] = Counter()
    draw = random.Random(1)

    async def reader() -> None:
        to = await asyncio.open_connection(host, port)
        while (at := await due.get()) is not None:
            path = draw.choice(paths)
            try:
                status = await get(*to, path)
                if status != 200:
                    errors[str(status)] += 1
            except (OSError, EOFError, ValueError) as bad:
                errors[type(bad).__name__] += 1
                to = await asyncio.open_connection(host, port)
            times.append((time.perf_counter() - at) * 1000)
        to[1].close()

    readers = [asyncio.create_task(reader()) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for number in range(rate * seconds):
        at = begun + number / rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        due.put_nowait(at)
    for _ in readers:
        due.put_nowait(None)
    await asyncio.gather(*readers)
    return {"times": times, "errors": dict(errors)}


async def get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """Ask for a page over a connection that is kept; its status. ValueError where half of it came."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length: ")[2].partition("\r")[0])
    body = await reader.readexactly(length)
    if "content-encoding: gzip" in head and body[:2] != b"\x1f\x8b":
        raise ValueError("no gzip")
    return int(head.split()[1])


def client(host: str, port: int, rate: int, seconds: int, paths: list[str], pipe: object) -> None:
    """The process that asks."""
    pipe.send(asyncio.run(ask(host, port, rate, seconds, paths)))  # type: ignore[attr-defined]


def swap(output: Path, number: int) -> None:
    """Put a copy of the build in place, with one page changed, and remove the one before the last."""
    site, builds = output / "site", output / "builds"
    before = site.resolve()
    fresh = builds / f"swapped-{number}"
    shutil.copytree(before, fresh, copy_function=os.link)
    front = fresh / "index.html"
    text = front.read_bytes()
    front.unlink()
    front.write_bytes(text.rstrip() + b"\n" * (number % 7))
    link = output / ".site.new"
    link.symlink_to(Path("builds") / fresh.name)
    os.replace(link, site)
    for folder in builds.iterdir():
        if folder.is_dir() and folder not in (fresh, before):
            shutil.rmtree(folder)


def many(root: Path, rate: int, seconds: int) -> None:
    """Ask at a rate while builds are swapped, and print what came of it."""
    output = root / "output"
    site = output / "site"
    files = [f for f in sorted(site.resolve().rglob("*.html")) if f.name == "index.html"]
    draw = random.Random(1)
    chosen = draw.sample(files, min(PAGES, len(files)))
    paths = ["/", *(f"/{f.parent.relative_to(site.resolve()).as_posix()}/" for f in chosen)]
    paths = [path.replace("/./", "/") for path in paths]
    with served(root) as (process, host, port):
        before, begun = memory(process), worked(process)
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe()
        asking = spawn.Process(target=client, args=(host, port, rate, seconds, paths, theirs))
        asking.start()
        swaps = 0
        while not ours.poll(SWAP):
            swaps += 1
            swap(output, swaps)
        told = ours.recv()
        asking.join()
        after, took = memory(process), worked(process) - begun
    times = sorted(told["times"])
    cut = statistics.quantiles(times, n=1000)
    print(f"{len(times)} requests at {rate} a second, {swaps} builds swapped")
    print(f"p50 {cut[499]:.1f} ms, p95 {cut[949]:.1f} ms, p99 {cut[989]:.1f} ms, most {times[-1]:.0f} ms")  # fmt: skip
    print(f"{took / len(times) * 1000:.2f} ms of processor time a request; others’ load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"errors {json.dumps(told['errors'])}")
    print(f"memory before {before}; after {after}")


# ---------------------------------------------------------------- hostile clients


async def drip(host: str, port: int, head: bytes, body: bytes, most: float) -> tuple[float, bytes]:
    """Send a head, then the body a byte a second; seconds until it ended, and what was answered."""
    reader, writer = await asyncio.open_connection(host, port)
    begun = time.perf_counter()
    writer.write(head)

    async def feed() -> None:
        with suppress(OSError):
            for byte in body:
                await asyncio.sleep(1)
                writer.write(bytes([byte]))
                await writer.drain()

    feeding = asyncio.create_task(feed())
    answer = b""
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(most):
            while more := await reader.read(65_536):
                answer += more
    feeding.cancel()
    writer.close()
    return time.perf_counter() - begun, answer.partition(b"\r\n")[0]


def gigabyte(host: str, port: int, chunked: bool) -> tuple[int, bytes]:
    """Send a gigabyte; bytes that were taken, and the first line of the answer."""
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {1 << 30}"
    piece = b"x" * 65_536
    piece = b"10000\r\n" + piece + b"\r\n" if chunked else piece
    sent, answer = 0, b""
    with socket.create_connection((host, port)) as line:
        line.sendall(f"POST /subscribe/ HTTP/1.1\r\nHost: x\r\n{how}\r\n\r\n".encode())
        with suppress(OSError):
            while sent < 1 << 30:
                line.sendall(piece)
                sent += 65_536
        with suppress(OSError):
            answer = line.recv(65_536)
    return sent, answer.partition(b"\r\n")[0]


async def unread(host: str, port: int, path: str) -> float:
    """Ask for a page 400 times and read nothing; seconds until the connection is ended."""
    _, writer = await asyncio.open_connection(host, port, limit=1024)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    begun = time.perf_counter()
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 400)
    with suppress(OSError):
        while time.perf_counter() - begun < 150:
            await asyncio.sleep(1)
            writer.write(b" ")
            await writer.drain()
    writer.close()
    return time.perf_counter() - begun


async def page(host: str, port: int) -> str:
    """How a reader fares meanwhile: the status of the front page, and the ms it took."""
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(host, port)
            status = await get(reader, writer, "/")
            writer.close()
    except (OSError, EOFError, TimeoutError) as bad:
        return f"a reader meanwhile: {type(bad).__name__}"
    return f"a reader meanwhile: {status} in {(time.perf_counter() - begun) * 1000:.0f} ms"


async def idle(host: str, port: int, count: int) -> str:
    """Hold so many connections and send nothing; how many are open in the end, and how long."""
    lines = [await asyncio.open_connection(host, port) for _ in range(count)]
    told = await page(host, port)
    begun = time.perf_counter()
    await asyncio.wait_for(asyncio.gather(*(one.read() for one, _ in lines), return_exceptions=True), 60)  # fmt: skip
    took = time.perf_counter() - begun
    return f"{count} idle connections: {told}; all ended after {took:.0f} s"


async def hostile(host: str, port: int, process: subprocess.Popen[str]) -> None:
    """One hostile client after the other, and what each costs."""

    def tell(text: str) -> None:
        print(f"{text} ({memory(process)})", flush=True)

    for chunked in (False, True):
        sent, answer = gigabyte(host, port, chunked)
        how = "in chunks" if chunked else "with its length"
        tell(f"1 GB {how}: {answer.decode()!r} after {sent / 1e6:.1f} MB")
    post = b"POST /subscribe/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    head, body, big = await asyncio.gather(
        drip(host, port, b"GET / HTTP/1.1\r\n", b"X-Slow: " + b"a" * 100, 90),
        drip(host, port, post, b"a" * 100, 90),
        unread(host, port, "/"),
    )
    tell(f"a head a byte a second: ended after {head[0]:.0f} s")
    tell(f"a body a byte a second: {body[1].decode()!r} after {body[0]:.0f} s")
    tell(f"400 pages asked for and none read: ended after {big:.0f} s")
    tell(await idle(host, port, IDLE))
    tell(await page(host, port))


def main() -> None:
    """Measure one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--hostile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        shutil.copytree(given.root, root, symlinks=True)
        if not given.hostile:
            many(root, given.rate, given.seconds)
            return
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * IDLE), hard))
        with served(root) as (process, host, port):
            asyncio.run(hostile(host, port, process))


if __name__ == "__main__":
    main()
