"""The section “Learn and build”: entries to learn from, to build on, and of engineering, in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from sundaypaper.issue.choosing import Caps, fill, is_engineering, topic_of
from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import carries, why
from sundaypaper.issue.section_kinds import Draft, Plan
from sundaypaper.models import Item, Pick

# "SWE-bench", "TeaBench 2", "A Benchmark for …", "the third … Challenge"; no workbench.
BENCHMARK = re.compile(
    r"Bench(?:mark(?:s|ing)?)?\b|\bbench(?:mark(?:s|ing)?)?\b|\b[Cc]hallenge\b|\b[Ll]eaderboard\b"
)
PLACES = ("to learn from", "code and data to build on", "an engineering piece")


def _without(pick: Pick, kinds: tuple[str, ...]) -> Pick:
    """The pick without evidence that what it is called has said already."""
    return replace(pick, evidence=tuple(e for e in pick.evidence if e.kind not in kinds))


LESSONS = (
    ("course", "a course"),
    ("tutorial", "a tutorial"),
    ("survey", "a survey of its field"),
)


def take(given: Prepared, plan: Plan, used: frozenset[str]) -> Draft:
    """What teaches, each with what it is."""
    pool = [pick for pick in given.worth if pick.id not in used]
    return Draft(tuple(_item(given, pick, what) for what, pick in learn(pool, plan["learn"])))


def _item(given: Prepared, pick: Pick, what: str) -> Item:
    """An item with what it is; of what teaches, which of the three kinds it is."""
    if what == PLACES[0]:
        kinds = (pick.kind, *(evidence.kind for evidence in pick.evidence))
        what = next(words for kind, words in LESSONS if kind in kinds)
    apart = pick if what == PLACES[2] else _without(pick, ("code", "data", "weights", "survey"))
    return Item(pick.id, why(apart, given.frame, what), "full" if pick.kind == "paper" else "short")


def learn(pool: Sequence[Pick], size: int) -> list[tuple[str, Pick]]:
    """At most size of them, each with what it is.

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
        best = _next(order, test, [pick for _, pick in chosen])
        if best is not None:
            chosen.append((PLACES[at % len(PLACES)], best))
    return chosen


def _next(order: Sequence[Pick], test: Callable[[Pick], bool], chosen: list[Pick]) -> Pick | None:
    """The first that passes, of an author who does not stand in the section yet."""
    ids = {pick.id for pick in chosen}
    free = [p for p in order if test(p) and p.id not in ids]
    both = fill([*chosen, *free], len(chosen) + 1, Caps(), ())
    return both[-1] if len(both) > len(chosen) else None


def _is_lesson(pick: Pick) -> bool:
    return pick.kind == "course" or carries(pick, "course", "tutorial")


def _teaches(pick: Pick) -> bool:
    """A report of a challenge tells who won, and teaches nothing."""
    reports = any(claim.track == "challenge" for claim in pick.claims)
    return not reports and (_is_lesson(pick) or carries(pick, "survey"))


def _builds(pick: Pick) -> bool:
    """A benchmark is for measuring, nothing to build on."""
    is_benchmark = BENCHMARK.search(pick.title) is not None
    return carries(pick, "code") and carries(pick, "data") and not is_benchmark


def _engineers(pick: Pick) -> bool:
    if pick.kind == "paper":
        return topic_of(pick) == "mlops"
    return pick.kind == "post" and (is_engineering(pick) or pick.group == "practitioner")
