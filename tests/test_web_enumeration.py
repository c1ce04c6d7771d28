"""Whoever measures how long a sign-up takes learns nothing about who has the address."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from asking import run, write_build
from processes import free_port, serving
from sample_issue import sample_issue
from sundaypaper.delivery import Readers
from sundaypaper.delivery.sign_ups import SignUps
from sundaypaper.models import Answer, SignUp
from sundaypaper.store import Store
from wire import Lines, request

STATES = ("unknown", "confirmed", "left", "suppressed", "complained", "pending")
EACH, WARM = 200, 40
SAME_MS = 10.0
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}
PAPER = """sources: [{{kind: arxiv}}]
base_url: http://127.0.0.1:{port}/
delivery: {{kind: file, from: paper@paper.example}}
web: {{proxies: [127.0.0.1], limits: {{network: 100000/hour, domain: 100000/hour}}}}
"""
STAMP = re.compile(rb'name="stamp" value="([^"]+)"')

pytestmark = pytest.mark.clock


def address(state: str, number: int) -> str:
    """Addresses of equal length; whose state is what nobody may learn."""
    return f"r{STATES.index(state)}x{number:05}@lab.example"


def fill(root: Path) -> None:
    """Readers of each state, as the commands and the mailer leave them."""
    now, made = datetime.now(UTC), iter(range(1, 1 << 40))
    with Readers(root / "readers.db", lambda size: next(made).to_bytes(size, "big")) as readers:
        sign_ups = SignUps(readers)
        for number in range(EACH + WARM):
            for state in ("confirmed", "left", "complained"):
                who = readers.add(address(state, number), consent="lab", now=now).subscriber
                if state == "left":
                    readers.leave(who.id, "command", now)
                if state == "complained":
                    readers.complain(who.id, now)
            readers.suppress(address("suppressed", number), "command", now)
            sign_ups.ask(SignUp(address("pending", number)), now)
        while notice := sign_ups.claim(now):
            sign_ups.settle(notice, Answer("sent"), now)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A paper with such readers, served, whose mailer writes its mails to files."""
    root, port = tmp_path_factory.mktemp("states"), free_port()
    (root / "feeds.yaml").write_text(PAPER.format(port=port))
    write_build(root, "one", index_html="<p>the paper")
    with Store(root / "paper.db") as store:
        store.keep_issue(replace(sample_issue(20), state="frozen"))
    fill(root)
    with (root / "log.txt").open("w") as log, serving(root, port, log):
        yield port


def p95(values: list[float]) -> float:
    """The time below which 95 of 100 lie, in ms."""
    return sorted(values)[int(len(values) * 0.95)] * 1000


async def measured(port: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds by state: of sign-ups, and of the slowest of five pages asked right after each."""
    chance, networks = random.Random(1), count()
    took: dict[str, list[float]] = {state: [] for state in STATES}
    after: dict[str, list[float]] = {state: [] for state in STATES}
    async with Lines(port) as lines:
        found = STAMP.search((await lines.ask(request("/subscribe/"))).body)
        assert found
        await asyncio.sleep(1.5)
        for number in range(EACH + WARM):
            for state in chance.sample(STATES, len(STATES)):
                network = next(networks)
                came = {"X-Forwarded-For": f"10.{network >> 8}.{network & 255}.7"}
                values = {"address": address(state, number), "stamp": found[1].decode(), "do": "subscribe"}  # fmt: skip
                raw = request("/subscribe/", "POST", FORM | came, urlencode(values).encode())
                began = time.perf_counter()
                reply = await lines.ask(raw)
                ended = time.perf_counter()
                assert reply.status == 200
                slowest = 0.0
                for _ in range(5):
                    at = time.perf_counter()
                    await lines.ask(request("/"))
                    slowest = max(slowest, time.perf_counter() - at)
                if number >= WARM:
                    took[state].append(ended - began)
                    after[state].append(slowest)
    return took, after


def test_a_sign_up_takes_as_long_whoever_has_the_address(port: int) -> None:
    """p95 of two hundred of each state within 10 ms: the answer's, and that of pages asked after it."""
    took, after = run(measured(port))
    for times in (took, after):
        told = {state: p95(values) for state, values in times.items()}
        assert max(told.values()) - min(told.values()) < SAME_MS, told
