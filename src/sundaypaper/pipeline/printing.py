"""Print a week by hand, when its editor is done with it: from stored entries, without network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sundaypaper import weeks
from sundaypaper.config import Config
from sundaypaper.errors import BuildError, SourceError
from sundaypaper.models import Ask, Issue, PollState
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.completeness import incomplete
from sundaypaper.pipeline.editing import Terms, edit
from sundaypaper.pipeline.reading import EntryReader, read
from sundaypaper.store import Store


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
    issue = store.issue(week)
    if issue is not None and issue.state == "frozen":
        raise BuildError(f"{week} is printed already; a printed issue does not change")
    kept = _kept(config, Ask(week, now, now, rehearsal=True))
    reader = EntryReader(config, store)
    read_week = read(reader, store, week, now, kept.shelf)
    if issue is None and not read_week.entries:
        raise BuildError(f"nothing is kept of {week}: `sundaypaper run --week {week}` collects it")
    missing = hold or _missing(config, store, week, now, despite)
    if missing:
        raise BuildError(f"{week} cannot be printed. {missing}")
    terms = Terms(by_hand=True, despite=despite)
    issue = edit(config, store, read_week, now, kept, terms, reader.extensions)
    for line in reader.extensions.told():
        tell(line)
    return issue


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
