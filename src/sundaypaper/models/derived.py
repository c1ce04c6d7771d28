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
