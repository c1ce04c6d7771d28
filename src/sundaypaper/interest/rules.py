"""The default weights of the score, and the settings of one ranking.

The defaults are measured: docs/rank.md says on what, and what each is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sundaypaper.interest.prior import Prior

RULES: Mapping[str, float] = MappingProxyType(
    {
        "ring.accepted": 4.0,
        "ring.near": 2.0,
        "presentation.best_paper": 2.0,
        "presentation.oral": 1.5,
        "presentation.spotlight": 1.0,
        "presentation.highlight": 1.0,
        "track.main": 0.5,
        "track.datasets": 0.5,
        "track.position": 0.3,
        "track.journal": 0.3,
        "track.findings": 0.2,
        "track.challenge": -0.3,
        "status.submitted": -1.0,
        "status.rejected": -1.5,
        "status.withdrawn": -1.5,
        "newly accepted": 0.5,
        "author": 1.5,
        "discussed": 0.8,
        "code": 0.4,
        "data": 0.2,
        "survey": 0.1,
        "topic": 0.3,
        "prior": 1.5,
        "post.topic": 0.5,
        "research": 0.6,
        "engineering": 0.6,
        "lesson": 0.5,
        "announcement": -1.2,
        "too many": -6.0,
        "group.practitioner": 0.6,
        "group.course": 0.5,
        "group.researcher": 0.4,
        "group.lab": 0.3,
        "group.vendor": -0.8,
        "source": 1.0,
        "links a paper": 0.4,
        "told elsewhere": 0.4,
    }
)
MOST_VOICES = 4  # one more source that says the same adds nothing


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
    prior: Prior
    sunday: date
    flooding: Mapping[str, int]
