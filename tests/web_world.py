"""The program as the world sees it: its processes, a server that takes its mails, and the mails.

with aiosmtpd_office() as office:
    paper = Paper(folder, office.port)          # a copy of a demo with a feeds.yaml of its own
    with paper.serving() as app:                # `sundaypaper serve --port N`
        ...                                     # app.url, office.mails("ada")
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.request import ProxyHandler, build_opener

from lxml import html as lxml_html

from mail_servers import MailServer, Moment
from real_servers import RealServers, real_servers

SECONDS = 30.0
SENDER = "paper@lab.example"
FEEDS = """\
title: Sunday Paper
base_url: {url}
sources:
  - {{kind: bundle, name: Landmarks, path: shelf, use: news}}
  - {{kind: bundle, name: The shelf, path: shelf, use: shelf}}
{more}"""
SMTP = """\
delivery:
  kind: smtp
  from: Sunday Paper <paper@lab.example>
  server: {{host: 127.0.0.1, port: {port}, tls: none}}
"""
ADDRESS = re.compile(r"""https?://[^\s<>"']+""")
PAPERS = re.compile(r"arxiv\.org/abs/(\d{4}\.\d{5})")
# Tables that say when something last ran, whoever asked for what.
CLOCKS = ("served",)


def until(asked: Callable[[], bool], what: Callable[[], str] = lambda: "") -> None:
    """Wait until something is so; AssertionError where that never happens."""
    end = time.monotonic() + SECONDS
    while not asked():
        assert time.monotonic() < end, f"it never came: {what()}"
        time.sleep(0.02)


# ---------------------------------------------------------------- mails


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived."""

    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def part(self, kind: str) -> str:
        """Its text as `plain` or `html`."""
        body = self.message.get_body((kind,))
        assert body, f"no {kind} in it"
        return str(body.get_content())

    def links(self) -> set[str]:
        """Every web address in it: of all headers, all attributes of the HTML, and the text."""
        marked = lxml_html.fromstring(self.part("html"))
        values = [str(value) for value in marked.xpath("//@*")]
        values += [str(value) for _, value in self.message.items()]
        return {
            found for value in (*values, self.part("plain")) for found in ADDRESS.findall(value)
        }

    def link(self, beginning: str) -> str:
        """The one link that begins so, in HTML and text alike."""
        (found,) = {link for link in self.links() if link.startswith(beginning)}
        assert found in self.part("plain")
        assert f'"{found}"' in self.part("html")
        return found

    def papers(self) -> set[str]:
        """The numbers of arXiv that it leads to; text and HTML lead to the same."""
        found = set(PAPERS.findall(self.part("plain")))
        assert found == set(PAPERS.findall(self.part("html")))
        return found


class Office(Protocol):
    """A server that takes mails for lab.example at a port, and the mailboxes behind it."""

    @property
    def port(self) -> int:
        """Where it listens."""
        ...

    def raw(self, name: str) -> list[bytes]:
        """The mails in the mailbox of NAME@lab.example, oldest first."""
        ...


@dataclass
class Scripted:
    """aiosmtpd. When a reader's mailbox is named at RCPT, `at` is called once, before the answer.

    refused are addresses that it knows not.
    """

    refused: set[str] = field(default_factory=set)
    at: Callable[[str], None] | None = None
    server: MailServer = field(init=False)

    def __post_init__(self) -> None:
        self.server = MailServer(self._say)

    @property
    def port(self) -> int:
        """As in Office."""
        return self.server.port

    def _say(self, moment: Moment) -> str | None:
        if moment.verb != "RCPT":
            return None
        address = moment.argument.strip("<>")
        if address in self.refused:
            return "550 5.1.1 no such user"
        if act := self.at:
            self.at = None
            act(address)
        return None

    def raw(self, name: str) -> list[bytes]:
        """As in Office."""
        return [m.body for m in list(self.server.mails) if m.recipient == f"{name}@lab.example"]


@dataclass
class Postfix:
    """Postfix, and dovecot with the mailboxes."""

    servers: RealServers

    @property
    def port(self) -> int:
        return self.servers.near

    def raw(self, name: str) -> list[bytes]:
        """As in Office."""
        files = (self.servers.root / "mail" / name).glob("new/*")
        return [file.read_bytes() for file in sorted(files, key=lambda f: f.stat().st_mtime_ns)]


@contextmanager
def scripted_office() -> Iterator[Scripted]:
    """aiosmtpd at a port of its own."""
    office = Scripted()
    with office.server:
        yield office


@contextmanager
def postfix_office() -> Iterator[Postfix]:
    """Postfix and dovecot; only as root, where they are installed."""
    with real_servers() as servers:
        yield Postfix(servers)


def mails(office: Office, name: str, count: int = 1) -> list[Mail]:
    """The mails of a mailbox, as soon as there are so many; more than those fail."""
    until(lambda: len(office.raw(name)) >= count, lambda: f"mail {count} to {name}")
    got = [Mail(raw) for raw in office.raw(name)]
    assert len(got) == count, [mail.subject for mail in got]
    return got


# ---------------------------------------------------------------- the program


@dataclass
class App:
    """A running `serve`: its address, which ends with a slash, and the file of what it says."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def said(self) -> str:
        """What it has told the operator so far."""
        return self.log.read_text(errors="replace")


