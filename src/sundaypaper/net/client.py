"""A bounded GET: redirects followed here, every hop checked, one deadline over all; and a POST."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Self

import httpx

from sundaypaper.errors import FetchError
from sundaypaper.net import body
from sundaypaper.net.address import PORTS, Resolve, addresses, is_public
from sundaypaper.net.dial import Deadline, Dial, Dialler, Lines
from sundaypaper.net.transport import Transport
from sundaypaper.net.turns import GAP, Turns, host_of

LIMIT = 10_000_000
UNREAD = 65_536  # of the answer to a POST
DEADLINE = 30.0
HOPS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: headers have lower-case names; moved is the url when every hop was permanent."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved: str = ""


def retry_after(headers: Mapping[str, str], wall: datetime) -> float | None:
    """Seconds that Retry-After asks for, as a number or a date; None when negative or garbage."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        return float(value)
    try:
        seconds = (parsedate_to_datetime(value) - wall).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return seconds if seconds >= 0 else None


class Net:
    """An HTTP client. resolve answers as socket.getaddrinfo; dial takes (ip, port) and seconds.

    Safe to share between threads. With allow_private any address and port may be asked and
    there is no gap between two requests to one host.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private: bool = False,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        resolve: Resolve = socket.getaddrinfo,
        dial: Dial = socket.create_connection,
        transport: httpx.BaseTransport | None = None,
        deadline: float = DEADLINE,
        limit: int = LIMIT,
    ) -> None:
        self._user_agent, self._allow_private = user_agent, allow_private
        self._monotonic, self._resolve, self._dial = monotonic, resolve, dial
        self._transport, self._deadline, self._limit = transport, deadline, limit
        self._lines = Lines()
        self._turns = Turns(monotonic, sleep)
        self._tls = cache(httpx.create_ssl_context)  # reads all authorities, which not all ask for

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._transport is not None:
            self._transport.close()

    def stop(self) -> None:
        """End what waits for an answer, with a FetchError; nothing is asked any more."""
        self._lines.cut()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int | None = None,
        deadline: float | None = None,
        before_hop: Callable[[str], None] = lambda _url: None,
    ) -> Response:
        """Ask for a url and follow its redirects; limit in bytes unpacked, deadline in seconds.

        4xx and 5xx are returned. FetchError for all that brought no whole, trusted answer.
        before_hop is given the url of each redirect before it is followed, and may wait or refuse.
        """
        target = _target(url, self._allow_private)
        seen, permanent = {str(target)}, True
        limit = self._limit if limit is None else limit
        left = Deadline(self._monotonic, self._deadline if deadline is None else deadline)
        while True:
            hop = self._hop(target, headers or {}, limit, left)
            if hop.status not in REDIRECTS or "location" not in hop.headers:
                moved = str(target) if len(seen) > 1 and permanent else ""
                return Response(hop.status, hop.headers, hop.body, str(target), moved)
            permanent = permanent and hop.status in PERMANENT
            target = _next(target, hop.headers["location"], seen, self._allow_private)
            began = self._monotonic()
            before_hop(str(target))
            left.extend(self._monotonic() - began)

    def post(
        self, url: str, content: bytes, *, headers: Mapping[str, str], deadline: float
    ) -> Response:
        """Send content by POST, once: no redirect is followed, and the body comes back empty.

        Whatever the answer holds is read up to 64 kB and thrown away: once its status is there, all
        that was asked is known. FetchError where no status came within deadline seconds.
        """
        target = _target(url, self._allow_private)
        return self._hop(target, headers, UNREAD, Deadline(self._monotonic, deadline), content)

    def _hop(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        limit: int,
        left: Deadline,
        content: bytes | None = None,
    ) -> Response:
        """One request to one host in its turn. The wait for the turn is not the host's fault."""
        left.host = _host(url)
        ips = addresses(left.host, _port(url), self._resolve, self._allow_private)
        gap = GAP if all(map(is_public, ips)) else 0.0
        with self._turns.turn(host_of(str(url)), gap) as waited:
            left.extend(waited)
            return self._ask(url, headers, limit, left, ips, content)

    def _ask(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        limit: int,
        left: Deadline,
        ips: tuple[str, ...],
        content: bytes | None,
    ) -> Response:
        """One request on a connection of its own to the addresses found: a POST if it has content."""
        transport = self._transport or Transport(
            self._tls(), Dialler(ips, self._dial, left, self._lines)
        )
        try:
            answer = transport.handle_request(self._request(url, headers, left.rest(), content))
            try:
                reader = _read if content is None else _told
                return reader(answer, url, limit, left)
            finally:
                answer.close()
        except httpx.TimeoutException as e:
            raise left.error() from e
        except httpx.HTTPError as e:
            why = str(e) or type(e).__name__
            reason = "unreachable" if isinstance(e, httpx.ConnectError) else "network"
            raise FetchError(
                f"{left.host}: the connection failed ({why[:200]}).", reason=reason
            ) from e
        finally:
            if transport is not self._transport:
                transport.close()

    def _request(
        self, url: httpx.URL, headers: Mapping[str, str], rest: float, content: bytes | None
    ) -> httpx.Request:
        sent = {
            "accept": "*/*",
            **{name.lower(): value for name, value in headers.items()},
            "user-agent": self._user_agent,
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }
        wait = dict.fromkeys(("connect", "read", "write", "pool"), rest)
        # Latin-1 both ways: a validator goes back byte for byte as it came.
        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent.items()]
        method = "GET" if content is None else "POST"
        return httpx.Request(
            method, url, headers=raw, content=content, extensions={"timeout": wait}
        )


