"""A lock for each host and a gap between two requests to it; other hosts are asked meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

GAP = 1.0
DEFAULT_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """The `host:port` of a url: requests with the same one take turns."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{(parts.hostname or '').rstrip('.')}:{port}"


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float | None = None


class Turns:
    """At most one request at once to a host, and a second between two to a public one."""

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, key: str, gap: float = GAP) -> Iterator[float]:
        """Hold the host, gap seconds after its last request; yields the seconds that were waited."""
        start = self._monotonic()
        with self._lock:
            host = self._hosts.setdefault(key, _Host())
        with host.lock:
            if host.free_at is not None and (wait := host.free_at + gap - self._monotonic()) > 0:
                self._sleep(wait)
            try:
                yield self._monotonic() - start
            finally:
                host.free_at = self._monotonic()
