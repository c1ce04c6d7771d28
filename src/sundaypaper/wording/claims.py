"""Words for venues, tracks and what authors claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sundaypaper.models import Claim, Pick


class TrackWords(NamedTuple):
    """A track beside the name of its venue: in a phrase, and as a mark behind it."""

    phrase: str
    mark: str = ""


# A main track is the venue itself; a journal has no other.
TRACKS: Mapping[str, TrackWords] = {
    "findings": TrackWords("{} Findings", " (Findings)"),
    "workshop": TrackWords("a workshop of {}", " (workshop)"),
    "datasets": TrackWords("{}, datasets and benchmarks track", " (datasets track)"),
    "position": TrackWords("{}, position paper track", " (position track)"),
    "demo": TrackWords("{}, demonstration track", " (demo)"),
    "challenge": TrackWords("a challenge of {}", " (challenge)"),
    "other": TrackWords("{}, outside the main track"),
}
VENUE_ITSELF = TrackWords("{}")
VERBS = {
    "accepted": "accepted at",
    "submitted": "submitted to",
    "rejected": "rejected at",
    "withdrawn": "withdrawn from",
}
PRESENTED = {
    "best_paper": " with an award",
    "finalist": ", nominated for an award",
    "oral": " as an oral",
    "spotlight": " as a spotlight",
    "highlight": " as a highlight",
    "poster": " as a poster",
}
AWARDS = {"best_paper": "best paper", "finalist": "best paper finalist"}
SAID_ACCEPTED = "the authors say: accepted "


def venue_name(key: str, names: Mapping[str, str], written: str = "") -> str:
    """The name to print of a venue's key.

    That of a venue which no table knows is taken from what the authors have written, in their own
    capitals.
    """
    if key in names:
        return names[key]
    if not key.startswith("other:"):
        return key.upper()
    name = key.removeprefix("other:")
    at = written.lower().find(name)
    return written[at : at + len(name)] if at >= 0 else name


def venue_words(claim: Claim, names: Mapping[str, str]) -> str:
    """A venue and its year: `CVPR 2026`."""
    name = venue_name(claim.venue, names, claim.span)
    return f"{name} {claim.year}" if claim.year else name


def claim_words(claim: Claim, names: Mapping[str, str]) -> str:
    """A claim, without who makes it: `accepted at CVPR 2026 (oral)`."""
    track = TRACKS.get(claim.track, VENUE_ITSELF)
    where = track.phrase.replace("{}", venue_words(claim, names))
    of_journal = claim.track == "journal" and claim.status == "accepted"
    words = f"{'accepted by' if of_journal else VERBS[claim.status]} {where}"
    if claim.presentation is None:
        return words
    return f"{words} ({AWARDS.get(claim.presentation, claim.presentation)})"


def claim_short(claim: Claim, names: Mapping[str, str]) -> str:
    """A claim for one line of a list: `CVPR 2026 oral`, `submitted to ICML 2026`."""
    words = "" if claim.status == "accepted" else f"{VERBS[claim.status]} "
    words += venue_words(claim, names)
    words += f" {claim.track}" if claim.track != "main" else ""
    if claim.presentation is None:
        return words
    return f"{words} {AWARDS.get(claim.presentation, claim.presentation)}"


def authors_say(claim: Claim, names: Mapping[str, str]) -> str:
    """A claim as a reason: `the authors say: accepted at CVPR 2026 as an oral`."""
    place = venue_words(claim, names) + TRACKS.get(claim.track, VENUE_ITSELF).mark
    if claim.status == "accepted":
        return f"{SAID_ACCEPTED}at {place}{PRESENTED.get(claim.presentation or '', '')}"
    link = {"submitted": "to", "rejected": "by", "withdrawn": "from"}[claim.status]
    return f"the authors say: {claim.status} {link} {place}"


def around(pick: Pick, claim: Claim) -> tuple[str, str, str]:
    """The authors' text before the span that makes the claim, the span, and the text after it."""
    text = pick.journal_ref if claim.field == "journal_ref" else pick.comment
    before, span, after = text.partition(claim.span)
    return (before, span, after) if span and claim.span else ("", claim.span, "")
