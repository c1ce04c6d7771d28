"""Merging of one paper's claims: one for each venue, year, track and status."""

from __future__ import annotations

import re
from dataclasses import replace

from sundaypaper.models import Claim

from . import grammar, tracks
from .presentations import AWARD, highest, presentation

ONLY_PRESENTATION = re.compile(
    r"^\W*(?:(?:accepted|selected|presented|as|an?|the|for|oral|spotlight|highlights?|poster"
    r"|paper|presentation|award|best"
    r"|top|\d+(?:\.\d+)?%?|finalist|candidate|nominee|nomination|student|runner|up|honou?rable"
    r"|mention|outstanding|winner"
    r"|of|won|received|recipient|also|and|recognized|us|rated)\b\W*)+$"
    r"|^\W*(?:(?:it|this paper|the paper|this work|our paper|we|and|also|has|have|been|was|is)\s)*"
    r"(?:an?\s)?(?:recipient|winner|received|selected|awarded|nominat\w+|won|best|oral|spotlight"
    r"|honou?rable|short-?listed|finalist|runner|candidate|award|outstanding|distinguished)\b",
    re.I,
)
ONLY_TRACK = re.compile(
    r"^\W*(?:\w+\W+){0,5}(?:track|findings|workshop|datasets (?:and|&) benchmarks)\W*$", re.I
)
ONLY_REVIEW = re.compile(
    r"^\W*(?:currently |still )?(?:under review|in submission|in review)\W*$", re.I
)
ONLY_ACCEPTED = re.compile(
    r"^\W*(?:accepted|camera[- ]ready(?: version)?|to appear)"
    r"(?:\s(?:on\s)?(?=[^a-z]*[a-z]{0,9}[^a-z]*$)[\w\s,./-]{4,20})?\W*$",
    re.I,
)


def merge(claims: list[Claim], reference: Claim) -> list[Claim]:
    """The comment's claims and the reference's, one where both are about one venue and year."""
    for at, claim in enumerate(claims):
        same = claim.venue == reference.venue or (
            claim.venue.startswith("other:") and reference.venue.startswith("other:")
        )
        if same and (claim.year == reference.year or claim.year is None):
            if claim.status in ("rejected", "withdrawn"):
                continue
            merged = replace(claim, year=reference.year, status="accepted")
            return [*claims[:at], merged, *claims[at + 1 :]]
    return [*claims, reference]


def tidy(claims: list[Claim], new: list[Claim]) -> list[Claim]:
    """The claims with those of the next sentence: one that says the same or less goes."""
    kept = list(claims)
    for claim in new:
        for at, other_claim in enumerate(kept):
            apart = at >= len(claims) and claim.track != other_claim.track
            if not apart and (merged := better(other_claim, claim)):
                kept[at] = merged
                break
        else:
            kept.append(claim)
    return kept


def better(first: Claim, second: Claim) -> Claim | None:
    """The one claim that says what both say; None where they say different things."""
    if first.venue != second.venue or (first.year and second.year and first.year != second.year):
        return None
    if {first.status, second.status} == {"accepted", "submitted"}:
        if first.track != second.track:
            return None
        return replace(
            first if first.status == "accepted" else second, year=first.year or second.year
        )
    if first.status != second.status or (
        first.track != second.track and "main" not in (first.track, second.track)
    ):
        return None
    special = second if first.track == "main" else first
    how = highest(first.presentation, second.presentation)
    return replace(special, year=first.year or second.year, presentation=how)


def only_names_workshop(sentence: str, new: list[Claim], claims: list[Claim]) -> bool:
    """Whether a sentence only names the workshop that the claim before it is about."""
    return (
        len(new) == 1
        and new[0].venue.startswith("other:")
        and new[0].track == "workshop"
        and any(claim.track == "workshop" for claim in claims)
        and not grammar.ROLE.search(sentence)
    )


def only_awards(sentence: str) -> bool:
    """Whether a sentence tells an award and nothing of what became of the paper."""
    told = ONLY_PRESENTATION.match(sentence) and AWARD.search(sentence)
    return bool(told) and all(
        match.lastgroup == "weak" for match in grammar.ROLE.finditer(sentence)
    )


def carry(sentence: str, claims: list[Claim]) -> list[Claim]:
    """The claims, the last changed by a sentence that only says "Oral", "Under review" and the like."""
    last = claims[-1]
    if ONLY_TRACK.match(sentence) and last.track == "main":
        return [*claims[:-1], replace(last, track=tracks.track(sentence))]
    told = ONLY_PRESENTATION.match(sentence) and last.status == "accepted"
    if told and (how := presentation(sentence, last.track)):
        return [*claims[:-1], replace(last, presentation=highest(how, last.presentation))]
    if ONLY_REVIEW.match(sentence) and not grammar.ROLE.search(last.span):
        return [*claims[:-1], replace(last, status="submitted")]
    if ONLY_ACCEPTED.match(sentence) and last.status == "submitted":
        return [*claims[:-1], replace(last, status="accepted")]
    return claims
