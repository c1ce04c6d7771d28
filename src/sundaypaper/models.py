"""Every noun of the paper, frozen. Times are aware UTC datetimes; imports nothing of ours.

Ids: `arxiv:2602.00001` (never with a version), `doi:10.…`, else `post:` and 16 hex digits of the
SHA-256 of the canonical url; an event `event:` and 16 digits of what does not change with its date.
A week is written `2026-W10` (ISO 8601).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["paper", "post", "course", "event"]
Status = Literal["accepted", "submitted", "rejected", "withdrawn"]
Ring = Literal["accepted", "near", "field"]
Standing = Literal["new", "late", "update", "backlog"]
SourceState = Literal["fresh", "unchanged", "waiting", "incomplete", "failed", "off", "not due"]
Occasion = Literal["", "deadline", "decision", "conference", "meeting"]

# The tracks whose papers count as accepted at a venue, in the accepted ring and its headline.
CORE_TRACKS = ("main", "datasets", "position")

# ---------------------------------------------------------------- what a user configures


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
    again names papers, by id, whose comment may have changed without a new version.
    """

    week: str
    now: datetime
    wall: datetime
    rehearsal: bool = False
    again: tuple[str, ...] = ()


# ---------------------------------------------------------------- what a source said


@dataclass(frozen=True, slots=True)
class Entry:
    """What the source said, cleaned to plain text (no markup, no control characters, NFC).

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
class Place:
    """Where an entry stands, decided when it was first seen.

    week is the issue to which it belongs, empty for a backlog; late the issue that told of it
    although its week had been printed; touched the issue week of its newest update.
    """

    entry: Entry
    week: str
    late: str
    touched: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """What we know of an entry: when it was first seen and in which week it stands.

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
    """A part of a source that did not come: its name for a person, and how many were declared."""

    name: str
    expected: int | None
    fetched: int
    why: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source in one run. expected is what the source itself declared, None where it does not."""

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
    """What a source remembers between runs. Opaque to all but its own module.

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
    """What one source brought: news may be printed, updates only tell of known or older papers.

    Only a bundle fills the rest: landmarks for the shelf, earlier wordings by entry id, the reports
    of the sources that it recorded, and the sentence that says that it is a reprint.
    names holds, by entry id, the other ids under which the source may name that entry: by its guid
    and by its address, "" where there is none. again tells that the source was read before.
    """

    report: SourceReport
    poll: PollState
    news: tuple[Entry, ...] = ()
    updates: tuple[Entry, ...] = ()
    shelf: tuple[Entry, ...] = ()
    wordings: Mapping[str, tuple[Wording, ...]] = field(default_factory=dict)
    recorded: tuple[SourceReport, ...] = ()
    reprint: str = ""
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    again: bool = False


# ---------------------------------------------------------------- what reading finds out


