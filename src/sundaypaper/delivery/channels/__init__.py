"""Channels that send letters, by `delivery.kind` of feeds.yaml: a module each, and a row here.

A third-party channel is named `package.module:name`: a function or class that is called with
a DeliverySpec and ChannelTools and gives a Channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from sundaypaper.delivery.channels.contract import (
    Channel,
    ChannelKind,
    ChannelTools,
    Factory,
    TurnedAwayError,
)
from sundaypaper.delivery.channels.folder import FolderChannel
from sundaypaper.delivery.redaction import raised
from sundaypaper.errors import DeliveryError
from sundaypaper.plugins import named

if TYPE_CHECKING:
    from sundaypaper.delivery.settings import DeliverySpec


def _smtp(spec: DeliverySpec, tools: ChannelTools) -> Channel:
    # Here, since feeds.yaml is read by every command and mail is sent by one.
    from sundaypaper.delivery.channels.smtp import SmtpChannel

    return SmtpChannel(spec, tools)


def _chat(spec: DeliverySpec, tools: ChannelTools) -> Channel:
    from sundaypaper.delivery.channels.chat import ChatChannel

    return ChatChannel(spec, tools)


CHANNELS: Mapping[str, ChannelKind] = {
    "smtp": ChannelKind(_smtp, "each reader their own", needs_server=True),
    # To a mailing list, mail goes as to anybody.
    "list": ChannelKind(_smtp, "one mail to a mailing list", needs_server=True, is_list=True),
    "file": ChannelKind(FolderChannel, "a folder of .eml", writes_files=True),
    "chat": ChannelKind(_chat, "a post to chats, and no mail", is_list=True, is_chat=True),
}

__all__ = [
    "CHANNELS",
    "Channel",
    "ChannelKind",
    "ChannelTools",
    "Factory",
    "TurnedAwayError",
    "kind_of",
    "open_channel",
    "open_channels",
]


def kind_of(word: str) -> ChannelKind:
    """The row of a kind; of a third-party channel no more is known than its name."""
    return CHANNELS.get(word) or ChannelKind(partial(_imported, word), "")


def open_channel(spec: DeliverySpec, tools: ChannelTools) -> Channel:
    """The channel that feeds.yaml names; it connects when it is checked. DeliveryError."""
    try:
        channel = kind_of(spec.kind).factory(spec, tools)
    except DeliveryError:
        raise
    except Exception as bad:  # whatever third-party code raises
        message = f"delivery.kind in feeds.yaml: {spec.kind} broke: {raised(bad)}"
        raise DeliveryError(message) from None
    if not spec.chats or spec.channel.is_chat:
        return channel
    from sundaypaper.delivery.channels.chat import ChatChannel, WithChats

    return WithChats(channel, ChatChannel(spec, tools))


def open_channels(spec: DeliverySpec, tools: ChannelTools) -> tuple[Channel, ...]:
    """A channel for each connection that feeds.yaml allows; one where its kind has no server."""
    count = spec.connections if spec.channel.needs_server else 1
    return tuple(open_channel(spec, tools) for _ in range(count))


def _imported(word: str, spec: DeliverySpec, tools: ChannelTools) -> Channel:
    try:
        factory = named(word, {name: kind.factory for name, kind in CHANNELS.items()}, "channels")
    except ValueError as bad:
        raise DeliveryError(f"delivery.kind in feeds.yaml: {bad}") from bad
    return factory(spec, tools)
