"""The section “Dates”: the next deadlines, decisions, conferences and meetings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Draft, Line, Plan
from sundaypaper.models import Item, Pick, Section
from sundaypaper.text import fold
from sundaypaper.weeks import sunday
from sundaypaper.wording.dates import until
from sundaypaper.wording.sentences import clip

DATES_WITHIN = timedelta(days=21)
# What presses only for those who have submitted already.
OF_AUTHORS = re.compile(
    r"\b(?:reviews?|meta-?reviews?|rebuttals?|author (?:response|feedback)s?|discussion period|"
    r"camera[- ]ready) *(?:copy|version|papers?|period|start|end|due|released?|deadline|begin|open|$)",
    re.IGNORECASE,
)


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """The next dates; where there is no room for all, core venues' deadlines and decisions first."""
    frame = given.frame
    ahead = coming(given.material.events, frame.week, frame.now)
    pool = [(at, event) for at, event in ahead if event.id not in used]
    items = tuple(
        Item(event.id, until(at, frame.now, event.zone), "title")
        for at, event in foremost(pool, plan["dates"], frame.core)
    )
    return Draft(items, tuple(event.id for _, event in pool), more=given.material.more_dates)


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """The next deadline that is printed, of a core venue first."""
    printed = {item.id for section in sections for item in section.items if section.id == "dates"}
    ahead = coming(given.material.events, given.frame.week, given.frame.now)
    due = [x for x in ahead if x[1].id in printed and x[1].occasion in ("deadline", "decision")]
    core = given.frame.core
    for at, event in sorted(due, key=lambda x: (x[1].venue not in core, x[0]))[:1]:
        when = until(at, given.frame.now, event.zone)
        yield Line("pressing", f"{clip(event.title, 14)}: {when}.", ("dates",), (event.id,))


def coming(
    events: Sequence[Pick], week: str, now: datetime, within: timedelta = DATES_WITHIN
) -> list[tuple[datetime, Pick]]:
    """Events that start within the time from the week's Sunday, or from now if that is later.

    A decision that is expected over several days stays until the last. Nothing stands twice: neither
    what two sources call the same, nor two dates of one venue at the same moment.
    """
    start = max(now, datetime.combine(sunday(week), time(), UTC))
    dated = [(e.starts, e) for e in events if e.starts is not None]
    ahead = [(at, e) for at, e in dated if not _is_over(e, at, start) and at <= start + within]
    ahead = [(at, e) for at, e in ahead if not (e.venue and OF_AUTHORS.search(e.title))]
    seen: set[tuple[object, ...]] = set()
    kept = []
    for at, event in sorted(ahead, key=lambda x: (x[0], _aside(x[1]), x[1].id)):
        keys = {(fold(event.title), at.date()), (event.venue or event.id, at)}
        if seen.isdisjoint(keys):
            kept.append((at, event))
        seen |= keys
    return kept


def foremost(
    dated: Sequence[tuple[datetime, Pick]], size: int, core: Sequence[str]
) -> list[tuple[datetime, Pick]]:
    """At most size of them, in their order; of more, core venues' deadlines and decisions first."""

    def counts(event: Pick) -> bool:
        return event.venue in core and event.occasion in ("deadline", "decision")

    first = sorted(range(len(dated)), key=lambda n: (not counts(dated[n][1]), n))[:size]
    return [dated[n] for n in sorted(first)]


def _is_over(event: Pick, at: datetime, start: datetime) -> bool:
    """A day is over when the next begins."""
    last = (event.ends or at) if event.occasion == "decision" else at
    return last < start if event.zone else last.date() < start.date()


def _aside(event: Pick) -> tuple[bool, bool]:
    """Of two dates at one moment, that of the papers stands, and the one that says most."""
    return not event.venue, "paper submission" not in event.title
