"""`sundaypaper serve` as a process of its own, and what it takes of the machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

STARTS, ENDS = 60.0, 20.0  # seconds


def command(root: Path, *words: str) -> list[str]:
    """The words that run `sundaypaper` in a root."""
    return [sys.executable, "-m", "sundaypaper", "--root", str(root), *words]


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(root: Path, port: int, log: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """`sundaypaper serve`, which answers when this is entered and has ended when it is left."""
    words = command(root, "serve", "--port", str(port))
    running = subprocess.Popen(words, stdout=log, stderr=log, text=True)
    try:
        wait_for(port, running)
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(ENDS)
        except subprocess.TimeoutExpired:
            running.kill()
            raise


def wait_for(port: int, running: subprocess.Popen[str]) -> None:
    """Until the app says that all is well; RuntimeError where it does not."""
    end = time.monotonic() + STARTS
    while running.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise RuntimeError(f"serve does not answer (status {running.poll()}); its log says why")


def memory(pid: int) -> tuple[float, float]:
    """MB that a process has in memory, and its children together."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for thread in threads for child in thread.read_text().split()]
    return _memory(pid), sum(map(_memory, children))


def _memory(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((row for row in status.splitlines() if row.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
