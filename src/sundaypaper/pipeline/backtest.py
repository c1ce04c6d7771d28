"""Try a filter on stored weeks: which entries match in each, and which nearly do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sundaypaper import query, weeks
from sundaypaper.formats.site.front import TRIED
from sundaypaper.models import Card, Entry, Filter, Pick
from sundaypaper.query import Hint, Vocabulary
from sundaypaper.store import Store

# How many near misses are kept.
NEAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class WeekHits:
    """The number of entries of a week that match, and of all its entries."""

    week: str
    hits: int
    entries: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """The result of trying a filter: hits by week, newest first; what matches; what nearly does.

    Weeks without an entry are left out. has_issues is False where no issue is stored yet;
    looked_back is the number of weeks that were tried; hints say what else may have been meant.
    """

    weeks: tuple[WeekHits, ...]
    hits: tuple[Pick | Entry, ...]
    near_misses: tuple[Pick | Entry, ...]
    has_issues: bool
    hints: tuple[Hint, ...]
    looked_back: int = TRIED


def backtest(store: Store, text: str, newest: str, vocabulary: Vocabulary) -> Backtest:
    """Try a filter on the last stored weeks. QueryError where it does not parse, or names nothing.

    The last week is that of the newest issue, or `newest` where there is none. A near miss is an
    entry that all but one part of the filter match.
    """
    wanted = query.parse(text, vocabulary=vocabulary)
    looser = [Filter(text, tree) for tree in query.loosened(wanted.tree)]
    heads = store.heads()
    last = max([head.week for head in heads] or [newest])
    weekly: list[WeekHits] = []
    hits: list[Pick | Entry] = []
    near: list[Pick | Entry] = []
    for week in (weeks.after(last, -back) for back in range(TRIED)):
        of_week = list(_cards(store, week))
        matching = [entry for entry, card in of_week if query.match(wanted, card)]
        hits += matching
        if of_week:
            weekly.append(WeekHits(week, len(matching), len(of_week)))
        for entry, card in of_week:
            if len(near) == NEAR_MISSES:
                break
            if not query.match(wanted, card) and any(query.match(f, card) for f in looser):
                near.append(entry)
    return Backtest(tuple(weekly), tuple(hits), tuple(near), bool(heads), query.hints(text))


def _cards(store: Store, week: str) -> Iterable[tuple[Pick | Entry, Card]]:
    """The entries of a week: as its issue holds them, else as they were collected."""
    issue = store.issue(week)
    places = {at.entry.id: at for at in store.of_week(week)}
    if issue is None:
        yield from ((at.entry, query.card_of_entry(at.entry, week=week)) for at in places.values())
        return
    for pick in issue.entries:
        at = places.get(pick.id)
        summary = issue.abstracts.get(pick.id) or (at.entry.summary if at else "")
        yield pick, query.card_of_pick(pick, summary)
