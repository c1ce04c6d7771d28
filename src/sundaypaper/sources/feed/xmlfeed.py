"""Parser of RSS 0.9x, 1.0, 2.0 and Atom, by feedparser: bytes to the shared fields. Pure."""

from __future__ import annotations

import io
import re
from typing import Any

from sundaypaper.errors import ParseError
from sundaypaper.sources.feed import dates
from sundaypaper.sources.feed.raw import RawEntry, RawFeed

PERIODS = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
# Some ten times what the fullest feeds of the wild hold; far beyond it feedparser takes minutes.
MOST_TAGS, MOST_ATTRIBUTES = 100_000, 200_000
MOST_REFERENCES, MOST_NAMESPACES = 1_000_000, 5_000
CROWDED_TAG = re.compile(rb"<\w(?:[^<>=\s]*+[=\s]++){2000}")
ADDRESSED = re.compile(r"[^\s@]{1,99}@[^\s@]{1,99}\s{0,9}\(([^()]{1,99})\)")
# References to NUL, to halves of a surrogate pair and beyond Unicode: any of them fails the feed.
NO_CHARACTER = re.compile(
    rb"&#(?:x?0+|x0*d[89a-f][0-9a-f]{2}|x[0-9a-f]{6,}|[0-9]{7,}|0*(?:5529[6-9]|55[3-9][0-9]{2}|"
    rb"56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]));",
    re.IGNORECASE,
)


def read(body: bytes, content_type: str, url: str) -> RawFeed:
    """The feed as written; ParseError when it is a page or no feed at all."""
    if PAGE.search(body, 0, 2_000) and not FEED.search(body, 0, 4_000):
        raise ParseError("a web page, not a feed")
    _refuse_bombs(body)
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        parsed = _parsed(NO_CHARACTER.sub(b"", body), headers)
    except Exception as e:  # what feedparser raises on hostile input has no common base
        raise ParseError(f"not a feed that can be read ({type(e).__name__}: {str(e)[:100]})") from e
    feed, version = parsed.feed, parsed.get("version") or ""
    title = _text(feed, "title")
    if not parsed.entries and not version and (not title or not FEED.search(body, 0, 4_000)):
        raise ParseError("neither RSS nor Atom nor JSON Feed")
    entries = tuple(map(_entry, parsed.entries))
    return RawFeed(title, _text(feed, "link"), entries, _ttl(feed))


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    import feedparser

    # A file object, because feedparser would try to open bytes as the name of a file.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _refuse_bombs(body: bytes) -> None:
    """ParseError for markup made to keep a parser busy; sections of CDATA are only text."""
    text = body.replace(b"\0", b"")  # UTF-16 is looked at as if it were ASCII
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


def _entry(entry: Any) -> RawEntry:
    content = max(
        (_text(c, "value") for c in dict.get(entry, "content") or ()), key=len, default=""
    )
    updated = _date(entry, "updated")
    return RawEntry(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        summary=_text(entry, "summary"),
        content=content,
        authors=_authors(entry),
        published=_date(entry, "published") or _date(entry, "created") or updated,
        updated=updated,
    )


def _date(entry: Any, key: str) -> Any:
    parsed = dict.get(entry, f"{key}_parsed")
    return dates.from_struct(parsed) if parsed else dates.from_text(_text(entry, key))


def _authors(entry: Any) -> tuple[str, ...]:
    # RSS's own form, which feedparser cuts in the wrong place for longer top-level domains.
    if match := ADDRESSED.fullmatch(_text(entry, "author")):
        return (match[1],)
    named = [_text(a, "name") for a in dict.get(entry, "authors") or () if a]
    return tuple(named) if any(named) else (_text(entry, "author"),)


def _ttl(feed: Any) -> float | None:
    """Seconds between two updates, from RSS's ttl (minutes) or the syndication module."""
    if re.fullmatch(r"[0-9]{1,9}", minutes := _text(feed, "ttl").strip()):
        return float(minutes) * 60
    period = PERIODS.get(_text(feed, "sy_updateperiod").strip().lower())
    often = _text(feed, "sy_updatefrequency").strip()
    if period is None:
        return None
    return period / int(often) if re.fullmatch(r"[1-9][0-9]{0,5}", often) else period
