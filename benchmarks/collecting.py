"""Collect the captured feeds from nothing, beside lemon24/reader, each feed on a host of its own.

    python benchmarks/collecting.py --reader VENV/bin/python [--rounds 3] [--workers 16] [--json]

VENV is an environment with `pip install reader`; SUNDAYPAPER_DATA names the folder of the feeds. A
server of its own process answers on 127.x.y.z. Both programs run in turns, as processes; the
medians count. Of ours the time is of the whole command, `collect`; of theirs that of `update_feeds`
alone, with as many workers. Status 1 above 0.75 of theirs, or where our process has more than 150 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

MOST_RATIO, MOST_MEMORY = 0.75, 150_000_000
THEIRS = """
import json, sys, time
from reader import make_reader
feeds = json.load(sys.stdin)
reader = make_reader(sys.argv[1])
for url in feeds:
    reader.add_feed(url)
wall, cpu = time.perf_counter(), time.process_time()
reader.update_feeds(workers=int(sys.argv[2]))
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps([wall, cpu, reader.get_entry_counts().total]))
"""


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of all processors, bytes of the main process, and entries kept."""

    wall: float
    cpu: float
    memory: int
    entries: int


def feeds(data: Path) -> list[tuple[bytes, str]]:
    """Each captured feed with its content type."""
    index = json.loads((data / "feeds" / "index.json").read_text())
    return [((data / "feeds" / name).read_bytes(), about["content_type"]) for name, about in index.items()]  # fmt: skip


def hosts(count: int) -> list[str]:
    """An address of loopback for each feed."""
    return [f"127.{1 + n // 250}.{n % 250}.1" for n in range(count)]


async def serve(data: Path, port: int) -> None:
    """Answer on every host with its feed, until killed."""
    served = feeds(data)
    answers = dict(zip(hosts(len(served)), served, strict=True))

    async def answer(given: asyncio.StreamReader, taken: asyncio.StreamWriter) -> None:
        await given.readuntil(b"\r\n\r\n")
        body, kind = answers[taken.get_extra_info("sockname")[0]]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        taken.write(head.encode() + body)
        await taken.drain()
        taken.close()

    servers = [await asyncio.start_server(answer, host, port) for host in answers]
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


@contextmanager
def serving(data: Path) -> Iterator[list[str]]:
    """The urls of the feeds, while a process of its own serves them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "SUNDAYPAPER_DATA": str(data)}
    command = [sys.executable, __file__, "--serve", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield [f"http://{host}:{port}/feed" for host in hosts(len(feeds(data)))]
        finally:
            server.kill()


def ours(root: Path, urls: list[str]) -> Cost:
    """A collection into a new root, by the command."""
    rows = (f"- {{kind: feed, name: F{n}, url: '{url}'}}\n" for n, url in enumerate(urls))
    (root / "feeds.yaml").write_text("network: {allow_private: true}\nsources:\n" + "".join(rows))
    command = [sys.executable, "-m", "sundaypaper", "--root", str(root), "collect"]
    before, began, memory = _used(), time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            memory = max(memory, _peak(process.pid))
            time.sleep(0.02)
    wall = time.perf_counter() - began
    from sundaypaper.store import Store

    with Store(root / "paper.db") as store:
        entries = store.db["entries"].count
    return Cost(wall, _used() - before, memory, entries)


def theirs(python: str, root: Path, urls: list[str], workers: int) -> Cost:
    """The same by lemon24/reader, with its feeds added before the clock runs."""
    done = subprocess.run(
        [python, "-c", THEIRS, str(root / "reader.db"), str(workers)],
        input=json.dumps(urls),
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu, entries = json.loads(done.stdout)
    return Cost(wall, cpu, 0, entries)


def _used() -> float:
    """Processor time of all processes that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(pid: int) -> int:
    """The most memory that a process has had, 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def middle(costs: list[Cost]) -> Cost:
    """Each figure's median; of the memory the most."""
    return Cost(
        round(median(c.wall for c in costs), 3),
        round(median(c.cpu for c in costs), 3),
        max(c.memory for c in costs),
        costs[0].entries,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--reader", help="the Python of an environment with lemon24/reader")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    data = Path(os.environ.get("SUNDAYPAPER_DATA") or sys.exit("set SUNDAYPAPER_DATA"))
    if given.serve:
        asyncio.run(serve(data, given.serve))
    costs: dict[str, list[Cost]] = {"ours": [], "theirs": []}
    with serving(data) as urls:
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory() as folder:
                costs["ours"].append(ours(Path(folder), urls))
                if given.reader:
                    costs["theirs"].append(theirs(given.reader, Path(folder), urls, given.workers))
    found = {name: middle(each) for name, each in costs.items() if each}
    ratio = found["ours"].wall / found["theirs"].wall if given.reader else 0.0
    if given.json:
        print(json.dumps({**{name: asdict(cost) for name, cost in found.items()}, "ratio": ratio}))
    else:
        for name, cost in found.items():
            print(f"{name:7}{cost.wall:7.2f} s, {cost.cpu:6.2f} s of processors, {cost.memory / 1e6:4.0f} MB, {cost.entries:,} entries")  # fmt: skip
        print(f"of {len(urls)} feeds; {ratio:.2f} of theirs")
    return int(ratio > MOST_RATIO or found["ours"].memory > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
