"""Chooses picks within limits: best first, not all of one topic, category, source or author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sundaypaper.models import Pick
from sundaypaper.text import fold

Test = Callable[[Pick], bool]
Need = tuple[Test, int]  # at least so many picks that pass, where there are any

LARGE = 6  # a section of fewer entries may hold one topic only
ENGINEERING = ("mlops", "efficiency-systems")
CHECKABLE = frozenset(("code", "data", "survey"))


@dataclass(frozen=True, slots=True)
class Caps:
    """At most so many of one kind in a section; None is no limit. No author stands twice."""

    topic: int | None = None
    category: int | None = None
    source: int | None = None


def topic_of(pick: Pick) -> str:
    """The topic that a pick counts for: its best scored one, empty where it has none."""
    return max(pick.tags, key=lambda tag: tag.score).topic if pick.tags else ""


def by_topic(topics: Mapping[str, str], picks: Sequence[Pick]) -> list[Pick]:
    """Picks in the order of their topics, and within one as they were."""
    order = {topic: at for at, topic in enumerate(topics)}
    return sorted(picks, key=lambda pick: order.get(topic_of(pick), len(order)))


def carries(pick: Pick, *kinds: str) -> bool:
    """Whether the pick has evidence of one of these kinds."""
    return any(item.kind in kinds for item in pick.evidence)


def is_checkable(pick: Pick) -> bool:
    """Whether a reason stands beside "it reads like": code, data, survey, author or discussion."""
    followed = any(part.name == "author" for part in pick.contributions)
    return pick.ring != "field" or carries(pick, *CHECKABLE) or bool(pick.discussed) or followed


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


def choose_lead(pool: Sequence[Pick], size: int) -> list[Pick]:
    """The lead: at most two of a topic, no primary category over half, code and breadth."""
    needs: tuple[Need, ...] = ((_has_code, 1), (_is_broad, 1))
    mixed = len({_category(pick) for pick in pool}) > 1
    for n in range(size, 1, -1):
        chosen = fill(pool, n, Caps(topic=2, category=n // 2 if mixed else None), needs)
        if len(chosen) == n:
            return chosen
    return fill(pool, min(size, 1), Caps(), ())


def fill(pool: Sequence[Pick], size: int, caps: Caps, needs: Iterable[Need]) -> list[Pick]:
    """Picks of the pool in its order, within the caps: first what is needed, then the best."""
    chosen: list[Pick] = []
    for test, count in needs:
        _add(chosen, [p for p in pool if test(p)], size, caps, (test, count))
    _add(chosen, pool, size, caps, None)
    place = {pick.id: at for at, pick in enumerate(pool)}
    return sorted(chosen, key=lambda pick: place[pick.id])


def _add(
    chosen: list[Pick], pool: Sequence[Pick], size: int, caps: Caps, need: Need | None
) -> None:
    ids = {pick.id for pick in chosen}
    tally = _tally(chosen)
    for pick in pool:
        enough = need is not None and sum(map(need[0], chosen)) >= need[1]
        if len(chosen) >= size or enough:
            return
        if pick.id not in ids and _fits(pick, tally, caps):
            chosen.append(pick)
            ids.add(pick.id)
            tally.update(_marks(pick))


def _fits(pick: Pick, tally: Counter[tuple[str, str]], caps: Caps) -> bool:
    limits = {"topic": caps.topic, "category": caps.category, "source": caps.source, "author": 1}
    for mark in _marks(pick):
        limit = limits[mark[0]]
        if limit is not None and tally[mark] >= limit:
            return False
    return True


def _tally(chosen: list[Pick]) -> Counter[tuple[str, str]]:
    return Counter(mark for pick in chosen for mark in _marks(pick))


def _marks(pick: Pick) -> set[tuple[str, str]]:
    marks = {("author", name) for author in pick.authors if (name := _name(author))}
    for kind, value in (("topic", topic_of(pick)), ("category", _category(pick))):
        if value:
            marks.add((kind, value))
    return marks | {("source", pick.source)}


@lru_cache(maxsize=65536)
def _name(author: str) -> str:
    return fold(author)


def _category(pick: Pick) -> str:
    return pick.categories[0] if pick.categories else ""


def _has_code(pick: Pick) -> bool:
    return carries(pick, "code")


def _is_broad(pick: Pick) -> bool:
    return carries(pick, "survey", "data") or is_engineering(pick)
