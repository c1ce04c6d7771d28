"""Writes a feed as Atom 1.0 (RFC 4287) and as JSON Feed 1.1, with the same content.

Where the paper has no address, Atom's links are relative to the feed, which RFC 4287 allows (IRI
references), without xml:base, which few readers know. JSON Feed asks for URLs and names no base: its
members that hold one, all of them optional, are then left out, and only links in the HTML stay.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from sundaypaper.formats.feeds.writing import (
    SiteFile,
    child,
    line,
    stamp,
    whole,
    xml,
)
from sundaypaper.formats.lasting_names import identity
from sundaypaper.formats.view import legal
from sundaypaper.models import Masthead, Page
from sundaypaper.text import clean
from sundaypaper.wording.dates import day_words

NAMESPACE = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
SHEET = "feed.css"
VERSION = "https://jsonfeed.org/version/1.1"
LANGUAGE = "en"
SUBTITLE = "A weekly newspaper of machine learning"
RIGHTS = (
    "Thank you to arXiv for use of its open access interoperability. "
    "Not endorsed by arXiv, nor by any conference or journal."
)
ICON = "favicon.svg"
TOLD = "This is a feed: give its address to a feed reader, and what is new comes to you. "
UNTITLED = "Untitled"
ELSEWHERE = re.compile("(?i)https?://")
MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An entry of a feed: plain text but for html, which is safe.

    link is a path below the build or a whole address, about the whole address of the work itself, if
    it is another.
    Links in html are whole addresses, or relative to the feed where the paper has no address.
    """

    id: str
    title: str
    link: str
    updated: datetime
    published: datetime
    html: str
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. path has no suffix (`topics/vision/feed`); home is the path of the page it follows.

    asked is the query that the feed answers, where it is no file but made for whoever asks.
    """

    title: str
    path: str
    home: str
    updated: datetime
    items: tuple[FeedItem, ...]
    asked: str = ""

    @property
    def name(self) -> str:
        """What its lasting name is made of: its folder, not its home, which may be another later."""
        return f"{self.path}?q={self.asked}" if self.asked else self.path.removesuffix("feed")


def feed_pages(feed: Feed, masthead: Masthead) -> tuple[Page, ...]:
    """`<path>.atom`, `<path>.json` and `<path>.xml`; the same feed gives the same bytes.

    The first and the last are one document: what is called .atom, many servers send by a type that Chromium
    shows as plain text, so links for people lead to the other.
    """
    place = SiteFile(masthead, feed.path)
    atom = xml(_atom(feed, place), "../" * feed.path.count("/") + SHEET)
    return (
        Page(f"{feed.path}.atom", atom),
        Page(f"{feed.path}.json", _json(feed, place)),
        Page(f"{feed.path}.xml", atom),
    )


# ---------------------------------------------------------------- Atom


def _atom(feed: Feed, place: SiteFile) -> Element:
    masthead = place.masthead
    root = Element("feed", {"xmlns": NAMESPACE, "xmlns:h": XHTML, "xml:lang": LANGUAGE})
    child(root, "id", identity(masthead, feed.name))
    child(root, "title", line(feed.title) or UNTITLED)
    child(root, "subtitle", SUBTITLE)
    child(root, "updated", stamp(feed.updated))
    author = child(root, "author")
    child(author, "name", line(masthead.title) or UNTITLED)
    mail, page = _contact(masthead)
    if page:
        child(author, "uri", page)
    if mail:
        child(author, "email", mail)
    child(root, "generator", "Sunday Paper")
    child(root, "icon", place.to(ICON))
    child(root, "rights", RIGHTS)
    path = f"{feed.path}.atom"
    address = place.to(path, feed.asked) if place.is_known else path.rpartition("/")[2]
    child(root, "link", rel="self", type="application/atom+xml", href=address)
    home = place.to(feed.home, feed.asked)
    child(root, "link", rel="alternate", type="text/html", href=home)
    _told(root, home)
    for item in feed.items:
        _entry(child(root, "entry"), item, place)
    return root


def _told(root: Element, home: str) -> None:
    """What a browser shows whoever opens the feed; programs skip it as markup of another namespace."""
    told = child(child(root, "h:div"), "h:p", TOLD)
    child(told, "h:a", "Read it as a page", href=home).tail = "."


def _entry(entry: Element, item: FeedItem, place: SiteFile) -> None:
    child(entry, "id", item.id)
    title = line(item.title) or UNTITLED
    child(entry, "title", title)
    address = _address(item, place)
    child(entry, "link", rel="alternate", type="text/html", href=address)
    child(child(entry, "h:h2", dir="auto"), "h:a", title, href=address)
    child(entry, "h:p", day_words(item.published))
    if about := whole(item.about):
        child(entry, "link", rel="related", href=about)
    child(entry, "updated", stamp(item.updated))
    child(entry, "published", stamp(item.published))
    for name in _lines(item.authors):
        child(child(entry, "author"), "name", name)
    for tag in _lines(item.tags):
        child(entry, "category", term=tag)
    if summary := line(item.summary):
        child(entry, "summary", summary)
    child(entry, "content", item.html, type="html")


# ---------------------------------------------------------------- JSON Feed


def _json(feed: Feed, place: SiteFile) -> bytes:
    masthead = place.masthead
    mail, page = _contact(masthead)
    author = {"name": line(masthead.title) or UNTITLED, "url": page or (mail and f"mailto:{mail}")}
    document = {
        "version": VERSION,
        "title": line(feed.title) or UNTITLED,
        **_known(
            place, home_page_url=(feed.home, feed.asked), feed_url=(f"{feed.path}.json", feed.asked)
        ),
        "description": f"{SUBTITLE}. {RIGHTS}",
        **_known(place, icon=(ICON, ""), favicon=(ICON, "")),
        "authors": [_filled(author)],
        "language": LANGUAGE,
        "items": [_filled(_json_item(item, place)) for item in feed.items],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_item(item: FeedItem, place: SiteFile) -> dict[str, Any]:
    return {
        "id": item.id,
        **({"url": _address(item, place)} if place.is_known else {}),
        "external_url": whole(item.about),
        "title": line(item.title) or UNTITLED,
        "summary": line(item.summary),
        "content_html": legal(item.html),
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": [{"name": name} for name in _lines(item.authors)],
        "tags": _lines(item.tags),
    }


def _known(place: SiteFile, **paths: tuple[str, str]) -> dict[str, str]:
    """Whole addresses by key, of a path and what is asked there; none where the paper has no address."""
    return {key: place.to(*path) for key, path in paths.items()} if place.is_known else {}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are not empty, and the content even if it is."""
    return {key: value for key, value in values.items() if value or key == "content_html"}


# ---------------------------------------------------------------- both


def _address(item: FeedItem, place: SiteFile) -> str:
    return item.link if ELSEWHERE.match(item.link) else place.to(item.link)


def _contact(masthead: Masthead) -> tuple[str, str]:
    """The paper's mail address and its page on the web; either may be empty."""
    contact = clean(masthead.contact).removeprefix("mailto:")
    if MAIL.fullmatch(contact):
        return contact, masthead.base_url
    return "", whole(contact) or masthead.base_url


def _lines(texts: tuple[str, ...]) -> list[str]:
    """The texts as lines, each once, without those of which nothing is left."""
    return list(dict.fromkeys(filter(None, map(line, texts))))
