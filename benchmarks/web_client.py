"""A client that keeps to a schedule: pages at a rate, sign-ups at another, and what went wrong."""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from wire import BrokenError, Lines, Reply, request

PATIENCE = 1.3  # seconds between opening the form and sending it
LONGEST = 30.0  # seconds after which an answer is missed
CHECKED = 10  # of so many pages one is unpacked and looked at
STAMP = re.compile(rb'name="stamp" value="([^"]+)"')
GZIP = {"Accept-Encoding": "gzip", "User-Agent": "Mozilla/5.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}

Asked = tuple[str, str]  # a kind of page, and a path


@dataclass
class Kept:
    """What was measured: milliseconds by kind, how late the client was, what went wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    signed_up: set[str] = field(default_factory=set)

    def add(self, kind: str, began: float) -> None:
        """A request of a kind that was due at a moment has its whole answer now."""
        self.took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)


@dataclass(frozen=True)
class Load:
    """What is asked, and how often a second, for how many seconds."""

    lines: Lines
    kept: Kept
    rate: float
    sign_ups: float
    seconds: float

    async def run(self, paths: Iterator[Asked]) -> None:
        """Ask at both rates, until the time is over and all is answered."""
        begin = time.perf_counter() + 0.2
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pages(begin, paths, group))
            group.create_task(self._forms(begin, group))

    async def _pages(self, begin: float, paths: Iterator[Asked], group: asyncio.TaskGroup) -> None:
        for number in range(round(self.rate * self.seconds)):
            due = begin + number / self.rate
            await until(due)
            kind, path = next(paths)
            group.create_task(self._page(due, kind, path, number % CHECKED == 0))

    async def _page(self, due: float, kind: str, path: str, checked: bool) -> None:
        self.kept.late.append((time.perf_counter() - due) * 1000)
        reply = await self._ask(kind, due, request(path, headers=GZIP))
        if not reply:
            return
        if reply.status != (404 if kind == "unknown" else 200):
            self.kept.wrong[f"{kind}: status {reply.status}"] += 1
        elif checked and kind == "page" and not is_whole(reply):
            self.kept.wrong[f"{kind}: half a page"] += 1

    async def _ask(self, kind: str, due: float, raw: bytes) -> Reply | None:
        try:
            reply = await asyncio.wait_for(self.lines.ask(raw), LONGEST)
        except (BrokenError, OSError, TimeoutError) as bad:
            self.kept.wrong[f"{kind}: {type(bad).__name__} {bad}"] += 1
            return None
        self.kept.add(kind, due)
        self.kept.statuses[reply.status] += 1
        return reply

    async def _forms(self, begin: float, group: asyncio.TaskGroup) -> None:
        for number in range(round(self.sign_ups * self.seconds)):
            due = begin + (number + 0.5) / self.sign_ups
            await until(due)
            group.create_task(self._sign_up(due, number))

    async def _sign_up(self, due: float, number: int) -> None:
        """Open the form, take a moment, send it: a person at an address and a network of their own."""
        came = {"X-Forwarded-For": f"11.{number >> 8 & 255}.{number & 255}.7", "User-Agent": "M"}
        shown = await self._ask("form", due, request("/subscribe/", headers=came))
        stamp = STAMP.search(shown.body) if shown else None
        if not stamp:
            self.kept.wrong["form: without a stamp"] += 1
            return
        due = time.perf_counter() + PATIENCE  # a person begins when they see the form
        await until(due)
        address = f"person{number}@m{number % 499}.example"
        values = {"address": address, "edition": "", "website": "", "do": "subscribe"}
        body = urlencode({**values, "topic": "vision", "stamp": stamp[1].decode()}).encode()
        reply = await self._ask("sign-up", due, request("/subscribe/", "POST", came | FORM, body))
        if reply and reply.status == 200 and b"heck your mail" in reply.body:
            self.kept.signed_up.add(address)
        elif reply:
            self.kept.wrong[f"sign-up: status {reply.status}"] += 1


async def until(moment: float) -> None:
    """Wait for a moment of the clock that measures."""
    left = moment - time.perf_counter()
    if left > 0:
        await asyncio.sleep(left)


def is_whole(reply: Reply) -> bool:
    """Whether a page of the build is there to its end."""
    body = reply.body
    if reply.headers.get("content-encoding") == "gzip":
        body = zlib.decompress(body, wbits=31)
    return body.rstrip().endswith(b"</html>")
