"""Real SMTP servers on loopback (aiosmtpd): a test says what one answers at any moment.

with MailServer(lambda at: "451 4.7.1 later" if at.verb == "RCPT" else None) as server:
    ...  # 127.0.0.1:server.port
    assert server.mails == []
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Act(Enum):
    """What a server does in place of an answer."""

    HANG_UP = "hang up"
    SILENCE = "say nothing"
    TAKE_AND_HANG_UP = "keep the mail, then hang up"
    TAKE_AND_SILENCE = "keep the mail, then say nothing"


@dataclass(frozen=True)
class Moment:
    """verb: CONNECT, EHLO, MAIL, RCPT, DATA, BODY (500 bytes into it), DOT, RSET or QUIT;
    argument: its address.

    connection counts from 1; carried is how many mails that one has brought, open how many are open.
    """

    verb: str
    argument: str
    connection: int
    carried: int
    open: int


@dataclass(frozen=True)
class Mail:
    """A mail as it was taken."""

    sender: str
    recipient: str
    body: bytes
    connection: int
    encrypted: bool


Say = Callable[[Moment], str | Act | None]


def agreeable(at: Moment) -> None:
    """Take everything."""


class MailServer:
    """The server. offers are lines of EHLO; with tls it offers STARTTLS, or speaks it from the start.

    With token it offers AUTH XOAUTH2 and takes that token, for whoever it is.
    """

    def __init__(
        self,
        say: Say = agreeable,
        *,
        offers: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
        token: str = "",
        **more: Any,
    ) -> None:
        self.token, self.shown = token, list[str]()
        if token:
            more = {"auth_require_tls": False, **more}
        self.say, self.offers, self.more = say, offers, more
        self.mails, self.moments, self.connections = list[Mail](), list[Moment](), 0
        self.live = set[_Connection]()
        self._implicit = tls if from_the_start else None
        if not from_the_start:
            self.more["tls_context"] = tls
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)

    def said(self, *verbs: str) -> list[str]:
        """The arguments of some verbs, in order."""
        return [at.argument for at in self.moments if at.verb in verbs]

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        made = self.loop.create_server(
            lambda: (_TokenConnection if self.token else _Connection)(self),
            sock=self._socket,
            ssl=self._implicit,
        )
        server = self.loop.run_until_complete(made)
        self.loop.call_soon(ready.set)
        self.loop.run_forever()
        server.close()
        self.loop.run_until_complete(self._hang_up())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    async def _hang_up(self) -> None:
        """End what is still open, and every task that hangs on it."""
        for connection in tuple(self.live):
            connection.abort()
        left = asyncio.all_tasks(self.loop) - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        while self.live:
            await asyncio.sleep(0)


class _Connection(SMTP):
    """One connection; its own handler."""

    def __init__(self, owner: MailServer) -> None:
        self.owner, self.number, self.carried = owner, 0, 0
        super().__init__(self, loop=owner.loop, hostname="mx.test.example", **owner.more)

    async def at(self, verb: str, argument: str = "") -> str | None:
        """Ask the script; its act is done here, and then there is no coming back."""
        owner = self.owner
        now = Moment(verb, argument, self.number, self.carried, len(owner.live))
        owner.moments.append(now)
        answer = owner.say(now)
        if not isinstance(answer, Act):
            return answer
        if answer in (Act.TAKE_AND_HANG_UP, Act.TAKE_AND_SILENCE):
            self.take()
        if answer in (Act.HANG_UP, Act.TAKE_AND_HANG_UP):
            self.abort()
        await asyncio.Event().wait()
        return None

    def abort(self) -> None:
        """Break the connection as a crash would."""
        if isinstance(self.transport, asyncio.WriteTransport):
            with suppress(AttributeError):  # early 3.11 stumbles over TLS that has ended already
                self.transport.abort()

    def take(self) -> None:
        """Keep the mail of this transaction."""
        envelope, encrypted = self.envelope, bool(self.session and self.session.ssl)
        assert envelope
        assert isinstance(envelope.content, bytes)
        (recipient,), body = envelope.rcpt_tos, envelope.content
        self.owner.mails.append(
            Mail(str(envelope.mail_from), recipient, body, self.number, encrypted)
        )

    async def push(self, status: Any) -> None:
        await super().push(status)
        if str(status).startswith("421") and self.transport:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self.number:
            self.owner.connections += 1
            self.number = self.owner.connections
            self.owner.live.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.owner.live.discard(self)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if refused := await self.at("CONNECT"):
            await self.push(refused)
            if self.transport:
                self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        """The script may refuse DATA, or do something in the middle of the body."""
        if self.envelope and self.envelope.rcpt_tos:
            if refused := await self.at("DATA"):
                await self.push(refused)
                return
            if self.owner.say(Moment("BODY", "", self.number, self.carried, 1)) is Act.HANG_UP:
                await self.push("354 go on")
                await self._reader.readexactly(500)
                await self.at("BODY")
        await super().smtp_DATA(arg)

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, name: str, lines: list[str]
    ) -> list[str]:
        session.host_name = name
        refused = await self.at("EHLO", name)
        return [refused] if refused else [*lines[:-1], *self.owner.offers, lines[-1]]

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = await self.at("MAIL", " ".join([address, *options]))
        if not refused:
            envelope.mail_from = address
        return refused or "250 2.1.0 sender ok"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = await self.at("RCPT", address)
        if not refused:
            envelope.rcpt_tos.append(address)
        return refused or "250 2.1.5 recipient ok"

    async def handle_RSET(self, server: Any, session: Session, envelope: Envelope) -> str:
        return await self.at("RSET") or "250 2.0.0 ok"

    async def handle_QUIT(self, server: Any, session: Session, envelope: Envelope) -> str:
        return await self.at("QUIT") or "221 2.0.0 bye"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        answer = await self.at("DOT")
        self.carried += 1
        if answer is None or answer.startswith("250"):
            self.take()
        return answer or "250 2.0.0 queued as 7F3A"


class _TokenConnection(_Connection):
    """One connection to a server that takes no passwords; a refusal is explained first, as they do."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        self.owner.shown.append(said)
        if said.partition("\x01")[2] == f"auth=Bearer {self.owner.token}\x01\x01":
            return AuthResult(success=True, auth_data=said)
        assert await server.challenge_auth('{"status":"401"}') == b""
        await self.push(f"535 5.7.8 not with {said!r}")
        return AuthResult(success=False, handled=True)


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate: its file, and the contexts of both ends."""

    path: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        """What the server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context

    def trusted(self) -> ssl.SSLContext:
        """A client that trusts this certificate and nothing else."""
        return ssl.create_default_context(cafile=str(self.path))


def certificate(folder: Path, name: str = "IP:127.0.0.1") -> Certificate:
    """A new certificate for a name, by openssl's command line."""
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    words = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        f" -subj /CN=mx.test.example -addext subjectAltName={name}"
        f" -keyout {made.key} -out {made.path}"
    )
    subprocess.run(words.split(), check=True, capture_output=True)
    return made
