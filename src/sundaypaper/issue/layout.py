"""Lays out a week: which entry stands in which section.

Sections choose in one order (what may take least goes first) and are printed in another. No entry
stands twice; what belongs to a section and is not printed is its `rest`.
"""

from __future__ import annotations

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Plan, SectionKind
from sundaypaper.issue.section_table import IN_TURN, OWN_PLACE, SECTIONS
from sundaypaper.models import Section

# What a section chose, by its id, its sizes and what stood elsewhere already.
Choices = dict[tuple[str, tuple[int, ...], frozenset[str]], Draft]


def lay_out(given: Prepared, plan: Plan, choices: Choices) -> tuple[Section, ...]:
    """The sections of a week in their order, as large as the plan has them.

    choices are those of earlier plans of the same week: a section chooses anew only where its sizes
    or what the others took have changed.
    """
    dropped = frozenset(given.editorial.drop)
    used = set(dropped)
    drafts: dict[str, Draft] = {}
    for kind in (*IN_TURN, *given.frame.own):
        asked = kind.id, tuple(plan[size.name] for size in kind.sizes), frozenset(used)
        if asked not in choices:
            choices[asked] = kind.take(given, plan, asked[2])
        drafts[kind.id] = choices[asked]
        used |= {id for item in drafts[kind.id].items for id in (item.id, item.report) if id}
    printed = {item.id for draft in drafts.values() for item in draft.items}
    order = (*SECTIONS[:OWN_PLACE], *given.frame.own, *SECTIONS[OWN_PLACE:])
    return tuple(
        _close(given, kind, drafts[kind.id], printed) for kind in order if drafts[kind.id].items
    )


def _close(given: Prepared, kind: SectionKind, draft: Draft, printed: set[str]) -> Section:
    """What belongs to a section and no other prints is counted; so is what the editor dropped."""
    rest = [id for id in draft.pool if id not in printed]
    note = kind.note(given, rest) if rest else ""
    title = draft.title or kind.title
    return Section(kind.id, title, draft.items, len(rest) + draft.more, note)
