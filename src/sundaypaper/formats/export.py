"""Exports of an issue, to paste into any newsletter tool: plain semantic HTML, or CommonMark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from sundaypaper import markdown
from sundaypaper.formats.hrefs import slug, web
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.formats.view import encode
from sundaypaper.issue import form_of
from sundaypaper.models import Amendment, Issue, Item, Masthead, Pick, Section
from sundaypaper.wording.amendments import amendment_label, amendment_words
from sundaypaper.wording.claims import claim_words
from sundaypaper.wording.dates import week_words, when_words
from sundaypaper.wording.people import authors_words
from sundaypaper.wording.sentences import sentence

THANKS = "Thank you to arXiv for use of its open access interoperability."


Picks = Mapping[str, Pick]


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of an entry: what it begins with in bold or "", its words, whether it is quoted."""

    label: str
    text: str
    quoted: bool = False


def export_markdown(issue: Issue, masthead: Masthead, venues: Mapping[str, str] = VENUES) -> str:
    """The issue as CommonMark. All that others wrote is escaped; addresses are whole."""
    m, editorial, picks = markdown, issue.editorial, _picks(issue)
    parts = [f"# {m.escaped(_title(issue))}", *map(m.escaped, _head(issue))]
    if editorial and editorial.intro:
        parts.append(editorial.intro)
        parts += [f"*{m.escaped(editorial.signed)}*"] if editorial.signed else []
    if issue.minute:
        lines = "\n".join(f"- {m.escaped(line.text)}" for line in issue.minute)
        parts += ["## In one minute", lines]
    for section in _sections(issue):
        parts.append(f"## {m.escaped(section.title)}")
        titles = [item for item in section.items if item.form == "title"]
        for item in section.items:
            if item.form != "title":
                parts += _markdown_entry(issue, item, picks, masthead, venues)
        parts += ["\n".join(_markdown_line(section, item, picks, masthead) for item in titles)]
        parts += [m.escaped(f"and {section.rest:,} more")] if section.rest else []
    whole = [f"[{m.escaped(words)}]({url})" for words, url in _whole(issue, masthead)]
    parts += [*whole, "---", THANKS]
    return _legal("\n\n".join(part for part in parts if part) + "\n")


def export_html(issue: Issue, masthead: Masthead, venues: Mapping[str, str] = VENUES) -> str:
    """The issue as HTML without classes, styles or scripts; addresses are whole."""
    editorial, picks = issue.editorial, _picks(issue)
    parts = [f"<h1>{_e(_title(issue))}</h1>", *(f"<p>{_e(text)}</p>" for text in _head(issue))]
    if editorial and editorial.intro:
        parts.append(markdown.html(editorial.intro))
        parts += [f"<p><em>{_e(editorial.signed)}</em></p>"] if editorial.signed else []
    if issue.minute:
        lines = "".join(f"<li>{_e(line.text)}</li>" for line in issue.minute)
        parts += ["<h2>In one minute</h2>", f"<ul>{lines}</ul>"]
    for section in _sections(issue):
        parts.append(f"<h2>{_e(section.title)}</h2>")
        titles = [item for item in section.items if item.form == "title"]
        for item in section.items:
            if item.form != "title":
                parts += _html_entry(issue, item, picks, masthead, venues)
        lines = "".join(f"<li>{_html_line(section, item, picks, masthead)}</li>" for item in titles)
        parts += [f"<ul>{lines}</ul>"] if titles else []
        parts += [f"<p>and {section.rest:,} more</p>"] if section.rest else []
    parts += [f"<p>{_a(words, url)}</p>" for words, url in _whole(issue, masthead)]
    parts += ["<hr>", f"<p>{THANKS}</p>"]
    return _legal("\n".join(parts) + "\n")


# ---------------------------------------------------------------- what both say


def _picks(issue: Issue) -> Picks:
    return {pick.id: pick for pick in issue.entries}


def _title(issue: Issue) -> str:
    return f"{issue.title}, {week_words(issue.week)}"


def _head(issue: Issue) -> Iterator[str]:
    if issue.state == "draft":
        yield f"Draft. {sentence(issue.why_draft)}"
    if issue.reprint:
        yield f"Reprint. {issue.reprint}"
    yield plain(issue.headline)
    for one in issue.amendments:
        if one.id == issue.week:
            yield plain(f"{amendment_label(one)}. {amendment_words(one)}".strip())


