"""A transport of httpx over connections that our dialler makes.

httpx's own takes no dialler, so requests and answers are translated to httpcore's types here, and
its exceptions to those of httpx.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpcore
import httpx

AS_HTTPX: Mapping[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.TimeoutException: httpx.TimeoutException,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.NetworkError: httpx.NetworkError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.ProtocolError: httpx.ProtocolError,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


class Transport(httpx.BaseTransport):
    """One connection for one request: no proxy, no retry, nothing kept for the next."""

    def __init__(self, tls: ssl.SSLContext, dialler: httpcore.NetworkBackend) -> None:
        self._connections = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=dialler,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; status and headers come back, the body comes as it is read."""
        with _errors_of_httpx():
            answer = self._connections.handle_request(_for_httpcore(request))
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=dict(answer.extensions),
        )

    def close(self) -> None:
        """Hang up, whatever of an answer was not read."""
        self._connections.close()


class _Body(httpx.SyncByteStream):
    """The body of an answer, raw and piece by piece."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _errors_of_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _for_httpcore(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.read(),
        extensions=request.extensions,
    )


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """Raise httpx's exception of the same meaning for each of httpcore's."""
    try:
        yield
    except tuple(AS_HTTPX) as e:
        meant = next(AS_HTTPX[kind] for kind in type(e).__mro__ if kind in AS_HTTPX)
        raise meant(str(e)) from e
