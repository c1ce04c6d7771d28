"""The reasons printed with an entry, in at most twenty words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sundaypaper.models import CORE_TRACKS, Acceptance, Claim, FollowUp, Pick
from sundaypaper.text import words
from sundaypaper.wording.claims import SAID_ACCEPTED, venue_words
from sundaypaper.wording.sentences import clip

WHY_WORDS = 20
EDITORS = "the editor’s choice"


# What a model adds to a reason that a person can check; the entry's own page says it.
BESIDE_A_RULE = re.compile(r"; reads like: [^();]*")


def why(pick: Pick, what: str = "") -> str:
    """The pick's reasons, as many as twenty words hold, the strongest first, after what it is.

    Reasons that repeat the claim beside it, or that only a model gives, are used where there is no
    other.
    """
    text = what
    guessed = {part.reason for part in pick.contributions if part.name == "prior"}
    others = tuple(r for r in pick.reasons if r not in guessed and not r.startswith(SAID_ACCEPTED))
    for full in others or pick.reasons or (f"from {pick.source}",):
        reason = BESIDE_A_RULE.sub("", full)
        longer = f"{text}; {reason}" if text else clip(reason)
        if words(longer) <= WHY_WORDS:
            text = longer
    return text


def editors_why(pick: Pick) -> str:
    """The pick's reasons; where a person can check none of them, that the editor chose it."""
    guessed = {part.reason for part in pick.contributions if part.name == "prior"}
    return why(pick) if set(pick.reasons) - guessed else EDITORS


def came_out(follow_up: FollowUp) -> str:
    """`printed in 2026-W10 without code; names it now: github.com/a/b`."""
    span = re.sub(r"^https?://(?:www\.)?", "", follow_up.span)
    return clip(f"printed in {follow_up.printed} without code; names it now: {span}")


def took_back(acceptance: Acceptance, venues: Mapping[str, str]) -> str:
    """What a paper no longer says: `withdrawn; it said: accepted at CVPR 2026`."""
    place = venue_words(acceptance.claim, venues)
    if acceptance.change == "withdrawn":
        return f"withdrawn by its authors; it said that it was accepted at {place}"
    return f"no longer says that it was accepted at {place}"


def core_claim(pick: Pick, core: tuple[str, ...]) -> Claim | None:
    """The accepted claim at a core venue that puts a pick into the accepted ring, newest first."""
    held = [
        c
        for c in pick.claims
        if c.venue in core and c.status == "accepted" and c.track in CORE_TRACKS
    ]
    return max(held, key=lambda c: c.year or 0, default=None)