def _sections(issue: Issue) -> tuple[Section, ...]:
    return tuple(section for section in issue.sections if section.items)


def _whole(issue: Issue, masthead: Masthead) -> Iterator[tuple[str, str]]:
    if masthead.base_url:
        yield "The whole issue", f"{masthead.base_url}issues/{issue.week}/index.html"


def _address(pick: Pick, masthead: Masthead) -> str:
    """The page of the entry where the paper has an address and it is a paper's; else its own."""
    if masthead.base_url and (pick.kind == "paper" or not web(pick.url)):
        return f"{masthead.base_url}e/{slug(pick.id)}/index.html"
    return web(pick.url)


def _is_removed(issue: Issue, pick: Pick) -> bool:
    return any(
        one.id == pick.id and one.kind == "removed" and one.holds for one in issue.amendments
    )


def _entry(issue: Issue, item: Item, picks: Picks, venues: Mapping[str, str]) -> Iterator[_Line]:
    """The paragraphs printed of an entry."""
    pick = picks[item.id]
    if _is_removed(issue, pick):
        yield _Line("", sentence(item.why))
        return
    by = authors_words(pick)
    if pick.kind != "paper" and pick.source not in pick.authors:
        by = " · ".join(filter(None, (by, pick.source)))
    yield _Line("", by)
    for claim in pick.claims:
        yield _Line("the authors say:", claim_words(claim, venues))
    yield _Line("", pick.gist, quoted=not pick.own_words)
    yield _Line("Why:", item.why)
    note = issue.editorial.notes.get(pick.id, "") if issue.editorial else ""
    yield _Line("The editor:", note)
    for amendment in _notes(issue, pick):
        yield _Line(f"{amendment_label(amendment)}:", amendment_words(amendment))


def _notes(issue: Issue, pick: Pick) -> Iterator[Amendment]:
    return (
        amendment
        for amendment in issue.amendments
        if amendment.id == pick.id and (amendment.kind == "note" or not amendment.holds)
    )


def _beside(pick: Pick, item: Item, section: Section) -> str:
    """What a list says beside a title: when a date is, why a correction stands there."""
    if form_of(section.id) != "lines":
        return ""
    when = when_words(pick.starts, pick.ends, pick.zone, room=True)
    return " · ".join(filter(None, (when, item.why)))


# ---------------------------------------------------------------- Markdown


def _markdown_entry(
    issue: Issue, item: Item, picks: Picks, masthead: Masthead, venues: Mapping[str, str]
) -> Iterator[str]:
    pick = picks[item.id]
    yield f"### {markdown.link(pick.title, _address(pick, masthead))}"
    for line in _entry(issue, item, picks, venues):
        if line.text:
            label = f"**{markdown.escaped(line.label)}** " if line.label else ""
            yield f"{'> ' if line.quoted else ''}{label}{markdown.escaped(line.text)}"


def _markdown_line(section: Section, item: Item, picks: Picks, masthead: Masthead) -> str:
    pick = picks[item.id]
    beside = _beside(pick, item, section)
    more = f" · {markdown.escaped(beside)}" if beside else ""
    return f"- {markdown.link(pick.title, _address(pick, masthead))}{more}"


# ---------------------------------------------------------------- HTML


def _html_entry(
    issue: Issue, item: Item, picks: Picks, masthead: Masthead, venues: Mapping[str, str]
) -> Iterator[str]:
    pick = picks[item.id]
    yield f"<h3>{_a(pick.title, _address(pick, masthead))}</h3>"
    for line in _entry(issue, item, picks, venues):
        if line.text:
            label = f"<strong>{_e(line.label)}</strong> " if line.label else ""
            body = f"<p>{label}{_e(line.text)}</p>"
            yield f"<blockquote>{body}</blockquote>" if line.quoted else body


def _html_line(section: Section, item: Item, picks: Picks, masthead: Masthead) -> str:
    pick = picks[item.id]
    beside = _beside(pick, item, section)
    more = f" · {_e(beside)}" if beside else ""
    return f"{_a(pick.title, _address(pick, masthead))}{more}"


def _a(text: str, url: str) -> str:
    return f'<a href="{_e(url)}">{_e(text)}</a>' if url else _e(text)


def _e(text: str) -> str:
    return escape(text)


def _legal(text: str) -> str:
    """Without the characters that no page may hold."""
    return encode(text).decode()
