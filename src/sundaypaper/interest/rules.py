"""The default weights of the score, and the settings of one ranking.

The defaults are measured: docs/rank.md says on what, and what each is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sundaypaper.interest.learnt import Model

RULES: Mapping[str, float] = MappingProxyType(
    {
        "votes": 2.0,
        "discussed": 0.8,
        "author": 1.5,
        "newly accepted": 0.3,
        "presentation.best_paper": 1.5,
        "presentation.finalist": 1.0,
        "presentation.oral": 0.8,
        "presentation.spotlight": 0.5,
        "presentation.highlight": 0.5,
        "track.main": 0.3,
        "track.datasets": 0.3,
        "track.position": 0.2,
        "track.journal": 0.2,
        "track.findings": 0.1,
        "track.workshop": 0.1,
        "track.challenge": -0.3,
        "status.submitted": -0.3,
        "status.rejected": -1.0,
        "status.withdrawn": -3.0,
        "weights": 0.4,
        "report": 0.4,
        "project": 0.8,
        "code": 0.2,
        "data": 0.1,
        "survey": 0.4,
        "topic": 0.3,
        "learnt": 12.0,
        "post.topic": 0.2,
        "field": 0.15,
        "research": 1.4,
        "engineering": 0.4,
        "lesson": 0.3,
        "release": 1.0,
        "company news": -0.8,
        "business": -0.9,
        "event": -0.5,
        "politics": -0.75,
        "product news": -0.6,
        "too many": -6.0,
        "group.practitioner": 0.7,
        "group.course": 0.5,
        "group.researcher": 0.4,
        "group.lab": 0.45,
        "group.newsletter": 0.1,
        "group.vendor": 0.0,
        "source": 1.0,
        "links a paper": 0.4,
        "told elsewhere": 0.4,
    }
)
MOST_VOICES = 4  # one more source that says the same adds nothing
MOST_DOUBLINGS = 10  # of votes: 1,023, and more add nothing


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of one ranking: weights, venues, followed authors, week, names to print.

    flooding maps a source that posts too much, and is not narrowed by `only:`, to its posts.
    """

    core: tuple[str, ...]
    also: tuple[str, ...]
    authors: Mapping[str, str]
    weights: Mapping[str, float]
    week: str
    year: int
    reprint: bool
    venues: Mapping[str, str]
    topics: Mapping[str, str]
    model: Model
    sunday: date
    flooding: Mapping[str, int]
