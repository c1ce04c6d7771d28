"""Ask the web app without a server: what it is handed, and one request after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from sundaypaper.config import Config, default_config
from sundaypaper.web.surroundings import Surroundings

T = TypeVar("T")
BASE = "https://paper.example/"
NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


@dataclass
class World:
    """The world around an app: a clock that stands until it is set, and what was said."""

    root: Path
    config: Config = field(default_factory=default_config)
    now: datetime = NOON
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)

    def here(self, **other: Any) -> Surroundings:
        """What an app of this world is handed."""
        given: dict[str, Any] = {
            "root": self.root,
            "output": self.root / "output",
            "templates": None,
            "config": lambda: self.config,
            "now": lambda: self.now,
            "monotonic": lambda: self.seconds,
            "random": lambda count: bytes(count),
            "base_url": BASE,
            "say": self.said.append,
        }
        return Surroundings(**(given | other))


def write_build(root: Path, name: str, **files: str | bytes) -> Path:
    """A build of some files, in place; `a__b_html` is a/b.html. The folder."""
    folder = root / "output" / "builds" / name
    for key, text in files.items():
        *folders, stem = key.split("__")
        path = folder.joinpath(*folders, stem.replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    swap(root, name)
    return folder


def swap(root: Path, name: str) -> None:
    """Put a build in place, as publishing does."""
    fresh = root / "output" / ".site.new"
    fresh.symlink_to(Path("builds") / name)
    fresh.replace(root / "output" / "site")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do some work in a loop of its own; in a thread, since a browser's tests hold that of theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Runner:
    """An `asyncio.Runner` in a thread of its own, for work that goes on in one loop."""

    def __init__(self) -> None:
        self.thread, self.loop = ThreadPoolExecutor(1), asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.submit(self.loop.close).result()
        self.thread.shutdown()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work in the loop."""
        return self.thread.submit(self.loop.run, work).result()


def ask(app: Any, path: str, method: str = "GET", **how: Any) -> httpx.Response:
    """The answer to one request."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(how.pop("peer", "203.0.113.9"), 4711))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://named.example"
        ) as client:
            return await client.request(method, path, **how)

    return run(asked())


def ask_raw(
    app: Any,
    raw_path: bytes,
    method: str = "GET",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    receive: Callable[[], Any] | None = None,
) -> tuple[int, dict[bytes, bytes], bytes]:
    """The answer to a request as a server hands it over, with a path that no client would send."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": method,
        "path": raw_path.decode("latin-1"),
        "raw_path": raw_path,
        "query_string": b"",
        "headers": list(headers),
        "client": ("203.0.113.9", 4711),
        "root_path": "",
    }

    async def nothing() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    run(app(scope, receive or nothing, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body
