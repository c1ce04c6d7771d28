"""Amend what was printed: a note to an entry, its removal, other words of the editor's; and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sundaypaper import plugins
from sundaypaper.config.desk_file import headline_text, intro_text
from sundaypaper.errors import BuildError
from sundaypaper.forms.values import paper_id
from sundaypaper.models import Amendment, Issue
from sundaypaper.pipeline.run import Job, publish_pages
from sundaypaper.store import Store
from sundaypaper.text import clean
from sundaypaper.urls import canonical, post_id
from sundaypaper.wording.dates import day_words

__all__ = [
    "UnknownEntryError",
    "amend",
    "find_entry",
    "headline_text",
    "intro_text",
    "reword",
    "take_back",
    "take_back_words",
]

Words = Literal["headline", "intro"]


class UnknownEntryError(BuildError):
    """Raised for an entry that is in no issue and is not stored."""


def amend(job: Job, text: str, kind: Literal["note", "removed"], words: str) -> None:
    """Store an amendment of the entry that `text` names, and publish the pages that it changes.

    UnknownEntryError where there is no such entry; BuildError where there is nothing to correct.
    """
    id = find_entry(job.store, text)
    printed = job.store.printed_in([id]).get(id, ())
    before = _holding(job.store, id)
    removal = before.get("removed")
    if kind == "note":
        _refuse_idle_note(id, printed, removal)
    if removal or (kind in before and before[kind].text == words):
        job.report.say(f"{id}: that is said already; nothing was changed")
    else:
        job.store.amend(Amendment(id, job.ask.now, kind, words))
        where = f"printed in {', '.join(printed)}" if printed else "printed in no issue"
        done = "is removed" if kind == "removed" else "has its note"
        job.report.say(f"{id} ({where}) {done}{_replaced(before.get(kind))}")
        command = "remove" if kind == "removed" else "correct"
        job.report.say(f"`sundaypaper {command} {id} --undo` takes it back")
    publish_pages(job)


def take_back(job: Job, text: str, kind: Literal["note", "removed"]) -> None:
    """Take back the note or the removal of the entry that `text` names, and publish the pages.

    UnknownEntryError where there is no such entry; BuildError where there is nothing to take back.
    """
    id = find_entry(job.store, text)
    there = _holding(job.store, id).get(kind)
    if there is None:
        raise BuildError(f"{id} {'has no note' if kind == 'note' else 'is not removed'}; nothing was changed")  # fmt: skip
    job.store.take_back(there, job.ask.now)
    done = "is back" if kind == "removed" else "has no note any more"
    job.report.say(f"{id} {done}; it had been said on {day_words(there.made)}: {there.text}")
    publish_pages(job)


def reword(job: Job, week: str, words: Mapping[Words, str]) -> None:
    """Correct the headline or the intro of a printed issue, and publish the pages that it changes.

    BuildError where the week is not printed. The issue stays as it is stored, and no mail goes out.
    """
    issue = _printed(job.store, week)
    before = _holding(job.store, week)
    for kind, text in words.items():
        old = issue.headline if kind == "headline" else _intro(issue)
        said = before[kind].text if kind in before else old
        if text == said:
            job.report.say(f"{week}: that is its {kind} already; nothing was changed")
            continue
        job.store.amend(Amendment(week, job.ask.now, kind, text, old=old))
        job.report.say(f"{week}: its {kind} is corrected{_replaced(before.get(kind))}")
        job.report.say(f"  it was printed as: {_line(old) or 'nothing'}")
    job.report.say(f"`sundaypaper correct --week {week} --undo` takes it back; mails that went out stay as they are")  # fmt: skip
    publish_pages(job)


def take_back_words(job: Job, week: str) -> None:
    """Take back all corrections of a week's words, and publish the pages; BuildError without any."""
    issue = _printed(job.store, week)
    before = _holding(job.store, week)
    if not before:
        raise BuildError(f"no words of {week} were corrected; nothing was changed")
    for kind, amendment in before.items():
        job.store.take_back(amendment, job.ask.now)
        as_printed = issue.headline if kind == "headline" else _intro(issue)
        job.report.say(f"{week}: its {kind} is again as it was printed: {_line(as_printed) or 'nothing'}")  # fmt: skip
    publish_pages(job)


def _holding(store: Store, id: str) -> dict[str, Amendment]:
    """The amendments of an entry or a week that hold, the newest of each kind."""
    return {one.kind: one for one in store.amendments().get(id, ()) if one.holds}


def _replaced(before: Amendment | None) -> str:
    if before is None:
        return ""
    return f", in place of what was said on {day_words(before.made)}: {_line(before.text)}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _intro(issue: Issue) -> str:
    return issue.editorial.intro if issue.editorial else ""


def _printed(store: Store, week: str) -> Issue:
    issue = store.issue(week)
    if issue is None:
        raise BuildError(f"there is no issue of {week}: `sundaypaper run --week {week}` makes it")
    if issue.state != "frozen":
        raise BuildError(
            f"{week} is a draft, whose words stand in its desk file: write them into "
            f"desk/{week}.yaml (`sundaypaper desk --week {week}` makes it)"
        )
    return issue


def _refuse_idle_note(id: str, printed: tuple[str, ...], removal: Amendment | None) -> None:
    if not printed:
        raise BuildError(f"{id} stands in no printed issue, so there is nothing to correct")
    if removal:
        raise BuildError(
            f"{id} was removed on {removal.made:%Y-%m-%d}; there is nothing to note "
            f"(`sundaypaper remove {id} --undo` brings it back)"
        )


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
