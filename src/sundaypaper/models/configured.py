"""Models of configuration: topics, venues, the masthead, and what a run asks of a source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sundaypaper.models.filters import Filter
from sundaypaper.models.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its id, its name for a person, and the filter that says what it is about.

    examples are ids `arxiv:…` or texts (the title, a line break, the abstract) of entries about it.
    """

    id: str
    name: str
    match: Filter
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A landmark on the path of a topic: the number of the step, counted from 1, of so many.

    id, kind, title and url are those of the shelf, topics what it carries there; path is the name
    of the topic. needs says in our words what a reader needs before, can what they can do after.
    after are the ids of the steps that it rests on; words, folded, tell entries that rest on it.
    """

    id: str
    topic: str
    path: str
    number: int
    of: int
    kind: Kind
    title: str
    url: str
    needs: str
    can: str
    after: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue: key, the name to print, the names authors write, and the year of its ordinal zero.

    names are matched as folded words; a name in capitals of six letters or fewer is matched in
    capitals only. ordinal is the year minus the number of the conference (NeurIPS: 1986), or None.
    """

    key: str
    title: str
    names: tuple[str, ...]
    ordinal: int | None = None
    journal: bool = False


@dataclass(frozen=True, slots=True)
class Masthead:
    """The data about this instance that every page prints. base_url is empty or ends with a slash.

    names is what the lasting names of feeds and dates begin with, empty until it is settled; begun
    is the first day of the first issue.
    """

    title: str
    base_url: str = ""
    contact: str = ""
    timezone: str = "UTC"
    version: str = ""
    names: str = ""
    begun: date | None = None


@dataclass(frozen=True, slots=True)
class PrintTime:
    """When a week is printed: a day of that week, 0 for Monday, and a time in the paper's zone."""

    weekday: int
    at: time


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run asks of a source: the week to complete, and which day it is.

    With rehearsal (`--now`) no next-check time is stored. wall is the wall-clock time of the run.
    again names papers, by id, whose comment may have changed without a new version. own_venues are
    those of the user, whose names a source may meet. sample is true for the sample issues, whose
    days are fixed whatever the clock says. composed are the weeks that the run composes beside
    `week`, and printing says that one of all these is about to be printed for good. past: the week is
    long over and made up, so what changed since is not asked for, and nothing is remembered of it.
    """

    week: str
    now: datetime
    wall: datetime
    rehearsal: bool = False
    again: tuple[str, ...] = ()
    sample: bool = False
    own_venues: tuple[Venue, ...] = ()
    composed: tuple[str, ...] = ()
    printing: bool = False
    past: bool = False
