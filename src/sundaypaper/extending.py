"""What an extension may import; everything else of Sunday Paper is private and may change.

docs/extending.md has a worked example of each kind. VERSION grows when something here changes its
meaning or goes; what is only added leaves it as it is.
"""

from __future__ import annotations

from sundaypaper.delivery.channels import Channel, ChannelTools, Factory, TurnedAwayError
from sundaypaper.delivery.settings import DeliverySpec
from sundaypaper.errors import DeliveryError, SourceError
from sundaypaper.models import (
    Answer,
    Ask,
    Claim,
    Entry,
    Evidence,
    Fetched,
    Issue,
    Item,
    Letter,
    OutputFormat,
    OwnSection,
    Pick,
    PollState,
    Section,
    Signal,
    SourceReport,
    Tag,
    TopicTagger,
)
from sundaypaper.sources import PluginSource, Tools
from sundaypaper.urls import canonical, post_id

__all__ = [
    "VERSION",
    "Answer",
    "Ask",
    "Channel",
    "ChannelTools",
    "Claim",
    "DeliveryError",
    "DeliverySpec",
    "Entry",
    "Evidence",
    "Factory",
    "Fetched",
    "Issue",
    "Item",
    "Letter",
    "OutputFormat",
    "OwnSection",
    "Pick",
    "PluginSource",
    "PollState",
    "Section",
    "Signal",
    "SourceError",
    "SourceReport",
    "Tag",
    "Tools",
    "TopicTagger",
    "TurnedAwayError",
    "canonical",
    "post_id",
]

VERSION = 1
