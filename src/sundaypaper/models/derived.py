"""Models derived from entries: claims, topics, evidence, stories, acceptances, follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sundaypaper.models.sourced import Sighting, Votes
from sundaypaper.models.vocabulary import EvidenceKind, Presentation, Status, Track


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the authors about a venue for their paper, and the words that make it.

    The keys are those of the acceptance rubric: venue `neurips` or `other:short name`; track main,
    findings, workshop, datasets, position, demo, challenge, journal or other; presentation oral,
    spotlight, highlight, poster, best_paper, finalist (nominated for an award) or None. field is comment or journal_ref.
    """

    venue: str
    year: int | None
    track: Track
    status: Status
    presentation: Presentation | None = None
    span: str = ""
    field: Literal["comment", "journal_ref"] = "comment"


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic, 0 < score <= 1, and the reason in words: `title: flow matching`."""

    topic: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that an entry offers, and the words or the address that show it.

    code, data, survey, tutorial, course, event, release, weights of a model, or a project page.
    """

    kind: EvidenceKind
    span: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A post that discusses a paper, or a copy of the same story on another feed."""

    id: str
    source: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Story:
    """An entry with the posts that discuss it and the copies folded into it.

    papers holds the ids of papers that a post links, of whatever week, or names by title, of its own.
    """

    sighting: Sighting
    discussed: tuple[Mention, ...] = ()
    copies: tuple[Mention, ...] = ()
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A paper that gained an accepted claim: its old and new wording, and where it was printed.

    change is gained; lost where the new wording no longer makes the claim, withdrawn where it says
    that the paper is withdrawn.
    """

    id: str
    claim: Claim
    old: str
    new: str
    seen: datetime
    printed: str = ""
    change: Literal["gained", "lost", "withdrawn"] = "gained"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """News of an entry since it was printed: its code, in the words that name it."""

    id: str
    span: str
    printed: str
    change: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An entry that goes on from one that an earlier issue printed; other is the id of that one.

    It names the other by an id of its own, or its first author continues their own paper. title is
    the other's, printed the week of the first issue that printed it.
    """

    id: str
    other: str
    title: str
    printed: str
    how: Literal["names", "continues"]


@dataclass(frozen=True, slots=True)
class Sequel:
    """An entry of a week, by its title, and the printed one from which it goes on."""

    week: str
    title: str
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class Related:
    """An entry of an earlier week that is near a printed one, and the words that both say.

    week is the newest before it that holds the entry; has_page tells whether an issue printed it.
    """

    id: str
    week: str
    title: str
    url: str
    has_page: bool
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorCount:
    """How often a name stands over entries, and over printed ones; newest is the last such week.

    name is folded: it may be several people's.
    """

    name: str
    entries: int
    printed: int
    newest: str


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that a name stands over: the newest week that holds it, and if one printed it."""

    id: str
    week: str
    printed: bool


@dataclass(frozen=True, slots=True)
class Tagged:
    """A story with its claims, topics and evidence; gist is its own words that say most."""

    story: Story
    claims: tuple[Claim, ...] = ()
    tags: tuple[Tag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    gist: str = ""
    acceptance: Acceptance | None = None
    taken_back: Acceptance | None = None
    follow_up: FollowUp | None = None
    votes: tuple[Votes, ...] = ()
