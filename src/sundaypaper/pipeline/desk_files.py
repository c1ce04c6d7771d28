"""Desk files, in which an editor decides for a week, and the corrections that its issue prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sundaypaper import issue as issues
from sundaypaper.config import Config, load_desk, said_in
from sundaypaper.errors import BuildError
from sundaypaper.formats.desk_text import MARKER, renewed
from sundaypaper.formats.desk_text import desk_text as blank_text
from sundaypaper.models import Amendment, Editorial, Pick
from sundaypaper.pipeline.reading import ReadWeek
from sundaypaper.store import Store

FRESH = ("new", "late")
WATCHED = 3  # newest weeks whose desk files are compared with what was made of them


def desk_file(root: Path, week: str) -> Path:
    """The path of the file in which the editor decides for a week."""
    return root / "desk" / f"{week}.yaml"


def desk_text(store: Store, week: str, path: Path) -> str:
    """The new text of a desk file: its candidates renewed, the editor's own lines unchanged.

    BuildError where the week has no draft, or where lines of the editor could be lost.
    """
    issue = store.issue(week)
    if issue is None:
        raise BuildError(f"there is no draft of {week}: `sundaypaper run --week {week}` makes it")
    if issue.state == "frozen":
        raise BuildError(
            f"{week} is printed already; a printed issue does not change. Its words are mended by "
            f"`sundaypaper correct --week {week} --headline …` or `--intro …`"
        )
    try:
        there = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return blank_text(issue)
    except (OSError, UnicodeDecodeError) as bad:
        raise BuildError(f"{path}: cannot be read: {bad}") from bad
    text = renewed(there, issue)
    if text is None:
        raise BuildError(
            f"{path}: something of yours stands below the line `{MARKER}`, or the line is gone. "
            "Nothing was written: move what is yours above it, or move the file away"
        )
    return text


def editorial(
    config: Config, read: ReadWeek, picks: Iterable[Pick], aside: Iterable[Pick]
) -> Editorial | None:
    """The decisions of the week's desk file, None where there is none; ConfigError lists mistakes.

    picks are those of the week; aside are its dates and landmarks, which may be dropped but cannot
    lead the issue.
    """
    if config.path is None:
        return None
    path = desk_file(config.path.absolute().parent, read.week)
    if not path.exists():
        return None
    gained = {t.story.sighting.entry.id for t in read.entries if t.acceptance}
    picks = tuple(picks)
    known = {pick.id for pick in picks if pick.standing in FRESH or pick.id in gained}
    others = {pick.id for pick in (*picks, *aside)} - known
    return load_desk(path, read.week, known, others)


def when_applied(config: Config, week: str) -> str:
    """What is to be done after a desk file was written, in words for its editor."""
    printing = f"`sundaypaper print --week {week}` prints the week with it"
    if config.hold:
        return f"each `run` until then makes its draft with it, and {printing}"
    return f"the next `run` applies it and prints the week when its time has come; {printing} now"


def unapplied(config: Config, store: Store) -> Iterator[str]:
    """A sentence for each of the newest weeks whose desk file says what its issue does not."""
    if config.path is None:
        return
    amendments = store.amendments()
    for head in store.heads()[:WATCHED]:
        path = desk_file(config.path.absolute().parent, head.week)
        said = said_in(path) if path.exists() else None
        issue = store.issue(head.week) if said is not None else None
        if said is None or issue is None:
            continue
        shown = issues.amended(issue, amendments) if amendments else issue
        if said in [one.editorial or Editorial() for one in (issue, shown)]:
            continue
        if head.state == "frozen":
            yield (
                f"{path} was changed after {head.week} was printed, and changes nothing there: "
                f"`sundaypaper correct --week {head.week} --headline …` (or `--intro …`) mends its words"
            )
        else:
            yield (
                f"{path} is not in the draft of {head.week} yet: "
                f"`sundaypaper run` or `sundaypaper print --week {head.week}` applies it, and "
                f"`sundaypaper preview --week {head.week}` shows what it makes"
            )


def _is_news(one: Amendment, since: datetime, now: datetime) -> bool:
    """Whether an amendment was made since an issue, or was told by it and ended since."""
    if one.until is None:
        return since < one.made <= now
    return one.made <= since < one.until <= now


def corrections(store: Store, week: str, now: datetime) -> tuple[issues.Correction, ...]:
    """Amendments of entries made after the last issue that printed them, oldest first.

    A correction prints its entry once more, so later issues do not repeat it; one that did not fit
    into an issue waits for the next. What was taken back is told where the amendment was told, and
    not where no issue had told of it.
    """
    composed = {head.week: head.composed for head in store.heads() if head.state == "frozen"}
    amendments = store.amendments()
    new: dict[str, tuple[Amendment, ...]] = {}
    last: dict[str, str] = {}
    for id, at in store.printed_in(amendments).items():
        since = max(composed[printed] for printed in at)
        since_then = tuple(a for a in issues.told(amendments[id]) if _is_news(a, since, now))
        if since_then and (earlier := [printed for printed in at if printed < week]):
            new[id], last[id] = since_then, max(earlier)
    picked = store.picked(last.values())
    picks = {(at.week, pick.id): pick for at in picked.values() for pick in at.picks}
    lines = (issues.correction(picks[at, id], at, new[id]) for id, at in last.items())
    return tuple(sorted(lines, key=lambda line: (line.amendments[0].made, line.pick.id)))
