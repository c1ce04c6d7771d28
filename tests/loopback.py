"""A scripted HTTP server on loopback: a test says what each path answers, byte by byte if it likes.

with Loopback({"/feed": Answer(body=b"<rss/>")}) as server:
    net.get(server.url("/feed"))
    assert server.asked[0].headers["user-agent"] == "..."
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Asked:
    """A request as it came: header names in lower case; body as long as Content-Length says."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What to answer. length overrides Content-Length, None leaves it out."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    length: int | None = -1

    def raw(self) -> bytes:
        """The whole answer as it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status} Scripted"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.length is not None:
            lines.append(f"Content-Length: {len(self.body) if self.length < 0 else self.length}")
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True)
class Raw:
    """A script that writes to the connection itself and returns when it is done."""

    write: Callable[[Asked, socket.socket], None]


class Loopback:
    """The server, under TLS where tls is given.

    asked holds the requests in order, most_at_once how many overlapped.
    """

    def __init__(
        self,
        script: Mapping[str, Answer | Raw | Callable[[Asked], Answer]],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.script, self.asked, self.tls = dict(script), list[Asked](), tls
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def dial(self, address: tuple[str, int], timeout: float) -> socket.socket:
        """For Net(dial=): whatever address was judged, the connection comes here."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def paths(self) -> list[str]:
        """The paths that were asked, in order."""
        return [a.path for a in self.asked]

    def __enter__(self) -> Self:
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, connection: socket.socket) -> None:
        """Read one request and play its script."""
        head = b""
        while b"\r\n\r\n" not in head:
            got = connection.recv(65_536)
            if not got:
                return
            head += got
        head, _, body = head.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)) and (
            got := connection.recv(65_536)
        ):
            body += got
        method, path, _ = first.split(" ")
        asked = Asked(path, headers, method, body)
        with self._lock:
            self.asked.append(asked)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            self._play(asked, connection)
        finally:
            with self._lock:
                self._now -= 1

    def _play(self, asked: Asked, connection: socket.socket) -> None:
        script = self.script.get(asked.path.partition("?")[0], Answer(404))
        if isinstance(script, Raw):
            return script.write(asked, connection)
        answer = script if isinstance(script, Answer) else script(asked)
        return connection.sendall(answer.raw())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def _encrypted(
    connection: socket.socket, tls: ssl.SSLContext | None
) -> AbstractContextManager[socket.socket]:
    return nullcontext(connection) if tls is None else tls.wrap_socket(connection, server_side=True)


def _handler(loopback: Loopback) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with _encrypted(self.request, loopback.tls) as connection:
                    loopback.serve(connection)
            except OSError:
                return  # the client hung up, as many a test wants it to

    return Handler
