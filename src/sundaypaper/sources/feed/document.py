"""Parser of a feed of any format: bytes to entries. Pure, and fit to run in another process."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple, Self
from urllib.parse import urljoin

from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.sources.feed import boilerplate, dates, jsonfeed, people, xmlfeed
from sundaypaper.sources.feed.dates import Order
from sundaypaper.sources.feed.markup import MOST_LINKS, form_of, links, plain
from sundaypaper.sources.feed.raw import FIND, RawEntry, RawFeed
from sundaypaper.text import clean, fold, shorten
from sundaypaper.urls import absolute, canonical, clean_url, fragment_of, page_of, post_id, unified

TITLE, SUMMARY, UNTITLED, QUOTED = 300, 500, 80, 40
# An address carries the day of the post; an update that is so much later is none of its news.
EDITED = timedelta(days=45)
# A title that is said again and again ("Links") is told apart by a time of day, or by its length.
TELLING = 4


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as parsed. ttl is in seconds or None; dropped counts the entries without an id.

    names holds the other ids of each entry, as Fetched has them. unread are the dates that are none
    or may mean two days, undated the ids of the entries without a date that can be read; dated says
    that the feed gives its entries dates. whole is False where the feed breaks off.
    """

    title: str
    entries: tuple[Entry, ...]
    ttl: float | None
    dropped: int = 0
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    dated: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Identity:
    """The names of an entry: its id, the ids that its guid and its address make, and more.

    Ids and names are kept in the store: what they are made of must not change.
    """

    id: str
    guid: str = ""
    address: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Post:
    """An entry as written, with its address, what is said of the page there, and its date."""

    raw: RawEntry
    link: str
    key: str  # the canonical address
    fragment: str
    title: str
    published: datetime | None
    updated: datetime | None

    @property
    def guid(self) -> str:
        """As the feed gives it."""
        return self.raw.guid.strip()


class _Marks(NamedTuple):
    """By what entries at one address are told apart."""

    guid: str
    fragment: str
    title: str
    published: datetime | None


class _Shared(NamedTuple):
    """What the entries at one address share: how many they are, with each title and each fragment."""

    entries: int
    titles: Counter[str]
    fragments: Counter[tuple[str, str]]

    @classmethod
    def of(cls, marks: Collection[_Marks]) -> Self:
        titles = Counter(one.title for one in marks)
        return cls(len(marks), titles, Counter((one.title, one.fragment) for one in marks))


def parse(body: bytes, content_type: str, spec_name: str, url: str) -> ParsedFeed:
    """The entries of a feed in its order, each id once; ParseError when it is not a feed."""
    start = body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.strip():
        raise ParseError(
            f"an empty answer. Open it in a browser: if it is empty there, too, {FIND}"
        )
    is_json = start.startswith((b"{", b"["))
    raw = jsonfeed.read(body) if is_json else xmlfeed.read(body, content_type, url)
    home = absolute(raw.link, url) or url
    base = home if raw.by_home else url
    order = dates.order((e.published for e in raw.entries), raw.language)
    posts = [_post(entry, base, order) for entry in raw.entries]
    entries: dict[str, Entry] = {}
    names: dict[str, tuple[str, ...]] = {}
    identities = _identities(posts, spec_name, home, url)
    for post, identity in zip(posts, identities, strict=True):
        if identity.id and identity.id not in entries:
            entries[identity.id] = _entry(post, identity.id, spec_name, home, base, raw)
            names[identity.id] = (identity.guid, identity.address, *identity.more)
    undated = tuple(id_ for id_, entry in entries.items() if entry.published is None)
    return ParsedFeed(
        title=plain(raw.title.text, TITLE, raw.title.form),
        entries=tuple(entries.values()),
        ttl=raw.ttl,
        dropped=sum(not identity.id for identity in identities),
        names=names,
        unread=tuple(_unread(raw, order)),
        undated=undated,
        dated=any(entry.published.strip() for entry in raw.entries),
        whole=raw.whole,
    )


def _post(raw: RawEntry, base: str, order: Order) -> _Post:
    link = absolute(raw.link, base) or absolute(_if_url(raw.guid), base)
    published, updated = dates.read(raw.published, order), dates.read(raw.updated, order)
    day = dates.of_address(link)
    if day and (published is None or (published == updated and published.date() - day > EDITED)):
        published = datetime.combine(day, time(), UTC)
    key = canonical(link) if link else ""
    return _Post(raw, link, key, fragment_of(link), raw.title.text.strip(), published, updated)


def _unread(raw: RawFeed, order: Order) -> Iterator[str]:
    """The dates that are written and are none."""
    for entry in raw.entries:
        if entry.published.strip() and dates.read(entry.published, order) is None:
            either = dates.read(entry.published, "day") is not None
            yield clean(entry.published, QUOTED) + (" (day or month first?)" if either else "")


