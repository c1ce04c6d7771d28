"""The fields of a feed and of its entries that all formats share, before they are cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as written: title and bodies may hold markup, link may be relative or hostile.

    more holds addresses beside those in the bodies.
    """

    guid: str
    link: str
    title: str
    summary: str
    content: str
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as written. ttl is in seconds, None where the feed does not say."""

    title: str
    link: str
    entries: tuple[RawEntry, ...]
    ttl: float | None = None
