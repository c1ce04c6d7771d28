"""Look an entry up in the newest issue that holds it, with the sections that print it."""

from __future__ import annotations

from dataclasses import dataclass

from sundaypaper.forms.values import paper_id
from sundaypaper.models import Issue, Pick, Place
from sundaypaper.store import Store


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry in the newest issue that holds it."""

    issue: Issue
    pick: Pick

    @property
    def sections(self) -> tuple[str, ...]:
        """The titles of the sections that print it."""
        return tuple(
            section.title
            for section in self.issue.sections
            if any(item.id == self.pick.id for item in section.items)
        )


def explain(store: Store, text: str) -> Explained | Place | None:
    """The entry with that id, number or address; its place where no issue holds it yet."""
    wanted = paper_id(text.strip()) or text.strip()
    for week in _weeks_of(store, wanted):
        issue = store.issue(week)
        entries = issue.entries if issue else ()
        pick = next((pick for pick in entries if wanted in (pick.id, pick.url)), None)
        if issue and pick:
            return Explained(issue, pick)
    return store.known([wanted]).get(wanted)


def _weeks_of(store: Store, id: str) -> list[str]:
    """The issues that may hold an entry, newest first; all of them for an address."""
    all_weeks = [head.week for head in store.heads()]
    place = store.known([id]).get(id)
    if place is None:
        return all_weeks
    own = {place.week, place.late, place.touched, *store.printed_in([id]).get(id, ())}
    return [week for week in all_weeks if week in own]
