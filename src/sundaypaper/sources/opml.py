"""OPML: the list of feeds that a reader program exports. Fit to run in another process."""

from __future__ import annotations

from dataclasses import dataclass

import listparser

from sundaypaper.errors import ParseError
from sundaypaper.text import clean
from sundaypaper.urls import absolute

MOST = 5_000
TITLE = 80


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of a list: its title, address, and the folders that it lies in, the outermost first."""

    title: str
    url: str
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedList:
    """The feeds of a list, each address once. bad counts what names no address of the web."""

    feeds: tuple[Listed, ...]
    bad: int = 0
    beyond: int = 0


def parse(body: bytes, base: str) -> FeedList:
    """The feeds of an OPML document; ParseError where it is none. base is where it lies."""
    if not body.strip():
        raise ParseError("an empty file")
    try:
        read = listparser.parse(body)
    except Exception as e:  # what it raises on hostile input has no common base
        raise ParseError(f"no OPML that can be read ({type(e).__name__})") from e
    if not str(read.version).startswith(("opml", "rdf", "igoogle")):
        raise ParseError("no list of feeds (OPML)")
    found: dict[str, Listed] = {}
    bad = 0
    for feed in read.feeds:
        url = absolute(str(feed.url), base)
        if not url.startswith(("http://", "https://")):
            bad += 1
            continue
        folders = feed.categories[0] if feed.categories else []
        names = tuple(filter(None, (clean(str(name), TITLE) for name in folders)))
        found.setdefault(url, Listed(clean(str(feed.title), TITLE), url, names))
    feeds = tuple(found.values())
    return FeedList(feeds[:MOST], bad, max(0, len(feeds) - MOST))
