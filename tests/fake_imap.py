"""An IMAP server on loopback that speaks just enough, and fails as a test tells it to.

with FakeImap([b"..."]) as server:
    ...
    assert server.seen == {1}
"""

from __future__ import annotations

import base64
import re
import socketserver
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

USER, PASSWORD = "paper@lab.example", "correct horse"


@dataclass
class FakeImap:
    """Mails by UID from 1 on. seen: who was marked; asked: the commands, without their tags."""

    mails: list[bytes]
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    token: str = ""  # what AUTHENTICATE XOAUTH2 has to bring
    read_only: bool = False
    uid_last: bool = False
    stores: int = 10**9  # how many STORE are answered before the server hangs up
    refuse_store: bool = False
    announce: int = 0  # a length of a literal that is never sent
    dumb: bool = False  # takes the connection and says nothing
    seen: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)  # refused to whoever fetches them
    deleted: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, EOFError), _Session(fake, self) as session:
                    session.run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.released = threading.Event()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Session:
    """One connection."""

    def __init__(self, fake: FakeImap, handler: socketserver.StreamRequestHandler) -> None:
        self.fake, self.socket = fake, handler.request
        if fake.tls:
            self.socket = fake.tls.wrap_socket(self.socket, server_side=True)
        self.lines = self.socket.makefile("rb")
        self.secure = bool(fake.tls)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lines.close()
        self.socket.close()

    def say(self, text: str | bytes) -> None:
        self.socket.sendall((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def run(self) -> None:
        if self.fake.dumb:
            self.fake.released.wait(10)
            return
        self.say("* OK ready")
        while line := self.lines.readline().decode("latin-1").strip():
            tag, _, command = line.partition(" ")
            self.fake.asked.append(command)
            answer = self.answer(command)
            self.say(f"{tag} {answer}")
            if command == "STARTTLS" and self.fake.starttls:
                self.socket = self.fake.starttls.wrap_socket(self.socket, server_side=True)
                self.lines, self.secure = self.socket.makefile("rb"), True
            if command == "LOGOUT":
                return

    def answer(self, command: str) -> str:
        word, _, rest = command.partition(" ")
        if word == "UID":
            word, _, rest = rest.partition(" ")
        return getattr(self, f"do_{word.lower()}")(rest)

    def do_capability(self, rest: str) -> str:
        more = " STARTTLS" if self.fake.starttls and not self.secure else ""
        self.say(f"* CAPABILITY {self.fake.capabilities}{more}")
        return "OK done"

    def do_starttls(self, rest: str) -> str:
        return "OK go on"

    def do_authenticate(self, rest: str) -> str:
        self.say("+ ")
        if rest == "XOAUTH2":
            said = base64.b64decode(self.lines.readline()).decode()
            if said == f"user={USER}\x01auth=Bearer {self.fake.token}\x01\x01":
                return "OK in"
            self.say("+ " + base64.b64encode(b'{"status":"401"}').decode())
            assert self.lines.readline() == b"\r\n"
            return f"NO {said} is not known here"
        _, user, password = base64.b64decode(self.lines.readline()).decode().split("\0")
        return self.judge(user, password)

    def do_login(self, rest: str) -> str:
        user, password = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
        return self.judge(user, password)

    def judge(self, user: str, password: str) -> str:
        right = (user, password) == (USER, PASSWORD)
        return "OK in" if right else f"NO {user} with {password} is not known here"

    def do_select(self, rest: str) -> str:
        if rest not in ('"INBOX"', '"M&APw-ll"'):
            return f"NO no such mailbox for {USER} who said {PASSWORD}"
        self.say(f"* {len(self.fake.mails)} EXISTS")
        return "OK [READ-ONLY] in" if self.fake.read_only else "OK [READ-WRITE] in"

    def do_search(self, rest: str) -> str:
        low, high = (int(n) for n in rest.split()[0].split(":"))
        out = self.fake.seen if "UNSEEN" in rest else set[int]()
        out = out | self.fake.deleted if "UNDELETED" in rest else out
        self.say("* SEARCH " + " ".join(str(n) for n in range(low, high + 1) if n not in out))
        return "OK done"

    def do_fetch(self, rest: str) -> str:
        uids, _, items = rest.partition(" ")
        limit = int(items.partition("<0.")[2].partition(">")[0])
        if self.fake.damaged.intersection(map(int, uids.split(","))):
            return "NO [SERVERBUG] a mail is damaged"
        for uid in map(int, uids.split(",")):
            if uid not in self.fake.gone:
                self.send(uid, self.fake.mails[uid - 1][:limit])
        self.say("* 1 FETCH (FLAGS ())")
        return "OK done"

    def send(self, uid: int, raw: bytes) -> None:
        length = self.fake.announce or len(raw)
        before, after = (f"UID {uid} ", ")") if not self.fake.uid_last else ("", f" UID {uid})")
        self.say(f"* {uid} FETCH ({before}BODY[]<0> {{{length}}}")
        self.socket.sendall(raw)
        self.say(after)

    def do_store(self, rest: str) -> str:
        if self.fake.refuse_store:
            return f"NO not allowed for {USER}"
        if self.fake.stores == 0:
            raise EOFError
        self.fake.stores -= 1
        uid, _, flags = rest.partition(" ")
        assert flags == r"+FLAGS.SILENT (\Seen)"
        self.fake.seen.add(int(uid))
        return "OK done"

    def do_logout(self, rest: str) -> str:
        self.say("* BYE")
        return "OK bye"
