"""One page of arXiv's query API: bytes in, entries out. Picklable, with no state.

The form of the answer is that of the arXiv API user's manual; the `arxiv` package reads it. What
it would pass over in silence is refused here first: HTML, a cut document, an error told as an
entry, a page without a declared total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import arxiv
from lxml import etree

from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.text import clean

ATOM = "{http://www.w3.org/2005/Atom}"
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


@dataclass(frozen=True, slots=True)
class ArxivPage:
    """What a page holds: the declared total, its entries, and how many came, readable or not."""

    total: int
    held: int
    entries: tuple[Entry, ...]
    dropped: tuple[str, ...] = ()


def parse(body: bytes, source: str) -> ArxivPage:
    """A page's entries; ParseError where it is not a page of results."""
    root = _root(body)
    total = _total(root)
    elements = root.findall(f"{ATOM}entry")
    dropped = []
    for element in elements:
        if fault := _fault(element):
            dropped.append(fault)
            root.remove(element)
    left = len(elements) - len(dropped)
    if not left:
        return ArxivPage(total, len(elements), (), tuple(dropped))
    client = arxiv.Client(page_size=left, delay_seconds=0, num_retries=0)
    client._session = _Canned(etree.tostring(root))
    results = islice(client.results(arxiv.Search(max_results=left)), left)
    return ArxivPage(
        total, len(elements), tuple(_entry(r, source) for r in results), tuple(dropped)
    )


@dataclass(frozen=True, slots=True)
class _Canned:
    """Stands where the package expects a requests session: every address gives these bytes."""

    content: bytes
    status_code: int = 200

    def get(self, _url: str, headers: object = None) -> _Canned:
        return self


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
            said = clean(element.findtext(f"{ATOM}summary") or "an error without words", 200)
            raise ErrorEntry(f"arXiv refused the question: {said}")
    text = (root.findtext(TOTAL) or "").strip()
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ParseError("arXiv's answer does not declare how many results there are")
    return int(text)


def _fault(element: Any) -> str:
    """What makes an entry unreadable, empty where nothing does."""
    address = (element.findtext(f"{ATOM}id") or "").strip()
    if not ID.search(address):
        return f"{clean(address, 80) or 'an entry without id'}: not an arXiv id"
    for name in ("published", "updated"):
        if not _is_date(element.findtext(ATOM + name) or ""):
            return f"{address}: no readable date in <{name}>"
    return ""


def _is_date(text: str) -> bool:
    """Whether the `arxiv` package, which reads it like this, makes a sensible moment of it."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return False
    return moment.year in YEARS


def _entry(result: arxiv.Result, source: str) -> Entry:
    found = ID.search(result.entry_id)
    assert found is not None  # _fault has taken out what does not match
    id = found[1]
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
        version=int(found[2] or 1),
        categories=tuple(filter(None, (clean(c, CATEGORY) for c in categories))),
        comment=clean(result.comment or "", 2000),
        journal_ref=clean(result.journal_ref or "", 1000),
        doi=clean(result.doi or "", 300),
    )
