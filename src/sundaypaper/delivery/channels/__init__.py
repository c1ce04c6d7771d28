"""The ways a letter goes out, by the `kind` of feeds.yaml.

A channel of somebody else is named `package.module:name`: a function or class that is called with
a DeliverySpec and ChannelTools and gives a Channel.
"""

from __future__ import annotations

from collections.abc import Mapping

from sundaypaper.config import DeliverySpec
from sundaypaper.delivery.channels.contract import Channel, ChannelTools, Factory
from sundaypaper.delivery.channels.folder import FolderChannel
from sundaypaper.delivery.channels.smtp import SmtpChannel
from sundaypaper.delivery.telling import raised
from sundaypaper.errors import DeliveryError
from sundaypaper.plugins import named

# To a mailing list, mail goes as to anybody.
CHANNELS: Mapping[str, Factory] = {"smtp": SmtpChannel, "list": SmtpChannel, "file": FolderChannel}

__all__ = ["CHANNELS", "Channel", "ChannelTools", "Factory", "open_channel"]


def open_channel(spec: DeliverySpec, tools: ChannelTools) -> Channel:
    """The channel that feeds.yaml names; it connects when it is checked. DeliveryError."""
    try:
        factory = named(spec.kind, CHANNELS)
    except ValueError as bad:
        raise DeliveryError(f"delivery.kind in feeds.yaml: {bad}") from bad
    try:
        return factory(spec, tools)
    except DeliveryError:
        raise
    except Exception as bad:  # whatever somebody else's code raises
        said = f"delivery.kind in feeds.yaml: {spec.kind} broke: {raised(bad)}"
        raise DeliveryError(said) from None
