"""A proxy on loopback for a child process whose library makes its own requests.

It dials only what `address` allows, resolves each name once, and keeps count of what left. TLS stays
between the child and the other side: nothing is read here but the first lines of a plain request.
"""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sundaypaper.errors import FetchError
from sundaypaper.net.address import Resolve, addresses
from sundaypaper.net.dial import Dial

HEAD = 32_768
PIECE = 65_536
MOST = 4_000_000  # bytes of one connection, either way
LINE = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.[01]\r\n")


@dataclass(slots=True)
class Passed:
    """What went through: how many bytes of ours left, and why what did not was refused.

    Of a tunnel those count that left after the other side had spoken: before is the hello of TLS.
    """

    sent: int = 0
    refused: list[str] = field(default_factory=list)


class Doorway:
    """The proxy, at `url` while it is entered; `passed` tells of what went through since it was reset."""

    def __init__(
        self,
        allow_private: bool,
        seconds: float,
        resolve: Resolve = socket.getaddrinfo,
        dial: Dial = socket.create_connection,
    ) -> None:
        self.allow_private, self.seconds = allow_private, seconds
        self.resolve, self.dial = resolve, dial
        self.passed = Passed()
        self._server = _Server(("127.0.0.1", 0), _handler(self._serve))

    @property
    def url(self) -> str:
        """Its address, for HTTPS_PROXY and HTTP_PROXY."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(self.seconds)
        head, rest = _head(client)
        asked = LINE.match(head)
        if asked is None:
            _say(client, "400 Bad Request")
            return
        method, target = asked[1], asked[2].decode("latin-1")
        tunnel = method == b"CONNECT"
        split = urlsplit(f"//{target}" if tunnel else target)
        try:
            host, port = split.hostname or "", split.port or (443 if tunnel else 80)
            server = self._connected(host, port)
        except (FetchError, OSError, ValueError) as bad:
            self.passed.refused.append(str(bad))
            _say(client, "403 Forbidden")
            return
        with closing(server):
            server.settimeout(self.seconds)
            if tunnel:
                _say(client, "200 Connection established", end=False)
            else:
                self._plain(server, split.path or "/", split.query, head, asked.end())
            self._both(client, server, rest, spoken=not tunnel)

    def _connected(self, host: str, port: int) -> socket.socket:
        why: OSError = OSError(f"{host}: no address")
        for ip in addresses(host, port, self.resolve, self.allow_private):
            try:
                return self.dial((ip, port), self.seconds)
            except OSError as bad:
                why = bad
        raise OSError(f"{host}: {why.strerror or why}") from why

    def _plain(self, server: socket.socket, path: str, query: str, head: bytes, at: int) -> None:
        """The request to the origin itself; one a connection, so that no other host follows."""
        kept = [
            line
            for line in head[at:].split(b"\r\n")
            if not line.lower().startswith((b"proxy-", b"connection:"))
        ]
        method = head.split(b" ", 1)[0]
        wanted = f"{path}?{query}" if query else path
        lines = [
            method + b" " + wanted.encode("latin-1") + b" HTTP/1.1",
            b"Connection: close",
            *kept,
        ]
        asked = b"\r\n".join(lines)
        self.passed.sent += len(asked)
        server.sendall(asked)

    def _both(
        self, client: socket.socket, server: socket.socket, first: bytes, spoken: bool
    ) -> None:
        """Pass bytes on both ways until either side ends. spoken: the other side need not begin."""
        heard = threading.Event()
        if spoken:
            heard.set()

        def left(count: int) -> None:
            if heard.is_set():
                self.passed.sent += count

        back = threading.Thread(
            target=_pour, args=(server, client, lambda _: heard.set()), daemon=True
        )
        back.start()
        if first:
            left(len(first))
            server.sendall(first)
        _pour(client, server, left)
        back.join(self.seconds)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def _handler(serve: Callable[[socket.socket], None]) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # either side hung up
                serve(self.request)

    return Handler


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    """The lines of a request with the empty one, and what came after them."""
    got = b""
    while b"\r\n\r\n" not in got and len(got) < HEAD:
        piece = client.recv(PIECE)
        if not piece:
            break
        got += piece
    head, end, rest = got.partition(b"\r\n\r\n")
    return head + end, rest


def _say(client: socket.socket, status: str, end: bool = True) -> None:
    more = "Content-Length: 0\r\nConnection: close\r\n" if end else ""
    client.sendall(f"HTTP/1.1 {status}\r\n{more}\r\n".encode())


def _pour(
    source: socket.socket, into: socket.socket, count: Callable[[int], None] = lambda n: None
) -> None:
    """Pass bytes on until one side ends, or says too much."""
    total = 0
    with suppress(OSError):
        while total < MOST and (piece := source.recv(PIECE)):
            total += len(piece)
            count(len(piece))
            into.sendall(piece)
    with suppress(OSError):
        into.shutdown(socket.SHUT_WR)
