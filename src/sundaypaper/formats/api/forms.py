"""The files of the API, version 1: what each holds. docs/api.md tells of them, and so do the schemas.

A field never changes its meaning or goes away in a version; new ones may come. page and api are
paths from the root of the paper, so that no file changes when the paper moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sundaypaper.formats.document import Document, DocumentEntry
from sundaypaper.models import Amendment, Claim, Kind


@dataclass(frozen=True, slots=True)
class Start:
    """index.json: where to begin. newest is the week of the newest issue, empty where there is none."""

    format: Literal[1]
    title: str
    newest: str
    issues: str
    topics: str
    venues: str
    schemas: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Years:
    """issues/index.json: the years that have issues, newest first, with the list of each."""

    format: Literal[1]
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year, how many issues it has, and their list."""

    year: int
    count: int
    api: str


@dataclass(frozen=True, slots=True)
class Issues:
    """issues/<year>.json: the issues of a year, newest first."""

    format: Literal[1]
    year: int
    issues: tuple[IssueLine, ...]


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue in a list. listed counts all entries of its week, printed those that it prints."""

    week: str
    state: Literal["frozen", "draft"]
    headline: str
    composed: datetime
    printed: int
    listed: int
    reprint: str
    page: str
    api: str


@dataclass(frozen=True, slots=True)
class IssueFile:
    """issues/<week>.json: an issue with the entries that it prints, in full.

    issue is as issue.json has it but for its entries; all of the week stand in `whole`. abstracts
    are what the authors wrote of a paper, of a post the beginning; entries leads to each one's file.
    """

    format: Literal[1]
    page: str
    whole: str
    issue: Document
    abstracts: Mapping[str, str]
    entries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrintedAt:
    """An issue that printed an entry, and the ids of the sections."""

    week: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryFile:
    """entries/<name>.json: a printed entry as its newest issue prints it, and where it was printed.

    abstract is what the authors wrote of a paper, of a post the beginning.
    """

    format: Literal[1]
    page: str
    entry: DocumentEntry
    abstract: str
    printed: tuple[PrintedAt, ...]
    amendments: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """topics/index.json: all topics."""

    format: Literal[1]
    topics: tuple[TopicLine, ...]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic in the list."""

    id: str
    name: str
    page: str
    api: str


@dataclass(frozen=True, slots=True)
class TopicFile:
    """topics/<id>.json: the newest entries that were printed on a topic, newest first."""

    format: Literal[1]
    id: str
    name: str
    page: str
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A printed entry in a list, with the week of the newest issue that prints it."""

    id: str
    title: str
    url: str
    kind: Kind
    week: str
    page: str
    api: str


@dataclass(frozen=True, slots=True)
class Venues:
    """venues/index.json: who is said to have accepted papers, by venue and year."""

    format: Literal[1]
    venues: tuple[VenueYear, ...]


@dataclass(frozen=True, slots=True)
class VenueYear:
    """A venue in a year; count says how many papers say that it accepted them, workshops included."""

    venue: str
    name: str
    year: int
    count: int
    page: str
    api: str


@dataclass(frozen=True, slots=True)
class VenueFile:
    """venues/<venue>/<year>.json: papers whose authors say that a venue accepted them.

    Nobody has checked it. count is that of all, and weekly by week; lines hold the newest of them.
    """

    format: Literal[1]
    venue: str
    name: str
    year: int
    count: int
    weekly: Mapping[str, int]
    page: str
    lines: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A paper and what its authors say; week is that of the issue that holds it."""

    id: str
    title: str
    url: str
    week: str
    claim: Claim


# By the name of its schema.
FORMS = {
    "index": Start,
    "years": Years,
    "issues": Issues,
    "issue": IssueFile,
    "entry": EntryFile,
    "topics": Topics,
    "topic": TopicFile,
    "venues": Venues,
    "venue": VenueFile,
}
