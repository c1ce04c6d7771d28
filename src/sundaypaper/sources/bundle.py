"""Bundles, sources of recorded entries: a directory of two files, or the packaged shelf.

manifest.json: {format: 2, title, now, weeks, reprint, ledger: {week: [source reports]}}.
entries.jsonl: one entry a line; wordings give the history of its comment, week by week, and votes
what readers of lists elsewhere voted by which day. A bundle of format 1 has no votes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from sundaypaper import weeks
from sundaypaper.errors import ParseError
from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.models import (
    Ask,
    Entry,
    Fetched,
    Kind,
    PollState,
    Slice,
    SourceReport,
    SourceState,
    Votes,
    Wording,
)
from sundaypaper.sources.contract import Source
from sundaypaper.text import clean
from sundaypaper.urls import canonical, post_id

SHELF = "shelf"
FORMAT = 2
MIDWEEK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class BundleSource(Source):
    """Recorded entries: courses, landmarks, dates."""

    on_disk: ClassVar[bool] = True

    kind: str = field(default="bundle", kw_only=True)
    path: Annotated[
        v.Text,
        key(
            "a directory in the folder of feeds.yaml, or `shelf` for the landmarks that come with "
            "Sunday Paper"
        ),
    ]
    use: Annotated[
        Literal["news", "shelf"] | None,
        key(
            "news prints each entry in the week it carries; shelf shows one landmark a week; by "
            "default shelf for `path: shelf`, else news"
        ),
    ] = None

    @property
    def is_shelf(self) -> bool:
        """Whether its entries are landmarks, one a week."""
        return self.use == "shelf" or (self.use is None and self.path == SHELF)

    @property
    def address(self) -> str:
        """The directory."""
        return self.path

    def in_folder(self, folder: Path) -> Self:
        """With its path seen from the folder; that of the packaged shelf stays."""
        return self if self.path == SHELF else replace(self, path=str(folder / self.path))

    def read(self, poll: PollState, ask: Ask) -> Fetched:
        """The entries recorded up to the week that is asked for."""
        return fetch(self, poll, ask)


def _utc(value: datetime) -> datetime:
    if not 1900 < value.year < 2100:
        raise ValueError(f"the year {value.year} is none of ours")
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _week(value: str) -> str:
    weeks.monday(value)
    return value


Utc = Annotated[datetime, AfterValidator(_utc)]
Moment = Annotated[Utc | None, BeforeValidator(lambda value: value or None)]
Week = Annotated[str, AfterValidator(_week)]
WeekOrNone = Annotated[str, AfterValidator(lambda value: value and _week(value))]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]\S*$", max_length=2000)]


Version = Annotated[int, Field(ge=1, le=9999)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class RecordedWording(_Strict):
    """A comment as it stood from that week on."""

    week: Week
    version: Version = 1
    comment: str = ""


class RecordedVotes(_Strict):
    """How many readers of a list had voted when it was asked."""

    source: str
    count: int = Field(ge=0, le=1_000_000)
    asked: Utc


class RecordedEntry(_Strict):
    """A line of entries.jsonl."""

    id: str = ""
    kind: Kind
    shelf: bool = False
    source: str
    group: str = ""
    url: Url
    title: str
    authors: list[str] = Field(default_factory=list)
    n_authors: int = 0
    published: Moment = None
    version: Version = 1
    categories: list[str] = Field(default_factory=list)
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    summary: str = ""
    topics: list[str] = Field(default_factory=list)
    links: list[Url] = Field(default_factory=list)
    week: WeekOrNone = ""
    starts: Moment = None
    ends: Moment = None
    wordings: list[RecordedWording] = Field(default_factory=list)
    votes: list[RecordedVotes] = Field(default_factory=list)


class RecordedSlice(_Strict):
    """A part of a source that did not come."""

    name: str
    expected: int | None = None
    fetched: int = 0
    why: str


class RecordedReport(_Strict):
    """A row of the manifest's ledger."""

    source: str
    kind: str
    state: SourceState
    expected: int | None = None
    fetched: int = 0
    new: int = 0
    detail: str = ""
    missing: list[RecordedSlice] = Field(default_factory=list)


class _Format(BaseModel):
    model_config = ConfigDict(defer_build=True)

    format: int = 1


