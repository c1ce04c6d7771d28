"""The venues that a paper knows: their keys, rings, and how often its issues claim them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sundaypaper.config import Config
from sundaypaper.plugins import nearest
from sundaypaper.store import Store
from sundaypaper.text import fold

RINGS = ("core", "also", "")


@dataclass(frozen=True, slots=True)
class VenueRow:
    """A venue: ring is core, also, or "" where it stands in none, own where feeds.yaml brings it.

    papers counts the accepted ones of all issues; names are those beside the title.
    """

    key: str
    title: str
    ring: str
    papers: int
    names: tuple[str, ...]


def venue_rows(config: Config, store: Store, query: str = "") -> tuple[VenueRow, ...]:
    """The venues with a query in key or names, those of the inner rings first."""
    weeks = [head.week for head in store.heads()]
    keys = [venue.key for venue in config.venues]
    papers = Counter[str]()
    for count in store.counts(weeks, keys):
        if count.kind == "venue":
            papers[count.key] += count.entries
    own = {venue.key for venue in config.own_venues}
    wanted = fold(query)
    rows = []
    for venue in config.venues:
        names = tuple(name for name in venue.names if fold(name) != fold(venue.title))
        if not any(wanted in fold(word) for word in (venue.key, venue.title, *names)):
            continue
        ring = "core" if venue.key in config.core else "also" if venue.key in config.also else ""
        told = ", ".join(filter(None, (ring, "own" if venue.key in own else "")))
        rows.append((RINGS.index(ring), VenueRow(venue.key, venue.title, told, papers[venue.key], names)))  # fmt: skip
    return tuple(row for _, row in sorted(rows, key=lambda ranked: ranked[0]))


def nearest_venue(config: Config, query: str) -> str:
    """`; did you mean “icml”?` where a venue is near, else nothing."""
    return nearest(query, tuple(word for v in config.venues for word in (v.key, v.title)))
