"""What stands before every route: bodies with a bound in size and time, headers, no odd paths.

A body is read whole before a route runs, so that no route waits for one or holds a part of it.
"""

from __future__ import annotations

import asyncio
import re
import traceback
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST, SECONDS = 16_384, 10.0
LONGEST = 4_096  # bytes of a path, and of a query
DIGITS = 18  # of a length: as many are too long in any case, and more take time to read
TOLD_AGAIN = 3600.0  # seconds after which the same fault is told once more
# Encoded slash, backslash and control characters mean one thing here and another to a proxy.
ODD = re.compile(rb"%2f|%5c|%[01][0-9a-f]|%7f|\\|[\x00-\x20\x7f]", re.IGNORECASE)

NAMES: dict[bytes, bytes] = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self' data:; "
    b"script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    b"browsing-topics=()",
    b"cache-control": b"no-store",
}


class Guard:
    """Stands before the whole app; what it refuses reaches no route.

    page gives the HTML that tells a status. A route that sets one of the headers itself keeps its
    own. say tells the operator of a fault: its kind and place, never what was asked.
    """

    def __init__(
        self,
        app: ASGIApp,
        page: Callable[[int], bytes],
        say: Callable[[str], None],
        monotonic: Callable[[], float],
        *,
        most: int = MOST,
        seconds: float = SECONDS,
    ) -> None:
        self.app, self.page, self.say, self.monotonic = app, page, say, monotonic
        self.most, self.seconds = most, seconds
        self.told: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no route of ours speaks anything else
            return
        answer = _Answer(send)
        try:
            await self._guarded(scope, receive, answer)
        except Exception as bad:
            self._tell(bad)
            if not answer.begun:
                await self._refuse(answer, scope, 500)

    async def _guarded(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        if is_odd(scope):
            await self._refuse(answer, scope, 400)
            return
        if not _has_body(scope):
            await self.app(scope, receive, answer)
            return
        if _length(scope) > self.most:
            await self._refuse(answer, scope, 413)
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._body(receive)
        except TimeoutError:
            await self._refuse(answer, scope, 408)
            return
        except _TooLarge:
            await self._refuse(answer, scope, 413)
            return
        if body is not None:
            await self.app(scope, _given(body, receive), answer)

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body; None where the client went away. _TooLarge as soon as it is too long."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > self.most:
                raise _TooLarge
            if not message.get("more_body", False):
                return bytes(body)

    async def _refuse(self, send: Send, scope: Scope, status: int) -> None:
        """Tell a status, and end the connection: what more comes over it is not read."""
        body = self.page(status)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": shown})

    def _tell(self, bad: Exception) -> None:
        """Tell the operator where something failed, the same once an hour."""
        frames = traceback.extract_tb(bad.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
        what = f"{type(bad).__name__} at {place}"
        now = self.monotonic()
        if now - self.told.get(what, -TOLD_AGAIN) >= TOLD_AGAIN:
            self.told[what] = now
            self.say(f"! a page could not be made: {what}; whoever asked was told so")


class _TooLarge(Exception):
    """A body is longer than any form of ours."""


class _Answer:
    """Sends an answer with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = list(message.get("headers", ()))
            own = {name.lower() for name, _ in headers}
            headers += [(name, value) for name, value in NAMES.items() if name not in own]
            message = {**message, "headers": headers}
        await self.send(message)


def is_odd(scope: Scope) -> bool:
    """Whether a request asks for what no page of ours is: another host, a path in disguise."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    if not raw.startswith(b"/") or len(raw) > LONGEST or len(query) > LONGEST:
        return True
    return bool(ODD.search(raw))


def _has_body(scope: Scope) -> bool:
    return _length(scope) > 0 or any(n.lower() == b"transfer-encoding" for n, _ in scope["headers"])


def _length(scope: Scope) -> int:
    """The length that a request says of its body, 0 where it says none."""
    for name, value in scope["headers"]:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value[:DIGITS])
    return 0


def _given(body: bytes, receive: Receive) -> Receive:
    """What a route receives: the body in one piece, then what becomes of the connection."""
    left = [body]

    async def once() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return once