class Paper:
    """A root of the program, and its commands in processes of their own."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.root, self.port = root, free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.settings(more)

    def settings(self, more: str) -> None:
        """Write feeds.yaml: the demo's sources, and what is said here."""
        (self.root / "feeds.yaml").write_text(FEEDS.format(url=self.url, more=more))

    def command(self, *words: str) -> list[str]:
        """A command line of the program in this root."""
        return [sys.executable, "-m", "sundaypaper", "--root", str(self.root), *words]

    def run(self, *words: str, status: int = 0) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def serving(self, *words: str, before: tuple[str, ...] = (), port: int = 0) -> Iterator[App]:
        """`serve` at the paper's port, or another one; it has to end well when it is asked to.

        before are options before the command, such as --now and its value.
        """
        port = port or self.port
        log = self.root / f"serve-{port}.txt"
        line = self.command(*before, "serve", "--port", str(port), *words)
        with log.open("wb") as file:
            process = subprocess.Popen(line, stdout=file, stderr=subprocess.STDOUT)
        app = App(f"http://127.0.0.1:{port}/", log, process)
        try:
            until(lambda: process.poll() is not None or answers(app.url), app.said)
            assert process.poll() is None, app.said()
            yield app
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 0, app.said()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(SECONDS)

    # ------------------------------------------------------------ what it keeps

    def dump(self) -> list[str]:
        """All that readers.db and limits.db hold, as SQL."""
        rows = list[str]()
        for file in (self.root / "readers.db", self.root / "limits.db"):
            if file.exists():  # that of limits is made when it is needed
                with _opened(file) as db:
                    rows += db.iterdump()
        return [row for row in rows if not any(f'"{table}"' in row for table in CLOCKS)]

    def rests(self) -> bool:
        """Whether no mail is to be sent at this moment, nor on its way."""
        with _opened(self.root / "readers.db") as db:
            waiting = "select count(*) from {} where state in ('asked', 'queued', 'sending')"
            return not any(
                db.execute(waiting.format(table)).fetchone()[0]
                for table in ("notices", "deliveries")
            )


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A database to read, whoever writes it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as db:
        yield db


def copied(demo: Path, folder: Path) -> Path:
    """A copy of a demo's root, which may be changed."""
    shutil.copytree(demo, folder, symlinks=True)
    return folder


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def answers(url: str) -> bool:
    """Whether the app at an address says that it is well."""
    try:
        with build_opener(ProxyHandler({})).open(f"{url}healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
