"""The fields of a feed and of its entries that all formats share, before they are cleaned."""

from __future__ import annotations

from dataclasses import dataclass

from sundaypaper.sources.feed.markup import Form

# What to do where an address holds no feed.
FIND = "`sundaypaper feeds add` with the address of its page finds its feed"


@dataclass(frozen=True, slots=True)
class Written:
    """A text, and what its source says that it is: text, HTML, or nothing."""

    text: str = ""
    form: Form = ""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as written: links may be relative or hostile, dates and authors anything.

    more holds addresses beside those in the bodies.
    """

    guid: str
    link: str
    title: Written
    summary: Written
    content: Written
    authors: tuple[str, ...]
    published: str
    updated: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as written. ttl is in seconds, None where the feed does not say.

    authors are those of all entries that name none. The links are relative to base, or to the
    feed's own address where that is empty. whole is False where the document breaks off; then the
    entry in which it does is left out.
    """

    title: Written
    link: str
    entries: tuple[RawEntry, ...]
    ttl: float | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    by_home: bool = False
    whole: bool = True
