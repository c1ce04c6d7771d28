"""The days on which venues decide, and the known papers to fetch again because of it. Pure.

A paper's comment can change without a new version, and arXiv announces no such change; most happen
in the weeks after a venue has decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zlib import crc32

from sundaypaper import weeks, zones
from sundaypaper.models import Claim, Entry

Decision = tuple[str, date]  # a venue's key, and the day on which it decides

# Of the venues that are core where nothing else is said: the first and the last day on which they
# usually decide, two days wider on each side than what their calls for papers announced for 2025
# and 2026, as the public calendar huggingface/ai-deadlines has it. A source of deadlines knows better.
USUAL: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "neurips": ((9, 16), (9, 26)),
    "icml": ((4, 28), (5, 3)),
    "cvpr": ((2, 18), (2, 28)),
}
# Weeks from the deadline to the decision, from the same calls for papers.
REVIEWING = {"neurips": 19, "icml": 13, "cvpr": 14}
REVIEWING_USUALLY = 15
# A paper comes to arXiv so many weeks before the deadline of its venue, and after it.
BEFORE, AFTER = 2, 6
NEAR = timedelta(days=45)  # a date this near to the usual one is that of the same decision
FRESH = timedelta(weeks=4)
ROUND_WEEKS = 8


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A known paper, as far as it decides whether to fetch it again: its week and its claims."""

    id: str
    week: str
    claims: tuple[Claim, ...] = ()
    printed: bool = False


def usual(
    core: Collection[str], names: Mapping[str, str], known: Iterable[Entry], around: date
) -> tuple[Entry, ...]:
    """When core venues usually decide, of those whose date no source knows, a year around a day.

    names are the venues' to print, by key; known are the events that sources gave.
    """
    known_days = days_of(known)
    expected = []
    for venue in sorted(USUAL.keys() & set(core)):
        for year in (around.year - 1, around.year, around.year + 1):
            first, last = (date(year, month, day) for month, day in USUAL[venue])
            middle = first + (last - first) / 2
            if any(key == venue and abs(day - middle) <= NEAR for key, day in known_days):
                continue
            if abs(middle - around) <= timedelta(days=365):
                expected.append(_expected(venue, names.get(venue, venue.upper()), first, last))
    return tuple(sorted(expected, key=lambda entry: str(entry.starts)))


def _expected(venue: str, name: str, first: date, last: date) -> Entry:
    digits = sha256(f"usual\n{venue}\n{first.year}".encode()).hexdigest()[:16]
    return Entry(
        id=f"event:{digits}",
        kind="event",
        source="Earlier years",
        url="",
        title=f"{name} {first.year}: decisions expected, going by earlier years",
        starts=datetime.combine(first, time(), UTC),
        ends=datetime.combine(last, time(), UTC),
        occasion="decision",
        venue=venue,
        own_words=True,
    )


def days_of(events: Iterable[Entry]) -> tuple[Decision, ...]:
    """The decisions among events: the day in the zone of each, of several days the middle."""
    decisions = []
    for event in events:
        if event.occasion == "decision" and event.venue and event.starts:
            middle = event.starts + ((event.ends or event.starts) - event.starts) / 2
            decisions.append((event.venue, middle.astimezone(zones.clock(event.zone)).date()))
    return tuple(sorted(decisions, key=lambda decision: (decision[1], decision[0])))


def followed(
    papers: Sequence[KnownPaper], decisions: Iterable[Decision], week: str, budget: int
) -> tuple[str, ...]:
    """The ids of the papers to ask again this week, at most budget, those that matter most first.

    First what was printed, as given; then what was submitted to a venue that has decided in the
    last four weeks; then what came to arXiv when such a venue's papers do. What room is left goes
    round the rest, so that each has its turn in eight weeks, or in more where they are many. Papers
    that claim an acceptance are left out.
    """
    open_ = [paper for paper in papers if not _accepted(paper)]
    fresh = [(venue, day) for venue, day in decisions if _has_just_decided(day, week)]
    venues = {venue for venue, _ in fresh}
    spans = [_span(venue, day) for venue, day in fresh]
    chosen = [paper.id for paper in open_ if paper.printed]
    chosen += [paper.id for paper in open_ if not paper.printed and _submitted(paper, venues)]
    taken = set(chosen)
    fitting = [p.id for p in open_ if p.id not in taken and _fits(p.week, spans)]
    chosen += _turn(fitting, week, budget - len(chosen), 1)
    taken.update(fitting)
    rest = [paper.id for paper in open_ if paper.id not in taken]
    chosen += _turn(rest, week, budget - len(chosen), ROUND_WEEKS)
    return tuple(dict.fromkeys(chosen))[:budget]


def _accepted(paper: KnownPaper) -> bool:
    return any(claim.status == "accepted" for claim in paper.claims)


def _submitted(paper: KnownPaper, venues: set[str]) -> bool:
    return any(claim.status == "submitted" and claim.venue in venues for claim in paper.claims)


def _has_just_decided(day: date, week: str) -> bool:
    return timedelta() <= weeks.sunday(week) - day <= FRESH


def _span(venue: str, day: date) -> tuple[str, str]:
    """The weeks in which papers that were submitted to a venue come to arXiv."""
    deadline = weeks.iso_week(day - timedelta(weeks=REVIEWING.get(venue, REVIEWING_USUALLY)))
    return weeks.after(deadline, -BEFORE), weeks.after(deadline, AFTER)


def _fits(week: str, spans: list[tuple[str, str]]) -> bool:
    return any(first <= week <= last for first, last in spans)


def _turn(ids: list[str], week: str, room: int, least: int) -> list[str]:
    """Those whose turn it is, in a round of at least so many weeks and no more a week than room.

    A paper's place in the round does not depend on its age, and hardly on how many there are.
    """
    if room <= 0 or not ids:
        return []
    round_ = max(least, -(-len(ids) // room))
    at = weeks.monday(week).toordinal() // 7 % round_
    ordered = sorted(ids, key=lambda id: (crc32(id.encode()), id))
    return ordered[at * len(ids) // round_ : (at + 1) * len(ids) // round_]
