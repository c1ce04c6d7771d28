"""Connections of one sending, each with a channel that sends one letter at a time.

None of them knows the outbox. Of several each has a thread: a letter is begun while its claim is
still written, and held before its end until the claim is durable, since only from then on may it
arrive. A single one needs none: its letter is sent where its outcome is waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import NamedTuple, Protocol

from sundaypaper.delivery.channels.contract import Channel, HoldingChannel
from sundaypaper.models import Delivery, Letter


class NotClaimedError(Exception):
    """The claim of a letter was not written, so nothing of it may arrive."""


class Claim:
    """Whether some letters are claimed for good."""

    def __init__(self) -> None:
        self._decided, self._kept = Event(), False

    def decide(self, kept: bool) -> None:
        """Let the letters go, or not."""
        self._kept = kept
        self._decided.set()

    @property
    def is_kept(self) -> bool:
        """Whether nothing has to be waited for."""
        return self._kept

    def wait(self) -> None:
        """Until the claim is durable; NotClaimedError where it did not come to that."""
        self._decided.wait()
        if not self._kept:
            raise NotClaimedError


class Handed(NamedTuple):
    """A letter to send, its row, and its claim."""

    delivery: Delivery
    letter: Letter
    claim: Claim


class Came(NamedTuple):
    """What a connection reports: it is ready, its channel cannot send, or a letter's outcome."""

    connection: Connection
    delivery: Delivery | None
    result: object


class Connection(Protocol):
    """Takes one letter at a time; its outcome comes in later."""

    def hand(self, handed: Handed) -> None: ...


class Connections(Protocol):
    """All connections of a sending, and what comes in from them.

    ahead: the next letters can be written while these are under way.
    """

    ahead: bool

    def __len__(self) -> int: ...

    def open(self, count: int) -> None:
        """Have so many open, as far as there are channels; each comes in when it is ready."""

    def next(self, seconds: float | None = None) -> Came | None:
        """What comes in next; None where nothing does within so many seconds."""

    def end(self, wait: bool) -> None:
        """Let all end; wait for them where none has anything in hand."""


def connections_of(channels: Sequence[Channel]) -> Connections:
    """Connections over some channels: threads where there are several."""
    return _Threads(channels) if len(channels) > 1 else _Alone(channels[0])


def _checked(connection: Connection, channel: Channel) -> Came:
    try:
        channel.check()
    except BaseException as bad:  # the loop decides what it means, here and below
        return Came(connection, None, bad)
    return Came(connection, None, None)


def _sent(connection: Connection, channel: Channel, handed: Handed) -> Came:
    try:
        if isinstance(channel, HoldingChannel) and not handed.claim.is_kept:
            answer = channel.send_when(handed.letter, handed.claim.wait)
        else:
            handed.claim.wait()
            answer = channel.send(handed.letter)
    except BaseException as bad:
        return Came(connection, handed.delivery, bad)
    return Came(connection, handed.delivery, answer)


class _Alone:
    """The only connection, without a thread: whoever waits for the outcome sends."""

    ahead = False

    def __init__(self, channel: Channel) -> None:
        self._channel, self._handed, self._open = channel, list[Handed](), False

    def __len__(self) -> int:
        return 1

    def open(self, count: int) -> None:
        pass

    def hand(self, handed: Handed) -> None:
        self._handed.append(handed)

    def next(self, seconds: float | None = None) -> Came | None:
        if seconds == 0:
            return None
        if not self._open:
            self._open = True
            return _checked(self, self._channel)
        return _sent(self, self._channel, self._handed.pop()) if self._handed else None

    def end(self, wait: bool) -> None:
        pass


class _Threads:
    """Several connections, a thread each."""

    ahead = True

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._came = SimpleQueue[Came]()
        self._channels, self._open = channels, list[_Threaded]()

    def __len__(self) -> int:
        return len(self._channels)

    def open(self, count: int) -> None:
        for channel in self._channels[len(self._open) : count]:
            self._open.append(_Threaded(channel, self._came))

    def next(self, seconds: float | None = None) -> Came | None:
        try:
            return self._came.get(timeout=seconds) if seconds != 0 else self._came.get_nowait()
        except Empty:
            return None

    def end(self, wait: bool) -> None:
        for connection in self._open:
            connection.end(wait)


class _Threaded:
    """A channel with a thread. A daemon: who ends at once waits for no server."""

    def __init__(self, channel: Channel, came: SimpleQueue[Came]) -> None:
        self._channel, self._came, self._ready = channel, came, False
        self._letters = SimpleQueue[Handed | None]()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def hand(self, handed: Handed) -> None:
        self._letters.put(handed)

    def end(self, wait: bool) -> None:
        """Let the thread end; wait for that, unless it is still connecting."""
        self._letters.put(None)
        if wait and self._ready:
            self._thread.join()

    def _work(self) -> None:
        ready = _checked(self, self._channel)
        self._ready = ready.result is None
        self._came.put(ready)
        while self._ready and (handed := self._letters.get()):
            self._came.put(_sent(self, self._channel, handed))