def _identities(posts: list[_Post], source: str, home: str, url: str) -> list[_Identity]:
    """The names of each entry; its id is "" where the feed gives none.

    The canonical address gives an entry its id, so that two feeds with one post have one entry;
    but not where it is the feed's home page or other entries stand there too (a page of release
    notes, a newsletter): there its guid, its title, its fragment or its date do. By its guid an
    entry is known again when its address changed, and by its title and its moment when both did,
    unless the feed gives one of them to several entries.
    """
    front = canonical(home)
    there = defaultdict[str, set[_Marks]](set)
    alike, pages = (defaultdict[str, set[object]](set) for _ in range(2))
    bearing = defaultdict[str, list[_Post]](list)
    places = [_page(post.key) for post in posts]
    all_looks = [_looks(post, source) for post in posts]
    for post, at, looks in zip(posts, places, all_looks, strict=True):
        marks = _Marks(post.guid, post.fragment, post.title, post.published)
        there[post.key].add(marks)
        bearing[post.guid].append(post)
        for look in looks:
            alike[look].add((post.key, *marks))
        pages[at].add(post.key)
    of_one = {guid for guid, some in bearing.items() if _is_of_one(some, len(posts))}
    shared = {key: _Shared.of(marks) for key, marks in there.items()}
    identities = []
    for post, at, looks in zip(posts, places, all_looks, strict=True):
        guid = post.guid if post.guid in of_one else ""
        guid = guid if guid.rstrip("/") != front.rstrip("/") else ""
        by_guid = post_id(f"{source}\n{guid}") if guid else ""
        lone = (look for look in looks if len(alike[look]) == 1)
        likely = (*lone, _as_before(guid, source, url))
        if post.key and post.key != front and shared[post.key].entries == 1:
            one_page = at if len(pages[at]) == 1 else ""
            identities.append(_lone(post, by_guid, one_page, likely))
            continue
        id_ = by_guid or _among(post, shared[post.key], source)
        identities.append(_Identity(id_, more=likely if id_ else ()))
    return identities


def _as_before(guid: str, source: str, url: str) -> str:
    """How version 0.1.0 named a guid that is no address: as if it were one within the feed."""
    return post_id(f"{source}\n{urljoin(url, guid)}") if guid and ":" not in guid else ""


def _is_of_one(bearing: list[_Post], total: int) -> bool:
    """Whether a guid is that of one post, however often it stands in the feed.

    Not where it stands at several addresses, is the address of a page with several entries, or is
    that of most entries.
    """
    first = bearing[0]
    if any(post.key != first.key for post in bearing):
        return False
    marks = {(post.fragment, post.title, post.published) for post in bearing}
    if len(marks) == 1:
        return True
    return not _if_url(first.guid) and len(bearing) <= max(2, total // 2)


def _lone(post: _Post, by_guid: str, at: str, likely: tuple[str, ...]) -> _Identity:
    """The names of an entry that has its page for itself; one of a numbered piece has that piece."""
    if any(c.isdecimal() for c in post.fragment):
        return _Identity(post_id(f"{post.key}#{post.fragment}"), by_guid, more=likely)
    more = (post_id(f"page\n{at}") if at else "", *likely)
    return _Identity(post_id(post.key), by_guid, post_id(unified(post.key)), more)


def _among(post: _Post, others: _Shared, source: str) -> str:
    """The id of one of several entries of a page that have no guids of their own."""
    if post.title and others.titles[post.title] == 1:
        return post_id(f"{source}\n{post.title}")
    is_alone = others.fragments[post.title, post.fragment] == 1
    if post.key and post.fragment and is_alone:
        return post_id(f"{post.key}#{post.fragment}")
    if (post.title or post.key) and post.published:
        return post_id(f"{source}\n{post.title}\n{post.published.isoformat()}")
    if post.title:
        return post_id(f"{source}\n{post.title}")
    return post_id(post.key) if post.key else ""


def _looks(post: _Post, source: str) -> tuple[str, ...]:
    """The ids that a title as written, and as a reader says it, make with a moment.

    None where others may have the same by chance.
    """
    telling = post.published is not None and (
        post.published.time() != time() or len(post.title.split()) >= TELLING
    )
    if not post.title or not telling or post.published is None:
        return ()
    said = fold(plain(post.title, TITLE, post.raw.title.form)) or post.title
    moment = post.published.isoformat()
    return tuple(post_id(f"{source}\n{title}\n{moment}") for title in (post.title, said))


def _page(key: str) -> str:
    """The page of an address, whatever host of its site shows it."""
    host, slash, rest = page_of(key).partition("/")
    return host.removeprefix("m.").removeprefix("mobile.").removeprefix("amp.") + slash + rest


def _if_url(guid: str) -> str:
    return guid if guid.strip().lower().startswith(("http://", "https://")) else ""


def _entry(post: _Post, id_: str, source: str, home: str, base: str, raw: RawFeed) -> Entry:
    written = post.raw
    title = plain(written.title.text, TITLE, written.title.form)
    summary = _summary(written, title)
    bodies = dict.fromkeys((written.summary.text, written.content.text))
    linked = links("\n".join(bodies), post.link or base)
    return Entry(
        id=id_,
        kind="post",
        source=source,
        url=clean_url(post.link) or home,
        title=title or shorten(summary, UNTITLED) or clean_url(post.link) or home,
        summary=summary,
        authors=people.names(written.authors) or people.names(raw.authors),
        published=post.published,
        updated=post.updated,
        links=tuple(dict.fromkeys((*_more(written, base), *linked)))[:MOST_LINKS],
    )


def _summary(raw: RawEntry, title: str) -> str:
    """What summary or content say first that is said of the post alone."""
    for written in dict.fromkeys((raw.summary, raw.content)):
        form = written.form or form_of(written.text)
        text = plain(written.text, 4 * SUMMARY, form)
        if said := boilerplate.about(text, title):
            return shorten(said, SUMMARY)
    return ""


def _more(raw: RawEntry, base: str) -> tuple[str, ...]:
    return tuple(url for more in raw.more if (url := absolute(more, base)))
