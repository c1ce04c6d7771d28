"""Turns entries and sections of an issue into the plain text of a mail, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sundaypaper import text
from sundaypaper.formats import mathematics
from sundaypaper.formats.hrefs import code_url, web
from sundaypaper.formats.view import View
from sundaypaper.issue import form_of
from sundaypaper.models import Claim, Item, Pick, Section
from sundaypaper.wording.amendments import amendment_label, amendment_words
from sundaypaper.wording.dates import when_words
from sundaypaper.wording.people import authors_words
from sundaypaper.wording.sentences import sentence

MENTIONS = 5  # posts named under an entry
LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, its address, the text after it, and its full name where that is longer."""

    words: str
    url: str
    after: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of an entry. kind is by, claim, change, gist, why, discussed or foot."""

    kind: str
    text: str
    label: str = ""
    after: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class MailEntry:
    """An entry as a mail prints it; beside is printed behind its title in a list."""

    id: str
    title: str
    url: str
    score: float
    lines: tuple[Line, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Titles:
    """Entries of which only titles are printed, under a name or none."""

    name: str
    entries: tuple[MailEntry, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: entries in full, then lists of titles. rest counts what only the page holds."""

    id: str
    title: str
    note: str
    entries: tuple[MailEntry, ...]
    titles: tuple[Titles, ...] = ()
    rest: int = 0
    url: str = ""

    @property
    def count(self) -> int:
        """How many entries it prints."""
        return len(self.entries) + sum(len(group.entries) for group in self.titles)


class MailReader:
    """Takes words of an issue into a mail: cleaned, mathematics as text, without the marks."""

    def __init__(self, view: View, marks: tuple[str, ...], claim: Callable[[Claim], str]) -> None:
        self.view, self.marks, self.claim = view, marks, claim

    def words(self, raw: str) -> str:
        """One line of text without control characters and without the caller's marks."""
        raw = text.clean(raw)
        for mark in self.marks:
            if mark in raw:
                raw = text.clean(raw.replace(mark, " "))
        return raw

    def formula(self, raw: str) -> str:
        """One line of text from a title or a sentence that may hold LaTeX."""
        return self.words(mathematics.plain(text.clean(raw)))

    def address(self, url: str) -> str:
        """The address as it is printed everywhere, or empty where a mail cannot lead there."""
        url = web(url)
        marked = any(mark in url for mark in self.marks)
        return "" if marked or len(url) > LONGEST_URL else url

    def part(self, section: Section, url: str) -> Part:
        """A section of the issue; url is where the rest of it stands."""
        named = self.words(section.title), self.words(section.note)
        if form_of(section.id) == "lines":
            listed = tuple(self._listed(item, section) for item in section.items)
            lists = (Titles("", listed),) if listed else ()
            return Part(section.id, *named, (), lists, section.rest, url)
        full = (item for item in section.items if item.form != "title")
        entries = tuple(self._mail_entry(item, section) for item in full)
        titles = tuple(
            Titles(
                self.words(group.name),
                tuple(self._title(pick, beside=self.words(why)) for pick, why in group.entries),
            )
            for group in self.view.listed(section.items)
        )
        return Part(section.id, *named, entries, titles, section.rest, url)

    def _title(self, pick: Pick, lines: tuple[Line, ...] = (), beside: str = "") -> MailEntry:
        url = self.address(pick.url)
        return MailEntry(
            pick.id, self.formula(pick.title) or "Untitled", url, pick.score, lines, beside
        )

    def _listed(self, item: Item, section: Section) -> MailEntry:
        pick = self.view.picks[item.id]
        when = when_words(pick.starts, pick.ends, pick.zone, room=True)
        why = item.why or (pick.source if section.id == "dates" else "")
        report = self.view.picks[item.report].url if item.report else ""
        more = f"technical report: {self.address(report)}" if self.address(report) else ""
        return self._title(pick, beside=self.words(" · ".join(filter(None, (when, why, more)))))

    def _mail_entry(self, item: Item, section: Section) -> MailEntry:
        pick = self.view.picks[item.id]
        if item.id in self.view.removed:
            removed = Line("why", self.words(sentence(item.why)))
            return MailEntry(pick.id, "Removed", "", pick.score, (removed,))
        newly = form_of(section.id) == "changes" and item.id in self.view.acceptances
        first = self._acceptance(pick) if newly else self._entry(item, pick)
        lines = (*first, *self._notes(pick), *self._discussed(pick), *self._foot(pick))
        return self._title(pick, tuple(line for line in lines if line.text or line.links))

    def _entry(self, item: Item, pick: Pick) -> Iterator[Line]:
        yield self._by(pick)
        if item.form == "full":
            for claim in pick.claims:
                span = self.words(claim.span)
                words = self.words(self.claim(claim))
                yield Line("claim", words, "the authors say", f"“{span}”" if span else "")
        gist = self.formula(pick.gist)
        yield Line("gist", gist if pick.own_words or not gist else f"“{gist}”")
        yield Line("why", self.words(item.why), "Why")

    def _acceptance(self, pick: Pick) -> Iterator[Line]:
        change = self.view.acceptances[pick.id]
        yield self._by(pick)
        yield Line("claim", self.words(self.claim(change.claim)), "the authors now say")
        old, new = self.words(change.old), self.words(change.new)
        yield Line("change", f"“{old}”" if old else "no comment", "Before")
        yield Line("change", f"“{new}”", "Now")
        if change.printed:
            yield Line("why", f"First printed here in {self.words(change.printed)}.")

    def _by(self, pick: Pick) -> Line:
        aside = pick.kind != "paper" and pick.source not in pick.authors
        names = (authors_words(pick), pick.source if aside else "")
        return Line("by", self.words(" · ".join(filter(None, names))))

    def _notes(self, pick: Pick) -> Iterator[Line]:
        yield Line("why", self.words(self.view.said.get(pick.id, "")), "The editor")
        for note in self.view.notes.get(pick.id, ()):
            yield Line("why", self.words(amendment_words(note)), amendment_label(note))

    def _discussed(self, pick: Pick) -> Iterator[Line]:
        if not pick.discussed:
            return
        links = tuple(
            Link(self.formula(post.title), self.address(post.url), f"({self.words(post.source)})")
            for post in pick.discussed[:MENTIONS]
        )
        more = len(pick.discussed) - MENTIONS
        after = f"and {more} more" if more > 0 else ""
        yield Line("discussed", "", "Discussed in", after, links)

    def _foot(self, pick: Pick) -> Iterator[Line]:
        topics = " · ".join(self.view.topics(pick))
        code = self.address(code_url(pick.evidence))
        name = f"{self.formula(pick.title)}: code"
        links = (Link("code", code, name=name),) if code else ()
        yield Line("foot", self.words(topics), links=links)
