"""Whether a day on which arXiv lists papers may have brought none.

arXiv's calendar says on which days it lists. Where the categories that are asked for usually bring
so many papers that the silent days of a week should have shown ten together, silence is a fault of
arXiv's answer and no fact; of a small category a silent day, or week, is believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from statistics import median

from sundaypaper import weeks
from sundaypaper.models import Entry

# By chance alone so many papers stay out once in 20,000 times (a Poisson count of mean 10).
PROOF = 10
BATCH_LATE = timedelta(hours=36)
# Papers a week, those listed in it from another category among them: the least of four weeks in
# which they were counted (docs/notes/0021). A category that is not here is known by its own weeks.
A_WEEK = {
    "cs.CV": 660,
    "cs.AI": 630,
    "cs.LG": 570,
    "cs.CL": 400,
    "cs.RO": 230,
    "cs.SD": 76,
    "eess.AS": 56,
    "stat.ML": 50,
    "cs.HC": 39,
    "cs.IR": 39,
    "eess.SY": 38,
    "cs.IT": 36,
    "cs.CR": 29,
    "eess.IV": 29,
    "cs.MA": 25,
    "cs.MM": 23,
    "cs.GR": 22,
    "eess.SP": 22,
    "cs.CY": 17,
    "cs.SE": 17,
    "math.OC": 16,
    "cs.GT": 12,
    "cs.CE": 11,
}


def papers_a_day(entries: Iterable[Entry], categories: Collection[str]) -> Counter[date]:
    """How many papers of some categories arXiv listed on each day."""
    papers = {
        e.id: e for e in entries if e.published and not set(categories).isdisjoint(e.categories)
    }
    moments = {id: weeks.submitted(paper) for id, paper in papers.items()}
    return Counter(weeks.listing_days(moments).values())


def silent(week: str, now: datetime, counts: Mapping[date, int]) -> tuple[date, ...]:
    """The listing days of a week that should be out and of which no paper came."""
    days = weeks.batch_days(week)
    return tuple(day for day in days if weeks.announced_at(day) <= now and not counts.get(day))


def late(days: Iterable[date], now: datetime) -> tuple[date, ...]:
    """Those that arXiv cannot merely be slow with."""
    return tuple(day for day in days if weeks.announced_at(day) <= now - BATCH_LATE)


def unlikely(
    days: Collection[date],
    categories: Iterable[str],
    others: Collection[date],
    counts: Mapping[date, int],
) -> int:
    """How many papers silent days should have shown; 0 where it may be that there were none.

    Counts tell what others, the listing days of other weeks, brought.
    """
    known = max((A_WEEK.get(category, 0) / 5 for category in categories), default=0.0)
    seen = median(counts.get(day, 0) for day in others) if others else 0.0
    due = len(days) * max(known, seen)
    return round(due) if due >= PROOF else 0
