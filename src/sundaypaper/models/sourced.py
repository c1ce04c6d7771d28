"""Models of what sources deliver: entries, wordings, sightings, reports and poll states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sundaypaper.models.vocabulary import Kind, Occasion, SourceState, Standing


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its source gave it, cleaned to plain text (no markup, no control characters, NFC).

    more_authors counts those that the source names only as a number. With own_words the summary is
    this program's, not the authors'.
    links are the addresses found in a post's body; week and topics are given only by a bundle,
    which states them as facts. The rest belongs to an event: it starts and ends at these moments,
    which its source states in a zone (`AoE`, `UTC`, an IANA name; empty where it names days only,
    which then are UTC days); venue is the key of the venue whose deadline or decision it is.
    """

    id: str
    kind: Kind
    source: str
    url: str
    title: str
    summary: str = ""
    authors: tuple[str, ...] = ()
    more_authors: int = 0
    published: datetime | None = None
    updated: datetime | None = None
    version: int = 1
    categories: tuple[str, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    group: str = ""
    links: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    week: str = ""
    topics: tuple[str, ...] = ()
    own_words: bool = False
    zone: str = ""
    occasion: Occasion = ""
    venue: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a paper's comment and journal reference, and when it was first seen.

    week is the issue in which it was news.
    """

    seen: datetime
    version: int
    comment: str
    journal_ref: str = ""
    week: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """How many readers of a list elsewhere voted for an entry, when the list was asked.

    source is the name of the list's source in feeds.yaml.
    """

    source: str
    count: int
    asked: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands, decided when it was first seen.

    week is the issue to which it belongs, empty for a backlog; late the issue that printed it
    although its week had been printed; touched the issue week of its newest update.
    """

    entry: Entry
    week: str
    late: str
    touched: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry with the time when it was first seen and the week in which it stands.

    new: announced (paper) or first seen (post) in `week`; late: belongs to an earlier, already
    printed week; update: a paper that was announced before we knew it; backlog: never printed.
    """

    entry: Entry
    first_seen: datetime
    week: str
    standing: Standing
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a source that did not arrive in full.

    name is for a person; expected and fetched count entries; why says what went wrong.
    """

    name: str
    expected: int | None
    fetched: int
    why: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The outcome of one source in one run.

    expected is what the source itself declared, None where it does not.
    """

    source: str
    kind: str
    state: SourceState
    expected: int | None = None
    fetched: int = 0
    new: int = 0
    detail: str = ""
    missing: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True)
class PollState:
    """State of a source between runs. Opaque to all but its own module.

    next_check is wall time; answered_at is the `now` up to which the source answered completely.
    """

    source: str
    etag: str = ""
    last_modified: str = ""
    url: str = ""
    fetched_once: bool = False
    failures: int = 0
    next_check: datetime | None = None
    answered_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of one source: news may be printed, updates only concern known or older papers.

    Only a bundle fills the rest: landmarks for the shelf, earlier wordings by entry id, the reports
    of the sources that it recorded, and the sentence that says that it is a reprint.
    names holds, by entry id, the other ids under which the source may name that entry: by its guid
    and by its address, "" where there is none, then by what is only likely its own. again: the source was read before.
    votes are those of readers elsewhere, by entry id, whether that entry is known or not.
    weekly holds the report for each week's ledger where it differs from week to week.
    """

    report: SourceReport
    poll: PollState
    news: tuple[Entry, ...] = ()
    updates: tuple[Entry, ...] = ()
    shelf: tuple[Entry, ...] = ()
    wordings: Mapping[str, tuple[Wording, ...]] = field(default_factory=dict)
    recorded: tuple[SourceReport, ...] = ()
    reprint: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    again: bool = False
    votes: Mapping[str, tuple[Votes, ...]] = field(default_factory=dict)
    weekly: Mapping[str, SourceReport] = field(default_factory=dict)
