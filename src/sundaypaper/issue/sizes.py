"""How much each section prints, and what gives way where an issue is too long."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from sundaypaper.models import Item, Section

Plan = dict[str, int]
SIZED = ("lead", "accepted", "newly_accepted", "new", "blogs", "learn", "shelf", "dates")
PRINTED = (*SIZED, "corrections")
# What gives way first where an issue is too long and two sections are equally full.
GIVES_WAY = ("accepted_titles", "new", "blogs", "newly_accepted", "accepted", "learn", "lead")


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
    return {name: getattr(sizes, name) for name in (*SIZED, "accepted_titles")}


def shrink(plan: Plan, sections: tuple[Section, ...]) -> bool:
    """Takes a place from the section that is fullest for its size; False when none is left."""
    held = Counter(_room(section, item) for section in sections for item in section.items)
    full = [(held[name] / plan[name], -at) for at, name in enumerate(GIVES_WAY) if held[name]]
    if not full:
        return False
    name = GIVES_WAY[-max(full)[1]]
    plan[name] = held[name] - 1
    return True


def _room(section: Section, item: Item) -> str:
    titles = section.id == "accepted" and item.form == "title"
    return "accepted_titles" if titles else section.id
