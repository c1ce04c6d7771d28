"""The API: static JSON files of issues, entries, topics and venues, with a schema for each form."""

from sundaypaper.formats.api.files import (
    ROOT,
    PrintedEntry,
    TopicPicks,
    abstract,
    entry_file,
    entry_page,
    issue_file,
    issue_page,
    start_pages,
    topic_pages,
    venue_file,
    venue_page,
    venue_years,
    venues_page,
)
from sundaypaper.formats.api.forms import EntryFile, IssueFile, VenueFile, Venues

__all__ = [
    "ROOT",
    "EntryFile",
    "IssueFile",
    "PrintedEntry",
    "TopicPicks",
    "VenueFile",
    "Venues",
    "abstract",
    "entry_file",
    "entry_page",
    "issue_file",
    "issue_page",
    "start_pages",
    "topic_pages",
    "venue_file",
    "venue_page",
    "venue_years",
    "venues_page",
]
