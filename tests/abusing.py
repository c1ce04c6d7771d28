"""The app and its mailer over a root of its own, asked in great numbers by whoever wishes it ill.

Requests go to the app as a server hands them over, without a client that would mend them. Time goes
by only where a test lets it; mails are counted by a channel.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Self
from urllib.parse import urlencode

from asking import BASE, Runner, World, write_build
from sample_issue import sample_issue
from sundaypaper.database import sqlite3
from sundaypaper.delivery import Readers
from sundaypaper.delivery.channels import ChannelTools
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.models import Answer, Letter, Subscriber
from sundaypaper.pipeline.mailing import MailJob
from sundaypaper.pipeline.opening import look_into_store
from sundaypaper.pipeline.signing_up import tend_sign_ups
from sundaypaper.store import Store
from sundaypaper.web.app import app
from sundaypaper.web.finder import Finder
from sundaypaper.web.reception import Reception, reception
from sundaypaper.web.workers import THREADS

WEEK = "2026-W10"
FORM = "application/x-www-form-urlencoded"
PEER = "203.0.113.9"
STAMP = re.compile(rb'name="stamp" value="([^"]+)"')
LITERAL = re.compile(r"x?'(?:[^']|'')*'|\b[0-9][0-9.e+]*\b", re.IGNORECASE)
SPEC = DeliverySpec(kind="abusing:Counting", sender="Sunday Paper <paper@paper.example>", inbox="paper@paper.example")  # fmt: skip
TABLES = (
    "subscribers",
    "consents",
    "suppressed",
    "deliveries",
    "notices",
    "mailboxes",
    "bounces",
    "tallies",
)


@dataclass(frozen=True)
class Ask:
    """A request as a server hands it over. body in pieces; peer is who is at the other end."""

    path: str | bytes
    method: str = "GET"
    headers: tuple[tuple[str | bytes, str | bytes], ...] = ()
    body: Sequence[bytes] = ()
    peer: str = PEER

    def scope(self) -> dict[str, Any]:
        """What ASGI says of it."""
        raw = self.path if isinstance(self.path, bytes) else self.path.encode()
        place, _, query = raw.partition(b"?")
        path = bytes(_unquoted(place)).decode("utf-8", "replace")
        headers = [(_bytes(name).lower(), _bytes(value)) for name, value in self.headers]
        if self.body and not {b"content-length", b"transfer-encoding"} & {n for n, _ in headers}:
            headers.append((b"content-length", b"%d" % sum(map(len, self.body))))
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": place,
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "client": (self.peer, 4711),
            "server": ("127.0.0.1", 8000),
        }


@dataclass(frozen=True)
class Got:
    """An answer; header names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def header(self, name: str) -> str:
        """The value of a header, "" where it is missing."""
        return dict(self.headers).get(name, "")


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _unquoted(raw: bytes) -> Iterator[int]:
    """The bytes of a path as a server decodes them."""
    at = 0
    while at < len(raw):
        pair = raw[at + 1 : at + 3]
        if raw[at : at + 1] == b"%" and re.fullmatch(rb"[0-9A-Fa-f]{2}", pair):
            yield int(pair, 16)
            at += 3
        else:
            yield raw[at]
            at += 1


async def answer(web: Any, asked: Ask) -> Got:
    """What the app answers to a request."""
    sent: list[dict[str, Any]] = []
    pieces = list(asked.body)

    async def receive() -> dict[str, Any]:
        if not pieces:
            return {"type": "http.request", "body": b"", "more_body": False}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await web(asked.scope(), receive, send)
    headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in sent[0]["headers"])
    return Got(sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]))


class Counting:
    """A channel that keeps what it is given. Letters by the folder of its settings."""

    taken: dict[str, list[Letter]] = {}  # noqa: RUF012 one for all, as a server is

    def __init__(self, spec: DeliverySpec, _tools: ChannelTools) -> None:
        self.letters = self.taken.setdefault(spec.folder, [])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def check(self) -> None:
        """It always takes mails."""

    def send(self, letter: Letter, /) -> Answer:
        """Take a letter."""
        self.letters.append(letter)
        return Answer("sent", 250)


