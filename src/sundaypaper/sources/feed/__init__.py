"""Feeds of any format: RSS, Atom and JSON Feed.

    FeedSpec | asking: due? conditional GET | document.parse -> entries | fetching: Fetched

raw is what all formats have in common; markup and dates clean it.
"""

from __future__ import annotations

from sundaypaper.sources.feed.document import ParsedFeed, parse
from sundaypaper.sources.feed.fetching import fetch

__all__ = ["ParsedFeed", "fetch", "parse"]
