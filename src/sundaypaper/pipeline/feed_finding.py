"""Find the feed of an address, take over lists of feeds, and write what was chosen into feeds.yaml."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sundaypaper.config import Config, load
from sundaypaper.config.writing import FeedsText
from sundaypaper.errors import BuildError, ConfigError, FetchError, ParseError, SourceError
from sundaypaper.formats.feeds import opml_page, source_outlines
from sundaypaper.formats.feeds.outlines import GROUPS
from sundaypaper.forms.document import read as read_text
from sundaypaper.models import Ask, SourceReport
from sundaypaper.pipeline.collecting import try_sources
from sundaypaper.sources import FeedSource, Tools, at_arxiv
from sundaypaper.sources.feed import pages
from sundaypaper.sources.feed.document import ParsedFeed, parse
from sundaypaper.sources.feed.fetching import FEED
from sundaypaper.sources.feed.places import by_rule, group_of, usual_places, whole_address
from sundaypaper.sources.opml import FeedList
from sundaypaper.sources.opml import parse as parse_list
from sundaypaper.text import clean, fold
from sundaypaper.urls import canonical

__all__ = [
    "Added",
    "FeedList",
    "Found",
    "add_feeds",
    "as_opml",
    "find_feeds",
    "from_list",
    "known_feeds",
    "read_list",
    "remove_source",
    "to_add",
    "trial",
]

NAME = 60
MOST_LIST = 20_000_000  # bytes
PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was found and read: its address, title, how many entries, and the newest date."""

    url: str
    title: str
    entries: int
    newest: datetime | None
    where: str


@dataclass(frozen=True, slots=True)
class Added:
    """A source as it is written into feeds.yaml."""

    name: str
    url: str
    group: str = ""
    only: str = ""

    def keys(self) -> dict[str, str]:
        """Its keys, those without a value left out."""
        given = {"kind": "feed", "name": self.name, "url": self.url}
        given |= {"group": self.group, "only": self.only}
        return {key: value for key, value in given.items() if value}


class _Asking:
    """What was asked so far, and what came of it."""

    def __init__(self, tools: Tools) -> None:
        self.tools, self.asked = tools, set[str]()
        self.said: list[str] = []

    def get(self, url: str) -> tuple[bytes, str, str] | None:
        """Body, type and final address of an answer; None where there is none, or it was asked before."""
        if url in self.asked:
            return None
        self.asked.add(url)
        try:
            with self.tools.pace if at_arxiv(url) else nullcontext():
                answer = self.tools.net.get(url, headers={"Accept": f"{FEED.accept}, {PAGE}"})
        except (FetchError, SourceError) as bad:
            self.said.append(str(bad))
            return None
        if answer.status != 200:
            self.said.append(f"{url} answered {answer.status}.{_remedy(answer.status)}")
            return None
        return answer.body, answer.headers.get("content-type", ""), answer.moved or url

    def feed(self, got: tuple[bytes, str, str], where: str) -> Found | None:
        """The feed that an answer is, else None."""
        body, kind, url = got
        try:
            read: ParsedFeed = self.tools.parse(parse, body, kind, "", url)
        except ParseError as bad:
            self.said.append(f"{url}: {bad}")
            return None
        dates = [entry.published for entry in read.entries if entry.published]
        return Found(url, read.title, len(read.entries), max(dates, default=None), where)

    def named(self, got: tuple[bytes, str, str]) -> tuple[str, ...]:
        """The addresses of feeds that a page names."""
        try:
            return self.tools.parse(pages.feeds_of, got[0], got[2])
        except ParseError:
            return ()


def find_feeds(address: str, tools: Tools) -> tuple[Found, ...]:
    """The feeds of an address, the likeliest first: itself, by a site's rule, by its page, by usual places.

    SourceError says what was tried where there is none.
    """
    url = whole_address(address)
    asking = _Asking(tools)
    ruled = by_rule(url)
    if ruled and (got := asking.get(ruled)) and (found := asking.feed(got, "by the rule of its site")):  # fmt: skip
        return (found,)
    got = asking.get(url)
    if got is not None:
        if _is_list(got[0]):
            raise SourceError(f"{url}: is a list of feeds (OPML); `sundaypaper feeds import {url}` takes them over")  # fmt: skip
        if found := asking.feed(got, "at this address"):
            return (found,)
        named = (asking.get(place) for place in asking.named(got))
        read = tuple(_fed(asking, named, "named by the page"))
        if read:
            return read
        places = (asking.get(place) for place in usual_places(got[2]))
        if found := next(_fed(asking, places, "not named by the page, found where feeds often lie"), None):  # fmt: skip
            return (found,)
    raise SourceError(_nothing(url, asking))


def _fed(
    asking: _Asking, answers: Iterable[tuple[bytes, str, str] | None], where: str
) -> Iterator[Found]:
    """What is a feed with entries, each address once."""
    seen: set[str] = set()
    for got in filter(None, answers):
        found = asking.feed(got, where)
        if found and canonical(found.url) not in seen:
            seen.add(canonical(found.url))
            yield found


def _nothing(url: str, asking: _Asking) -> str:
    first = asking.said[0] if asking.said else f"{url}: no feed"
    if len(asking.asked) < 2:
        return first
    return (
        f"{url}: no feed was found; {len(asking.asked)} addresses were asked. {first} Look on the page for "
        "“RSS” or “Atom” and give that address, or ask its owner for one"
    )


