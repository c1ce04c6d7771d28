"""The frame handed to every page: masthead, and which topics, venues and editions have pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sundaypaper import venues
from sundaypaper.models import Claim, Masthead, Venue


def paged(table: Iterable[Venue]) -> dict[str, str]:
    """The titles by key of those that can have a page: an address holds no colon."""
    return {venue.key: venue.title for venue in table if ":" not in venue.key}


TITLES = paged(venues.VENUES)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """topics, venues and editions by key with the names to print; only these have pages.

    join is where to ask for the mail: an address of the web, a mailto link, or "".
    """

    masthead: Masthead
    topics: Mapping[str, str] = field(default_factory=dict)
    venues: Mapping[str, str] = field(default_factory=lambda: TITLES)
    editions: Mapping[str, str] = field(default_factory=dict)
    join: str = ""

    def topic_path(self, topic: str) -> str:
        """The page of a topic, empty where it has none."""
        return f"topics/{topic}/index.html" if topic in self.topics else ""

    def venue_path(self, claim: Claim) -> str:
        """The page that lists whom a venue accepted in that year, empty where there is none."""
        if claim.status != "accepted" or not claim.year or claim.venue not in self.venues:
            return ""
        return f"venues/{claim.venue}/{claim.year}/index.html"
