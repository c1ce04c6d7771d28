"""The issue's own few words: reasons, counts, and how far a date is away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sundaypaper import zones
from sundaypaper.models import CORE_TRACKS, Acceptance, Claim, FollowUp, Pick
from sundaypaper.text import words

WHY_WORDS = 20
EDITORS = "the editor’s choice"
CLAIMED = "the authors say: accepted "


def clip(text: str, limit: int = WHY_WORDS) -> str:
    """At most limit words, with "…" where some were cut."""
    parts = text.split()
    return text if len(parts) <= limit else " ".join(parts[:limit]).rstrip(" ,;:.") + "…"


# What a model adds to a reason that a person can check; the entry's own page says it.
BESIDE_A_RULE = re.compile(r"; reads like: [^();]*")


def why(pick: Pick, what: str = "") -> str:
    """The pick's reasons, as many as twenty words hold, the strongest first, after what it is.

    What the claim beside it says already, and what only a model says, is said where there is no
    other reason.
    """
    told = what
    guessed = {part.reason for part in pick.contributions if part.name == "prior"}
    others = tuple(r for r in pick.reasons if r not in guessed and not r.startswith(CLAIMED))
    for full in others or pick.reasons or (f"from {pick.source}",):
        reason = BESIDE_A_RULE.sub("", full)
        longer = f"{told}; {reason}" if told else clip(reason)
        if words(longer) <= WHY_WORDS:
            told = longer
    return told


def editors_why(pick: Pick) -> str:
    """The pick's reasons; where a person can check none of them, that the editor chose it."""
    guessed = {part.reason for part in pick.contributions if part.name == "prior"}
    return why(pick) if set(pick.reasons) - guessed else EDITORS


def came_out(one: FollowUp) -> str:
    """`printed in 2026-W10 without code; names it now: github.com/a/b`."""
    span = re.sub(r"^https?://(?:www\.)?", "", one.span)
    return clip(f"printed in {one.printed} without code; names it now: {span}")


def took_back(one: Acceptance, venues: Mapping[str, str]) -> str:
    """What a paper no longer says: `withdrawn; it said: accepted at CVPR 2026`."""
    place = f"{venue_name(one.claim.venue, venues)} {one.claim.year or ''}".strip()
    if one.change == "withdrawn":
        return f"withdrawn by its authors; it said that it was accepted at {place}"
    return f"no longer says that it was accepted at {place}"


def venue_name(key: str, venues: Mapping[str, str]) -> str:
    """The name to print of a venue key."""
    return venues.get(key) or (key[6:] if key.startswith("other:") else key.upper())


def told_claim(pick: Pick, core: tuple[str, ...]) -> Claim | None:
    """The accepted claim at a core venue that puts a pick into the accepted ring, newest first."""
    held = [
        c
        for c in pick.claims
        if c.venue in core and c.status == "accepted" and c.track in CORE_TRACKS
    ]
    return max(held, key=lambda c: c.year or 0, default=None)


def until(day: datetime, now: datetime, zone: str = "") -> str:
    """`today`, `tomorrow`, `in 5 days`, by the calendar of the zone in which the day is stated.

    `now` for what has begun on a day before.
    """
    clock = zones.clock(zone)
    days = max(-1, (day.astimezone(clock).date() - now.astimezone(clock).date()).days)
    return ("now", "today", "tomorrow")[days + 1] if days in (-1, 0, 1) else f"in {days} days"
