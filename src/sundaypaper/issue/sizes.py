"""How much each section prints, and what gives way where an issue is too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import Protocol

from sundaypaper.models import Item, Section

Plan = dict[str, int]
SIZED = ("lead", "accepted", "newly_accepted", "new", "blogs", "learn", "shelf", "dates")
PRINTED = (*SIZED, "corrections")
# Further titles under "Newly accepted" in the weeks around a decision.
NEWLY_TITLES = 24
# What gives way first where an issue is too long and two sections are equally full.
GIVES_WAY = (
    "accepted_titles",
    "newly_titles",
    "new",
    "blogs",
    "newly_accepted",
    "accepted",
    "learn",
    "lead",
)


class Sizes(Protocol):
    """How much each section prints, in entries; words is the most that an issue holds."""

    @property
    def lead(self) -> int: ...
    @property
    def accepted(self) -> int: ...
    @property
    def accepted_titles(self) -> int: ...
    @property
    def newly_accepted(self) -> int: ...
    @property
    def new(self) -> int: ...
    @property
    def blogs(self) -> int: ...
    @property
    def learn(self) -> int: ...
    @property
    def shelf(self) -> int: ...
    @property
    def dates(self) -> int: ...
    @property
    def words(self) -> int: ...


def plan_of(sizes: Sizes) -> Plan:
    """The places of each section by name, to be made smaller."""
    plan = {name: getattr(sizes, name) for name in (*SIZED, "accepted_titles")}
    return plan | {"newly_titles": NEWLY_TITLES if plan["newly_accepted"] else 0}


def shrink(plan: Plan, sections: tuple[Section, ...], stays: Container[str] = ()) -> bool:
    """Takes a place from the section that is fullest for its size; False when none is left.

    stays are the ids of entries that no size moves.
    """
    held = Counter(_room(s, item) for s in sections for item in s.items if item.id not in stays)
    full = [(held[name] / plan[name], -at) for at, name in enumerate(GIVES_WAY) if held[name]]
    if not full:
        return False
    name = GIVES_WAY[-max(full)[1]]
    plan[name] = held[name] - 1
    return True


def _room(section: Section, item: Item) -> str:
    if item.form != "title":
        return section.id
    return {"accepted": "accepted_titles", "newly_accepted": "newly_titles"}.get(
        section.id, section.id
    )