@dataclass(frozen=True, slots=True)
class Claim:
    """What the authors say about a venue for this paper, and the words that say so.

    The keys are those of the acceptance rubric: venue `neurips` or `other:short name`; track main,
    findings, workshop, datasets, position, demo, challenge, journal or other; presentation oral,
    spotlight, highlight, poster, best_paper or None. field is comment or journal_ref.
    """

    venue: str
    year: int | None
    track: str
    status: Status
    presentation: str | None = None
    span: str = ""
    field: str = "comment"


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic, 0 < score <= 1, and the reason in words: `title: flow matching`."""

    topic: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an entry carries beside its topics: code, data, survey, tutorial, course, event, release."""

    kind: str
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

    papers holds the ids of papers that a post links or names, of whatever week.
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
    """What came out since an entry was printed: its code, in the words that name it."""

    id: str
    span: str
    printed: str
    change: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A story, read: its claims, topics, evidence and the one sentence of its own that says most."""

    story: Story
    claims: tuple[Claim, ...] = ()
    tags: tuple[Tag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    gist: str = ""
    acceptance: Acceptance | None = None
    taken_back: Acceptance | None = None
    follow_up: FollowUp | None = None


# ---------------------------------------------------------------- what editing decides


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


@dataclass(frozen=True, slots=True)
class Item:
    """A place in a section: the id of a pick, why it stands there, and in which form.

    form is full (title, authors, claim, gist, why), short (title, source, gist) or title.
    """

    id: str
    why: str
    form: Literal["full", "short", "title"] = "full"


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
    """A line of "This week in one minute": a sentence from counts, and the section it leads to."""

    text: str
    section: str


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
    """What a person decided for one week: their words, and which entries stand first or not at all.

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
    """What was said of an entry after it was printed: a note under it, or that it was removed."""

    id: str
    made: datetime
    kind: Literal["note", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One week, frozen: all that its pages say.

    state is frozen or draft (then `why_draft` says what is missing). entries holds every new,
    late or newly accepted entry of the week plus what a section prints (a landmark, a date), best
    score first; sections refer to them by id. abstracts holds the source's own summary of every
    entry, by id. editorial is None where no person had a hand in it; amendments are those of
    earlier issues that this one tells.
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


@dataclass(frozen=True, slots=True)
class IssueHead:
    """An issue as the archive lists it."""

    week: str
    state: Literal["frozen", "draft"]
    headline: str
    printed: int
    listed: int
    composed: datetime
    reprint: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """What one issue printed: its picks, the ids of the sections in which each stands, abstracts."""

    week: str
    picks: tuple[Pick, ...]
    where: Mapping[str, tuple[str, ...]]
    abstracts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A paper that says to be accepted somewhere, as the venue's page lists it."""

    id: str
    week: str
    title: str
    url: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic's id and its name for a person."""

    id: str
    name: str


# ---------------------------------------------------------------- filters


@dataclass(frozen=True, slots=True)
class Words:
    """One word or a phrase, folded; with prefix the last word may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """field:value, the value folded as its field is."""

    field: str
    value: str
    prefix: bool = False


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
    """What a filter looks at: one entry, prepared once and matched many times.

    text is the folded words of title and summary, one space apart, a space at both ends and two
    between title and summary, so that a phrase never crosses from one into the other. fields maps
    topic, ring, kind, author, cat, source, group, id, has, week to folded values.
    """

    text: str
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    day: date | None = None


# ---------------------------------------------------------------- what is published


@dataclass(frozen=True, slots=True)
class Page:
    """A file to publish: its path below the build, with forward slashes, and its bytes."""

    path: str
    body: bytes


# ---------------------------------------------------------------- what is delivered


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who gets the paper by mail.

    filter is a query, edition the id of an edition; both empty for the whole paper. empty says
    what a week without a matching entry brings: a mail of one line, or none. token is 26 letters
    and digits of lower case that nobody can guess: who shows it may change or end this
    subscription. origin says how the address came here.
    """

    id: int
    address: str
    filter: str = ""
    edition: str = ""
    empty: Literal["say", "skip"] = "say"
    state: Literal["pending", "confirmed", "left"] = "confirmed"
    token: str = ""
    origin: Literal["command", "import", "group", "web"] = "command"


DeliveryState = Literal[
    "queued", "sending", "sent", "deferred", "failed", "uncertain", "suppressed"
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One issue to one subscriber, as the outbox keeps it.

    tag is 26 letters and digits, a function of issue and subscriber: it stands in the Message-ID
    and in the envelope's sender, so that a resend has the same id and a bounce finds its row.
    tries counts attempts; due is when the next one may be made; queued is the Date of the mail.
    told is what the server said, without any address.
    """

    week: str
    subscriber: int
    tag: str
    state: DeliveryState = "queued"
    tries: int = 0
    queued: datetime | None = None
    due: datetime | None = None
    settled: datetime | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A digest as a mail says it, before it is addressed to anybody.

    html and text hold the mark of the caller wherever a subscriber's own token will stand.
    entries counts what is printed in it; left_out what stood in the edition and fell to the weight.
    """

    subject: str
    html: str
    text: str
    entries: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel sends: envelope sender and recipient, and the bytes of RFC 5322 with CRLF."""

    sender: str
    recipient: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a letter.

    code is the SMTP reply or 0; status the enhanced status such as 5.1.1 or "". told is a sentence
    for a person without any address. uncertain: the server may or may not have taken it.
    """

    state: Literal["sent", "deferred", "failed", "uncertain"]
    code: int = 0
    status: str = ""
    told: str = ""
