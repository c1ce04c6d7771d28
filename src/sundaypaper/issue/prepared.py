"""Prepares the material of a week for its sections: ranked, by id, news apart from updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sundaypaper.issue.choosing import is_checkable
from sundaypaper.issue.material import NEWS, Frame, Material
from sundaypaper.models import Acceptance, Editorial, FollowUp, Pick
from sundaypaper.weeks import sunday

# Measured: eight posts a week, two a source, are right in 0.72 without a floor, in 0.86 with it.
POST_FLOOR = 0.8
DECIDING = timedelta(weeks=3)  # before and after a decision


@dataclass(frozen=True, slots=True)
class Prepared:
    """What sections choose from; prepared once, laid out as often as an issue has to be shortened.

    fresh are the news of the week, best first, and worth those of them that may be printed. gained
    are papers that are newly accepted, updated older papers that changed. leads are the editor's, in
    their order. deciding: a core venue decides in these weeks.
    """

    material: Material
    frame: Frame
    fresh: tuple[Pick, ...]
    worth: tuple[Pick, ...]
    gained: tuple[Pick, ...]
    updated: tuple[Pick, ...]
    acceptances: Mapping[str, Acceptance]
    taken_back: Mapping[str, Acceptance]
    follow_ups: Mapping[str, FollowUp]
    topics: Mapping[str, str]
    deciding: bool
    editorial: Editorial
    leads: tuple[Pick, ...]

    @property
    def known(self) -> dict[str, Pick]:
        """Every entry that may be printed, by id."""
        corrected = (line.pick for line in self.material.corrections)
        aside = (*self.material.landmarks, *self.material.events, *corrected)
        return {pick.id: pick for pick in (*aside, *self.updated, *self.fresh)}


def prepare(material: Material, frame: Frame) -> Prepared:
    """Make the material ready. An entry that is given twice counts as it stands first."""
    editorial = material.editorial or Editorial()
    once = {pick.id: pick for pick in reversed(material.picks)}
    ranked = sorted(once.values(), key=lambda pick: (-pick.score, pick.id))
    fresh = tuple(pick for pick in ranked if pick.standing in NEWS)
    acceptances = _first_by_id(material.acceptances)
    gained = tuple(p for p in ranked if p.id in acceptances and p.standing != "backlog")
    candidates = {pick.id: pick for pick in (*gained, *fresh) if pick.id not in editorial.drop}
    return Prepared(
        material=material,
        frame=frame,
        fresh=fresh,
        worth=tuple(pick for pick in fresh if _may_be_printed(pick)),
        gained=gained,
        updated=tuple(pick for pick in ranked if pick.standing == "update"),
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
    )


def _may_be_printed(pick: Pick) -> bool:
    """A paper needs a reason that can be checked, a post enough that speaks for it."""
    if pick.kind == "paper":
        return is_checkable(pick)
    return pick.kind != "post" or pick.score >= POST_FLOOR


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
