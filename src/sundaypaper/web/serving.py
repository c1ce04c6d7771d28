"""Run the app on a socket until somebody ends it: uvicorn, and what runs beside it."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from sundaypaper.errors import BuildError
from sundaypaper.web.connections import protocol
from sundaypaper.web.mailer import LAST, Mailer

BACKLOG = 2048
MOST, FILES = 1_000, 4_096  # connections, and files that one process may have open
LEFT = 200  # files for all but connections
HEAD = 16_384  # bytes of a request's head
KEPT = 5  # seconds for which a connection waits for its next request
GRACE = 1  # seconds that answers under way may take at the end
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address; BuildError where there is none such, or it is taken."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=family, backlog=BACKLOG)
        # What is accepted has it too. Else the end of an answer waits until its beginning is
        # acknowledged, 40 ms later: asyncio sets it only where the socket's protocol is named.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except socket.gaierror as bad:
        raise BuildError(f"{host!r} is no address of this machine: {bad.strerror}; name another with --host") from bad  # fmt: skip
    except (OSError, UnicodeError) as bad:
        why = os.strerror(bad.errno) if isinstance(bad, OSError) and bad.errno else str(bad)
        raise BuildError(f"{host} port {port} cannot be used: {why}; name another with --port or --host") from bad  # fmt: skip


def url_of(listening: socket.socket) -> str:
    """The address at which a browser of this machine finds what listens at a socket."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 it is read, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def run(web: ASGIApp, listening: socket.socket) -> None:
    """Answer requests until SIGINT or SIGTERM; answers under way have a second to end."""
    config = uvicorn.Config(
        web,
        http=protocol(_connections()),
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="critical",  # what a stranger sends is no event; faults of ours are told by the guard
        access_log=False,
        proxy_headers=False,  # `clients.Forwarded` believes whom feeds.yaml names
        server_header=False,
        limit_concurrency=2 * MOST,
        timeout_keep_alive=KEPT,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=HEAD,
        backlog=BACKLOG,
    )
    gc.collect()
    gc.freeze()  # what is loaded by now stays: to look through it again would hold up answers
    with _ended_in_peace():
        uvicorn.Server(config).run([listening])


@asynccontextmanager
async def beside(mailer: Mailer, look: Callable[[], None]) -> AsyncIterator[None]:
    """Run the mailer, and look once a second whether feeds.yaml changed, while the app answers."""
    mailer.start()
    looking = asyncio.create_task(_look(look))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        if not await run_in_threadpool(mailer.stop):
            mailer.say(f"! a mail is still under way after {LAST:.0f} seconds; it is left in doubt")


async def _look(look: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(1)
        await run_in_threadpool(look)


@contextmanager
def _ended_in_peace() -> Iterator[None]:
    """Take the signals that uvicorn raises once more after it has ended by them."""
    before = {number: signal.signal(number, lambda *_: None) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _connections() -> int:
    """How many connections there may be, after the system was asked for room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        soft = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(10, min(MOST, soft - LEFT))
