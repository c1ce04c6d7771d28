"""The smaller sections: what may be printed as news, what teaches, the shelf and the dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from sundaypaper.issue.choose import Caps, carries, fill, is_checkable, is_engineering, topic_of
from sundaypaper.models import Pick
from sundaypaper.text import fold
from sundaypaper.weeks import monday, sunday

# Measured: eight posts a week, two a source, are right in 0.72 without a floor, in 0.86 with it.
POST_FLOOR = 0.8
DATES_WITHIN = timedelta(days=21)
PLACES = ("a course, tutorial or survey", "code and data to build on", "an engineering piece")


def news(fresh: Sequence[Pick]) -> list[Pick]:
    """What may be printed.

    A paper needs a reason that can be checked, a post enough that speaks for it.
    """
    return [p for p in fresh if _speaks_for_itself(p)]


def _speaks_for_itself(pick: Pick) -> bool:
    if pick.kind == "paper":
        return is_checkable(pick)
    return pick.kind != "post" or pick.score >= POST_FLOOR


def learn(pool: Sequence[Pick], size: int) -> list[tuple[str, Pick]]:
    """One to learn from, one to build on, one of engineering, in turn, each with what it is.

    Each kind has its turn, also where there is room for fewer and nothing of an earlier kind.
    """
    ordered = sorted(pool, key=lambda p: p.kind == "paper")
    tests = (
        (_teaches, sorted(pool, key=lambda p: not _is_lesson(p))),
        (_builds, list(pool)),
        (_engineers, ordered),
    )
    chosen: list[tuple[str, Pick]] = []
    for at in range(max(size, len(tests))):
        if len(chosen) == size:
            break
        test, order = tests[at % len(tests)]
        found = _next(order, test, [pick for _, pick in chosen])
        if found is not None:
            chosen.append((PLACES[at % len(PLACES)], found))
    return chosen


def landmark(
    landmarks: Sequence[Pick], week: str, about: Mapping[str, int]
) -> tuple[Pick, str] | None:
    """The landmark whose turn it is, or the next, that shares a topic with the week; and the topic.

    Where none does, as in an empty week, the one whose turn it is.

    Each has its turn before any has a second one, as long as every topic occurs in the week; the
    caller leaves out those that were shown.
    """
    ordered = sorted(landmarks, key=lambda p: p.id)
    turn = _ordinal(week) % len(ordered) if ordered else 0
    for pick in (*ordered[turn:], *ordered[:turn]):
        shared = [tag.topic for tag in pick.tags if about.get(tag.topic)]
        if shared:
            return pick, max(shared, key=lambda topic: about[topic])
    first = ordered[turn] if ordered else None
    return (first, first.tags[0].topic if first.tags else "") if first else None


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
    seen: set[tuple[object, ...]] = set()
    found = []
    for at, event in sorted(ahead, key=lambda x: (x[0], _aside(x[1]), x[1].id)):
        keys = {(fold(event.title), at.date()), (event.venue or event.id, at)}
        if seen.isdisjoint(keys):
            found.append((at, event))
        seen |= keys
    return found


def foremost(
    dated: Sequence[tuple[datetime, Pick]], size: int, core: Sequence[str]
) -> list[tuple[datetime, Pick]]:
    """At most size of them, in their order: where there are more, core venues' deadlines and decisions first."""

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


def _next(order: Sequence[Pick], test: Callable[[Pick], bool], chosen: list[Pick]) -> Pick | None:
    """The first that passes, of an author who does not stand in the section yet."""
    ids = {pick.id for pick in chosen}
    free = [p for p in order if test(p) and p.id not in ids]
    both = fill([*chosen, *free], len(chosen) + 1, Caps(), ())
    return both[-1] if len(both) > len(chosen) else None


def _is_lesson(pick: Pick) -> bool:
    return pick.kind == "course" or carries(pick, "course", "tutorial")


def _teaches(pick: Pick) -> bool:
    return _is_lesson(pick) or carries(pick, "survey")


def _builds(pick: Pick) -> bool:
    return carries(pick, "code") and carries(pick, "data")


def _engineers(pick: Pick) -> bool:
    if pick.kind == "paper":
        return topic_of(pick) == "mlops"
    return pick.kind == "post" and (is_engineering(pick) or pick.group == "practitioner")


def _ordinal(week: str) -> int:
    return monday(week).toordinal() // 7
