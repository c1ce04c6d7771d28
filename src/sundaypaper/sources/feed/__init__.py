"""Feeds of any format: RSS, Atom and JSON Feed; and sources of somebody else's with their keys.

    FeedSource | asking: due? conditional GET | document.parse -> entries | fetching: Fetched

raw is what all formats have in common; markup and dates clean it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from sundaypaper import plugins
from sundaypaper.errors import SourceError
from sundaypaper.forms import key
from sundaypaper.forms import values as v
from sundaypaper.models import Ask, Fetched, PollState
from sundaypaper.sources.contract import Tools, WebSource
from sundaypaper.sources.feed.document import ParsedFeed, parse
from sundaypaper.sources.feed.fetching import fetch

__all__ = ["FeedSource", "ParsedFeed", "PluginSource", "fetch", "parse"]

Fetch = Callable[["PluginSource", PollState, Tools, Ask], Fetched]


@dataclass(frozen=True, slots=True)
class FeedSource(WebSource):
    """A blog, a newsletter, a podcast: any RSS, Atom or JSON feed."""

    is_feed: ClassVar[bool] = True

    kind: str = field(default="feed", kw_only=True)
    url: Annotated[v.Url, key("the address of the feed, http:// or https://")]
    group: Annotated[v.Group, key("who writes it: " + ", ".join(v.GROUPS))] = ""
    only: Annotated[
        v.TopicQuery | None,
        key("keep only what this query matches, such as `title words -hiring`"),
    ] = None
    unofficial: Annotated[
        v.YesNo, key("true says that the feed is not made by the site itself")
    ] = False
    weight: Annotated[
        v.SourceWeight, key("what the source adds to the score of its posts, 0 to 2")
    ] = 1.0

    @property
    def narrowed(self) -> bool:
        """Whether a query keeps a part of it out."""
        return self.only is not None

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """What is new in it."""
        return fetch(self, poll, tools.net, ask, turn=self.turn(poll, tools))


@dataclass(frozen=True, slots=True)
class PluginSource(FeedSource):
    """A source of somebody else's, named by `package.module:name`; its keys are those of a feed."""

    kind: str = field(default="", kw_only=True)

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """What the function of that name brings."""
        try:
            theirs: Fetch = plugins.named(self.kind, {})
        except ValueError as bad:
            raise SourceError(str(bad)) from bad
        return theirs(self, poll, tools, ask)
