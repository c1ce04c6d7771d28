"""Texts of the reasons that picks print: topic, code, number of posts."""

from __future__ import annotations

import re

from sundaypaper.interest.rules import Rules
from sundaypaper.models import Mention, Tag
from sundaypaper.wording.counts import plural


def count_posts(mentions: tuple[Mention, ...]) -> str:
    """`1 post` or `3 posts`."""
    return plural(len(mentions), "post")


def topic_reason(tag: Tag, rules: Rules) -> str:
    """`on Graphs (title: link prediction)`."""
    return f"on {rules.topics.get(tag.topic, tag.topic)} ({tag.reason})"


def code_reason(span: str) -> str:
    """Where the code is, or that the authors say that there is some."""
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", span)
    if re.match(r"(?:github|gitlab|huggingface)\.", address, re.IGNORECASE):
        return f"code is linked: {address}"
    return "the authors say: code is available"
