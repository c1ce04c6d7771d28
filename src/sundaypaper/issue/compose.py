"""Composes the issue of a week from its material, within a number of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sundaypaper.issue.layout import Choices, lay_out
from sundaypaper.issue.length import editors_words, reading_minutes, reading_words
from sundaypaper.issue.material import Frame, Material
from sundaypaper.issue.minute import headline_of, minute_of
from sundaypaper.issue.prepared import Prepared, prepare
from sundaypaper.issue.section_table import MADE
from sundaypaper.issue.sizes import plan_of, shrink
from sundaypaper.models import Editorial, Funnel, Issue, MinuteLine, Pick, Section
from sundaypaper.text import words

MADE_TITLE = "How this issue was made"


def compose(material: Material, frame: Frame) -> Issue:
    """The issue of a week. The same input gives the same issue.

    A backlog entry is left out; an update is printed only where it gained an acceptance, took one
    back or names its code now. Around the days on which a core venue decides, the newly accepted are
    listed by topic too. What the editor drops is counted and listed, never printed, and what they
    lead with stands first whatever the limits say. The lowest picks give way until the issue holds
    at most frame.sizes["words"].
    """
    given = prepare(material, frame)
    sections, minute = _shortened(given)
    length = _words(given, sections, minute) + words(frame.missing)
    printed = [item.id for section in sections for item in section.items]
    entries = _entries(given, printed)
    own = given.editorial if given.editorial != Editorial() else None
    return Issue(
        week=frame.week,
        title=frame.title,
        composed=frame.now,
        state=frame.state,
        headline=headline_of(given, minute),
        minute=minute,
        sections=(*sections, *_made(frame)),
        entries=entries,
        newly_accepted=tuple(given.acceptances.values()),
        funnel=_funnel(given, len(printed)),
        ledger=material.ledger,
        abstracts={p.id: material.abstracts[p.id] for p in entries if p.id in material.abstracts},
        words=length,
        minutes=reading_minutes(length),
        fingerprint=frame.fingerprint,
        why_draft=frame.why_draft,
        reprint=frame.reprint,
        topics=frame.topics,
        taken_back=tuple(given.taken_back.values()),
        editorial=own,
        amendments=tuple(
            amendment
            for line in material.corrections
            if line.pick.id in printed
            for amendment in line.amendments
        ),
        follow_ups=material.follow_ups,
        earlier=tuple(later for later in material.earlier if later.id in printed),
    )


def _shortened(given: Prepared) -> tuple[tuple[Section, ...], tuple[MinuteLine, ...]]:
    """The sections, as long as they may be, and the minute; leads of the editor's take places.

    The minute costs most to say, so it is said when the sections alone are short enough.
    """
    plan = plan_of(given.frame.sizes)
    plan["lead"] = max(0, plan["lead"] - len(given.leads))
    usual, choices = dict(plan), Choices()
    stays = frozenset(pick.id for pick in given.leads)
    most = given.frame.sizes["words"]
    sections = lay_out(given, plan, choices)
    while _words(given, sections, ()) > most and shrink(plan, usual, sections, stays):
        sections = lay_out(given, plan, choices)
    minute = minute_of(given, sections)
    while _words(given, sections, minute) > most and shrink(plan, usual, sections, stays):
        sections = lay_out(given, plan, choices)
        minute = minute_of(given, sections)
    return sections, minute


def _words(given: Prepared, sections: tuple[Section, ...], minute: tuple[MinuteLine, ...]) -> int:
    printed = (item.id for section in sections for item in section.items)
    own = editors_words(given.editorial, printed)
    earlier = {later.id: later for later in given.material.earlier}
    return reading_words(sections, minute, given.known, given.acceptances, earlier) + own


def _made(frame: Frame) -> tuple[Section, ...]:
    return (Section(MADE, MADE_TITLE, note=frame.missing),) if frame.missing else ()


def _entries(given: Prepared, printed: Sequence[str]) -> tuple[Pick, ...]:
    known = given.known
    kept = {pick.id: pick for pick in (*given.fresh, *given.updated)}
    kept |= {id: known[id] for id in printed}
    return tuple(sorted(kept.values(), key=lambda pick: (-pick.score, pick.id)))


def _funnel(given: Prepared, printed: int) -> Funnel:
    material = given.material
    papers = [pick for pick in given.fresh if pick.kind == "paper"]
    rings = Counter(pick.ring for pick in papers)
    fetched = sum(report.fetched for report in material.ledger)
    return Funnel(
        listed=fetched if material.listed is None else material.listed,
        new=len(papers),
        updates=len(given.updated),
        posts=sum(pick.kind == "post" for pick in given.fresh),
        accepted=rings["accepted"],
        near=rings["near"],
        printed=printed,
        backlog=material.backlog,
    )
