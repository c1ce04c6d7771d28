"""Prune a paper: pack its old weeks, drop what nothing looks back at, and leave raw data off the site.

    weeks printed long ago | packed one by one | the newest of them noted | publishing leaves their
    raw data away | the database shrunk

No answer changes: what is packed is read as before, and the index of the archive is not touched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sundaypaper.pipeline.recalling import WEEKS
from sundaypaper.store import Store
from sundaypaper.weeks import after

PRUNED = "pruned"
# Weeks that nothing is taken from: "My paper" orders five, and likeness looks back at thirteen.
FEWEST, KEPT = 5, 13
# A database is written anew beside itself to give room back, with its journal.
ROOM = 2


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was pruned: until which week, the weeks packed now, bytes of paper.db before and after.

    until is empty where the paper is too young. lacks is how many bytes of disk were missing to give
    the room back.
    """

    until: str
    packed: tuple[str, ...]
    before: int
    after: int
    lacks: int = 0


def reach(store: Store, keep: int) -> str:
    """The newest week that is old enough, keep weeks before the newest printed; empty without one."""
    frozen = [head.week for head in store.heads() if head.state == "frozen"]
    old = after(frozen[0], -keep) if frozen else ""
    return old if frozen and frozen[-1] <= old else ""


def pruned_until(store: Store) -> str:
    """The newest week whose raw data is left off the site; empty where nothing was pruned."""
    return store.fact(PRUNED)


def due(store: Store, keep: int) -> tuple[str, ...]:
    """The weeks that pruning would pack now, oldest first."""
    until = reach(store, keep)
    return store.to_pack(until) if until else ()


def prune(store: Store, keep: int, told: Callable[[str], None]) -> Pruned:
    """Prune all weeks but the newest; told is called with each week as it is packed.

    Ended in the middle it goes on where it was: each week is packed whole or not at all. Only the
    week is noted up to which the site is pruned; the next publishing does it.
    """
    before, until = _size(store.path), reach(store, keep)
    if not until:
        return Pruned("", (), before, before)
    packed = []
    for week in store.to_pack(until):
        store.pack(week, until)
        packed.append(week)
        told(week)
    store.trim(after(until, keep - max(keep, WEEKS)))
    if until > pruned_until(store):
        store.settle(PRUNED, until)
    lacks = _lacks(store.path)
    if not lacks:
        store.shrink()
    return Pruned(until, tuple(packed), before, _size(store.path), lacks)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _lacks(path: Path) -> int:
    """How many bytes the disk lacks to write the database anew."""
    free = shutil.disk_usage(os.path.realpath(path.parent)).free
    return max(0, ROOM * _size(path) - free)
