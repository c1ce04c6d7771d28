"""A root with readers and the app before it: what tests of the readers' pages share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import httpx

from asking import NOON, World, ask, write_build
from sample_issue import sample_issue
from sundaypaper.database import sqlite3
from sundaypaper.delivery import Readers
from sundaypaper.delivery.sign_ups import SignUps
from sundaypaper.models import Answer, Notice, Subscriber
from sundaypaper.pipeline.readers_queries import Sample, Tried, TriedWeek
from sundaypaper.store import Store
from sundaypaper.web.app import app
from sundaypaper.web.limiting import LIMITS
from sundaypaper.web.reception import Reception, reception

WEEK = "2026-W10"
ADA, BOB = "ada@lab.example", "bob@lab.example"
FORM = {"content-type": "application/x-www-form-urlencoded"}
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
FOUND = Tried("depth", (TriedWeek(WEEK, 11, 300),), (Sample("Depth from <One> Photograph", "https://arxiv.org/abs/2603.00001", "", "arXiv", WEEK),))  # fmt: skip


def numbered() -> Callable[[int], bytes]:
    """Randomness that never repeats and is the same in every test."""
    made = iter(range(1, 1_000_000))
    return lambda size: next(made).to_bytes(size, "big")


@dataclass
class FakeFinder:
    """Finds the same whatever it is asked, and remembers what that was."""

    found: Tried | Exception = FOUND
    asked: list[str] = field(default_factory=list)

    async def tried(self, text: str) -> Tried:
        self.asked.append(text)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@dataclass
class House:
    """The app over a root, its readers, and who is woken."""

    world: World
    reception: Reception
    finder: FakeFinder
    readers: Readers
    woken: list[str]

    def __post_init__(self) -> None:
        self.app = app(self.reception.here, readers=self.reception)

    def get(self, path: str, **how: Any) -> httpx.Response:
        """The page at a path."""
        return ask(self.app, path, **how)

    def post(self, path: str, form: dict[str, Any] | bytes = b"", **how: Any) -> httpx.Response:
        """The answer to a form that a page of ours sends."""
        body = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
        headers = FORM | {"origin": "null", "sec-fetch-site": "same-origin"}
        headers |= how.pop("headers", {})
        return ask(self.app, path, "POST", content=body, headers=headers, **how)

    def pass_by(self, **time: float) -> None:
        """Let time go by."""
        self.world.now += timedelta(**time)

    def stamp(self) -> str:
        """The stamp of a form that was opened two seconds ago."""
        (stamp,) = STAMP.findall(self.get("/subscribe/").text)
        self.pass_by(seconds=2)
        return stamp

    def sign_up(self, address: str = ADA, **fields: Any) -> httpx.Response:
        """Open the form, fill it in, send it."""
        peer = {"peer": fields.pop("peer")} if "peer" in fields else {}
        form = {"address": address, "stamp": self.stamp(), "website": "", "do": "subscribe"}
        return self.post("/subscribe/", form | fields, **peer)

    def state(self) -> list[tuple[Any, ...]]:
        """Every row that is kept about readers and limits.

        Read with the SQLite of the app: another one in the same process does not see its log.
        """
        rows = list[tuple[Any, ...]]()
        for name in ("readers.db", LIMITS):
            with closing(sqlite3.connect(self.world.root / name)) as db:
                tables = db.execute(
                    "select name from sqlite_master where type = 'table'"
                ).fetchall()
                for (table,) in tables:
                    rows += ((name, table, *row) for row in db.execute(f'select * from "{table}"'))
        return rows

    def mailed(self) -> list[Notice]:
        """The notices that the mailer sends now."""
        sign_ups, sent = SignUps(self.readers), list[Notice]()
        while notice := sign_ups.claim(self.world.now):
            sign_ups.settle(notice, Answer("sent"), self.world.now)
            sent.append(notice)
        return sent

    def asked(self) -> list[dict[str, Any]]:
        """The rows of the sign-ups that were noted."""
        return list(self.readers.db.query("select * from notices order by id"))

    def confirmed(self, address: str = ADA, **fields: Any) -> Subscriber:
        """Somebody who signed up and confirmed."""
        self.sign_up(address, **fields)
        (notice,) = self.mailed()
        assert self.post(f"/confirm/{notice.token}").status_code == 200
        return self.reader(address)

    def reader(self, address: str = ADA) -> Subscriber:
        """The subscriber with an address."""
        found = self.readers.find_address(address)
        assert found is not None
        return found

    def change(self, **config: Any) -> None:
        """Change feeds.yaml."""
        self.world.config = replace(self.world.config, **config)


@cache
def paper() -> bytes:
    """paper.db with one printed issue."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "paper.db"
        with Store(file) as store:
            store.keep_issue(replace(sample_issue(150), week=WEEK, state="frozen"))
        return file.read_bytes()


@contextmanager
def house(root: Path, *, printed: bool = True, **other: Any) -> Iterator[House]:
    """A root with a printed issue, or none, and the app before it."""
    world, woken, finder = World(root, now=NOON), list[str](), FakeFinder()
    if not (root / "output" / "site").exists():
        write_build(root, "one", index_html="the paper")
    if printed:
        (root / "paper.db").write_bytes(paper())
    random = numbered()
    here = world.here(random=random, **other)
    desk = reception(here, finder, lambda: woken.append("woken"))
    try:
        with Readers(root / "readers.db", random) as readers:
            yield House(world, desk, finder, readers, woken)
    finally:
        desk.close()
