"""Files for programs: Atom and JSON feeds, OPML lists of feeds, sitemap.xml and robots.txt."""

from sundaypaper.formats.feeds.builders import (
    ISSUES,
    PICKS,
    FeedIssue,
    edition_feed,
    paper_feed,
    picks_feed,
    query_feed,
)
from sundaypaper.formats.feeds.feed import Feed, FeedItem, feed_pages
from sundaypaper.formats.feeds.outlines import Outline, feed_outlines, opml_page, source_outlines
from sundaypaper.formats.feeds.sitemap import robots_page, sitemap_page

__all__ = [
    "ISSUES",
    "PICKS",
    "Feed",
    "FeedIssue",
    "FeedItem",
    "Outline",
    "edition_feed",
    "feed_outlines",
    "feed_pages",
    "opml_page",
    "paper_feed",
    "picks_feed",
    "query_feed",
    "robots_page",
    "sitemap_page",
    "source_outlines",
]
