"""Decides in which week's issue an entry stands, once, when it is first seen. Pure.

A paper stands in the week of its listing day; where that week has been printed already it is late.
A post stands in the issue in the making when it is first seen; a backlog stands nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median_high
from typing import Literal

from sundaypaper import weeks
from sundaypaper.models import Acceptance, Claim, Entry, Fetched, Place, Sighting, Standing, Wording

# Of two acceptances in one week, that of one of these tracks is printed.
PROCEEDINGS = frozenset({"main", "datasets", "position", "findings", "journal"})
# More entries at once than this, and than this many times the usual, are a source gone astray.
MANY, TIMES_USUAL = 20, 5
OTHER = "other:"  # a venue outside the table
MISSPELT = 0.8  # how alike two names are of which one is the other misspelt: naccl, naacl


@dataclass(frozen=True, slots=True)
class IssueCalendar:
    """The calendar for placing entries: now, the week of the issue in the making, printed weeks."""

    now: datetime
    week: str
    printed: frozenset[str]

    @property
    def making(self) -> str:
        """The issue in which something first seen now is news: the first that is not printed."""
        if self.week not in self.printed and self.week > max(self.printed, default=""):
            return self.week
        week = max(self.week, weeks.iso_week(self.now.date()))
        while week in self.printed:
            week = weeks.after(week)
        return week


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows to write: new or changed places, and new wordings by entry id."""

    places: tuple[Place, ...]
    wordings: tuple[tuple[str, Wording], ...]
    new: int


def as_known(fetched: Fetched, known: Mapping[str, str]) -> tuple[Fetched, dict[str, str]]:
    """The entries under the ids by which they were first seen, and the other names to remember.

    known holds ids by name: a kept entry's own id, or what it was named besides. An entry is known
    by its guid before its address: a new one may stand at the address that another has left. What
    is only likely the same comes last, and never makes one of two entries.
    """
    entries = (*fetched.news, *fetched.updates)
    ids: dict[str, str] = {}
    for entry in entries:
        guid = fetched.names.get(entry.id, ("", ""))[0]
        if guid in known:
            ids[entry.id] = known[guid]
    taken, seen = frozenset(ids.values()), dict(known)
    used = set(taken)
    for entry in entries:
        guid, address, *more = fetched.names.get(entry.id, ("", ""))
        if entry.id not in ids:
            id_ = seen.get(entry.id) or seen.get(address)
            likely = (seen[name] for name in more if name in seen)
            id_ = id_ or next((i for i in likely if i not in used), entry.id)
            ids[entry.id] = guid if guid and id_ in taken else id_
            used.add(ids[entry.id])
        for name in (guid, entry.id, address, *more):
            if name:
                seen.setdefault(name, ids[entry.id])
    news, updates = (
        tuple(e if ids[e.id] == e.id else replace(e, id=ids[e.id]) for e in part)
        for part in (fetched.news, fetched.updates)
    )
    names = {name: id_ for name, id_ in seen.items() if name != id_ and name not in known}
    return replace(fetched, news=news, updates=updates), names


def held_back(fetched: Fetched, unknown: int, brought: Sequence[int]) -> Fetched:
    """All of it a backlog where a source that was read before brings far more than it usually does.

    A blog that changed its addresses is no news. brought counts what came with each fetch so far.
    """
    usual = median_high(brought) if brought else 0
    if not fetched.again or unknown <= max(MANY, TIMES_USUAL * usual):
        return fetched
    why = f"{unknown} entries are new at once; they are kept and not printed"
    detail = "; ".join(filter(None, (fetched.report.detail, why)))
    report = replace(fetched.report, detail=detail)
    return replace(fetched, report=report, news=(), updates=(*fetched.news, *fetched.updates))


