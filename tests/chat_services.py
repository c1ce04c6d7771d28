"""Chat services on loopback, each with the address under which apprise knows it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from loopback import Answer, Asked, Loopback, Raw
from mail_servers import certificate
from sundaypaper.delivery.channels import ChannelTools, open_channel
from sundaypaper.delivery.channels.chat import recipient
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.models import Answer as Outcome
from sundaypaper.models import Letter

Script = Answer | Raw | Callable[[Asked], Answer]
PUBLIC = "93.184.215.14"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544"
MASTODON = "mastodons://access-token@social.example"
NTFY = "ntfys://ntfy.example/paper"
TEAMS = "workflows://prod-1.logic.azure.com/643e69f83c8944/sig-of-it"
HOSTS = (
    "hooks.slack.com discord.com api.telegram.org social.example ntfy.example prod-1.logic.azure.com "
    "evil.example"
)
SLACK_PATH = "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def letter(*paragraphs: str, variable: str = "CHAT") -> Letter:
    """A letter to the chat of a variable, with the paragraphs of its post."""
    text = "\r\n\r\n".join(paragraphs)
    head = "Message-ID: <2026-w10.x@chat.invalid>\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return Letter("", recipient(variable), f"{head}\r\n{text}\r\n".encode())


@dataclass
class Services:
    """All services at one TLS server of ours: whatever public name is dialled, it answers."""

    folder: Path
    script: Mapping[str, Script]
    environ: dict[str, str] = field(default_factory=dict)
    private: bool = False
    names: dict[str, str] = field(default_factory=dict)
    refuses: bool = False
    _opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        names = ",".join(f"DNS:{host}" for host in HOSTS.split())
        made = certificate(self.folder, names)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(made.path, made.key)
        self.server = self._opened.enter_context(Loopback(self.script, tls))
        self.environ |= {"REQUESTS_CA_BUNDLE": str(made.path)}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def resolve(self, host: str, port: int, *_: Any) -> list[tuple[Any, Any, Any, Any, Any]]:
        """Every name is public, but for those that a test says otherwise."""
        address = (self.names.get(host, PUBLIC), port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

    def dial(self, address: tuple[str, int], timeout: float) -> socket.socket:
        """The server, whatever is dialled; nobody where it refuses."""
        if self.refuses:
            raise ConnectionRefusedError(111, "Connection refused")
        return self.server.dial(address, timeout)

    def post(self, url: str, *paragraphs: str) -> Outcome:
        """Post paragraphs to the chat at an address; what the channel answers."""
        spec = DeliverySpec(kind="chat", chats=("CHAT",))
        tools = ChannelTools(
            lambda: 0.0,
            lambda _: None,
            {**self.environ, "CHAT": url},
            allow_private=self.private,
            resolve=self.resolve,
            dial=self.dial,
        )
        with open_channel(spec, tools) as channel:
            channel.check()
            return channel.send(letter(*paragraphs))
