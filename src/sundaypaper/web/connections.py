"""Connections that end by themselves: nobody holds one by being slow, and there are only so many.

The server waits without an end for the head of a request, and for a reader that takes nothing of its
answer. Here a connection over which nothing was answered for a while ends; where there are as many as
may be, the one that was answered longest ago makes room for the next.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0  # seconds from one answer to the next, or to the first
STALLED = 60.0  # where a part of an answer still waits for its reader
LINGER, DROPPED = 1.0, 4 << 20  # seconds and bytes for what still comes after the last answer


class Crowd:
    """The connections there are, the one that was answered longest ago first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.there: OrderedDict[Watched, None] = OrderedDict()

    def join(self, one: Watched) -> None:
        """Let one in; where there are too many, another is ended."""
        if len(self.there) >= self.most:
            oldest, _ = self.there.popitem(last=False)
            oldest.abort()
        self.there[one] = None

    def answered(self, one: Watched) -> None:
        """Note that one was answered just now."""
        if one in self.there:
            self.there.move_to_end(one)

    def leave(self, one: Watched) -> None:
        """Forget one."""
        self.there.pop(one, None)


class Watched(asyncio.Transport):
    """A transport that knows when something was last written to it, and ends where that is long ago.

    To close it is to say so and to drop what still comes for a moment: otherwise a client that is
    still sending would lose the answer that says why it should not.
    """

    def __init__(
        self, inner: asyncio.Transport, crowd: Crowd, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__()
        self.inner, self.crowd, self.loop = inner, crowd, loop
        self.last, self.closing, self.dropped = loop.time(), False, 0
        self.timer = loop.call_later(PATIENCE, self._look)
        crowd.join(self)

    def gone(self) -> None:
        """The connection is no more."""
        self.timer.cancel()
        self.crowd.leave(self)

    def drop(self, data: bytes) -> None:
        """Take what came after the last answer, and not for long."""
        self.dropped += len(data)
        if self.dropped > DROPPED:
            self.inner.abort()

    def _look(self) -> None:
        patience = STALLED if self.inner.get_write_buffer_size() else PATIENCE
        left = self.last + patience - self.loop.time()
        if left <= 0:
            self.inner.abort()
        else:
            self.timer = self.loop.call_later(left, self._look)

    # ---------------------------------------------------------------- what a transport does

    def write(self, data: Any) -> None:
        self.last = self.loop.time()
        self.crowd.answered(self)
        self.inner.write(data)

    def close(self) -> None:
        if self.closing:
            return
        self.closing = True
        if self.inner.is_closing() or not self.inner.can_write_eof():
            self.inner.close()
            return
        try:
            self.inner.write_eof()
        except OSError:  # the client has gone
            self.inner.abort()
            return
        self.inner.resume_reading()
        self.timer.cancel()
        patience = STALLED if self.inner.get_write_buffer_size() else LINGER
        self.timer = self.loop.call_later(patience, self.inner.abort)

    def abort(self) -> None:
        self.inner.abort()

    def is_closing(self) -> bool:
        return self.closing or self.inner.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.inner.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        return self.inner.get_write_buffer_size()

    def is_reading(self) -> bool:
        return self.inner.is_reading()

    def pause_reading(self) -> None:
        if not self.is_closing():
            self.inner.pause_reading()

    def resume_reading(self) -> None:
        if not self.is_closing():
            self.inner.resume_reading()


class Impatient(H11Protocol):
    """HTTP/1.1 over connections of a crowd."""

    crowd: Crowd

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.watched = Watched(transport, self.crowd, self.loop)
        super().connection_made(self.watched)

    def data_received(self, data: bytes) -> None:
        if self.watched.is_closing():
            self.watched.drop(data)
        else:
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watched.gone()
        super().connection_lost(exc)


def protocol(most: int) -> type[Impatient]:
    """The protocol of a server that holds so many connections at most."""
    return type("Impatient", (Impatient,), {"crowd": Crowd(most)})
