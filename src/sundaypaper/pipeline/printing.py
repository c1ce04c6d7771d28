"""Print a week by hand, when its editor is done with it: from stored entries, without network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sundaypaper import weeks
from sundaypaper.config import Config
from sundaypaper.errors import BuildError, SourceError
from sundaypaper.models import Ask, Issue, PollState
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.completeness import incomplete
from sundaypaper.pipeline.editing import Terms, edit
from sundaypaper.pipeline.reading import EntryReader, ReadWeek, read
from sundaypaper.store import Store


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A week printed in a copy of paper.db. refused says why it cannot be: then its issue is a draft."""

    store: Store
    issue: Issue
    refused: str = ""


def print_week(
    config: Config,
    store: Store,
    week: str,
    now: datetime,
    despite: str = "",
    hold: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> Issue:
    """Compose a week anew with its desk file, and freeze it. BuildError says why it cannot be.

    despite is the reason to print a week that arXiv never completed; the issue prints it. hold is
    the reason why nothing may be frozen at all; tell shows a line of what broke in an extension.
    """
    reader = EntryReader(config, store)
    read_week, kept = _ready(reader, config, store, week, now)
    missing = hold or _missing(config, store, week, now, despite)
    if missing:
        raise BuildError(f"{week} cannot be printed. {missing}")
    terms = Terms(by_hand=True, despite=despite)
    issue = edit(config, store, read_week, now, kept, terms, reader.extensions)
    for line in reader.extensions.told():
        tell(line)
    return issue


@contextmanager
def rehearsed(
    config: Config,
    store: Store,
    week: str,
    now: datetime,
    despite: str = "",
    hold: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Rehearsal]:
    """Print a week as print_week does, in a copy that is forgotten; store stays as it is.

    BuildError where the week is printed already, or nothing is kept of it.
    """
    with store.in_memory() as copy:
        reader = EntryReader(config, copy)
        read_week, kept = _ready(reader, config, copy, week, now)
        missing = hold or _missing(config, copy, week, now, despite)
        terms = Terms(hold=missing, by_hand=True, despite="" if missing else despite)
        issue = edit(config, copy, read_week, now, kept, terms, reader.extensions)
        for line in reader.extensions.told():
            tell(line)
        yield Rehearsal(copy, issue, missing)


def _ready(
    reader: EntryReader, config: Config, store: Store, week: str, now: datetime
) -> tuple[ReadWeek, Collected]:
    """The week as it was read, and what lies on the disk; BuildError where it cannot be composed."""
    issue = store.issue(week)
    if issue is not None and issue.state == "frozen":
        raise BuildError(
            f"{week} is printed already; a printed issue does not change. Its words are mended by "
            f"`sundaypaper correct --week {week}`"
        )
    kept = _kept(config, Ask(week, now, now, rehearsal=True))
    read_week = read(reader, store, week, now, kept.shelf)
    if issue is None and not read_week.entries:
        raise BuildError(f"nothing is kept of {week}: `sundaypaper run --week {week}` collects it")
    return read_week, kept


def _missing(config: Config, store: Store, week: str, now: datetime, despite: str) -> str:
    gap = incomplete(config, store.reports(week).values(), week, now)
    if not gap or (despite and now >= weeks.complete_at(week)):
        return ""
    if now < weeks.complete_at(week):
        return gap
    return (
        f"{gap}. `sundaypaper run --week {week}` asks again; to print it as it is, say why: "
        "--incomplete REASON"
    )


def _kept(config: Config, ask: Ask) -> Collected:
    """The landmarks of the shelf, and what a reprint says of itself: both lie on the disk."""
    fetched = []
    for spec in config.sources:
        if spec.on_disk:
            try:
                fetched.append(spec.read(PollState(spec.name), ask))
            except SourceError as bad:
                raise BuildError(f"{spec.name}: {bad}") from bad
    shelf = tuple(entry for answer in fetched for entry in answer.shelf)
    return Collected((), shelf, next((answer.reprint for answer in fetched if answer.reprint), ""))
