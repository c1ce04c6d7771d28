"""What earlier weeks were like: how much they brought of each topic, and their headlines' forms."""

from __future__ import annotations

from collections import defaultdict

from sundaypaper import weeks
from sundaypaper.store import Store

# How many weeks make the usual, and how many of them have to be printed.
LOOKED_BACK, FEWEST = 8, 3
HEADLINES = 2


def usual(store: Store, week: str) -> dict[str, float]:
    """The mean of new entries of each topic, by id, over the printed ones of the eight weeks before.

    A week with less than half the entries of the fullest, such as one of holidays or the first, does
    not count. Empty where too few are left to say what is usual.
    """
    before = {weeks.after(week, -back) for back in range(1, LOOKED_BACK + 1)}
    printed = {head.week for head in store.heads() if head.state == "frozen"} & before
    if len(printed) < FEWEST:
        return {}
    kept = store.counts(printed)
    totals = {count.week: count.entries for count in kept if count.kind == "all"}
    full = {week for week, total in totals.items() if total * 2 >= max(totals.values())}
    counts: dict[str, list[int]] = defaultdict(list)
    for count in kept:
        if count.kind == "topic" and count.week in full:
            counts[count.key].append(count.entries)
    return {topic: sum(n) / len(n) for topic, n in counts.items() if len(n) >= FEWEST}


def last_forms(store: Store, week: str) -> tuple[str, ...]:
    """The forms of the headlines of the newest issues before a week, the newest first."""
    return tuple(head.form for head in store.heads() if head.week < week)[:HEADLINES]