def _remedy(status: int) -> str:
    if status in (401, 403, 406, 429):
        return " The site turns programs away, or does so for now: try later, or ask its owner."
    if status in (404, 410):
        return " Is the address right?"
    return " The site may be down: try later." if status >= 500 else ""


def _is_list(body: bytes) -> bool:
    return b"<opml" in body[:2_000].lower()


# ---------------------------------------------------------------- feeds.yaml


def known_feeds(config: Config) -> dict[str, str]:
    """The name of each source that has an address, by its canonical address."""
    return {canonical(spec.address): spec.name for spec in config.sources if "://" in spec.address}


def to_add(config: Config, found: Found, name: str, group: str, only: str) -> Added:
    """The source to write for a feed; what is not given is taken from the feed and its address."""
    taken = {fold(spec.name) for spec in config.sources}
    host = (urlsplit(found.url).hostname or "").removeprefix("www.")
    return Added(_free(name or clean(found.title, NAME) or host, taken), found.url, group or group_of(found.url), only)  # fmt: skip


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where another source has it."""
    free, number = name, 2
    while fold(free) in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(fold(free))
    return free


def add_feeds(file: Path, sources: Iterable[Added]) -> None:
    """Write sources at the end of `sources`; every comment stays. ConfigError or BuildError changes nothing."""
    text = FeedsText(read_text(file), str(file))
    text.extend("sources", [source.keys() for source in sources])
    _replace(file, text.text)


def remove_source(file: Path, config: Config, name: str) -> str:
    """Take the source of a name out, with the comments right above it; its name as it stood there.

    BuildError where there is none; ConfigError where it cannot be edited so.
    """
    places = [at for at, spec in enumerate(config.sources) if fold(spec.name) == fold(name)]
    if not places:
        raise BuildError(f"feeds.yaml has no source “{clean(name, NAME)}”; `sundaypaper feeds list` names them")  # fmt: skip
    text = FeedsText(read_text(file), str(file))
    text.remove(("sources", places[0]))
    _replace(file, text.text)
    return config.sources[places[0]].name


def _replace(file: Path, text: str) -> None:
    """Put a text in place of a file once it loads; the file stays as it is where it does not."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        try:
            load(beside)
        except ConfigError as bad:
            raise ConfigError(tuple(replace(m, file=str(file)) for m in bad.mistakes)) from bad
        beside.chmod(file.stat().st_mode & 0o777)
        os.replace(beside, file)
    except OSError as bad:
        raise BuildError(f"{file}: cannot be written: {bad.strerror or bad}") from bad
    finally:
        beside.unlink(missing_ok=True)


# ---------------------------------------------------------------- lists of feeds


def read_list(place: str, tools: Tools) -> FeedList:
    """The feeds of an OPML file or address; SourceError where there is none."""
    if place.startswith(("http://", "https://")):
        got = _Asking(tools)
        answer = got.get(place)
        if answer is None:
            raise SourceError(got.said[0])
        body, base = answer[0], answer[2]
    else:
        try:
            body, base = _bytes(Path(place)), ""
        except OSError as bad:
            raise SourceError(f"{place}: cannot be read: {bad.strerror or bad}") from bad
    try:
        return tools.parse(parse_list, body, base)
    except ParseError as bad:
        raise SourceError(f"{place}: {bad}; feed readers export a list as OPML") from bad


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_LIST:
        raise OSError(0, f"larger than {MOST_LIST // 1_000_000} MB, which is no list of feeds")
    return path.read_bytes()


def from_list(config: Config, listed: FeedList) -> tuple[tuple[Added, ...], Mapping[str, str]]:
    """The sources to write for a list, and those that are known already: name here by address."""
    known = known_feeds(config)
    taken = {fold(spec.name) for spec in config.sources}
    groups = {fold(title): group for group, title in GROUPS.items()}
    groups |= {group: group for group in GROUPS if group}
    added, there = list[Added](), dict[str, str]()
    for feed in listed.feeds:
        at = canonical(feed.url)
        if at in known:
            there[feed.url] = known[at]
            continue
        known[at] = feed.title
        folder = next((groups[fold(f)] for f in reversed(feed.folders) if fold(f) in groups), "")
        host = (urlsplit(feed.url).hostname or "").removeprefix("www.")
        name = _free(clean(feed.title, NAME) or host, taken)
        added.append(Added(name, feed.url, folder or group_of(feed.url)))
    return tuple(added), there


def trial(
    config: Config,
    added: Iterable[Added],
    tools: Tools,
    ask: Ask,
    done: Callable[[str], None],
) -> tuple[SourceReport, ...]:
    """Ask feeds that are not in feeds.yaml yet, as `feeds check` asks those that are."""
    sources = tuple(FeedSource(name=one.name, url=one.url) for one in added)
    return try_sources(replace(config, sources=sources), (), tools, ask, done)


def as_opml(config: Config) -> tuple[bytes, int]:
    """The feeds of the paper as OPML, by group, and how many sources are no feeds and left out."""
    page = opml_page("sources.opml", f"What {config.masthead.title} reads", source_outlines(config.sources))  # fmt: skip
    return page.body, sum(not (spec.is_feed and not spec.off) for spec in config.sources)
