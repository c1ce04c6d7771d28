"""Look an entry up in the newest issue that holds it: where it is printed, or what it lacked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sundaypaper import issue as issues
from sundaypaper.config import Config
from sundaypaper.forms.values import paper_id
from sundaypaper.models import Issue, Pick, Place
from sundaypaper.store import Store


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry in the newest issue that holds it; lacked says why no section prints it."""

    issue: Issue
    pick: Pick
    lacked: tuple[str, ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """The titles of the sections that print it."""
        return tuple(
            section.title
            for section in self.issue.sections
            if any(item.id == self.pick.id for item in section.items)
        )


def explain(config: Config, store: Store, text: str) -> Explained | Place | None:
    """The entry with that id, number or address; its place where no issue holds it yet."""
    wanted = paper_id(text.strip()) or text.strip()
    for week in _weeks_of(store, wanted):
        issue = store.issue(week)
        entries = issue.entries if issue else ()
        pick = next((pick for pick in entries if wanted in (pick.id, pick.url)), None)
        if issue and pick:
            return _explained(config, issue, pick)
    return store.known([wanted]).get(wanted)


def _explained(config: Config, issue: Issue, pick: Pick) -> Explained:
    known = Explained(issue, pick)
    if known.sections:
        return known
    frame = issues.frame_of(
        issue,
        sizes=config.sizes,
        core=config.core,
        also=config.also,
        venues=config.venue_titles,
    )
    return replace(known, lacked=tuple(issues.unprinted(issue, pick, frame)))


def _weeks_of(store: Store, id: str) -> list[str]:
    """The issues that may hold an entry, newest first; all of them for an address."""
    all_weeks = [head.week for head in store.heads()]
    place = store.known([id]).get(id)
    if place is None:
        return all_weeks
    own = {place.week, place.late, place.touched, *store.printed_in([id]).get(id, ())}
    return [week for week in all_weeks if week in own]
