"""Builds the Sheet of a digest, from which its HTML and its text are both laid out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Literal

from markupsafe import Markup

from sundaypaper import markdown, text
from sundaypaper.formats.email.entries import MailReader, Part
from sundaypaper.formats.hrefs import web
from sundaypaper.formats.view import view
from sundaypaper.models import Claim, Funnel, Issue, Masthead, SourceReport
from sundaypaper.wording.amendments import amendment_label, amendment_words
from sundaypaper.wording.counts import number, plural
from sundaypaper.wording.dates import week_words
from sundaypaper.wording.reports import state_words, troubled
from sundaypaper.wording.sentences import sentence

SUBJECT, NAME = 78, 30
PREHEADER = 120
ABOUT, LONG = 160, 400  # characters of the first line, and of any other of ours
MINUTE = 5
OURS = ("minute", "made")  # written in words of their own
TROUBLES, SLICES = 8, 4  # sources and parts of them named as missing; the rest is counted
YEAR = re.compile(r" [0-9]{4}\b")
HREF = re.compile(r'href="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Links:
    """Links of a mail beside its entries; each empty or an address.

    page is the issue's page. leave and change hold mark where a subscriber's own token will stand,
    and preferences_mark where that of their preferences will.
    """

    page: str = ""
    subscribe: str = ""
    leave: str = ""
    change: str = ""
    mark: str = ""
    preferences_mark: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that there are."""
        return tuple(filter(None, (self.mark, self.preferences_mark)))

    def __post_init__(self) -> None:
        """ValueError where one is no address: a mail without its way out must not be sent."""
        for name in ("page", "subscribe", "leave", "change"):
            if (url := getattr(self, name)) and not web(url):
                raise ValueError(f"{name}: not an address of http, https or mailto")


@dataclass(frozen=True, slots=True)
class Way:
    """A link of ours beside the entries; its words stand in templates/mail/ways.txt."""

    what: Literal["page", "subscribe", "change", "leave", "contact"]
    url: str

    @property
    def is_mail(self) -> bool:
        """Whether it is a mail that a reader sends."""
        return self.url.startswith("mailto:")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list that a person wrote: as HTML, as text, and where it leads to."""

    html: Markup
    text: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a digest prints. first is its first line, doors the ways behind it.

    made begins with the counts of the whole issue. welcome: it is sent because its reader confirmed.
    """

    subject: str
    preheader: str
    first: tuple[str, ...]
    doors: tuple[Way, ...]
    name: str
    site: str
    week: str
    notices: tuple[tuple[str, str], ...]
    headline: str
    note: str
    editor: tuple[Block, ...]
    signed: str
    minute_title: str
    minute: tuple[str, ...]
    parts: tuple[Part, ...]
    made: tuple[str, ...]
    troubles: tuple[tuple[str, str], ...]
    ways: tuple[Way, ...]
    welcome: bool = False

    @property
    def count(self) -> int:
        """How many entries it prints."""
        return sum(part.count for part in self.parts)

    @property
    def how_made(self) -> tuple[str, ...]:
        """Sentences about the making: the counts of the whole issue, that of this mail, and notes."""
        week, *more = self.made
        return (week, f"This mail prints {number(self.count)}.", *more)


def sheet_of(
    issue: Issue,
    masthead: Masthead,
    links: Links,
    about: str,
    note: str,
    claim: Callable[[Claim], str],
) -> Sheet:
    """The sheet of an issue that is filtered for its subscriber; claim puts a claim into words."""
    read = MailReader(view(issue), links.marks, claim)
    headline, name = read.formula(issue.headline), read.words(masthead.title)
    lines = (read.words(line.text) for line in issue.minute[:MINUTE])
    minute = tuple(text.shorten(line, LONG) for line in lines if line != headline)
    parts = tuple(
        read.part(section, _within(links.page, section.id))
        for section in issue.sections
        if section.id not in OURS and (section.items or section.note)
    )
    subject = _subject(name, headline, issue.week) if parts else _nothing(name, issue.week, about)
    return Sheet(
        subject=subject,
        preheader=text.shorten(_preheader(parts, minute), PREHEADER),
        first=tuple(_first(issue, about, read)),
        doors=_ways(Way("change", links.change), Way("leave", links.leave)),
        name=name,
        site=web(masthead.base_url),
        week=week_words(issue.week),
        notices=tuple(_notices(issue, read)),
        headline=text.shorten(headline, LONG),
        note="" if note == issue.headline else text.shorten(read.words(note), LONG),
        editor=tuple(_editor(issue, read)),
        signed=read.words(issue.editorial.signed if issue.editorial else ""),
        minute_title=f"This {'edition' if about else 'week'} in one minute",
        minute=minute,
        parts=parts,
        made=tuple(_made(issue, read)),
        troubles=tuple(_troubles(issue, read)),
        ways=_all_ways(masthead, links),
    )


