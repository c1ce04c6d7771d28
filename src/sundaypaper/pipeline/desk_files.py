"""What a person brings to an issue: the desk file of its week, and what was amended since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sundaypaper import issue as issues
from sundaypaper.config import Config, load_desk
from sundaypaper.errors import BuildError
from sundaypaper.formats.desk_text import MARKER, renewed
from sundaypaper.formats.desk_text import desk_text as blank_text
from sundaypaper.models import Amendment, Editorial, Pick
from sundaypaper.pipeline.reading import ReadWeek
from sundaypaper.store import Store

FRESH = ("new", "late")


def desk_file(root: Path, week: str) -> Path:
    """Where the editor of a paper writes what they decide for a week."""
    return root / "desk" / f"{week}.yaml"


def desk_text(store: Store, week: str, path: Path) -> str:
    """The desk file of a week as it should stand: with its candidates anew, and what was written.

    BuildError where the week has no draft, or where something that was written could be lost.
    """
    issue = store.issue(week)
    if issue is None:
        raise BuildError(f"there is no draft of {week}: `sundaypaper run --week {week}` makes it")
    if issue.state == "frozen":
        raise BuildError(f"{week} is printed already; a printed issue does not change")
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
    """What the desk file of the week says, None where there is none; ConfigError with its mistakes.

    picks are those of the week, aside its dates and landmarks, which may be dropped and never lead.
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


def corrections(store: Store, week: str, now: datetime) -> tuple[issues.Correction, ...]:
    """What was said of entries after the last issue that printed them, oldest first.

    The issue that tells of it prints the entry once more, so that no other does; what found no room
    there waits for the next.
    """
    composed = {head.week: head.composed for head in store.heads() if head.state == "frozen"}
    amendments = store.amendments()
    new: dict[str, tuple[Amendment, ...]] = {}
    last: dict[str, str] = {}
    for id, at in store.printed_in(amendments).items():
        since = max(composed[one] for one in at)
        said = tuple(one for one in amendments[id] if since < one.made <= now)
        if said and (earlier := [one for one in at if one < week]):
            new[id], last[id] = said, max(earlier)
    picked = store.picked(last.values())
    picks = {(at.week, pick.id): pick for at in picked.values() for pick in at.picks}
    lines = (issues.correction(picks[at, id], at, new[id]) for id, at in last.items())
    return tuple(sorted(lines, key=lambda one: (one.amendments[0].made, one.pick.id)))
