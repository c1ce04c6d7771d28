"""Sources of entries: one module for each kind. A new kind is a module and a row in ROWS."""

from __future__ import annotations

from collections.abc import Mapping

from sundaypaper.errors import SourceError
from sundaypaper.models import Ask, Fetched, PollState, SourceReport
from sundaypaper.sources.arxiv import BATCH, MOST_BATCHES, WINDOW_WEEKS, ArxivSource
from sundaypaper.sources.bundle import BundleSource
from sundaypaper.sources.calendar import CalendarSource
from sundaypaper.sources.contract import (
    ARXIV,
    Parse,
    Source,
    Tools,
    WebSource,
    at_arxiv,
    in_process,
    word_of,
)
from sundaypaper.sources.deadlines import DeadlinesSource
from sundaypaper.sources.feed import FeedSource, PluginSource
from sundaypaper.sources.votes import VotesSource

__all__ = [
    "ARXIV",
    "KINDS",
    "MOST_AGAIN",
    "WINDOW_WEEKS",
    "ArxivSource",
    "BundleSource",
    "CalendarSource",
    "DeadlinesSource",
    "FeedSource",
    "Parse",
    "PluginSource",
    "Source",
    "Tools",
    "VotesSource",
    "WebSource",
    "at_arxiv",
    "fetch",
    "in_process",
]

# In the order in which they are explained.
ROWS: tuple[type[Source], ...] = (
    ArxivSource,
    FeedSource,
    DeadlinesSource,
    CalendarSource,
    VotesSource,
    BundleSource,
)
KINDS: Mapping[str, type[Source]] = {word_of(kind): kind for kind in ROWS}
# So many known papers are asked for again in a week, at most.
MOST_AGAIN = BATCH * MOST_BATCHES


def fetch(spec: Source, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
    """Fetch one source; a failure comes back as a report, never as an exception."""
    try:
        brought: object = spec.fetch(poll, tools, ask)
        if not isinstance(brought, Fetched):
            raise TypeError(
                f"{spec.kind} gave a {type(brought).__name__} where a Fetched is expected"
            )
        return brought
    except SourceError as bad:
        detail = str(bad)
    except Exception as bad:  # a fault in one source's code must not lose the others
        detail = f"a fault in the program: {type(bad).__name__}: {bad}; please report it"
    return Fetched(SourceReport(spec.name, spec.kind, "failed", detail=detail), poll)
