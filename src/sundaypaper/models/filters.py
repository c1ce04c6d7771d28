"""Models of filters: the tree of a parsed query, and the card of an entry that it matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sundaypaper.models.derived import Claim


@dataclass(frozen=True, slots=True)
class Words:
    """One word or a phrase, folded; with prefix the last word may go on; quoted ones have no forms."""

    words: tuple[str, ...]
    prefix: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """field:value, the value folded as its field is; quoted is said of titles alone."""

    field: str
    value: str
    prefix: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    of: Node


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple[Node, ...]


Node = Words | Is | Not | All | Any


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed query: its text as written and its tree."""

    text: str
    tree: Node


@dataclass(frozen=True, slots=True)
class Card:
    """One entry prepared for filters: made once and matched many times.

    text is the folded words of title and summary, one space apart, a space at both ends and two
    between title and summary, so that a phrase never crosses from one into the other. fields maps
    topic, ring, kind, author, cat, source, group, id, has, week to folded values.
    """

    text: str
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    day: date | None = None
