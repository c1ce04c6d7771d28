"""Look-ups for templates beside the issue itself: entries by id, names, groups by topic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sundaypaper.issue import SectionForm, form_of
from sundaypaper.models import Acceptance, Amendment, Earlier, Issue, Item, Pick, Ring

# XML knows no such characters, and a lone surrogate cannot be written as UTF-8 at all.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Legal in XML, but read back otherwise or of no use to anyone.
CONTROL = re.compile("[\r\x7f-\x9f]")
RINGS: tuple[tuple[Ring, str], ...] = (
    ("accepted", "Accepted"),
    ("near", "Near"),
    ("field", "The field"),
)
OTHER = "Other topics"


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """Entries that share their first topic, in the order given."""

    name: str
    entries: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class TitleGroup:
    """Entries that are printed by title, each with what is said beside it, under one heading."""

    name: str
    entries: tuple[tuple[Pick, str], ...]


@dataclass(frozen=True, slots=True)
class RingGroup:
    """The entries of one ring by topic, and how many they are."""

    id: Ring
    title: str
    count: int
    topics: tuple[TopicGroup, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Look-ups in an issue. news leaves out what is not of the week.

    pages holds the entries that have a page of their own; None where all that are printed have one.
    said are the editor's notes, notes our corrections and what was taken back, by entry; removed are
    those taken out, reworded the corrections of the editor's words.
    earlier holds that from which an entry goes on, by entry.
    """

    picks: dict[str, Pick]
    names: dict[str, str]
    acceptances: dict[str, Acceptance]
    section_ids: frozenset[str]
    news: tuple[Pick, ...]
    pages: frozenset[str] | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, tuple[Amendment, ...]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    reworded: tuple[Amendment, ...] = ()
    earlier: Mapping[str, Earlier] = field(default_factory=dict)

    def form(self, section: str) -> SectionForm:
        """In which form a section is printed, by its id."""
        return form_of(section)

    def has_page(self, pick: Pick) -> bool:
        """Whether a printed entry has a page of its own to lead to."""
        return self.pages is None or pick.id in self.pages

    def topics(self, pick: Pick) -> list[str]:
        """The topics of an entry by name, the best first."""
        return [self.names.get(tag.topic, tag.topic) for tag in pick.tags]

    def first_topic(self, pick: Pick) -> str:
        """The name of the topic under which an entry is listed."""
        return next(iter(self.topics(pick)), OTHER)

    def listed(self, items: Iterable[Item]) -> tuple[TitleGroup, ...]:
        """The entries of a section that are printed by title only, by heading, else by topic."""
        titles = [item for item in items if item.form == "title"]
        beside = {item.id: item.why for item in titles}
        headed: dict[str, list[Pick]] = {}
        for item in titles:
            if item.group:
                headed.setdefault(item.group, []).append(self.picks[item.id])
        groups = [TopicGroup(name, tuple(picks)) for name, picks in headed.items()]
        groups += self._by_topic(self.picks[item.id] for item in titles if not item.group)
        return tuple(
            TitleGroup(group.name, tuple((pick, beside[pick.id]) for pick in group.entries))
            for group in groups
        )

    def rings(self) -> tuple[RingGroup, ...]:
        """All entries of the week by ring and topic, best score first."""
        groups = []
        for ring, title in RINGS:
            chosen = [pick for pick in self.news if pick.ring == ring]
            if chosen:
                groups.append(RingGroup(ring, title, len(chosen), self._by_topic(chosen)))
        return tuple(groups)

    def _by_topic(self, picks: Iterable[Pick]) -> tuple[TopicGroup, ...]:
        """Groups in the order of the configured topics, unknown ones behind, the rest at the end."""
        groups: dict[str, list[Pick]] = {name: [] for name in self.names.values()}
        other: list[Pick] = []
        for pick in picks:
            name = self.first_topic(pick)
            (other if name == OTHER else groups.setdefault(name, [])).append(pick)
        groups[OTHER] = other
        return tuple(TopicGroup(name, tuple(some)) for name, some in groups.items() if some)


def view(issue: Issue, pages: frozenset[str] | None = None) -> View:
    """The look-ups of one issue; pages says which entries have one where not all printed ones do."""
    return View(
        picks={pick.id: pick for pick in issue.entries},
        names={topic.id: topic.name for topic in issue.topics},
        acceptances={acceptance.id: acceptance for acceptance in issue.newly_accepted},
        section_ids=frozenset(section.id for section in issue.sections),
        news=tuple(pick for pick in issue.entries if _is_news(pick)),
        pages=pages,
        said=issue.editorial.notes if issue.editorial else {},
        notes=_notes(issue),
        removed=frozenset(
            change.id for change in issue.amendments if change.kind == "removed" and change.holds
        ),
        reworded=tuple(change for change in issue.amendments if change.id == issue.week),
        earlier={later.id: later for later in issue.earlier},
    )


def _notes(issue: Issue) -> dict[str, tuple[Amendment, ...]]:
    notes: dict[str, tuple[Amendment, ...]] = {}
    for amendment in issue.amendments:
        if amendment.kind == "note" or not amendment.holds:
            notes[amendment.id] = (*notes.get(amendment.id, ()), amendment)
    return notes


def _is_news(pick: Pick) -> bool:
    """Of this week; an older paper that was only updated is none, unless it was accepted."""
    return pick.standing in ("new", "late") or (
        pick.standing == "update" and pick.ring == "accepted"
    )


def legal(text: str) -> str:
    """The text without the characters that XML forbids or that control a terminal."""
    return CONTROL.sub("", ILLEGAL.sub("", text))


def encode(text: str) -> bytes:
    """UTF-8 without the characters that neither XML nor a browser accepts."""
    return ILLEGAL.sub("", text).encode()
