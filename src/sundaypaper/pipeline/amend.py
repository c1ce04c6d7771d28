"""Amend an entry after it was printed: add a note to it, or remove it."""

from __future__ import annotations

from typing import Literal

from sundaypaper import plugins
from sundaypaper.errors import BuildError
from sundaypaper.forms.values import paper_id
from sundaypaper.models import Amendment
from sundaypaper.pipeline.run import Job, publish_pages
from sundaypaper.store import Store
from sundaypaper.text import clean
from sundaypaper.urls import canonical, post_id


class UnknownEntryError(BuildError):
    """Raised for an entry that is in no issue and is not stored."""


def amend(job: Job, text: str, kind: Literal["note", "removed"], words: str) -> None:
    """Store an amendment of the entry that `text` names, and publish the pages that it changes.

    UnknownEntryError where there is no such entry; BuildError where there is nothing to correct.
    """
    id = find_entry(job.store, text)
    printed = job.store.printed_in([id]).get(id, ())
    before = job.store.amendments().get(id, ())
    removal = next((amendment for amendment in before if amendment.kind == "removed"), None)
    if kind == "note":
        _refuse_idle_note(id, printed, removal)
    if removal or (kind, words) in ((amendment.kind, amendment.text) for amendment in before):
        job.report.say(f"{id}: that is said already; nothing was changed")
    else:
        job.store.amend(Amendment(id, job.ask.now, kind, words))
        where = f"printed in {', '.join(printed)}" if printed else "printed in no issue"
        done = "is removed for good" if kind == "removed" else "has its note"
        job.report.say(f"{id} ({where}) {done}")
    publish_pages(job)


def _refuse_idle_note(id: str, printed: tuple[str, ...], removal: Amendment | None) -> None:
    if not printed:
        raise BuildError(f"{id} stands in no printed issue, so there is nothing to correct")
    if removal:
        raise BuildError(f"{id} was removed on {removal.made:%Y-%m-%d}; there is nothing to note")


def find_entry(store: Store, text: str) -> str:
    """The id of an entry that was printed or is kept, by its id, number or address."""
    wanted = clean(text)
    printed = frozenset().union(*store.printed_by_week().values())
    by_name = store.named([wanted, post_id(canonical(wanted))])
    for id in (paper_id(wanted), wanted, *by_name.values()):
        if id and (id in printed or store.known([id])):
            return id
    near = plugins.nearest(paper_id(wanted) or wanted, tuple(sorted(printed)))
    raise UnknownEntryError(f"“{clean(text, 80)}” is in no issue and is not kept here{near}")
