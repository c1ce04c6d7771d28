"""A view of a printed issue: the entries that a filter lets through, composed by the same rules.

What an edition prints the whole issue holds: it is made from the frozen issue alone, so that a
reader's mail, a page and a rebuild say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sundaypaper.issue.compose import compose
from sundaypaper.issue.length import reading_minutes, reading_words
from sundaypaper.issue.material import Frame, material_of
from sundaypaper.issue.table import MADE, STANDING
from sundaypaper.models import Issue, Pick

NONE = "Nothing for this edition this week."


def edition(issue: Issue, frame: Frame, match: Callable[[Pick], bool]) -> Issue:
    """The issue as an edition prints it; sections, counts and headline are of what matches.

    The landmark and the dates stay as the whole issue has them, as far as sizes leave room; funnel,
    ledger and the editor's words stay those of the week, and what the editor leads with comes first
    where it matches. Where nothing matches, nothing is printed and its headline says so. issue is
    the frozen one, frame that of `frame_of`: what was amended later is said of the result.
    """
    material = material_of(issue, frame.core).matching(match)
    made = compose(material, frame)
    made = replace(made, funnel=issue.funnel, amendments=issue.amendments)
    if all(section.id in STANDING for section in made.sections):
        return _empty(made, material.picks)
    return made


def _empty(made: Issue, picks: tuple[Pick, ...]) -> Issue:
    held = {pick.id for pick in picks}
    sections = tuple(section for section in made.sections if section.id == MADE)
    words = reading_words(sections, (), {}, {})
    return replace(
        made,
        headline=NONE,
        minute=(),
        sections=sections,
        entries=tuple(pick for pick in made.entries if pick.id in held),
        abstracts={id: text for id, text in made.abstracts.items() if id in held},
        words=words,
        minutes=reading_minutes(words),
    )
