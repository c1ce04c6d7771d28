"""Models of an issue: picks, sections, the editorial, amendments, and the issue itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sundaypaper.models.derived import (
    Acceptance,
    Claim,
    Earlier,
    Evidence,
    FollowUp,
    Mention,
    Tag,
)
from sundaypaper.models.sourced import SourceReport, Votes
from sundaypaper.models.vocabulary import Kind, Occasion, Ring, Standing


@dataclass(frozen=True, slots=True)
class Contribution:
    """One named part of a score, with the reason that a person can check."""

    name: str
    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class Pick:
    """An entry of the week as the issue holds it. score is the sum of the contributions."""

    id: str
    kind: Kind
    source: str
    group: str
    url: str
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    week: str
    standing: Standing
    ring: Ring
    categories: tuple[str, ...]
    comment: str
    journal_ref: str
    claims: tuple[Claim, ...]
    tags: tuple[Tag, ...]
    evidence: tuple[Evidence, ...]
    gist: str
    score: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[str, ...]
    discussed: tuple[Mention, ...] = ()
    copies: tuple[Mention, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    more_authors: int = 0
    own_words: bool = False
    zone: str = ""
    occasion: Occasion = ""
    venue: str = ""
    votes: tuple[Votes, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A place in a section: the id of a pick, why it stands there, and in which form.

    form is full (title, authors, claim, gist, why), short (title, source, gist) or title. group is
    the heading under which a title stands; where it is empty that is its topic. report is the id of
    the technical report on what is released, empty where there is none.
    """

    id: str
    why: str
    form: Literal["full", "short", "title"] = "full"
    group: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section. rest counts what belongs here and is not printed; note is a sentence of ours."""

    id: str
    title: str
    items: tuple[Item, ...] = ()
    rest: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class MinuteLine:
    """A line of "This week in one minute": a sentence from facts, and the section it leads to.

    form names the kind of sentence, such as accepted or rising; empty in issues that name none.
    about are the ids of the entries that it names.
    """

    text: str
    section: str
    form: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many entries stood at each step of the week, from all listed to printed."""

    listed: int
    new: int
    updates: int
    posts: int
    accepted: int
    near: int
    printed: int
    backlog: int = 0


@dataclass(frozen=True, slots=True)
class Editorial:
    """The editor's decisions for one week: their words, and the entries to print first or drop.

    intro is Markdown; lead and drop are entry ids, notes a sentence by entry id. All may be empty.
    """

    headline: str = ""
    intro: str = ""
    lead: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    signed: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change after printing: a note under an entry, its removal, or other words of a week.

    id is the entry; of a headline or an intro the week, and old the words that it printed. until is
    when it ceased to hold: it was taken back then, or replaced by the one that was made then.
    """

    id: str
    made: datetime
    kind: Literal["note", "removed", "headline", "intro"]
    text: str
    until: datetime | None = None
    old: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was neither taken back nor replaced."""
        return self.until is None

    @property
    def changed(self) -> datetime:
        """When it was made, or ceased to hold."""
        return self.until or self.made


@dataclass(frozen=True, slots=True)
class Issue:
    """The issue of one week: all that its pages print.

    state is frozen or draft (then `why_draft` says what is missing). entries holds every new,
    late or newly accepted entry of the week plus what a section prints (a landmark, a date), best
    score first; sections refer to them by id. abstracts holds the source's own summary of every
    entry, by id. editorial is None where no person edited it; amendments are those of
    earlier issues that this one reports; earlier, of what it prints, that which goes on from an
    entry of an earlier issue.
    """

    week: str
    title: str
    composed: datetime
    state: Literal["frozen", "draft"]
    headline: str
    minute: tuple[MinuteLine, ...]
    sections: tuple[Section, ...]
    entries: tuple[Pick, ...]
    newly_accepted: tuple[Acceptance, ...]
    funnel: Funnel
    ledger: tuple[SourceReport, ...]
    abstracts: Mapping[str, str]
    words: int
    minutes: int
    fingerprint: str
    why_draft: str = ""
    reprint: str = ""
    topics: tuple[TopicName, ...] = ()
    taken_back: tuple[Acceptance, ...] = ()
    editorial: Editorial | None = None
    amendments: tuple[Amendment, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueHead:
    """An issue as the archive lists it. form is that of the line that is its headline, or empty."""

    week: str
    state: Literal["frozen", "draft"]
    headline: str
    printed: int
    listed: int
    composed: datetime
    reprint: str = ""
    signed: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """Picks that one issue printed, the ids of the sections in which each stands, abstracts."""

    week: str
    picks: tuple[Pick, ...]
    where: Mapping[str, tuple[str, ...]]
    abstracts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry that a page lists, as its filter box looks at it.

    day is a date (2026-03-05) or empty; week is the one in which it was new; has are the kinds of
    evidence, topics the ids.
    """

    kind: Kind
    source: str
    group: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    claims: tuple[Claim, ...]
    topics: tuple[str, ...]
    ring: Ring
    has: tuple[str, ...]
    day: str
    week: str
    score: float


@dataclass(frozen=True, slots=True)
class Claimed:
    """A paper that claims to be accepted at a venue, as the venue's page lists it.

    week is that of the issue that says so.
    """

    id: str
    week: str
    title: str
    url: str
    claim: Claim
    listed: Listed


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A new entry that carries a topic, as the topic's page lists it.

    week is that of the issue in which it is new.
    """

    id: str
    week: str
    title: str
    url: str
    listed: Listed


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic's id and its name for a person."""

    id: str
    name: str
