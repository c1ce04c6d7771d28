"""Chooses picks within limits: best first, not all of one topic, category, venue, source or author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sundaypaper.models import Pick
from sundaypaper.text import fold

Test = Callable[[Pick], bool]
Need = tuple[Test, int]  # at least so many picks that pass, where there are any
Mark = tuple[str, str]  # the kind of thing that is capped, and the one that a pick has of it

LARGE = 6  # a section of fewer entries may hold one topic only
ENGINEERING = ("mlops", "efficiency-systems")


@dataclass(frozen=True, slots=True)
class Caps:
    """At most so many of one kind in a section; None is no limit. No author stands twice."""

    topic: int | None = None
    category: int | None = None
    source: int | None = None
    venue: int | None = None


def topic_of(pick: Pick) -> str:
    """The topic that a pick counts for: its best scored one, empty where it has none."""
    return max(pick.tags, key=lambda tag: tag.score).topic if pick.tags else ""


def venue_of(pick: Pick) -> str:
    """The venue that a pick counts for: the first that accepted it, empty where none did."""
    return next((claim.venue for claim in pick.claims if claim.status == "accepted"), "")


def by_topic(topics: Mapping[str, str], picks: Sequence[Pick]) -> list[Pick]:
    """Picks in the order of their topics, and within one as they were."""
    order = {topic: at for at, topic in enumerate(topics)}
    return sorted(picks, key=lambda pick: order.get(topic_of(pick), len(order)))


def is_engineering(pick: Pick) -> bool:
    """Whether the pick is about building and running systems."""
    return any(tag.topic in ENGINEERING for tag in pick.tags)


def choose(
    pool: Sequence[Pick], size: int, *, source: int | None = None, needs: Iterable[Need] = ()
) -> list[Pick]:
    """At most size picks, best first; from six on no topic holds more than a third of them."""
    needs = tuple(needs)
    for n in range(size, LARGE - 1, -1):
        chosen = fill(pool, n, Caps(topic=n // 3, source=source), needs)
        if len(chosen) == n:
            return chosen
    return fill(pool, min(size, LARGE - 1), Caps(source=source), needs)


def choose_lead(pool: Sequence[Pick], size: int, needs: Sequence[Need]) -> list[Pick]:
    """The lead: at most two of a topic and of a venue, no primary category over half, all needs.

    Where all are of one category or one venue, that rule has no sense.
    """
    mixed = len({_category(pick) for pick in pool}) > 1
    apart = len({venue_of(pick) for pick in pool}) > 1
    for n in range(size, 1, -1):
        caps = Caps(topic=2, category=n // 2 if mixed else None, venue=2 if apart else None)
        chosen = fill(pool, n, caps, needs)
        if len(chosen) == n:
            return chosen
    return fill(pool, min(size, 1), Caps(), ())


def fill(pool: Sequence[Pick], size: int, caps: Caps, needs: Sequence[Need]) -> list[Pick]:
    """Picks of the pool in its order, within the caps: the best, then what is needed for the last.

    A need that the best do not meet takes the place of the lowest that no earlier need holds.
    """
    chosen: list[Pick] = []
    tally: Counter[Mark] = Counter()
    for pick in pool:
        if len(chosen) >= size:
            break
        if _fits(pick, tally, caps):
            chosen.append(pick)
            tally.update(_marks(pick))
    for at, (test, count) in enumerate(needs):
        while sum(map(test, chosen)) < count:
            changed = _exchanged(chosen, pool, size, caps, needs[: at + 1])
            if changed is None:
                break
            chosen = changed
    place = {pick.id: at for at, pick in enumerate(pool)}
    return sorted(chosen, key=lambda pick: place[pick.id])


def _exchanged(
    chosen: list[Pick], pool: Sequence[Pick], size: int, caps: Caps, needs: Sequence[Need]
) -> list[Pick] | None:
    """With one more pick that meets the last need, the lowest that is spared left out; or None."""
    test, _ = needs[-1]
    held = {pick.id for pick in chosen}
    before = [sum(map(need, chosen)) for need, _ in needs]
    for pick in (p for p in pool if test(p) and p.id not in held):
        for out in reversed(chosen):
            kept = [other for other in chosen if other is not out]
            if not _fits(pick, Counter(mark for other in kept for mark in _marks(other)), caps):
                continue
            after = [*kept, pick]
            if all(
                sum(map(need, after)) >= min(count, had + (need is test))
                for (need, count), had in zip(needs, before, strict=True)
            ):
                return after
    return None


def _fits(pick: Pick, tally: Counter[Mark], caps: Caps) -> bool:
    limits = {
        "topic": caps.topic,
        "category": caps.category,
        "source": caps.source,
        "venue": caps.venue,
        "author": 1,
    }
    for mark in _marks(pick):
        limit = limits[mark[0]]
        if limit is not None and tally[mark] >= limit:
            return False
    return True


def _marks(pick: Pick) -> set[Mark]:
    marks = {("author", name) for author in pick.authors if (name := _name(author))}
    named = (("topic", topic_of(pick)), ("category", _category(pick)), ("venue", venue_of(pick)))
    marks.update((kind, value) for kind, value in named if value)
    return marks | {("source", pick.source)}


@lru_cache(maxsize=65536)
def _name(author: str) -> str:
    return fold(author)


def _category(pick: Pick) -> str:
    return pick.categories[0] if pick.categories else ""