def numbered(seed: str) -> Callable[[int], bytes]:
    """Randomness that never repeats, and is the same in every test."""
    made = iter(range(1 << 40))
    return lambda size: hashlib.shake_256(f"{seed} {next(made)}".encode()).digest(size)


@dataclass
class Paper:
    """The app over a root, and the world around it."""

    root: Path
    world: World
    web: Any
    desk: Reception
    runner: Runner
    random: Callable[[int], bytes]
    mailed: list[str] = field(default_factory=list)

    # ------------------------------------------------------------ asking

    def all(self, asked: Iterable[Ask]) -> list[Got]:
        """The answers to requests, one after the other."""

        async def each() -> list[Got]:
            return [await answer(self.web, one) for one in asked]

        return self.runner.run(each())

    def get(self, path: str | bytes, method: str = "GET", **how: Any) -> Got:
        """The answer to one request."""
        (got,) = self.all([Ask(path, method, **how)])
        return got

    def post(self, path: str, fields: Mapping[str, Any] | bytes = b"", **how: Any) -> Got:
        """The answer to a form."""
        (got,) = self.all([form(path, fields, **how)])
        return got

    def sign_ups(self, asked: Iterable[tuple[str, str]], **fields: Any) -> list[Got]:
        """The answers to sign-ups of addresses, each from an IP."""
        fields = fields if "stamp" in fields else fields | {"stamp": self.stamp()}
        values = {"website": "", "do": "subscribe"} | fields
        return self.all(
            form("/subscribe/", {"address": address} | values, peer=peer) for address, peer in asked
        )

    def sign_up(self, address: str, peer: str = PEER, **fields: Any) -> Got:
        """The answer to one sign-up."""
        (got,) = self.sign_ups([(address, peer)], **fields)
        return got

    def stamp(self) -> str:
        """The stamp of a form that was opened two seconds ago."""
        (stamp,) = STAMP.findall(self.get("/subscribe/").body)
        self.pass_by(seconds=2)
        return str(stamp.decode())

    @contextmanager
    def traced(self) -> Iterator[list[str]]:
        """The statements of SQL that the app makes meanwhile, without the values in them."""
        made: list[str] = []
        self._trace(lambda line: made.append(LITERAL.sub("?", line)))
        yield made
        self._trace(None)

    def _trace(self, told: Callable[[str], object] | None) -> None:
        """Have each thread, which has connections of its own, tell its statements."""
        together = Barrier(THREADS)

        def in_thread(kept: Any) -> None:
            together.wait(10)
            for file in (kept.readers, kept.limits):
                file.db.conn.set_trace_callback(told)

        async def each() -> None:
            await asyncio.gather(*(self.desk.workers.call(in_thread) for _ in range(THREADS)))

        self.runner.run(each())

    # ------------------------------------------------------------ time, mails, readers

    def pass_by(self, **time: float) -> None:
        """Let time go by."""
        delta = timedelta(**time)
        self.world.now += delta
        self.world.seconds += delta.total_seconds()

    def tend(self) -> list[Letter]:
        """The mails that the mailer sends now."""
        before = len(self.letters)
        tools = ChannelTools(lambda: self.world.seconds, lambda _: None, {})
        with Readers(self.root / "readers.db", self.random) as readers:
            job = MailJob(self.world.config, readers, {}, lambda: self.world.now, self.mailed.append, tools)  # fmt: skip
            tend_sign_ups(job, BASE, lambda: look_into_store(self.root, self.root / "output"), None)
        return self.letters[before:]

    @property
    def letters(self) -> list[Letter]:
        """All mails until now."""
        return Counting.taken.setdefault(str(self.root), [])

    def mails_to(self) -> Counter[str]:
        """How many mails went to whom."""
        return Counter(letter.recipient for letter in self.letters)

    def token(self, letter: Letter) -> str:
        """The token in the link of a notice."""
        found = re.search(rb"https://paper\.example/(?:confirm|preferences)/([a-z2-7]{26})", unwrapped(letter))  # fmt: skip
        assert found
        return found[1].decode()

    def reader(self, address: str) -> Subscriber:
        """Somebody who signs up and confirms."""
        self.sign_up(address, peer="198.51.100.77")
        (letter,) = self.tend()
        assert self.post(f"/confirm/{self.token(letter)}").status == 200
        self.tend()
        with Readers(self.root / "readers.db", self.random) as readers:
            found = readers.find_address(address)
        assert found
        return found

    def held(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that readers.db holds."""
        with closing(sqlite3.connect(self.root / "readers.db")) as db:
            there = {name for (name,) in db.execute("select name from sqlite_master")}
            return {name: db.execute(f"select * from {name}").fetchall() for name in sorted(there & set(TABLES))}  # fmt: skip

    def asked(self) -> list[dict[str, Any]]:
        """The sign-ups that are noted."""
        with closing(sqlite3.connect(self.root / "readers.db")) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute("select * from notices order by id")]


def unwrapped(letter: Letter) -> bytes:
    """A letter without the line breaks and signs of quoted-printable."""
    return letter.body.replace(b"=\r\n", b"").replace(b"=3D", b"=")


def form(path: str, fields: Mapping[str, Any] | bytes = b"", **how: Any) -> Ask:
    """A form as a page of ours sends it."""
    body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True).encode()
    headers = {"content-type": FORM, "origin": "null", "sec-fetch-site": "same-origin"}
    headers |= how.pop("headers", {})
    return Ask(path, "POST", tuple(headers.items()), [body], **how)


def networks(count: int) -> Iterator[str]:
    """IPs of so many networks."""
    return (f"10.{n >> 8 & 255}.{n & 255}.7" for n in range(count))


@contextmanager
def paper(root: Path, **other: Any) -> Iterator[Paper]:
    """A printed issue, a build of a few pages, and the app before them; mails are kept in memory."""
    world, random = World(root), numbered(root.name)
    world.config = replace(world.config, delivery=replace(SPEC, folder=str(root)))
    write_build(root, "one", index_html="<p>the paper", issues__index_html="<p>issues", style_css="p {}")  # fmt: skip
    (root / "feeds.yaml").write_text(f"sources: [{{kind: arxiv}}]\nbase_url: {BASE}\n")
    with Store(root / "paper.db") as store:
        store.keep_issue(replace(sample_issue(20), week=WEEK, state="frozen"))
    Readers(root / "readers.db", random).close()  # as the command does
    with running(root, world, random, **other) as (web, desk, runner):
        yield Paper(root, world, web, desk, runner, random)
    Counting.taken.pop(str(root), None)


@contextmanager
def running(
    root: Path, world: World, random: Callable[[int], bytes], **other: Any
) -> Iterator[tuple[Any, Reception, Runner]]:
    """The app over a root from its beginning to its end; a second call starts it once more."""
    here = world.here(random=random, **other)
    finder = Finder(here)
    desk = reception(here, finder, lambda: None)
    web = app(here, readers=desk)
    with Runner() as runner:
        life = Life(web)
        runner.run(life.begin())
        try:
            yield web, desk, runner
        finally:
            runner.run(life.end())
            finder.close()


class Life:
    """What a server tells the app of its own beginning and end."""

    def __init__(self, web: Any) -> None:
        self.web = web

    async def begin(self) -> None:
        """Start the app; it has started when this returns."""
        self.told, self.heard = asyncio.Queue[dict[str, str]](), asyncio.Queue[dict[str, str]]()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self.task = asyncio.create_task(self.web(scope, self.told.get, self.heard.put))
        await self._say("startup")

    async def end(self) -> None:
        """Have it end."""
        await self._say("shutdown")
        await self.task

    async def _say(self, what: str) -> None:
        self.told.put_nowait({"type": f"lifespan.{what}"})
        assert await self.heard.get() == {"type": f"lifespan.{what}.complete"}
