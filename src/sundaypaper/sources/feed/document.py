"""Parser of a feed of any format: bytes to entries. Pure, and fit to run in another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.sources.feed import jsonfeed, xmlfeed
from sundaypaper.sources.feed.markup import MOST_LINKS, links, plain
from sundaypaper.sources.feed.raw import RawEntry, RawFeed
from sundaypaper.text import shorten
from sundaypaper.urls import absolute, canonical, clean_url, post_id, unified

TITLE, SUMMARY, NAME, UNTITLED = 300, 500, 100, 80
# Only the beginning of a body is read for a summary.
HEAD = 100_000
MOST_AUTHORS = 50


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as parsed. ttl is in seconds or None; dropped counts the entries without an id.

    names holds the other ids of each entry, as Fetched has them.
    """

    title: str
    entries: tuple[Entry, ...]
    ttl: float | None
    dropped: int = 0
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Identity:
    """The names of an entry: its id, the ids that its guid and its address make, and the address."""

    id: str
    guid: str
    address: str
    link: str


def parse(body: bytes, content_type: str, spec_name: str, url: str) -> ParsedFeed:
    """The entries of a feed in its order, each id once; ParseError when it is not a feed."""
    start = body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.strip():
        raise ParseError("an empty answer")
    is_json = start.startswith((b"{", b"["))
    raw = jsonfeed.read(body) if is_json else xmlfeed.read(body, content_type, url)
    home = absolute(raw.link, url) or url
    named = _identities(raw, spec_name, url, home)
    entries: dict[str, Entry] = {}
    names: dict[str, tuple[str, str]] = {}
    for entry, identity in zip(raw.entries, named, strict=True):
        if identity.id and identity.id not in entries:
            entries[identity.id] = _entry(entry, identity.id, spec_name, identity.link or home, url)
            names[identity.id] = (identity.guid, identity.address)
    dropped = sum(not identity.id for identity in named)
    title = plain(raw.title, TITLE, False)
    return ParsedFeed(title, tuple(entries.values()), raw.ttl, dropped, names)


def _identities(raw: RawFeed, source: str, url: str, home: str) -> list[_Identity]:
    """The names of each entry; its id is "" where the feed gives none.

    The canonical address gives an entry its id, so that two feeds with one post have one entry;
    but not where it is the feed's home page or shared by entries of other titles (a page of release
    notes): there guid or title does. By its guid an entry is known again when its address changed,
    unless the feed gives one guid to several addresses.
    """
    links = [absolute(e.link, url) or absolute(_if_url(e.guid), url) for e in raw.entries]
    keys = [canonical(link) if link else "" for link in links]
    front, titles, places = canonical(home), dict[str, set[str]](), dict[str, set[str]]()
    for key, entry in zip(keys, raw.entries, strict=True):
        titles.setdefault(key, set()).add(entry.title)
        places.setdefault(entry.guid.strip(), set()).add(key)
    named = []
    for key, link, entry in zip(keys, links, raw.entries, strict=True):
        guid = entry.guid.strip()
        own = guid or entry.title.strip()
        shared = not key or key == front or len(titles[key]) > 1
        at = clean_url(link)
        if shared:
            id_ = post_id(f"{source}\n{own}") if own else post_id(key) if key else ""
            named.append(_Identity(id_, "", "", at))
            continue
        lone = guid and len(places[guid]) == 1 and guid.rstrip("/") != front.rstrip("/")
        by_guid = post_id(f"{source}\n{guid}") if lone else ""
        named.append(_Identity(post_id(key), by_guid, post_id(unified(key)), at))
    return named


def _if_url(guid: str) -> str:
    return guid if guid.lower().startswith(("http://", "https://")) else ""


def _entry(raw: RawEntry, id_: str, source: str, link: str, base: str) -> Entry:
    summary = plain(raw.summary or raw.content[:HEAD], SUMMARY)
    linked = links(
        f"{raw.summary}\n{raw.content}" if raw.summary != raw.content else raw.content, base
    )
    authors = dict.fromkeys(
        plain(a, NAME, False) for a in raw.authors[:MOST_AUTHORS] if "@" not in a
    )
    return Entry(
        id=id_,
        kind="post",
        source=source,
        url=link,
        title=plain(raw.title, TITLE, False) or shorten(summary, UNTITLED) or link,
        summary=summary,
        authors=tuple(a for a in authors if a),
        published=raw.published,
        updated=raw.updated,
        links=tuple(dict.fromkeys((*_more(raw, base), *linked)))[:MOST_LINKS],
    )


def _more(raw: RawEntry, base: str) -> tuple[str, ...]:
    return tuple(url for more in raw.more if (url := absolute(more, base)))
