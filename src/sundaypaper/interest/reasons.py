"""Texts of the reasons that picks print: votes, topic, code, number of posts."""

from __future__ import annotations

import re

from sundaypaper.interest.rules import Rules
from sundaypaper.models import Evidence, Mention, Tag, Votes
from sundaypaper.wording.counts import plural
from sundaypaper.wording.dates import day_words

ADDRESS_HEAD = re.compile(r"^(?:https?://)?(?:www\.)?")


def count_posts(mentions: tuple[Mention, ...]) -> str:
    """`1 post` or `3 posts`."""
    return plural(len(mentions), "post")


def topic_reason(tag: Tag, rules: Rules) -> str:
    """`on Graphs (title: link prediction)`."""
    return f"on {rules.topics.get(tag.topic, tag.topic)} ({tag.reason})"


def votes_reason(votes: Votes) -> str:
    """`118 readers at Hugging Face voted for it by 8 March`."""
    readers = plural(votes.count, "reader")
    return f"{readers} at {votes.source} voted for it by {day_words(votes.asked, year=False)}"


def code_reason(span: str) -> str:
    """Where the code is, or that the authors say that there is some."""
    address = ADDRESS_HEAD.sub("", span)
    if re.match(r"(?:github|gitlab|huggingface)\.", address, re.IGNORECASE):
        return f"code is linked: {address}"
    return "the authors say: code is available"


def of_evidence(evidence: Evidence) -> str:
    """What a paper gives, and where if an address says it; empty for what counts for nothing."""
    match evidence.kind:
        case "code":
            return code_reason(evidence.span)
        case "weights":
            return _at("weights are out", evidence.span)
        case "project":
            return _at("has a project page", evidence.span)
        case "data":
            return "comes with a dataset or benchmark"
        case "survey":
            return "a survey of its field"
        case _:
            return ""


def _at(what: str, span: str) -> str:
    """`weights are out: huggingface.co/a/b`, or only what."""
    found = re.search(r"(?:https?://)?([\w.-]+\.\w+/[^\s)]*|[\w-]+\.github\.io)", span)
    return f"{what}: {found[1].removeprefix('www.').rstrip('/')}" if found else what


def learnt_reason(words: tuple[str, ...]) -> str:
    """`reads like what readers vote for: agent, open weights`."""
    return "reads like what readers vote for" + (f": {', '.join(words)}" if words else "")
