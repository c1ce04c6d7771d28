"""Literal types that several models share: kinds, tracks, statuses, rings, standings."""

from __future__ import annotations

from typing import Literal

Kind = Literal["paper", "post", "course", "event"]
Track = Literal[
    "main",
    "findings",
    "workshop",
    "datasets",
    "position",
    "demo",
    "challenge",
    "journal",
    "other",
]
Presentation = Literal["oral", "spotlight", "highlight", "poster", "best_paper", "finalist"]
EvidenceKind = Literal[
    "code", "data", "survey", "tutorial", "course", "event", "release", "weights", "project"
]
Status = Literal["accepted", "submitted", "rejected", "withdrawn"]
Ring = Literal["accepted", "near", "field"]
Standing = Literal["new", "late", "update", "backlog"]
SourceState = Literal["fresh", "unchanged", "waiting", "incomplete", "failed", "off", "not due"]
Occasion = Literal["", "deadline", "decision", "conference", "meeting"]

# The tracks whose papers count as accepted at a venue, in the accepted ring and its headline.
CORE_TRACKS: tuple[Track, ...] = ("main", "datasets", "position")
