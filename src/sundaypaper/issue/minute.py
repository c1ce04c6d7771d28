"""“This week in one minute”: the strongest lines that the sections say, and the headline.

docs/notes/0014-worth-reading.md says why they stand in this order.
"""

from __future__ import annotations

from collections.abc import Iterable

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Line
from sundaypaper.issue.section_table import SECTIONS
from sundaypaper.models import MinuteLine, Section
from sundaypaper.wording.counts import NOTHING_NEW, new_words
from sundaypaper.wording.sentences import clip

LINES = 5
# Which lines are taken where there are more than five, a form once before any has a second line.
WANTED = (
    "voted", "accepted", "together", "released", "pressing", "rising", "told", "changed", "first",
)  # fmt: skip
# How they stand. What names a paper or a release comes before what counts.
ORDER = (
    "voted", "together", "told", "released", "first", "pressing", "rising", "accepted", "changed",
)  # fmt: skip
KINDS = ("paper", "post", "course", "event")
STORIES = ("voted", "together", "told", "released")


def minute_of(given: Prepared, sections: tuple[Section, ...]) -> tuple[MinuteLine, ...]:
    """At most five lines, the headline first, each leading to a section that is there."""
    there = {section.id for section in sections}
    said = (line for kind in SECTIONS for line in kind.lines(given, sections))
    lines = [line for line in said if _place(line, there)]
    chosen = sorted(_chosen(lines), key=lambda line: ORDER.index(line.form))
    first = _headline(chosen, given.material.last_forms)
    ordered = [first, *(x for x in chosen if x is not first)] if first else chosen
    return tuple(
        MinuteLine(clip(line.text), _place(line, there), line.form, line.about) for line in ordered
    )


def _headline(lines: list[Line], last: tuple[str, ...]) -> Line | None:
    """The first line of a form that last week had not.

    What tells a story, and has not been a headline for two weeks, comes before the same as then.
    """
    others = [line for line in lines if line.form not in last[:1]]
    told = (line for line in others if line.form in STORIES and line.form not in last)
    return next(told, others[0] if others else None)


def headline_of(given: Prepared, minute: tuple[MinuteLine, ...]) -> str:
    """The editor's headline, the first line of the minute, or how much is new."""
    if given.editorial.headline or minute:
        return given.editorial.headline or minute[0].text
    counts = {kind: sum(pick.kind == kind for pick in given.fresh) for kind in KINDS}
    return new_words(counts, _nothing(given))


def _nothing(given: Prepared) -> str:
    """The words for no news, which say no more than the counts beside them.

    Of an edition they tell nothing of the week; and a source may have brought what is new of it and
    no news of this week, such as dates.
    """
    if given.frame.part:
        return "Nothing new for this edition this week."
    brought = any(report.new for report in given.material.ledger)
    return "No new papers or posts this week." if brought else NOTHING_NEW


def _chosen(lines: Iterable[Line]) -> list[Line]:
    by_form: dict[str, list[Line]] = {}
    for line in lines:
        by_form.setdefault(line.form, []).append(line)
    ranked = sorted(
        (
            (turn, WANTED.index(form), line)
            for form, some in by_form.items()
            for turn, line in enumerate(some)
        ),
        key=lambda x: x[:2],
    )
    return [line for _, _, line in ranked[:LINES]]


def _place(line: Line, there: set[str]) -> str:
    """The first of a line's sections that is there; empty where none is."""
    return next((place for place in line.leads_to if place in there), "")
