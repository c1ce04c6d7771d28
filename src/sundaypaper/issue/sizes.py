"""The sizes of sections: how many entries each prints, and which gives way in a long issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from sundaypaper.issue.material import Sizes
from sundaypaper.issue.section_kinds import Plan
from sundaypaper.issue.section_table import GIVES_WAY, KINDS, SECTIONS, SIZES
from sundaypaper.models import Section

TITLES = frozenset(size.name for size in SIZES if size.is_title)


def plan_of(sizes: Sizes) -> Plan:
    """The places of each size by name, to be made smaller."""
    plan: Plan = {}
    for kind in SECTIONS:
        for size in kind.sizes:
            prints = size.is_setting or plan[kind.sizes[0].name]
            places = sizes[size.name] if size.is_setting else size.usual
            plan[size.name] = places if prints else 0
    return plan


def shrink(
    plan: Plan, usual: Plan, sections: tuple[Section, ...], stays: Container[str] = ()
) -> bool:
    """Take a place from the section that holds most of its usual places; False when none is left.

    Lists of titles give way first, down to a third of their places. stays are the ids of entries
    that no size moves.
    """
    held = Counter(
        KINDS[section.id].size_of(item)
        for section in sections
        if section.id in KINDS
        for item in section.items
        if item.id not in stays
    )
    full = [
        (name in TITLES and held[name] > usual[name] // 3, held[name] / usual[name], -at)
        for at, name in enumerate(GIVES_WAY)
        if held[name]
    ]
    if not full:
        return False
    name = GIVES_WAY[-max(full)[2]]
    plan[name] = held[name] - 1
    return True
