"""Find which new entries of a week go on from an entry that an earlier issue printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sundaypaper import links
from sundaypaper.models import Earlier, Entry, Tagged
from sundaypaper.store import Store
from sundaypaper.text import fold

NEWS = ("new", "late")


@dataclass(frozen=True, slots=True)
class _Printed:
    """Printed entries of earlier weeks by id, the first week of each, and papers by first author."""

    entries: Mapping[str, Entry]
    weeks: Mapping[str, str]
    first: Mapping[str, tuple[str, ...]]


def sequels(store: Store, week: str, tagged: tuple[Tagged, ...]) -> tuple[Earlier, ...]:
    """What each new entry of a week goes on from, one printed entry each: one that it names, else
    the newest that its first author continues.
    """
    fresh = [t.story.sighting.entry for t in tagged if t.story.sighting.standing in NEWS]
    names = {entry.id: links.named(entry) for entry in fresh}
    first = store.first_written(_first(entry) for entry in fresh)
    wanted = {id for ids in (*names.values(), *first.values()) for id in ids} - store.removed()
    printed = {id: at[0] for id, at in store.printed_in(wanted).items() if at[0] < week}
    kept = {id: place.entry for id, place in store.known(printed).items()}
    before = _Printed(kept, printed, first)
    return tuple(found for entry in fresh for found in _of(entry, names[entry.id], before))


def _of(entry: Entry, named: tuple[str, ...], before: _Printed) -> Iterator[Earlier]:
    told = next((id for id in named if id in before.entries and id != entry.id), "")
    if told:
        yield Earlier(entry.id, told, before.entries[told].title, before.weeks[told], "names")
        return
    own = [id for id in before.first.get(_first(entry), ()) if id in before.entries]
    for id in sorted(own, key=lambda id: (before.weeks[id], id), reverse=True):
        if links.continues(entry, before.entries[id]):
            title = before.entries[id].title
            yield Earlier(entry.id, id, title, before.weeks[id], "continues")
            return


def _first(entry: Entry) -> str:
    return fold(entry.authors[0]) if entry.authors else ""
