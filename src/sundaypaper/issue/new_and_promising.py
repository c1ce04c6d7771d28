"""The section “New and promising”: papers of the week that no main track has taken."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.issue.choosing import choose
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import why_in_short
from sundaypaper.issue.section_kinds import Draft, Line, Plan, items
from sundaypaper.models import Item, Section
from sundaypaper.wording.counts import number

PLACES = ("new", "lead", "accepted")
FURTHER = "More, each with a reason"
# A topic rises where a week has so many new entries, and so many times the usual.
ENOUGH, RISE = 40, 1.25


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """The best of what no other section has taken, then further ones by title."""
    free = [pick for pick in given.promising if pick.id not in used]
    chosen = choose(free, plan["new"])
    shown = {pick.id for pick in chosen}
    more = [pick for pick in free if pick.id not in shown][: plan["new_titles"]]
    titles = (Item(pick.id, why_in_short(pick, given.frame), "title", FURTHER) for pick in more)
    return Draft((*items(given, chosen), *titles), tuple(pick.id for pick in given.promising))


def lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """The topic that has risen most over what is usual."""
    usual = given.material.usual
    about = dict.fromkeys(usual, 0)
    for pick in given.fresh:
        for tag in pick.tags:
            if tag.topic in about:
                about[tag.topic] += 1
    rises = {t: n / usual[t] for t, n in about.items() if usual[t] and n >= ENOUGH}
    if not rises:
        return
    topic, rise = max(rises.items(), key=lambda x: (x[1], x[0]))
    if rise >= RISE:
        name = given.topics.get(topic, topic)
        new = f"{name}: {number(about[topic])} new entries"
        yield Line("rising", f"{new}, {_more_than_usual(rise)}.", PLACES)


def _more_than_usual(rise: float) -> str:
    """`a third more than usual`, `twice as many as usual`; rise is at least RISE."""
    words = ((1.3, "a quarter more"), (1.45, "a third more"), (1.75, "half as many again"))
    for below, said in words:
        if rise < below:
            return f"{said} {'as' if said.endswith('again') else 'than'} usual"
    return f"{'twice' if rise < 2.5 else f'{round(rise)} times'} as many as usual"
