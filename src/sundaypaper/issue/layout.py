"""Lays out a week: which entry stands in which section, and the lines of the minute.

Sections choose in one order (what may take least goes first) and are printed in another. No entry
stands twice; what belongs to a section and is not printed is its `rest`.
"""

from __future__ import annotations

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Plan, SectionKind
from sundaypaper.issue.section_table import IN_TURN, SECTIONS
from sundaypaper.models import MinuteLine, Section
from sundaypaper.wording.sentences import clip

MINUTE_LINES = 5


def lay_out(given: Prepared, plan: Plan) -> tuple[Section, ...]:
    """The sections of a week in their order, as large as the plan has them."""
    dropped = frozenset(given.editorial.drop)
    used = set(dropped)
    drafts: dict[str, Draft] = {}
    for kind in IN_TURN:
        draft = drafts[kind.id] = kind.take(given, plan, frozenset(used))
        used |= {item.id for item in draft.items}
    printed = used - dropped
    return tuple(
        _close(given, kind, drafts[kind.id], printed) for kind in SECTIONS if drafts[kind.id].items
    )


def _close(given: Prepared, kind: SectionKind, draft: Draft, printed: set[str]) -> Section:
    """What belongs to a section and no other prints is counted; so is what the editor dropped."""
    rest = [id for id in draft.pool if id not in printed]
    note = kind.note(given, rest) if rest else ""
    title = draft.title or kind.title
    return Section(kind.id, title, draft.items, len(rest) + draft.more, note)


def minute_of(given: Prepared, sections: tuple[Section, ...]) -> tuple[MinuteLine, ...]:
    """At most five sentences of counts, each leading to a section that is there."""
    there = {section.id for section in sections}
    lines = (line for kind in SECTIONS for line in kind.lines(given, sections))
    placed = ((text, _place(leads_to, there)) for text, leads_to in lines)
    minute = (MinuteLine(clip(text), place) for text, place in placed if place)
    return tuple(minute)[:MINUTE_LINES]


def _place(leads_to: tuple[str, ...], there: set[str]) -> str:
    """The first of a line's sections that is there; empty where none is."""
    return next((place for place in leads_to if place in there), "")
