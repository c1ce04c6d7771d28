"""Connecting: one connection to addresses already checked, within the time that is left."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress

import httpcore

from sundaypaper.errors import FetchError

CONNECT = 10.0
HANG_UP = 1.5
LAST_READS = 4

Dial = Callable[[tuple[str, int], float], socket.socket]


class Deadline:
    """The time that is left for a request, over connecting, headers and body of every hop."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self.host = ""
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Give back seconds that were spent waiting."""
        self._end += seconds

    def rest(self) -> float:
        """Seconds left; FetchError when there are none."""
        rest = self._end - self._monotonic()
        if rest <= 0:
            raise self.error()
        return rest

    def tick(self) -> None:
        """FetchError when the time is up."""
        self.rest()

    def error(self) -> FetchError:
        """The FetchError to raise when the time is up."""
        return FetchError(
            f"{self.host}: the answer did not come whole within its time.", reason="slow"
        )


class Lines:
    """The connections that are open, so that an interruption ends what waits for an answer."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._cut = False

    def add(self, connected: socket.socket) -> None:
        """Remember a connection; OSError after they were cut."""
        with self._lock:
            if self._cut:
                connected.close()
                raise OSError("the run was interrupted")
            self._open.add(connected)

    def drop(self, connected: socket.socket) -> None:
        """Forget a connection that is closed."""
        with self._lock:
            self._open.discard(connected)

    def cut(self) -> None:
        """End all connections, whoever waits for them; there are no more."""
        with self._lock:
            self._cut = True
            for connected in self._open:
                with suppress(
                    OSError
                ):  # not the method of a TLS socket, which is no other thread's
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)


class Dialler(httpcore.NetworkBackend):
    """Connects to the IPs that were checked, and never resolves the name again."""

    def __init__(self, ips: tuple[str, ...], dial: Dial, left: Deadline, lines: Lines) -> None:
        self._ips, self._dial, self._left, self._lines = ips, dial, left, lines

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The first address that answers; httpcore.ConnectError when none does."""
        why: OSError | None = None
        for ip in self._ips:
            try:
                connected = self._dial((ip, port), min(self._left.rest(), CONNECT))
                return _Stream(connected, self._left, self._lines)
            except OSError as e:
                why = e
        if isinstance(why, TimeoutError):
            raise httpcore.ConnectTimeout(str(why)) from why
        raise httpcore.ConnectError(str(why)) from why


class _Stream(httpcore.NetworkStream):
    """A connection whose every read and write has only the time that is left."""

    def __init__(self, connected: socket.socket, left: Deadline, lines: Lines) -> None:
        lines.add(connected)
        self._socket, self._left, self._lines = connected, left, lines

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, b"" at the end; httpcore.ReadTimeout, httpcore.ReadError."""
        try:
            self._socket.settimeout(self._left.rest())
            return self._socket.recv(max_bytes)
        except TimeoutError as e:
            raise httpcore.ReadTimeout(str(e)) from e
        except OSError as e:
            raise httpcore.ReadError(str(e)) from e

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all; httpcore.WriteTimeout, httpcore.WriteError."""
        try:
            self._socket.settimeout(self._left.rest())
            self._socket.sendall(buffer)
        except TimeoutError as e:
            raise httpcore.WriteTimeout(str(e)) from e
        except OSError as e:
            raise httpcore.WriteError(str(e)) from e

    def close(self) -> None:
        """Close the connection, and give the other side a moment to close it too.

        So the host, too, never sees two connections of ours at once.
        """
        try:
            self._socket.settimeout(HANG_UP)
            self._socket.shutdown(socket.SHUT_WR)
            for _ in range(LAST_READS):
                if not self._socket.recv(65_536):
                    break
        except OSError:
            pass  # it is gone already, or in no hurry
        self._socket.close()
        self._lines.drop(self._socket)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection under TLS; httpcore.ConnectTimeout, httpcore.ConnectError."""
        try:
            self._socket.settimeout(self._left.rest())
            plain = self._socket
            self._socket = tls = ssl_context.wrap_socket(
                plain, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._lines.drop(plain)
            self._lines.add(tls)  # before its handshake, which the other side may not end either
            tls.do_handshake()
        except TimeoutError as e:
            self.close()
            raise httpcore.ConnectTimeout(str(e)) from e
        except OSError as e:
            self.close()
            raise httpcore.ConnectError(str(e)) from e
        return _Stream(tls, self._left, self._lines)
