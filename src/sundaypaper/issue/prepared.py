"""Prepares the material of a week for its sections: ranked, by id, news apart from updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sundaypaper.issue.claims import core_claim, elsewhere_claim, is_current, is_in_main_track
from sundaypaper.issue.material import NEWS, Frame, Material
from sundaypaper.issue.reasons import reasons
from sundaypaper.models import Acceptance, Editorial, FollowUp, Pick
from sundaypaper.weeks import sunday

# A lab's or practitioner's post on a topic stands above it without any word of research in it; news
# of companies, customers and events does not. docs/rank.md says what was measured.
POST_FLOOR = 0.6
DECIDING = timedelta(weeks=3)  # before and after a decision


@dataclass(frozen=True, slots=True)
class Prepared:
    """What sections choose from; prepared once, laid out as often as an issue has to be shortened.

    fresh are the news of the week, best first, worth those of them that may be printed, accepted
    the papers that a core venue has taken, elsewhere those that a venue of `also` has, and promising
    what is worth printing and in no main track. gained
    are papers that are newly accepted, updated older papers that changed. leads are the editor's, in
    their order. known holds every entry that may be printed, by id. deciding: a core venue decides in these weeks.
    """

    material: Material
    frame: Frame
    fresh: tuple[Pick, ...]
    worth: tuple[Pick, ...]
    accepted: tuple[Pick, ...]
    elsewhere: tuple[Pick, ...]
    promising: tuple[Pick, ...]
    gained: tuple[Pick, ...]
    updated: tuple[Pick, ...]
    acceptances: Mapping[str, Acceptance]
    taken_back: Mapping[str, Acceptance]
    follow_ups: Mapping[str, FollowUp]
    topics: Mapping[str, str]
    deciding: bool
    editorial: Editorial
    leads: tuple[Pick, ...]
    known: Mapping[str, Pick]


def prepare(material: Material, frame: Frame) -> Prepared:
    """Make the material ready. An entry that is given twice counts as it stands first."""
    editorial = material.editorial or Editorial()
    once = {pick.id: pick for pick in reversed(material.picks)}
    ranked = sorted(once.values(), key=lambda pick: (-pick.score, pick.id))
    fresh = tuple(pick for pick in ranked if pick.standing in NEWS)
    acceptances = _news(_first_by_id(material.acceptances), once, frame)
    updated = tuple(pick for pick in ranked if pick.standing == "update")
    corrected = (line.pick for line in material.corrections)
    aside = (*material.landmarks, *material.events, *corrected)
    of_papers = [pick for pick in fresh if pick.kind == "paper"]
    accepted = tuple(pick for pick in of_papers if core_claim(pick, frame))
    taken = {pick.id for pick in accepted}
    worth = tuple(p for p in fresh if p.id in taken or _may_be_printed(p, frame))
    gained = tuple(p for p in ranked if p.id in acceptances and p.standing != "backlog")
    candidates = {pick.id: pick for pick in (*gained, *fresh) if pick.id not in editorial.drop}
    return Prepared(
        material=material,
        frame=frame,
        fresh=fresh,
        worth=worth,
        accepted=accepted,
        elsewhere=tuple(p for p in of_papers if p.id not in taken and elsewhere_claim(p, frame)),
        promising=tuple(p for p in worth if p.kind == "paper" and not is_in_main_track(p)),
        gained=gained,
        updated=updated,
        acceptances=acceptances,
        taken_back={
            acceptance.id: acceptance
            for acceptance in sorted(material.taken_back, key=_by_id_and_time)
        },
        follow_ups={follow_up.id: follow_up for follow_up in material.follow_ups},
        topics={topic.id: topic.name for topic in frame.topics},
        deciding=_is_deciding(material, frame),
        editorial=editorial,
        leads=tuple(candidates[id] for id in editorial.lead if id in candidates),
        known={pick.id: pick for pick in (*aside, *updated, *fresh)},
    )


def _may_be_printed(pick: Pick, frame: Frame) -> bool:
    """A paper needs a reason that can be checked, a post enough that speaks for it.

    What its authors took back from a venue is no pick of ours.
    """
    if pick.kind == "paper":
        taken_back = any(claim.status == "withdrawn" for claim in pick.claims)
        return not taken_back and any(reasons(pick, frame))
    return pick.kind != "post" or pick.score >= POST_FLOOR


def _news(
    acceptances: Mapping[str, Acceptance], picks: Mapping[str, Pick], frame: Frame
) -> dict[str, Acceptance]:
    """Without what claims a year that is no news any more."""
    return {
        id: acceptance
        for id, acceptance in acceptances.items()
        if id not in picks or is_current(acceptance.claim, picks[id], frame)
    }


def _first_by_id(acceptances: tuple[Acceptance, ...]) -> dict[str, Acceptance]:
    """By id in order; of two of one paper the one that was seen first."""
    by_id = {
        acceptance.id: acceptance
        for acceptance in sorted(acceptances, key=_by_id_and_time, reverse=True)
    }
    return {id: by_id[id] for id in sorted(by_id)}


def _by_id_and_time(acceptance: Acceptance) -> tuple[object, ...]:
    return acceptance.id, acceptance.seen


def _is_deciding(material: Material, frame: Frame) -> bool:
    last = sunday(frame.week)
    return any(
        venue in frame.core and abs(day - last) <= DECIDING for venue, day in material.decisions
    )
