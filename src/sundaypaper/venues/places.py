"""Assignment of a sentence's words to the venues that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from . import scan
from .grammar import ROLE
from .towns import TOWN

SPLIT = re.compile(r";|,|\sand\s|\s&\s|\sbut\s|\sthen\s|\)\s*[,/]|\s/\s")
LINK = re.compile(
    r"(?:\bat|@|\bin|\bof|\bwith|\(|\bco-located with|,)\s*(?:the\s)?(?:[\w/]{2,9}\s){0,3}$"
)
SIDES = re.compile(r"\bworkshop|\btrack\b|\bchallenge\b", re.I)
ALONE = re.compile(
    r"(?:[\W\d]|\b(?:the|in|at|ieee|cvf|acm|rsj|aaai|sigkdd|annual|conference|international|of"
    r"|on|proceedings|version|paper"
    r"|main(?: track)?|CR|as|long|short|full|regular|article|preprint|v\d|final|arxiv|th|st|nd|rd|journal"
    r"|first|second|third|example|for)\b)*$",
    re.I,
)
CONTINUES = re.compile(
    r"^[\s:,()\-–]*(?:findings)?[\s:,()\-–]*(?:(?:19|20)\d\d)?[\s:,()\-–]*$", re.I
)
SAME = re.compile(
    r"^(?:[\s(),:\[\]\-–/]|(?:19|20)\d\d|\b(?:the|ieee|cvf|acm|annual|conference|on|in|of"
    r"|international|aka|proceedings)\b"
    r"|\d+(?:st|nd|rd|th))*$",
    re.I,
)
AWARDED = re.compile(r"\b(?:awarded|best)\b", re.I)
AND = re.compile(r"\band\b|&")
FAMILY = frozenset({"emnlp", "naacl", "eacl", "aacl"})


@dataclass(frozen=True, slots=True)
class VenueSpan:
    """A mention and its words: text[start:end] are those that speak of it, before and after."""

    mention: scan.VenueMention
    start: int
    end: int


def places(text: str, mentions: list[scan.VenueMention]) -> list[VenueSpan]:
    """The mentions with their words: the same venue named twice is one place."""
    groups: list[scan.VenueMention] = []
    for mention in mentions:
        year, end = scan.year_at(text, mention, groups[-1].end if groups else 0)
        mention = replace(mention, end=end, year=year)
        if groups and (joined := _joined(text, groups[-1], mention)):
            groups[-1] = joined
            continue
        groups.append(mention)
    cuts = [0]
    for left, right in pairwise(groups):
        cuts.append(_cut(text, left.end, right.start))
    cuts.append(len(text))
    return [VenueSpan(mention, cuts[i], cuts[i + 1]) for i, mention in enumerate(groups)]


def _joined(
    text: str, left: scan.VenueMention, right: scan.VenueMention
) -> scan.VenueMention | None:
    """Two names of one venue that follow each other, as one mention; else None."""
    between = text[left.end : right.start]
    if left.venue.key == "acl" and right.venue.key in FAMILY and CONTINUES.match(between):
        return replace(right, start=left.start, year=right.year or left.year)
    if left.venue.key != right.venue.key or not SAME.match(between):
        return None
    written = text[left.end - 2 : left.end].isdigit()
    if written and left.year and right.year and left.year != right.year:
        return None
    year = left.year if written or not right.year else right.year
    return replace(left, end=right.end, year=year, hint=left.hint or right.hint)


def _cut(text: str, start: int, end: int) -> int:
    """Where the words of one mention end and those of the next begin."""
    between = text[start:end]
    splits = list(SPLIT.finditer(between))
    if not splits and (role := ROLE.search(between) or AWARDED.search(between)):
        return start + role.start()
    if not splits:
        return end if SIDES.match(between.strip()) else start
    linked = LINK.search(between) and SIDES.search(between)
    return start + (splits[0] if linked else splits[-1]).start()


def alone(left: str, right: str) -> bool:
    """Whether a comma or bracket on each side leaves the name by itself."""
    near = re.split(r"[,(:]", left)[-1]
    following = TOWN.sub("", re.split(r"[,):(]", right)[0])
    return bool(ALONE.match(near)) and bool(ALONE.match(following))
