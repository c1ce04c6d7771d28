"""Parser of one page of arXiv's query API: bytes to entries. Picklable, with no state.

    bytes | _document: is it a feed? | _total: of results? | _result: an arxiv.Result | _entry: an Entry

A page that is no well-formed XML is mended where that is certain (characters, entities), and else
read entry by entry: what is wrong in one paper costs that paper, by name, and no other. The form of the answer is that of the arXiv API user's manual. The client of the `arxiv` package
fetches for itself and accepts what is refused here: HTML, a cut document, an error in the form of
an entry, a page without a declared total. So its Result is made here, from what lxml reads.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html.entities import html5
from itertools import islice
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

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
SOMEWHERE = re.compile(ID.pattern.removesuffix(r"\s*\Z"))
DECLARATION = re.compile(r"\A<\?xml\b[^>]*?\?>")
ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
FEED = re.compile(r"<feed\b[^<>]*>")
EDGE = re.compile(r"<(/?)entry\b[^<>]*>")
TITLE = re.compile(r"<title\b[^<>]*>([^<]*)")
# More than any page has; what has more is made to keep us busy.
EDGES = 10_000
# What XML 1.0 does not allow, as itself or as a reference, an & that begins none, a < that begins no tag.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REFERENCE = re.compile(r"&(?:#([0-9]{1,8});|#x([0-9a-fA-F]{1,7});|([A-Za-z][A-Za-z0-9]{1,31};))?")
STRAY = re.compile(r"<(?![A-Za-z/!?])")
OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
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

    @property
    def repeated(self) -> int:
        """How many rows of it came before on the same page."""
        return len(self.entries) - len({entry.id for entry in self.entries})


class _Document(NamedTuple):
    """A feed: its total as written, its entries that are well-formed, the names of the others."""

    total: str
    elements: list[Any]
    broken: list[str]


def parse(body: bytes, source: str) -> ArxivPage:
    """A page's entries; ParseError where it is not a page of results."""
    if b"rate exceeded" in body[:200].lower():
        raise ParseError("arXiv answered 'Rate exceeded.' with status 200")
    document = _document(body)
    total = _total(document)
    entries, dropped = [], document.broken
    for element in document.elements:
        try:
            entries.append(_entry(_result(element), source))
        except _UnreadableEntry as fault:
            dropped.append(str(fault))
    return ArxivPage(total, len(entries) + len(dropped), tuple(entries), tuple(dropped))


# ---------------------------------------------------------------- the document


def _document(body: bytes) -> _Document:
    """The feed of an answer, mended or read entry by entry where it has to be."""
    try:
        return _whole(body)
    except etree.XMLSyntaxError as bad:
        text = _mended(body)
        with suppress(etree.XMLSyntaxError):
            return _whole(text.encode())
        if document := _by_entry(text):
            return document
        raise ParseError(f"arXiv answered with {_kind(text)} instead of a feed ({bad})") from bad


def _kind(text: str) -> str:
    """What an answer is that is no feed."""
    start = text[:500].lower()
    if "<html" in start or "<!doctype html" in start:
        return "an HTML page"
    return "half a page" if "<feed" in start and "</feed>" not in text else "no well-formed XML"


def _whole(body: bytes) -> _Document:
    """A well-formed feed; ParseError for another document, etree.XMLSyntaxError for none."""
    root = _tree(body)
    if root.tag != f"{ATOM}feed":
        raise ParseError(f"arXiv answered with a <{etree.QName(root).localname}> instead of a feed")
    if root.getroottree().docinfo.doctype:
        raise ParseError("arXiv answered with a document type instead of a plain feed")
    return _Document(root.findtext(TOTAL) or "", root.findall(f"{ATOM}entry"), [])


def _tree(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(body, parser=parser)


def _mended(body: bytes) -> str:
    """The text of a page with what XML forbids taken out: bytes, characters, references, a bare & or <."""
    declared = ENCODING.match(body.lstrip())
    try:
        encoding = codecs.lookup(declared[1].decode() if declared else "utf-8").name
        text = body.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        text = body.decode("utf-8", "replace")
    text = DECLARATION.sub("", text.removeprefix("\ufeff").lstrip(), count=1)
    if "<![CDATA[" not in text:
        text = text.replace("]]>", "]]&gt;")
    return FORBIDDEN.sub("", REFERENCE.sub(_reference, STRAY.sub("&lt;", text)))


def _reference(found: re.Match[str]) -> str:
    """A reference that XML knows; the character of one that only HTML knows; "&amp;" for none."""
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        code = int(decimal or hexadecimal, 10 if decimal else 16)
        return found[0] if code < 0x11_0000 and not FORBIDDEN.match(chr(code)) else ""
    if name in OWN:
        return found[0]
    return escape(html5[name]) if name in html5 else found[0].replace("&", "&amp;")


def _by_entry(text: str) -> _Document | None:
    """The entries of a page that are well-formed, each by itself; None where there is no feed.

    An entry at which the page was cut off is not counted: asked again, the rest may come.
    """
    text = text[: text.rfind("</feed>") + len("</feed>")] if "</feed>" in text else text
    edges = list(islice(EDGE.finditer(text), EDGES + 1))
    start = FEED.search(text)
    if start is None or not edges or len(edges) > EDGES:
        return None
    frame = text[: edges[0].start()]
    try:
        total = _whole(f"{frame}</feed>".encode()).total
    except etree.XMLSyntaxError:
        return None
    elements, broken = [], []
    for piece in _pieces(text, edges):
        try:
            (element,) = _whole(f"{start[0]}{piece}</feed>".encode()).elements
        except (etree.XMLSyntaxError, ParseError, ValueError):
            broken.append(f"{_name(piece)}: no well-formed XML")
        else:
            elements.append(element)
    return _Document(total, elements, broken) if elements or broken else None


def _pieces(text: str, edges: list[re.Match[str]]) -> list[str]:
    """What lies from each <entry> to its </entry>, or to the next <entry> where it has no end."""
    found = []
    begun: int | None = None
    for edge in edges:
        if begun is not None:
            found.append(text[begun : edge.end() if edge[1] else edge.start()])
        begun = None if edge[1] else edge.start()
    if begun is not None and text.endswith("</feed>"):
        found.append(text[begun : -len("</feed>")])
    return found


def _name(piece: str) -> str:
    """What a paper that cannot be read is called: its id, else its title."""
    if id := SOMEWHERE.search(piece):
        return f"arxiv:{id[1]}"
    title = TITLE.search(piece)
    return repr(clean(title[1], 80)) if title and title[1].strip() else "an entry without id"


# ---------------------------------------------------------------- its entries


def _total(document: _Document) -> int:
    for element in document.elements:
        if "/api/errors" in (element.findtext(f"{ATOM}id") or ""):
            complaint = clean(element.findtext(f"{ATOM}summary") or "an error without words", 200)
            raise ErrorEntry(f"arXiv refused the question: {complaint}")
    text = document.total.strip()
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ParseError("arXiv's answer does not declare how many results there are")
    return int(text)


def _result(element: Any) -> arxiv.Result:
    """An <entry> as the `arxiv` package has it; _UnreadableEntry without an id or a date."""

    def text(name: str) -> str:
        found = element.find(name)
        if found is None:
            return ""
        return found.xpath("string()") if len(found) else found.text or ""

    address = text(f"{ATOM}id").strip()
    if not ID.search(address):
        named = clean(address, 80) or repr(clean(text(f"{ATOM}title"), 80) or "an entry without id")
        raise _UnreadableEntry(f"{named}: not an arXiv id")
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