def place(
    fetched: Fetched,
    known: Mapping[str, Place],
    history: Mapping[str, tuple[Wording, ...]],
    calendar: IssueCalendar,
) -> Placed:
    """Place all that a source brought; entries that stand as they stood are left out."""
    papers = [e for e in (*fetched.news, *fetched.updates) if e.kind == "paper"]
    days = weeks.listing_days({e.id: weeks.submitted(e) for e in papers if e.published})
    places: list[Place] = []
    wordings: list[tuple[str, Wording]] = []
    new = 0
    for entry, news in _all(fetched):
        old = known.get(entry.id)
        standing = entry.week or _standing(entry, days.get(entry.id))
        new_wordings = _wordings(entry, old, fetched, history.get(entry.id, ()), calendar)
        wordings.extend((entry.id, wording) for wording in new_wordings)
        if old is None:
            fresh = _first(entry, standing, news, calendar)
            if entry.kind == "paper" and fetched.wordings.get(entry.id):
                fresh = replace(fresh, touched=new_wordings[-1].week)
            places.append(fresh)
            new += calendar.week in (fresh.week, fresh.late)
        elif changed := _again(entry, old, bool(new_wordings), calendar):
            places.append(changed)
    return Placed(tuple(places), tuple(wordings), new)


def _all(fetched: Fetched) -> Iterable[tuple[Entry, bool]]:
    """Every entry once, in its newest version, and whether it may be news."""
    newest: dict[str, tuple[Entry, bool]] = {}
    for news, entries in ((True, fetched.news), (False, fetched.updates)):
        for entry in entries:
            older = newest.get(entry.id)
            if older is None:
                newest[entry.id] = (entry, news)
            elif entry.version > older[0].version:
                newest[entry.id] = (entry, older[1])
    return newest.values()


def _standing(entry: Entry, day: date | None) -> str:
    """The week of a listing day, empty where there is none.

    A later version comes out after the first one. So where the day of the first is only known from
    its neighbours, and they name no earlier day than that of the version, there is no week.
    """
    if day is None:
        return ""
    if entry.updated and not weeks.submitted(entry):
        own = weeks.listing_day(entry.updated)
        if 0 <= weeks.batches_between(own, day) <= weeks.HELD:
            return ""
    return weeks.iso_week(day)


def _first(entry: Entry, standing: str, news: bool, calendar: IssueCalendar) -> Place:
    if entry.kind == "paper" and not standing and entry.updated and not weeks.submitted(entry):
        # We do not know when it was announced, only that it is an update of its own day.
        return Place(entry, "", "", weeks.iso_week(weeks.listing_day(entry.updated)), calendar.now)
    if entry.kind != "paper" or not standing:
        week = entry.week or (calendar.making if news else "")
        return Place(entry, week, "", week, calendar.now)
    touched = standing
    if entry.version > 1 and entry.updated:
        touched = max(standing, weeks.iso_week(weeks.listing_day(entry.updated)))
    is_late = standing in calendar.printed and entry.version == 1
    return Place(entry, standing, calendar.making if is_late else "", touched, calendar.now)


def _again(entry: Entry, old: Place, reworded: bool, calendar: IssueCalendar) -> Place | None:
    """A known entry, changed; its week stays for ever. None where nothing changed."""
    if entry.kind == "paper" and entry.version < old.entry.version:
        return None
    if entry.kind != "paper" and entry.source != old.entry.source:
        return None  # two feeds with one story would otherwise take turns in rewriting it
    entry = replace(entry, week=old.entry.week, source=old.entry.source)
    touched = old.touched
    if entry.version > old.entry.version and entry.updated:
        touched = weeks.iso_week(weeks.listing_day(entry.updated))
    if reworded:
        touched = calendar.making
    if entry == old.entry and touched == old.touched:
        return None
    return replace(old, entry=entry, touched=touched)


def _wordings(
    entry: Entry,
    old: Place | None,
    fetched: Fetched,
    history: tuple[Wording, ...],
    calendar: IssueCalendar,
) -> list[Wording]:
    """The wordings of a paper that are not kept yet."""
    if entry.kind != "paper":
        return []
    recorded = fetched.wordings.get(entry.id, ())
    if recorded:
        kept = {(w.comment, w.journal_ref) for w in history}
        return [w for w in recorded if (w.comment, w.journal_ref) not in kept]
    if old is not None and entry.version < old.entry.version:
        return []
    last = history[-1] if history else None
    if last is not None and (last.comment, last.journal_ref) == (entry.comment, entry.journal_ref):
        return []
    return [Wording(calendar.now, entry.version, entry.comment, entry.journal_ref, calendar.making)]


