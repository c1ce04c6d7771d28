"""Makes the files of the API from what the pages are made from, so that both say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from sundaypaper.codec import schema, to_json
from sundaypaper.formats.api.forms import (
    FORMS,
    ClaimLine,
    EntryFile,
    EntryLine,
    IssueFile,
    IssueLine,
    Issues,
    PrintedAt,
    Start,
    TopicFile,
    TopicLine,
    Topics,
    VenueFile,
    Venues,
    VenueYear,
    Year,
    Years,
)
from sundaypaper.formats.document import document, document_entry
from sundaypaper.formats.hrefs import slug, web
from sundaypaper.formats.site.entries import entry_path
from sundaypaper.formats.site.frame import PageFrame
from sundaypaper.models import Amendment, Claimed, Issue, IssueHead, Masthead, Page, Pick
from sundaypaper.text import shorten

ROOT = "api/v1"
# A paper's abstract is free to be handed on, a post is its author's: a taste of it must do.
POST_LENGTH = 300


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """An entry as its newest issue prints it. printed holds week and section ids, oldest first."""

    pick: Pick
    abstract: str
    printed: tuple[tuple[str, tuple[str, ...]], ...]
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicPicks:
    """A topic and its newest picks, each with its week."""

    id: str
    name: str
    picks: tuple[tuple[str, Pick], ...]


def start_pages(heads: tuple[IssueHead, ...], frame: PageFrame) -> tuple[Page, ...]:
    """Where to begin, the issues by year, and the schemas. heads are newest first."""
    years = [(year, list(group)) for year, group in groupby(heads, key=lambda head: head.week[:4])]
    begin = Start(
        format=1,
        title=frame.masthead.title,
        newest=heads[0].week if heads else "",
        issues=f"{ROOT}/issues/index.json",
        topics=f"{ROOT}/topics/index.json",
        venues=f"{ROOT}/venues/index.json",
        schemas={name: f"{ROOT}/schema/{name}.json" for name in FORMS},
    )
    listed = (Year(int(year), len(group), f"{ROOT}/issues/{year}.json") for year, group in years)
    return (
        _page("index", begin),
        _page("issues/index", Years(1, tuple(listed))),
        *(_page(f"issues/{year}", Issues(1, int(year), tuple(map(_head, group)))) for year, group in years),
        *schema_pages(),
    )  # fmt: skip


def schema_pages() -> tuple[Page, ...]:
    """The JSON Schema of each form."""
    return tuple(
        Page(f"{ROOT}/schema/{name}.json", schema(form, f"{form.__name__}, version 1").encode())
        for name, form in FORMS.items()
    )


def _head(head: IssueHead) -> IssueLine:
    return IssueLine(
        week=head.week,
        state=head.state,
        headline=head.headline,
        composed=head.composed,
        printed=head.printed,
        listed=head.listed,
        reprint=head.reprint,
        page=f"issues/{head.week}/index.html",
        api=f"{ROOT}/issues/{head.week}.json",
    )


def issue_file(issue: Issue, masthead: Masthead) -> IssueFile:
    """An issue with what it prints, in full."""
    ids = dict.fromkeys(item.id for section in issue.sections for item in section.items)
    printed = {pick.id: pick for pick in issue.entries if pick.id in ids}
    shown = replace(issue, entries=tuple(printed[id] for id in ids if id in printed))
    abstracts = {id: abstract(pick, issue.abstracts.get(id, "")) for id, pick in printed.items()}
    dates = {item.id for section in issue.sections for item in section.items if section.id == "dates"}  # fmt: skip
    return IssueFile(
        format=1,
        page=f"issues/{issue.week}/index.html",
        whole=f"issues/{issue.week}/issue.json",
        issue=document(shown, masthead),
        abstracts={id: text for id, text in abstracts.items() if text},
        entries={pick.id: api_path(pick.id) for pick in shown.entries if pick.id not in dates},
    )


def issue_page(issue: Issue, masthead: Masthead) -> Page:
    """The file of an issue."""
    return _page(f"issues/{issue.week}", issue_file(issue, masthead))


def entry_file(of: PrintedEntry) -> EntryFile:
    """A printed entry; what its page says."""
    return EntryFile(
        format=1,
        page=entry_path(of.pick.id),
        entry=document_entry(of.pick),
        abstract=abstract(of.pick, of.abstract),
        printed=tuple(PrintedAt(week, sections) for week, sections in of.printed),
        amendments=of.amendments,
    )


def entry_page(of: PrintedEntry) -> Page:
    """The file of a printed entry."""
    return _page(f"entries/{slug(of.pick.id)}", entry_file(of))


def abstract(pick: Pick, text: str) -> str:
    """What may be handed on of the text of an entry."""
    return text if pick.kind == "paper" or pick.own_words else shorten(text, POST_LENGTH)


def api_path(id: str) -> str:
    """Where the file of a printed entry lies."""
    return f"{ROOT}/entries/{slug(id)}.json"


def topic_pages(topics: Iterable[TopicPicks]) -> tuple[Page, ...]:
    """Each topic with its newest picks, and the list of them."""
    files = tuple(
        TopicFile(1, of.id, of.name, f"topics/{of.id}/index.html", tuple(_line(*at) for at in of.picks))
        for of in topics
    )  # fmt: skip
    lines = (TopicLine(of.id, of.name, of.page, f"{ROOT}/topics/{of.id}.json") for of in files)
    return (
        _page("topics/index", Topics(1, tuple(lines))),
        *(_page(f"topics/{file.id}", file) for file in files),
    )


def _line(week: str, pick: Pick) -> EntryLine:
    return EntryLine(
        id=pick.id,
        title=pick.title,
        url=web(pick.url),
        kind=pick.kind,
        week=week,
        page=entry_path(pick.id),
        api=api_path(pick.id),
    )


def venue_years(
    years: Mapping[str, Iterable[tuple[int, int, tuple[str, ...]]]], frame: PageFrame
) -> Venues:
    """Venues by year; years hold year, count and weeks by venue."""
    lines = (
        VenueYear(venue, frame.venues[venue], year, count, *_venue_paths(venue, year))
        for venue, each in years.items()
        for year, count, _ in each
    )
    return Venues(1, tuple(lines))


def venues_page(venues: Venues) -> Page:
    """The file of all venues."""
    return _page("venues/index", venues)


def venue_file(
    venue: str, year: int, lines: Iterable[Claimed], weekly: Mapping[str, int], frame: PageFrame
) -> VenueFile:
    """Who says to be accepted at a venue in a year; what its page counts and lists."""
    return VenueFile(
        format=1,
        venue=venue,
        name=frame.venues[venue],
        year=year,
        count=sum(weekly.values()),
        weekly=weekly,
        page=_venue_paths(venue, year)[0],
        lines=tuple(
            ClaimLine(line.id, line.title, web(line.url), line.week, line.claim) for line in lines
        ),
    )


def venue_page(file: VenueFile) -> Page:
    """The file of a venue in a year."""
    return _page(f"venues/{file.venue}/{file.year}", file)


def _venue_paths(venue: str, year: int) -> tuple[str, str]:
    return f"venues/{venue}/{year}/index.html", f"{ROOT}/venues/{venue}/{year}.json"


def _page(name: str, file: object) -> Page:
    return Page(f"{ROOT}/{name}.json", to_json(file) + b"\n")
