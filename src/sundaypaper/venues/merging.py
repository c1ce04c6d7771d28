"""Claims of one paper put together: one for each venue, year, track and status."""

from __future__ import annotations

import re
from dataclasses import replace

from sundaypaper.models import Claim

from . import grammar, tracks

ONLY_PRESENTATION = re.compile(
    r"^\W*(?:(?:accepted|selected|presented|as|an?|the|for|oral|spotlight|highlights?|poster"
    r"|paper|presentation|award|best"
    r"|top|\d+(?:\.\d+)?%?|finalist|candidate|nominee|nomination|student|runner|up|honou?rable"
    r"|mention|outstanding|winner"
    r"|of|won|received|recipient|also|and|recognized|us|rated)\b\W*)+$"
    r"|^\W*(?:recipient|winner|received|selected|awarded|nominated|won|best|oral|spotlight"
    r"|honou?rable)\b",
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


def merge(found: list[Claim], reference: Claim) -> list[Claim]:
    """The comment's claims and the reference's, one where both are about one venue and year."""
    for at, claim in enumerate(found):
        same = claim.venue == reference.venue or (
            claim.venue.startswith("other:") and reference.venue.startswith("other:")
        )
        if same and (claim.year == reference.year or claim.year is None):
            if claim.status in ("rejected", "withdrawn"):
                continue
            merged = replace(claim, year=reference.year, status="accepted")
            return [*found[:at], merged, *found[at + 1 :]]
    return [*found, reference]


def tidy(found: list[Claim], new: list[Claim]) -> list[Claim]:
    """The claims with those of the next sentence: one that says the same or less goes."""
    kept = list(found)
    for claim in new:
        for at, other_claim in enumerate(kept):
            apart = at >= len(found) and claim.track != other_claim.track
            if not apart and (one := better(other_claim, claim)):
                kept[at] = one
                break
        else:
            kept.append(claim)
    return kept


def better(one: Claim, two: Claim) -> Claim | None:
    """The one claim that says what both say; None where they say different things."""
    if one.venue != two.venue or (one.year and two.year and one.year != two.year):
        return None
    if {one.status, two.status} == {"accepted", "submitted"}:
        if one.track != two.track:
            return None
        return replace(one if one.status == "accepted" else two, year=one.year or two.year)
    if one.status != two.status or (
        one.track != two.track and "main" not in (one.track, two.track)
    ):
        return None
    special = two if one.track == "main" else one
    said = {claim.presentation for claim in (one, two)}
    how = next((name for name, _ in tracks.PRESENTED if name in said), None)
    return replace(special, year=one.year or two.year, presentation=how)


def only_names_workshop(sentence: str, new: list[Claim], found: list[Claim]) -> bool:
    """Whether a sentence only names the workshop that the claim before it is about."""
    return (
        len(new) == 1
        and new[0].venue.startswith("other:")
        and new[0].track == "workshop"
        and any(claim.track == "workshop" for claim in found)
        and not grammar.ROLE.search(sentence)
    )


def carry(sentence: str, found: list[Claim]) -> list[Claim]:
    """A sentence that only says "Oral" or "Under review" speaks of the claim before it."""
    last = found[-1]
    if ONLY_TRACK.match(sentence) and last.track == "main":
        return [*found[:-1], replace(last, track=tracks.track(sentence))]
    how = tracks.presentation(sentence) if ONLY_PRESENTATION.match(sentence) else None
    if how and (last.presentation is None or how == "best_paper"):
        return [*found[:-1], replace(last, presentation=how)]
    if ONLY_REVIEW.match(sentence) and not grammar.ROLE.search(last.span):
        return [*found[:-1], replace(last, status="submitted")]
    if ONLY_ACCEPTED.match(sentence) and last.status == "submitted":
        return [*found[:-1], replace(last, status="accepted")]
    return found