class Manifest(_Strict, _Format):
    """manifest.json."""

    title: str
    now: Utc
    weeks: list[Week]
    reprint: str = ""
    own_words: bool = False
    ledger: Mapping[Week, list[RecordedReport]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it was read."""

    manifest: Manifest
    entries: tuple[RecordedEntry, ...]


def fetch(spec: BundleSource, poll: PollState, ask: Ask) -> Fetched:
    """The entries recorded up to the week that is asked for; ParseError where the bundle is broken."""
    bundle = read(spec.path)
    if spec.is_shelf:
        landmarks = tuple(
            _entry(e, bundle, e.comment, e.version) for e in bundle.entries if e.shelf
        )
        report = SourceReport(spec.name, "bundle", "unchanged", fetched=len(landmarks))
        return Fetched(report, poll, shelf=landmarks)
    entries, wordings, votes = [], {}, {}
    for recorded in bundle.entries:
        if recorded.week and recorded.week <= ask.week:
            entry, history = _as_of(recorded, bundle, ask.week)
            entries.append(entry)
            if history:
                wordings[entry.id] = history
            if said := _votes(recorded, ask.week):
                votes[entry.id] = said
    report = SourceReport(spec.name, "bundle", "fresh", expected=len(entries), fetched=len(entries))
    recorded_reports = tuple(_report(r) for r in bundle.manifest.ledger.get(ask.week, ()))
    return Fetched(
        report,
        poll,
        news=tuple(entries),
        wordings=wordings,
        recorded=recorded_reports,
        reprint=bundle.manifest.reprint,
        votes=votes,
    )


def read(path: str) -> Bundle:
    """A bundle by its directory, or by the word `shelf`; ParseError names file and line."""
    folder: Traversable = files("sundaypaper") / "data" / SHELF if path == SHELF else Path(path)
    manifest_file = folder / "manifest.json"
    text = _text(manifest_file)
    try:
        # First the number alone: what else a newer format says is not for this program to judge.
        header = _Format.model_validate_json(text)
        if header.format > FORMAT:
            raise ParseError(f"{manifest_file}: format {header.format} is newer than this program")
        manifest = Manifest.model_validate_json(text)
    except ValidationError as bad:
        raise ParseError(f"{manifest_file}: {_first(bad)}") from bad
    return Bundle(manifest, tuple(_entries(folder / "entries.jsonl")))


def _text(file: Traversable) -> str:
    if isinstance(file, Path) and not file.resolve().is_relative_to(file.parent.resolve()):
        raise ParseError(f"{file}: is a link that leads out of the bundle")
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise ParseError(f"{file}: cannot be read ({bad})") from bad


def _entries(file: Traversable) -> list[RecordedEntry]:
    entries = []
    # Only a line feed ends a line: others may stand inside a JSON string as they are.
    for number, line in enumerate(_text(file).split("\n"), 1):
        if not line.strip():
            continue
        try:
            entries.append(RecordedEntry.model_validate_json(line))
        except ValidationError as bad:
            raise ParseError(f"{file}:{number}: {_first(bad)}") from bad
    return entries


def _first(bad: ValidationError) -> str:
    error = bad.errors()[0]
    where = ".".join(map(str, error["loc"]))
    return f"{where}: {error['msg']}" if where else error["msg"]


def _as_of(recorded: RecordedEntry, bundle: Bundle, week: str) -> tuple[Entry, tuple[Wording, ...]]:
    """The entry with the wording that stood in that week, and all wordings up to then."""
    known = sorted((w for w in recorded.wordings if w.week <= week), key=lambda w: w.week)
    if not known:
        return _entry(recorded, bundle, recorded.comment, recorded.version), ()
    last = known[-1]
    entry = _entry(recorded, bundle, last.comment, last.version)
    if len(known) > 1:
        entry = replace(entry, updated=_moment(last.week))
    history = tuple(
        Wording(_moment(w.week), w.version, clean(w.comment), entry.journal_ref, w.week)
        for w in known
    )
    return replace(entry, week=known[0].week), history


def _votes(recorded: RecordedEntry, week: str) -> tuple[Votes, ...]:
    """The votes as each list had them in that week or last before it, by the list's name."""
    known = (v for v in recorded.votes if weeks.iso_week(v.asked.date()) <= week)
    last = {v.source: v for v in sorted(known, key=lambda v: v.asked)}
    return tuple(Votes(name, v.count, v.asked) for name, v in sorted(last.items()))


def _entry(recorded: RecordedEntry, bundle: Bundle, comment: str, version: int) -> Entry:
    return Entry(
        id=recorded.id or post_id(canonical(recorded.url)),
        kind=recorded.kind,
        source=recorded.source or bundle.manifest.title,
        url=recorded.url,
        title=clean(recorded.title, 300),
        summary=clean(recorded.summary),
        authors=tuple(filter(None, (clean(name, 120) for name in recorded.authors))),
        more_authors=max(0, recorded.n_authors - len(recorded.authors)),
        published=recorded.published,
        updated=recorded.published,
        version=version,
        categories=tuple(recorded.categories),
        comment=clean(comment),
        journal_ref=clean(recorded.journal_ref),
        doi=recorded.doi,
        group=recorded.group,
        links=tuple(recorded.links),
        starts=recorded.starts,
        ends=recorded.ends,
        week=recorded.week,
        topics=tuple(recorded.topics),
        own_words=bundle.manifest.own_words,
    )


def _moment(week: str) -> datetime:
    return datetime.combine(weeks.monday(week) + MIDWEEK, time(12), UTC)


def _report(row: RecordedReport) -> SourceReport:
    return SourceReport(
        row.source,
        row.kind,
        row.state,
        row.expected,
        row.fetched,
        row.new,
        row.detail,
        tuple(Slice(s.name, s.expected, s.fetched, s.why) for s in row.missing),
    )
