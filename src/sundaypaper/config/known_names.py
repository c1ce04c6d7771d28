"""The names that a query may ask for under a feeds.yaml: its topics, venues, sources and groups."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sundaypaper.forms.categories import SPELLED
from sundaypaper.models import Venue
from sundaypaper.query import Vocabulary, venue_aliases
from sundaypaper.sources import BundleSource, PluginSource, Source
from sundaypaper.sources.bundle import SHELF, read
from sundaypaper.text import fold


def known_names(
    topics: Iterable[tuple[str, str]],
    venues: Iterable[Venue],
    sources: Iterable[tuple[str, str]] | None,
) -> Vocabulary:
    """The vocabulary of some topics (id, name), venues and sources (name, group).

    Sources are None where one of them may bring entries of whatever source and group it likes.
    """
    topics, venues = tuple(topics), tuple(venues)
    values = {
        "topic": {fold(id): id for id, _ in topics},
        "venue": {fold(key): key for key in (v.key.removeprefix("other:") for v in venues)},
        "cat": SPELLED,
    }
    if sources is not None:
        given = tuple(sources)
        values["source"] = {fold(name): name for name, _ in given}
        values["group"] = {fold(group): group for _, group in given if group}
    named = {fold(name): fold(id) for id, name in topics if fold(name) not in values["topic"]}
    return Vocabulary(values, {"topic": named, "venue": venue_aliases(venues)})


def entry_sources(sources: Iterable[Source]) -> tuple[tuple[str, str], ...] | None:
    """Name and group of the sources that entries may have; None where that cannot be known."""
    known: list[tuple[str, str]] = []
    for source in sources:
        if source.brings_votes:
            continue
        if isinstance(source, BundleSource) and source.path == SHELF:
            known += shelf_sources()
        elif isinstance(source, BundleSource | PluginSource):
            return None
        else:
            known.append((source.name, source.group))
    return tuple(known) or None


@cache
def shelf_sources() -> tuple[tuple[str, str], ...]:
    """Name and group of the sources of the packaged shelf."""
    return tuple(dict.fromkeys((entry.source, entry.group) for entry in read(SHELF).entries))
