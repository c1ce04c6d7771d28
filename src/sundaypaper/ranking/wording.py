"""The words of the reasons."""

from __future__ import annotations

import re

from sundaypaper.models import Claim, Mention, Tag
from sundaypaper.ranking.rules import Rules

PRESENTED = {
    "best_paper": " with an award",
    "oral": " as an oral",
    "spotlight": " as a spotlight",
    "highlight": " as a highlight",
    "poster": " as a poster",
}
TRACKS = {
    "findings": " (Findings)",
    "workshop": " (workshop)",
    "datasets": " (datasets track)",
    "position": " (position track)",
    "demo": " (demo)",
    "challenge": " (challenge)",
}


def count_posts(mentions: tuple[Mention, ...]) -> str:
    """`1 post` or `3 posts`."""
    return "1 post" if len(mentions) == 1 else f"{len(mentions)} posts"


def said(claim: Claim, rules: Rules) -> str:
    """`the authors say: accepted at CVPR 2026 as an oral`."""
    key = claim.venue
    venue = rules.venues.get(key) or (key[6:] if key.startswith("other:") else key.upper())
    year = f" {claim.year}" if claim.year else ""
    place = f"{venue}{year}{TRACKS.get(claim.track, '')}"
    if claim.status == "accepted":
        return f"the authors say: accepted at {place}{PRESENTED.get(claim.presentation or '', '')}"
    link = {"submitted": "to", "rejected": "by", "withdrawn": "from"}[claim.status]
    return f"the authors say: {claim.status} {link} {place}"


def topic_reason(tag: Tag, rules: Rules) -> str:
    """`on Graphs (title: link prediction)`."""
    return f"on {rules.topics.get(tag.topic, tag.topic)} ({tag.reason})"


def code_reason(span: str) -> str:
    """Where the code is, or that the authors say that there is some."""
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", span)
    if re.match(r"(?:github|gitlab|huggingface)\.", address, re.IGNORECASE):
        return f"code is linked: {address}"
    return "the authors say: code is available"