def _subject(name: str, headline: str, week: str) -> str:
    """The name of the paper, whose mails lie among many, and its headline without a full stop."""
    said = text.shorten(name, NAME) + (f": {headline}" if headline else f", {week_words(week)}")
    return text.shorten(said.removesuffix("."), SUBJECT)


def _nothing(name: str, week: str, about: str) -> str:
    """The subject of a mail without entries: calm, and another one each week."""
    days = YEAR.sub("", week_words(week))
    after = f", {days}: nothing {'for you' if about else 'new'}"
    return text.shorten(name, SUBJECT - len(after)) + after


def _first(issue: Issue, about: str, read: MailReader) -> Iterator[str]:
    yield plural(issue.minutes, "minute")
    if about:
        yield f"your topics: {text.shorten(read.words(about), ABOUT)}"


def _all_ways(masthead: Masthead, links: Links) -> tuple[Way, ...]:
    contact = masthead.contact
    at = f"mailto:{contact}" if "@" in contact and not web(contact) else contact
    return _ways(
        Way("page", links.page),
        Way("subscribe", links.subscribe),
        Way("change", links.change),
        Way("leave", links.leave),
        Way("contact", web(at)),
    )


def _ways(*ways: Way) -> tuple[Way, ...]:
    return tuple(way for way in ways if way.url)


def _within(page: str, section: str) -> str:
    """The section on the page, where the address leaves room for it."""
    return f"{page}#{section}" if page and "#" not in page else page


def _preheader(parts: tuple[Part, ...], minute: tuple[str, ...]) -> str:
    """The text that an inbox shows behind the subject: the first entries, or else the counts."""
    first = next((part for part in parts if part.entries), None)
    if first is None:
        return " ".join(minute)
    return f"{first.title}: {'; '.join(entry.title for entry in first.entries)}"


def _notices(issue: Issue, read: MailReader) -> Iterator[tuple[str, str]]:
    if issue.state == "draft":
        why = f"This issue is not finished and may still change. {sentence(issue.why_draft)}"
        yield "Draft.", text.shorten(read.words(why), LONG)
    if issue.reprint:
        yield "Reprint.", text.shorten(read.words(issue.reprint), LONG)
    for one in issue.amendments:
        if one.id == issue.week:
            yield f"{amendment_label(one)}.", text.shorten(read.words(amendment_words(one)), LONG)


def _editor(issue: Issue, read: MailReader) -> Iterator[Block]:
    """The editor's words, block by block, as they were written and as they look."""
    for block in markdown.blocks(issue.editorial.intro if issue.editorial else ""):
        lines = [read.words(line) for line in block.splitlines()]
        written = "\n".join(lines)
        made = markdown.html(written)
        urls = tuple(unescape(url) for url in HREF.findall(made))
        hidden = tuple(url for url in dict.fromkeys(urls) if url not in written)
        yield Block(Markup(made), written, hidden)  # noqa: S704 it writes no HTML of others


def _made(issue: Issue, read: MailReader) -> Iterator[str]:
    yield _counted(issue.funnel)
    for section in issue.sections:
        if section.id == "made" and section.note:
            yield read.words(section.note)
    if issue.ledger and not troubled(issue.ledger):
        yield "Every source that was asked has answered in full."


def _counted(funnel: Funnel) -> str:
    were = "was" if funnel.updates == 1 else "were"
    return (
        f"The whole issue: {number(funnel.listed)} listed · {number(funnel.new)} new · "
        f"{plural(funnel.posts, 'post')} · {number(funnel.accepted)} accepted at a core venue · "
        f"{number(funnel.near)} near · {number(funnel.printed)} printed. "
        f"{plural(funnel.updates, 'update')} of older papers {were} read for news of acceptance."
    )


def _troubles(issue: Issue, read: MailReader) -> Iterator[tuple[str, str]]:
    reports = troubled(issue.ledger)
    for report in reports[:TROUBLES]:
        yield read.words(report.source), text.shorten(read.words(_trouble(report)), LONG)
    if len(reports) > TROUBLES:
        yield f"And {plural(len(reports) - TROUBLES, 'more source')}", "did not answer in full."


def _trouble(report: SourceReport) -> str:
    state = f"{state_words(report.state)}. {report.detail}"
    missing = [
        f"{part.name} ({number(part.fetched)}"
        f"{'' if part.expected is None else f' of {number(part.expected)}'}, {part.why})"
        for part in report.missing[:SLICES]
    ]
    more = len(report.missing) - SLICES
    missing += [f"and {more} more"] if more > 0 else []
    return f"{state} Missing: {'; '.join(missing)}." if missing else state
