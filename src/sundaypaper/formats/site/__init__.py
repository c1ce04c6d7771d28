"""Renders the pages of the paper from issues: static HTML that needs no script or other host.

Every link inside the paper is relative and names its file, so that a build reads the same from a
disk, below a path, and on any host.
"""

from sundaypaper.formats.site.authors import (
    AuthorEntry,
    AuthorLine,
    AuthorLists,
    AuthorPage,
    author_page,
    author_path,
    authors_page,
)
from sundaypaper.formats.site.edition_pages import EditionPage, edition_pages
from sundaypaper.formats.site.entries import EntryPage, entry_pages, entry_path
from sundaypaper.formats.site.frame import PageFrame, paged
from sundaypaper.formats.site.front import Amended, SourceLine, front_pages, shared_pages
from sundaypaper.formats.site.issues import all_page, issue_page, issue_pages
from sundaypaper.formats.site.lists import (
    LINES,
    TopicPage,
    VenuePage,
    VenueYears,
    topic_pages,
    topics_page,
    venue_page,
    venue_pages,
    venues_page,
)
from sundaypaper.formats.site.paths import Rests, path_of, paths_page
from sundaypaper.formats.site.quarters import (
    QuarterPage,
    TopicCount,
    VenueCount,
    quarter_page,
    quarter_path,
)
from sundaypaper.formats.site.rendering import Environment, check, copy, environment, render_from
from sundaypaper.formats.site.trends import Trend, TrendsPage, trends_page
from sundaypaper.models import TopicName

__all__ = [
    "LINES",
    "Amended",
    "AuthorEntry",
    "AuthorLine",
    "AuthorLists",
    "AuthorPage",
    "EditionPage",
    "EntryPage",
    "Environment",
    "PageFrame",
    "QuarterPage",
    "Rests",
    "SourceLine",
    "TopicCount",
    "TopicName",
    "TopicPage",
    "Trend",
    "TrendsPage",
    "VenueCount",
    "VenuePage",
    "VenueYears",
    "all_page",
    "author_page",
    "author_path",
    "authors_page",
    "check",
    "copy",
    "edition_pages",
    "entry_pages",
    "entry_path",
    "environment",
    "front_pages",
    "issue_page",
    "issue_pages",
    "paged",
    "path_of",
    "paths_page",
    "quarter_page",
    "quarter_path",
    "render_from",
    "shared_pages",
    "topic_pages",
    "topics_page",
    "trends_page",
    "venue_page",
    "venue_pages",
    "venues_page",
]