def sighting(at: Place, week: str, history: tuple[Wording, ...] = ()) -> Sighting:
    """How an entry stands in one week's issue: new, late, or updated."""
    standing: Standing = "new" if at.week == week else "late" if at.late == week else "update"
    wordings = tuple(w for w in history if w.week <= week)
    return Sighting(at.entry, at.first_seen, at.week, standing, wordings)


def newly_accepted(
    sighting: Sighting,
    week: str,
    read: Callable[[Wording], tuple[Claim, ...]],
    printed: str,
) -> Acceptance | None:
    """The accepted claim that a paper gained in that week, against all that it ever said before.

    A paper of which only one wording is known gains nothing: what it said before is not known. A
    claim about a year before the last is no news.
    """
    wordings = _printed_wordings(sighting, week)
    if wordings is None:
        return None
    before, new = wordings
    had = [claim for wording in before for claim in _accepted(read(wording))]
    gained = [
        claim
        for claim in _accepted(read(new))
        if not any(_same(claim, old) for old in had) and _is_recent(claim, week)
    ]
    if not gained:
        return None
    claim = min(gained, key=lambda claim: claim.track not in PROCEEDINGS)
    old = _statement(before[-1])
    return Acceptance(sighting.entry.id, claim, old, _statement(new), new.seen, printed)


def taken_back(
    sighting: Sighting,
    week: str,
    read: Callable[[Wording], tuple[Claim, ...]],
    withdrawn: Callable[[str], bool],
    printed: str,
) -> Acceptance | None:
    """The accepted claim that a paper stopped making in that week, where it now makes none at all.

    Only the first time is news: a claim that comes and goes is printed as gained once and lost once.
    """
    wordings = _printed_wordings(sighting, week)
    if wordings is None or _accepted(read(wordings[1])):
        return None
    before, new = wordings
    accepted = [_accepted(read(wording)) for wording in before]
    went = any(earlier and not later for earlier, later in pairwise(accepted))
    if went or not accepted[-1] or not _is_recent(accepted[-1][0], week):
        return None
    old = _statement(before[-1])
    change: Literal["lost", "withdrawn"] = "withdrawn" if withdrawn(new.comment) else "lost"
    return Acceptance(
        sighting.entry.id, accepted[-1][0], old, _statement(new), new.seen, printed, change
    )


def _printed_wordings(sighting: Sighting, week: str) -> tuple[tuple[Wording, ...], Wording] | None:
    """The wordings of earlier issues, oldest first, and this week's; None where either is missing.

    Only the last wording of a week was printed: what came and went within one never was.
    """
    last = {wording.week: wording for wording in sighting.wordings}
    before = tuple(last[at] for at in sorted(last) if at < week)
    return (before, last[week]) if before and week in last else None


def _accepted(claims: tuple[Claim, ...]) -> list[Claim]:
    return [claim for claim in claims if claim.status == "accepted"]


def _same(first: Claim, second: Claim) -> bool:
    """Whether two claims are of one acceptance.

    The same venue in another year is another acceptance only in another track: a workshop's paper
    comes to the conference a year later, but in one track a new year is a slip put right. A venue
    outside the table is written in many ways, so there the track and the year decide; beside one of
    the table it is the same where only a letter or two differ.
    """
    years = first.year is None or second.year is None or first.year == second.year
    if first.venue == second.venue:
        return years or first.track == second.track
    unlisted = [claim.venue.startswith(OTHER) for claim in (first, second)]
    if all(unlisted):
        return years and first.track == second.track
    if not any(unlisted):
        return False
    names = SequenceMatcher(None, first.venue.removeprefix(OTHER), second.venue.removeprefix(OTHER))
    return years and names.ratio() >= MISSPELT


def _is_recent(claim: Claim, week: str) -> bool:
    return claim.year is None or claim.year >= int(week[:4]) - 1


def _statement(wording: Wording) -> str:
    return " · ".join(filter(None, (wording.comment, wording.journal_ref)))
