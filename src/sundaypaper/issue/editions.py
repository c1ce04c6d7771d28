"""Composes editions: the entries of a printed issue that match a filter, by the same rules.

An edition is made from the frozen issue alone, so that a subscriber's mail, a page and a rebuild
agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sundaypaper.issue.compose import compose
from sundaypaper.issue.length import reading_minutes, reading_words
from sundaypaper.issue.material import Frame, material_of
from sundaypaper.issue.own_sections import PREFIX, as_printed
from sundaypaper.issue.section_table import MADE, PERMANENT, form_of
from sundaypaper.models import Issue, Pick

NONE = "Nothing for this edition this week."


def edition(
    issue: Issue, frame: Frame, match: Callable[[Pick], bool], whole: bool = False
) -> Issue:
    """The issue as an edition prints it; sections, counts and headline are of what matches.

    whole says that everything matches: then it is the issue in other sizes, with the headline, the
    minute and the editor's words that the issue has, also where it prints no news.

    The landmark and the dates stay as the whole issue has them, as far as sizes leave room; funnel,
    ledger and the editor's words stay those of the week, and what the editor leads with comes first
    where it matches. Where nothing matches, nothing is printed and its headline says so. issue is
    the frozen one, frame that of `frame_of`: what was amended later is said of the result.
    """
    theirs = (section for section in issue.sections if section.id.startswith(PREFIX))
    frame = replace(frame, own=tuple(map(as_printed, theirs)))
    material = material_of(issue, frame.core)
    material = material if whole else material.matching(match)
    made = compose(material, frame if whole else replace(frame, part=True))
    made = replace(made, funnel=issue.funnel, amendments=issue.amendments)
    if whole:
        return _as_printed(made, issue)
    return made if has_news(made) else _empty(made, material.picks)


def has_news(issue: Issue) -> bool:
    """Whether an issue or an edition of it prints more than what stands in each of them."""
    return any(section.id not in PERMANENT for section in issue.sections)


def _as_printed(made: Issue, issue: Issue) -> Issue:
    """The whole issue in other sizes: what it said and counted stays, also of entries it lacks."""
    counted = {
        section.id: len(section.items) + section.rest
        for section in issue.sections
        if form_of(section.id) == "lines"
    }
    sections = tuple(
        replace(part, rest=max(part.rest, counted.get(part.id, 0) - len(part.items)))
        for part in made.sections
    )
    return replace(made, sections=sections, headline=issue.headline, minute=issue.minute)


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
