"""Frozen dataclasses that all modules share: entries, topics, issues, subscribers, messages.

Times are aware UTC datetimes. This package imports nothing else of sundaypaper.

Ids: `arxiv:2602.00001` (never with a version), `doi:10.…`, else `post:` and 16 hex digits of the
SHA-256 of the canonical url; an event `event:` and 16 digits of what does not change with its date.
A week is written `2026-W10` (ISO 8601).
"""

from __future__ import annotations

from sundaypaper.models.configured import (
    Ask,
    Masthead,
    PrintTime,
    Topic,
    Venue,
)
from sundaypaper.models.delivered import (
    Answer,
    Delivery,
    DeliveryState,
    Letter,
    Message,
    Page,
    Subscriber,
)
from sundaypaper.models.derived import (
    Acceptance,
    Claim,
    Evidence,
    FollowUp,
    Mention,
    Story,
    Tag,
    Tagged,
)
from sundaypaper.models.filters import All, Any, Card, Filter, Is, Node, Not, Words
from sundaypaper.models.printed import (
    Amendment,
    Claimed,
    Contribution,
    Editorial,
    Funnel,
    Issue,
    IssueHead,
    Item,
    MinuteLine,
    Pick,
    Picked,
    Section,
    TopicName,
)
from sundaypaper.models.sourced import (
    Entry,
    Fetched,
    Place,
    PollState,
    Sighting,
    Slice,
    SourceReport,
    Votes,
    Wording,
)
from sundaypaper.models.vocabulary import (
    CORE_TRACKS,
    EvidenceKind,
    Kind,
    Occasion,
    Presentation,
    Ring,
    SourceState,
    Standing,
    Status,
    Track,
)

__all__ = [
    "CORE_TRACKS",
    "Acceptance",
    "All",
    "Amendment",
    "Answer",
    "Any",
    "Ask",
    "Card",
    "Claim",
    "Claimed",
    "Contribution",
    "Delivery",
    "DeliveryState",
    "Editorial",
    "Entry",
    "Evidence",
    "EvidenceKind",
    "Fetched",
    "Filter",
    "FollowUp",
    "Funnel",
    "Is",
    "Issue",
    "IssueHead",
    "Item",
    "Kind",
    "Letter",
    "Masthead",
    "Mention",
    "Message",
    "MinuteLine",
    "Node",
    "Not",
    "Occasion",
    "Page",
    "Pick",
    "Picked",
    "Place",
    "PollState",
    "Presentation",
    "PrintTime",
    "Ring",
    "Section",
    "Sighting",
    "Slice",
    "SourceReport",
    "SourceState",
    "Standing",
    "Status",
    "Story",
    "Subscriber",
    "Tag",
    "Tagged",
    "Topic",
    "TopicName",
    "Track",
    "Venue",
    "Votes",
    "Wording",
    "Words",
]
