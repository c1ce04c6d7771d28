"""Protocols and data of channels: Channel, its factory, its tools, and the facts of a kind."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from sundaypaper.delivery.pace import SendingPace
from sundaypaper.delivery.tokens import Run, run_command
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Letter

if TYPE_CHECKING:
    import ssl

    from sundaypaper.delivery.settings import DeliverySpec


@dataclass(frozen=True, slots=True)
class ChannelTools:
    """Clock, sleep, environment and certificates for a channel.

    certificates: whom TLS trusts; None for the system's. run: what a command prints. pace: whoever
    sends takes a turn of it for each letter, and a channel that tries a letter again for each further
    try. allow_private, resolve and dial are for a channel that speaks HTTP, as in net.
    """

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    environ: Mapping[str, str]
    certificates: Callable[[], ssl.SSLContext] | None = None
    run: Run = run_command
    pace: SendingPace | None = None
    allow_private: bool = False
    resolve: Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]] = socket.getaddrinfo
    dial: Callable[[tuple[str, int], float], socket.socket] = socket.create_connection


class TurnedAwayError(DeliveryError):
    """No connection comes about; what others of the same run have is not concerned."""


class Channel(Protocol):
    """A way for letters to go out. No text of it holds a password or a reader's address."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

    def check(self) -> None:
        """DeliveryError, which says what to do, where nothing could be sent at all."""

    def send(self, letter: Letter, /) -> Answer:
        """Send a letter; its outcome.

        DeliveryError: nothing of it left, and sending has to stop; TurnedAwayError: over this channel.
        """


@runtime_checkable
class HoldingChannel(Channel, Protocol):
    """A channel that can begin with a letter, and hold it before the end that makes it a mail."""

    def send_when(self, letter: Letter, may_end: Callable[[], None], /) -> Answer:
        """As send; may_end is called before the end, and waits until it may come, or raises."""


class Factory(Protocol):
    """Makes a channel from the delivery settings of feeds.yaml."""

    def __call__(self, spec: DeliverySpec, tools: ChannelTools, /) -> Channel: ...


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A kind of channel: its factory, what it does in words, and facts that other modules need.

    is_list: one mail goes to a list, which keeps its own members. writes_files: nothing leaves the
    disk, so that a rehearsal may use it, and what was written is the owner's to remove. is_chat: it
    has no mails, and its recipients are chats alone.
    """

    factory: Factory
    does: str
    needs_server: bool = False
    is_list: bool = False
    writes_files: bool = False
    is_chat: bool = False
