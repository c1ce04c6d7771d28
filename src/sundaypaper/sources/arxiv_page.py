"""Parser of one page of arXiv's query API: bytes to entries. Picklable, with no state.

    bytes | _root, _total: is it a page of results? | _result: an arxiv.Result | _entry: an Entry

The form of the answer is that of the arXiv API user's manual. The client of the `arxiv` package
fetches for itself and accepts what is refused here: HTML, a cut document, an error in the form of
an entry, a page without a declared total. So its Result is made here, from what lxml reads.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import arxiv
from lxml import etree

from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.text import clean

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
ID = re.compile(
    r"arxiv\.org/abs/([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v([0-9]{1,4}))?\s*\Z"
)
# arXiv began in 1991. A date outside of these years is a mistake, and weeks cannot count with all.
YEARS = range(1990, 2100)
# Characters. arXiv allows 1,920 in an abstract.
SUMMARY, CATEGORY = 10_000, 40


class ErrorEntry(ParseError):
    """arXiv answered with one entry that says what is wrong with the question."""


class _UnreadableEntry(Exception):
    """An entry without an arXiv id or a date, in a page that may be good otherwise."""


@dataclass(frozen=True, slots=True)
class ArxivPage:
    """A page as parsed: the declared total, its entries, and how many came, readable or not."""

    total: int
    held: int
    entries: tuple[Entry, ...]
    dropped: tuple[str, ...] = ()


def parse(body: bytes, source: str) -> ArxivPage:
    """A page's entries; ParseError where it is not a page of results."""
    root = _root(body)
    total = _total(root)
    elements = root.findall(f"{ATOM}entry")
    entries, dropped = [], []
    for element in elements:
        try:
            entries.append(_entry(_result(element), source))
        except _UnreadableEntry as fault:
            dropped.append(str(fault))
    return ArxivPage(total, len(elements), tuple(entries), tuple(dropped))


def _root(body: bytes) -> Any:
    if b"rate exceeded" in body[:200].lower():
        raise ParseError("arXiv answered 'Rate exceeded.' with status 200")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as bad:
        kind = "an HTML page" if b"<html" in body[:500].lower() or b"<!doctype html" in body[:500].lower() else "no well-formed XML"  # fmt: skip
        raise ParseError(f"arXiv answered with {kind} instead of a feed ({bad})") from bad
    if root.tag != f"{ATOM}feed":
        raise ParseError(f"arXiv answered with a <{etree.QName(root).localname}> instead of a feed")
    if root.getroottree().docinfo.doctype:
        raise ParseError("arXiv answered with a document type instead of a plain feed")
    return root


def _total(root: Any) -> int:
    for element in root.iter(f"{ATOM}entry"):
        if "/api/errors" in (element.findtext(f"{ATOM}id") or ""):
            complaint = clean(element.findtext(f"{ATOM}summary") or "an error without words", 200)
            raise ErrorEntry(f"arXiv refused the question: {complaint}")
    text = (root.findtext(TOTAL) or "").strip()
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ParseError("arXiv's answer does not declare how many results there are")
    return int(text)


def _result(element: Any) -> arxiv.Result:
    """An <entry> as the `arxiv` package has it; _UnreadableEntry without an id or a date."""

    def text(name: str) -> str:
        return element.findtext(name) or ""

    address = text(f"{ATOM}id").strip()
    if not ID.search(address):
        raise _UnreadableEntry(f"{clean(address, 80) or 'an entry without id'}: not an arXiv id")
    primary = element.find(f"{ARXIV}primary_category")
    return arxiv.Result(
        entry_id=address,
        published=_moment(element, "published", address),
        updated=_moment(element, "updated", address),
        title=text(f"{ATOM}title"),
        authors=[
            arxiv.Result.Author(author.findtext(f"{ATOM}name") or "")
            for author in element.iterfind(f"{ATOM}author")
        ],
        summary=text(f"{ATOM}summary"),
        comment=text(f"{ARXIV}comment"),
        journal_ref=text(f"{ARXIV}journal_ref"),
        doi=text(f"{ARXIV}doi"),
        primary_category="" if primary is None else primary.get("term", ""),
        categories=[c.get("term", "") for c in element.iterfind(f"{ATOM}category")],
    )


def _moment(element: Any, name: str, address: str) -> datetime:
    """A date of an entry in UTC; _UnreadableEntry where there is none that makes sense."""
    text = (element.findtext(ATOM + name) or "").strip()
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.year in YEARS:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    raise _UnreadableEntry(f"{address}: no readable date in <{name}>")


def _entry(result: arxiv.Result, source: str) -> Entry:
    match = ID.search(result.entry_id)
    assert match is not None  # _result has refused what does not match
    id = match[1]
    categories = dict.fromkeys((result.primary_category, *result.categories))
    return Entry(
        id=f"arxiv:{id}",
        kind="paper",
        source=source,
        url=f"https://arxiv.org/abs/{id}",
        title=clean(result.title, 300) or id,
        summary=clean(result.summary, SUMMARY),
        authors=tuple(name for a in result.authors if (name := clean(a.name, 120))),
        published=result.published,
        updated=result.updated,
        version=int(match[2] or 1),
        categories=tuple(filter(None, (clean(c, CATEGORY) for c in categories))),
        comment=clean(result.comment, 2000),
        journal_ref=clean(result.journal_ref, 1000),
        doi=clean(result.doi, 300),
    )
