"""Feed sources: RSS, Atom and JSON Feed; and plugin sources, which have the same keys.

    FeedSource | asking: due? conditional GET | document.parse -> entries | fetching: Fetched

raw holds the fields that all formats share; markup and dates clean them.
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
        """Fetch the feed's new entries."""

        def read(body: bytes, content_type: str, name: str, url: str) -> ParsedFeed:
            return tools.parse(parse, body, content_type, name, url)

        return fetch(self, poll, tools.net, ask, read, self.turn(poll, tools))


@dataclass(frozen=True, slots=True)
class PluginSource(FeedSource):
    """A source of somebody else's, named by `package.module:name` or an entry point; its keys are those of a feed."""

    kind: str = field(default="", kw_only=True)

    def fetch(self, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
        """Fetch with the plugin's function; SourceError where there is none of that name."""
        try:
            theirs: Fetch = plugins.named(self.kind, {}, "sources")
        except ValueError as bad:
            raise SourceError(str(bad)) from bad
        return theirs(self, poll, tools, ask)
