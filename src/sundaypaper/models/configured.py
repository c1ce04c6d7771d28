"""What a user configures: sources, topics, venues, the masthead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sundaypaper.models.filters import Filter


@dataclass(frozen=True, slots=True)
class ArxivSpec:
    """An arXiv source: categories asked, venue names searched in comments and journal references."""

    name: str
    categories: tuple[str, ...]
    venues: tuple[str, ...] = ()
    api_url: str = "https://export.arxiv.org/api/query"
    kind: str = "arxiv"


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed. only keeps what the filter matches; off lists it without asking it.

    group is one of lab, researcher, practitioner, newsletter, course, community, vendor; weight is
    the source's own contribution to a post's score, 0 to 2, 1 where nothing is said.
    """

    name: str
    url: str
    group: str = ""
    only: Filter | None = None
    off: bool = False
    unofficial: bool = False
    weight: float = 1.0
    kind: str = "feed"


@dataclass(frozen=True, slots=True)
class DeadlinesSpec:
    """A public YAML file of conference dates.

    only keeps those of these venues, by key; own_venues are the user's, whose names are looked for
    beside those of the table. off lists it without asking it.
    """

    name: str
    url: str
    only: tuple[str, ...] = ()
    off: bool = False
    own_venues: tuple[Venue, ...] = ()
    kind: str = "deadlines"


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A public calendar: meetings of a group, a hackathon. off lists it without asking it."""

    name: str
    url: str
    off: bool = False
    kind: str = "calendar"


@dataclass(frozen=True, slots=True)
class BundleSpec:
    """Recorded entries: a directory, or the word `shelf` for the one that ships with the package.

    use is news (each entry stands in the week it carries) or shelf (landmarks, one a week).
    """

    name: str
    path: str
    use: Literal["news", "shelf"] = "news"
    kind: str = "bundle"


# The sources that are one address, asked when it is due.
WebSpec = FeedSpec | DeadlinesSpec | CalendarSpec
SourceSpec = ArxivSpec | BundleSpec | WebSpec


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
    """What every page says of this instance. base_url is empty or ends with a slash."""

    title: str
    base_url: str = ""
    contact: str = ""
    timezone: str = "UTC"
    version: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run wants of a source: the week to complete, and which day it is.

    With rehearsal (`--now`) no next-check time is stored. wall is the wall-clock time of the run.
    again names papers, by id, whose comment may have changed without a new version. sample is true
    for the sample issues, whose days are fixed whatever the clock says.
    """

    week: str
    now: datetime
    wall: datetime
    rehearsal: bool = False
    again: tuple[str, ...] = ()
    sample: bool = False
