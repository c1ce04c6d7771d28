"""The input of composing an issue: the week's material, and the frame (title, sizes, names)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from sundaypaper.models import (
    Acceptance,
    Amendment,
    Earlier,
    Editorial,
    FollowUp,
    Issue,
    Item,
    Pick,
    SourceReport,
    TopicName,
)
from sundaypaper.weeks import sunday

if TYPE_CHECKING:
    from sundaypaper.issue.section_kinds import SectionKind

# How much each section prints, by the name of its setting; `words` is the most that an issue holds.
Sizes = Mapping[str, int]


NEWS = ("new", "late")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of an entry of an earlier issue: the entry as it was, and the line about it."""

    pick: Pick
    line: str
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """All that a week's issue may print.

    picks are all tagged and ranked entries of the week; events the dates ahead; landmarks those
    that no issue showed lately, on_shelf what is said of some, by id, in the order of their turn.
    decisions are the days on which venues, by key, decide. editorial is
    what a person decided. listed is how many entries the sources held; without it, what the ledger
    fetched. more_dates counts dates ahead that are known of, but not held here. usual is how many
    new entries a topic, by id, has in a usual week; last_forms the forms of the headlines of the
    weeks before, the newest first. earlier are new entries that go on from a printed one.
    """

    picks: tuple[Pick, ...] = ()
    events: tuple[Pick, ...] = ()
    landmarks: tuple[Pick, ...] = ()
    on_shelf: Mapping[str, str] = field(default_factory=dict)
    acceptances: tuple[Acceptance, ...] = ()
    taken_back: tuple[Acceptance, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    corrections: tuple[Correction, ...] = ()
    decisions: tuple[tuple[str, date], ...] = ()
    ledger: tuple[SourceReport, ...] = ()
    abstracts: Mapping[str, str] = field(default_factory=dict)
    editorial: Editorial | None = None
    listed: int | None = None
    backlog: int = 0
    more_dates: int = 0
    usual: Mapping[str, float] = field(default_factory=dict)
    last_forms: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    def matching(self, match: Callable[[Pick], bool]) -> Material:
        """The same with only those entries that match; landmarks and dates stay.

        What the editor leads with stays too where it matches; their headline is that of the whole.
        """
        picks = tuple(pick for pick in self.picks if match(pick))
        held = {pick.id for pick in picks}
        return replace(
            self,
            picks=picks,
            acceptances=tuple(gained for gained in self.acceptances if gained.id in held),
            taken_back=tuple(lost for lost in self.taken_back if lost.id in held),
            follow_ups=tuple(follow_up for follow_up in self.follow_ups if follow_up.id in held),
            corrections=tuple(line for line in self.corrections if match(line.pick)),
            editorial=_editorial_on(self.editorial, held),
            usual={},
            last_forms=(),
            earlier=tuple(later for later in self.earlier if later.id in held),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What an issue is set in: its week and title, its sizes, and what its reader cares about.

    part: it is an edition of what matches a filter; first are the topics with which it leads. core and also are venue keys, venues the names to print of keys. missing says what a printed issue lacks,
    or what in it is only derived. own are sections that are not ours.
    """

    week: str
    title: str
    now: datetime
    sizes: Sizes
    topics: tuple[TopicName, ...] = ()
    core: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    part: bool = False
    first: frozenset[str] = frozenset()
    venues: Mapping[str, str] = field(default_factory=dict)
    state: Literal["frozen", "draft"] = "frozen"
    why_draft: str = ""
    reprint: str = ""
    fingerprint: str = ""
    missing: str = ""
    own: tuple[SectionKind, ...] = ()


def material_of(issue: Issue, core: tuple[str, ...]) -> Material:
    """What a frozen issue was composed from, as far as it holds it."""
    shelf, dates = _printed_in(issue, "shelf"), _printed_in(issue, "dates")
    aside = {pick.id for pick in (*shelf, *dates)}
    changed = {change.id for change in (*issue.newly_accepted, *issue.taken_back)}
    changed |= {follow_up.id for follow_up in issue.follow_ups}
    return Material(
        picks=tuple(
            pick
            for pick in issue.entries
            if (pick.standing in NEWS or pick.id in changed) and pick.id not in aside
        ),
        events=dates,
        landmarks=shelf,
        on_shelf={item.id: item.why for item in _items_of(issue, "shelf")},
        acceptances=issue.newly_accepted,
        taken_back=issue.taken_back,
        follow_ups=issue.follow_ups,
        corrections=_corrections_of(issue),
        decisions=_decisions_of(issue, core),
        ledger=issue.ledger,
        abstracts=issue.abstracts,
        editorial=issue.editorial,
        earlier=issue.earlier,
        more_dates=sum(section.rest for section in issue.sections if section.id == "dates"),
    )


def frame_of(
    issue: Issue,
    *,
    sizes: Sizes,
    core: tuple[str, ...],
    also: tuple[str, ...] = (),
    first: frozenset[str] = frozenset(),
    venues: Mapping[str, str],
    title: str = "",
) -> Frame:
    """The frame of a frozen issue with other sizes, and another title unless that is empty."""
    return Frame(
        week=issue.week,
        title=title or issue.title,
        now=issue.composed,
        sizes=sizes,
        topics=issue.topics,
        core=core,
        also=also,
        first=first,
        venues=venues,
        state=issue.state,
        why_draft=issue.why_draft,
        reprint=issue.reprint,
        fingerprint=issue.fingerprint,
        missing=next((section.note for section in issue.sections if section.id == "made"), ""),
    )


def _editorial_on(editorial: Editorial | None, held: set[str]) -> Editorial | None:
    if editorial is None:
        return None
    notes = {id: note for id, note in editorial.notes.items() if id in held}
    return replace(editorial, headline="", notes=notes)


def _items_of(issue: Issue, section: str) -> Iterator[Item]:
    return (item for part in issue.sections if part.id == section for item in part.items)


def _printed_in(issue: Issue, section: str) -> tuple[Pick, ...]:
    """The entries that a section prints, in its order."""
    ids = [item.id for item in _items_of(issue, section)]
    picks = {pick.id: pick for pick in issue.entries if pick.id in ids}
    return tuple(picks[id] for id in ids)


def _corrections_of(issue: Issue) -> tuple[Correction, ...]:
    """The entries of earlier issues of which this one speaks."""
    picks = {pick.id: pick for pick in issue.entries if pick.standing == "backlog"}
    items = _items_of(issue, "corrections")
    return tuple(Correction(picks[item.id], item.why) for item in items if item.id in picks)


def _decisions_of(issue: Issue, core: tuple[str, ...]) -> tuple[tuple[str, date], ...]:
    """A week around a decision: its issue prints newly accepted papers as titles too."""
    deciding = any(item.form == "title" for item in _items_of(issue, "newly_accepted"))
    return tuple((venue, sunday(issue.week)) for venue in core if deciding)
