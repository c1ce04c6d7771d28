"""Entries that issues printed, as the newest one prints each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sundaypaper import issue as issues
from sundaypaper.formats import api
from sundaypaper.models import Amendment, Picked


def printed_entries(
    printed: Mapping[str, frozenset[str]],
    amendments: Mapping[str, tuple[Amendment, ...]],
    picked: Callable[[Iterable[str]], Mapping[str, Picked]],
    ids: Iterable[str],
) -> Iterator[api.PrintedEntry]:
    """The entries of these ids that were printed, in the order of their ids.

    printed holds the ids that each week printed; picked reads what weeks printed, amended.
    """
    weeks = {
        id: sorted(week for week, of in printed.items() if id in of) for id in sorted(set(ids))
    }
    at_hand = picked({week for at in weeks.values() for week in at})
    for id, at in weeks.items():
        if not at:
            continue
        abstracts = (at_hand[week].abstracts.get(id, "") for week in reversed(at))
        yield api.PrintedEntry(
            pick=next(pick for pick in at_hand[at[-1]].picks if pick.id == id),
            abstract=next(filter(None, abstracts), ""),
            printed=tuple((week, tuple(at_hand[week].where[id])) for week in at),
            amendments=issues.told(amendments.get(id, ())),
        )
