"""Which claims of an entry are news: accepted at a core venue, or in a main track elsewhere.

A claim of a year before the one before the issue is no news anywhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from sundaypaper.issue.material import Frame
from sundaypaper.models import CORE_TRACKS, Claim, Pick
from sundaypaper.weeks import sunday

MAIN_TRACKS = ("main", "journal")  # a journal has no other
TAKEN_TRACKS = (*CORE_TRACKS, "journal")


def is_current(claim: Claim, pick: Pick, frame: Frame) -> bool:
    """Whether the claim's year is the issue's, the one before or later, or is not stated.

    A reprint is held against the year in which its entry was published.
    """
    if claim.year is None:
        return True
    published = pick.published
    year = published.year if frame.reprint and published else sunday(frame.week).year - 1
    return claim.year >= year


def accepted_claims(pick: Pick, frame: Frame) -> Iterator[Claim]:
    """The current claims of an acceptance, in any track of any venue."""
    held = (claim for claim in pick.claims if claim.status == "accepted")
    return (claim for claim in held if is_current(claim, pick, frame))


def core_claim(pick: Pick, frame: Frame) -> Claim | None:
    """The claim that puts a pick of the accepted ring into its section; None where there is none."""
    if pick.ring != "accepted":
        return None
    return _newest(pick, frame, frame.core, CORE_TRACKS)


def elsewhere_claim(pick: Pick, frame: Frame) -> Claim | None:
    """The claim of a main track or journal of `venues.also`, newest first; None without one."""
    return _newest(pick, frame, frame.also, MAIN_TRACKS)


def _newest(
    pick: Pick, frame: Frame, venues: Container[str], tracks: Container[str]
) -> Claim | None:
    held = (claim for claim in accepted_claims(pick, frame) if claim.venue in venues)
    counted = (claim for claim in held if claim.track in tracks)
    return max(counted, key=lambda claim: claim.year or 0, default=None)


def is_in_main_track(pick: Pick) -> bool:
    """Whether a main track or a journal has taken it, wherever and whenever."""
    return any(c.status == "accepted" and c.track in TAKEN_TRACKS for c in pick.claims)


def presented(pick: Pick, frame: Frame) -> Claim | None:
    """The accepted claim that says how it is presented, core venues first; None for a poster."""
    said = [c for c in accepted_claims(pick, frame) if c.presentation not in (None, "poster")]
    said = [claim for claim in said if claim.track in TAKEN_TRACKS]
    return max(said, key=lambda c: (c.venue in frame.core, c.year or 0), default=None)
