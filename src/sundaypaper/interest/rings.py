"""The ring of a story (accepted, near, field), and the best of its claims."""

from __future__ import annotations

from sundaypaper.interest.rules import Rules
from sundaypaper.models import CORE_TRACKS, Claim, Mention, Ring, Tagged
from sundaypaper.text import fold


def ring(tagged: Tagged, rules: Rules) -> Ring:
    """accepted, near or field, as the claims, the authors and the posts about it say."""
    if any(_is_accepted(claim, tagged, rules) for claim in tagged.claims):
        return "accepted"
    if any(_is_near(claim, rules) for claim in tagged.claims):
        return "near"
    if followed(tagged, rules) or len(voices(tagged.story.discussed)) >= 2:
        return "near"
    return "field"


def _is_accepted(claim: Claim, tagged: Tagged, rules: Rules) -> bool:
    of_core = claim.venue in rules.core and claim.track in CORE_TRACKS
    now = _is_fresh(tagged, rules) or tagged.acceptance is not None or _first_met(tagged, rules)
    return of_core and claim.status == "accepted" and now and _is_current(claim, tagged, rules)


def _is_near(claim: Claim, rules: Rules) -> bool:
    if claim.venue in rules.core:
        return True
    return claim.venue in rules.also and claim.status == "accepted" and _is_main(claim)


def _is_main(claim: Claim) -> bool:
    return claim.track in ("main", "journal")  # a journal has no other main track


def _is_fresh(tagged: Tagged, rules: Rules) -> bool:
    sighting = tagged.story.sighting
    return sighting.standing in ("new", "late") and sighting.week <= rules.week


def _first_met(tagged: Tagged, rules: Rules) -> bool:
    """Whether an older paper was first seen in this week, so that all it claims is new to us."""
    wordings = tagged.story.sighting.wordings
    return bool(wordings) and wordings[0].week == rules.week


def _is_current(claim: Claim, tagged: Tagged, rules: Rules) -> bool:
    """The claim's year is the issue's or the one before; in a reprint the entry's or the next."""
    if claim.year is None:
        return _is_fresh(tagged, rules)
    published = tagged.story.sighting.entry.published
    if rules.reprint and published is not None:
        return claim.year in (published.year, published.year + 1)
    return claim.year in (rules.year - 1, rules.year)


def best_claim(tagged: Tagged, rules: Rules) -> Claim | None:
    """The claim that the reasons speak of: accepted before near, then the best presented."""
    near = [c for c in tagged.claims if _is_near(c, rules)]
    return max(near, key=lambda c: _standing(c, tagged, rules), default=None)


def _standing(claim: Claim, tagged: Tagged, rules: Rules) -> tuple[bool, bool, bool, float, int]:
    return (
        _is_accepted(claim, tagged, rules),
        claim.status == "accepted",
        claim.venue in rules.core,
        rules.weights.get(f"presentation.{claim.presentation}", 0.0)
        + rules.weights.get(f"track.{claim.track}", 0.0),
        claim.year or 0,
    )


def followed(tagged: Tagged, rules: Rules) -> str:
    """The first author whom the reader follows, as feeds.yaml writes the name; empty for none."""
    if not rules.authors:
        return ""
    names = (fold(author) for author in tagged.story.sighting.entry.authors)
    return next((rules.authors[name] for name in names if name in rules.authors), "")


def voices(mentions: tuple[Mention, ...]) -> set[str]:
    """The sources of the posts, each once: two posts of one blog are one voice."""
    return {mention.source for mention in mentions}