def _headers(answer: httpx.Response) -> dict[str, str]:
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in answer.headers.raw}


def _told(answer: httpx.Response, url: httpx.URL, limit: int, deadline: Deadline) -> Response:
    """Status and headers; the body is read so far that the other side can finish it in peace."""
    stream = answer.stream
    assert isinstance(stream, Iterable)
    with suppress(FetchError, httpx.HTTPError):
        for chunk in stream:
            deadline.tick()
            limit -= len(chunk)
            if limit <= 0:
                break
    return Response(answer.status_code, _headers(answer), b"", str(url))


def _read(answer: httpx.Response, url: httpx.URL, limit: int, deadline: Deadline) -> Response:
    headers, status = _headers(answer), answer.status_code
    if status in REDIRECTS or status in (204, 304):
        return Response(status, headers, b"", str(url))
    stream = answer.stream
    assert isinstance(stream, Iterable)
    try:
        content = body.read(_host(url), headers, stream, limit, deadline.tick)
    except (FetchError, httpx.HTTPError):
        # An error is told by its status and headers; its page may be as broken as it likes.
        if status < 400:
            raise
        content = b""
    return Response(status, headers, content, str(url))


def _target(url: str | httpx.URL, allow_private: bool) -> httpx.URL:
    """The url to ask, without its fragment; FetchError when it is not one that may be asked."""
    try:
        parsed = httpx.URL(url).copy_with(fragment=None)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as e:
        raise FetchError(f"{str(url)[:200]}: not an address ({e}).", reason="address") from e
    if parsed.scheme not in ("http", "https") or not host:
        raise FetchError(f"{str(url)[:200]}: only http and https are asked.", reason="address")
    if parsed.userinfo:
        raise FetchError(f"{host}: an address with a user name is refused.", reason="address")
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", host):
        raise FetchError(f"{host[:200]!r}: not the name of a host.", reason="address")
    port = _port(parsed)
    if port > 65_535 or (port not in PORTS and not allow_private):
        raise FetchError(f"{host}: port {port} is refused.", reason="address")
    return parsed


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii")


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _next(url: httpx.URL, location: str, seen: set[str], allow_private: bool) -> httpx.URL:
    """Where a redirect leads; adds it to seen. FetchError for a loop, a chain, a downgrade."""

    def refuse(why: str) -> FetchError:
        return FetchError(f"{_host(url)}: redirects {why}.", reason="redirect")

    try:
        joined = url.join(location.encode("latin-1").decode("utf-8", "replace"))
    except (httpx.InvalidURL, UnicodeError, ValueError) as e:
        raise refuse(f"to something that is not an address ({location[:100]!r})") from e
    target = _target(joined, allow_private)
    if url.scheme == "https" and target.scheme == "http":
        raise refuse(f"from https to http (to {_host(target)})")
    if str(target) in seen:
        raise refuse("in a circle")
    if len(seen) > HOPS:
        raise refuse(f"more than {HOPS} times")
    seen.add(str(target))
    return target
