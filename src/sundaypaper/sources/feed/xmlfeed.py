"""Parser of RSS 0.9x, 1.0, 2.0 and Atom, by feedparser: bytes to the shared fields. Pure."""

from __future__ import annotations

import io
import re
from typing import Any

from sundaypaper.errors import ParseError
from sundaypaper.sources.feed.markup import Form
from sundaypaper.sources.feed.pages import feeds_of
from sundaypaper.sources.feed.raw import FIND, RawEntry, RawFeed, Written
from sundaypaper.sources.feed.repair import AT, mended

PERIODS = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
END = re.compile(
    rb"</(?:\w+:)?(?:rss|feed|rdf)\b|<(?:\w+:)?(?:rss|feed|rdf)\b[^<>]*/>", re.IGNORECASE
)
TAIL = 20_000  # what follows the end of some feeds: comments, and the counters of a host
# Some ten times what the fullest feeds of the wild hold; far beyond it feedparser takes minutes.
MOST_TAGS, MOST_ATTRIBUTES = 100_000, 200_000
MOST_REFERENCES, MOST_NAMESPACES = 1_000_000, 5_000
CROWDED_TAG = re.compile(rb"<\w(?:[^<>=\s]*+[=\s]++){2000}")


def read(body: bytes, content_type: str, url: str) -> RawFeed:
    """The feed as written; ParseError when it is a page or no feed at all."""
    if PAGE.search(body, 0, 2_000) and not FEED.search(body, 0, 4_000):
        raise ParseError(f"a web page, not a feed{_named(body, url)}")
    text = body.replace(b"\0", b"")  # UTF-16 is looked at as if it were ASCII
    _refuse_bombs(text)
    # No base is given: an address that the feed leaves relative is seen from its home page.
    headers = {"content-type": content_type} if content_type else {}
    try:
        parsed = _parsed(mended(body), headers)
    except Exception as e:  # what feedparser raises on hostile input has no common base
        raise ParseError(f"not a feed that can be read ({type(e).__name__}: {str(e)[:100]})") from e
    feed, version = parsed.feed, parsed.get("version") or ""
    title = _text(feed, "title")
    if not parsed.entries and not version and (not title or not FEED.search(body, 0, 4_000)):
        raise ParseError(f"neither RSS nor Atom nor JSON Feed{_named(body, url)}")
    atom = version.startswith("atom")
    whole = not FEED.search(text, 0, 4_000) or END.search(text[-TAIL:]) is not None
    came = parsed.entries if whole or _is_closed(text) else parsed.entries[:-1]
    entries = tuple(_entry(entry, atom) for entry in came)
    if not whole and not entries:
        raise ParseError("the feed breaks off before its first entry ends")
    return RawFeed(
        _written(feed, "title", atom),
        _text(feed, "link"),
        entries,
        _ttl(feed),
        _of_all(feed, entries, atom),
        _text(feed, "language"),
        by_home=not atom,
        whole=whole,
    )


def _is_closed(text: bytes) -> bool:
    """Whether the last entry of a document that breaks off ends before it does."""
    opened, closed = (
        max(text.rfind(b"<" + mark + name) for name in (b"item", b"entry")) for mark in (b"", b"/")
    )
    return closed > opened


def _named(body: bytes, url: str) -> str:
    """The feeds that a page names, in words."""
    feeds = feeds_of(body, url)
    if not feeds:
        return f"; {FIND}"
    return f"; the feed that it names is {' or '.join(feeds)}: put that into feeds.yaml"


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    import feedparser

    # A file object, because feedparser would try to open bytes as the name of a file.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _refuse_bombs(text: bytes) -> None:
    """ParseError for markup made to keep a parser busy; sections of CDATA are only text."""
    first, *sections = text.split(b"<![CDATA[")
    outside = b"<".join([first, *(section.partition(b"]]>")[2] for section in sections)])
    if (
        outside.count(b"<") > MOST_TAGS
        or outside.count(b"=") > MOST_ATTRIBUTES
        or text.count(b"&") > MOST_REFERENCES
        or text.count(b"xmlns") > MOST_NAMESPACES
        or CROWDED_TAG.search(text)
    ):
        raise ParseError("more markup than any feed has")


def _text(mapping: Any, key: str) -> str:
    # dict.get: feedparser's own lookup answers for other keys as well, with a warning.
    value = dict.get(mapping, key)
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _written(mapping: Any, key: str, atom: bool) -> Written:
    """A text with what the feed says that it is. Only Atom says it; RSS leaves it to be guessed."""
    form = _form(dict.get(mapping, f"{key}_detail")) if atom else ""
    return Written(_text(mapping, key), form)


def _form(detail: Any) -> Form:
    kind = _text(detail, "type") if isinstance(detail, dict) else ""
    if kind in ("text/html", "application/xhtml+xml"):
        return "html"
    return "text" if kind == "text/plain" else ""


def _entry(entry: Any, atom: bool) -> RawEntry:
    bodies = [c for c in dict.get(entry, "content") or () if isinstance(c, dict)]
    body = max(bodies, key=lambda c: len(_text(c, "value")), default={})
    summary = _written(entry, "summary", atom)
    updated = _text(entry, "updated")
    return RawEntry(
        guid=_text(entry, "id"),
        # FeedBurner's own address changes when the feed leaves it.
        link=_text(entry, "feedburner_origlink") or _text(entry, "link"),
        title=_written(entry, "title", atom),
        # Bodies that are said to be text are HTML too often to be believed.
        summary=Written(summary.text, "html" if summary.form == "html" else ""),
        content=Written(_text(body, "value"), "html" if _form(body) == "html" else ""),
        authors=_authors(entry) or _authors(dict.get(entry, "source")),
        published=_text(entry, "published") or _text(entry, "created") or updated,
        updated=updated,
    )


def _authors(of: Any) -> tuple[str, ...]:
    """The people whom an entry or a feed names, as written."""
    if not isinstance(of, dict):
        return ()
    listed = [a for a in dict.get(of, "authors") or () if isinstance(a, dict)]
    named = [name for a in listed if (name := _text(a, "name"))]
    written = named or [_text(of, "author")]
    return tuple(text.replace(AT, "@") for text in written if text)


def _of_all(feed: Any, entries: tuple[RawEntry, ...], atom: bool) -> tuple[str, ...]:
    """The author of all entries that name none.

    Atom says so (RFC 4287, 4.2.1). A channel of RSS names its editor: of posts of which none names
    its author, it is theirs; beside posts that do, only somebody who edits.
    """
    if not atom and any(entry.authors for entry in entries):
        return ()
    return _authors(feed)


def _ttl(feed: Any) -> float | None:
    """Seconds between two updates, from RSS's ttl (minutes) or the syndication module."""
    if re.fullmatch(r"[0-9]{1,9}", minutes := _text(feed, "ttl").strip()):
        return float(minutes) * 60
    period = PERIODS.get(_text(feed, "sy_updateperiod").strip().lower())
    often = _text(feed, "sy_updatefrequency").strip()
    if period is None:
        return None
    return period / int(often) if re.fullmatch(r"[1-9][0-9]{0,5}", often) else period
