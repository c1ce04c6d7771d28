"""Tries what a form asks for on the weeks that are kept: how much it is, and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from sundaypaper.errors import QueryError
from sundaypaper.pipeline.readers_queries import Tried
from sundaypaper.pipeline.wishes import Choices, Hint, Wishes
from sundaypaper.web.finder import FinderError


class Looks(Protocol):
    """Who looks for entries of printed weeks: a Finder."""

    async def tried(self, text: str) -> Tried:
        """What a query finds in the last weeks."""


@dataclass(frozen=True, slots=True)
class Try:
    """What a try found: None where nothing is chosen; is_busy where too many try at this moment."""

    found: Tried | None = None
    hints: tuple[Hint, ...] = ()
    is_busy: bool = False


async def tried(finder: Looks, wishes: Wishes, choices: Choices) -> Try:
    """Try choices without slips."""
    text = await run_in_threadpool(wishes.tried, choices)
    if not text:
        return Try()
    hints = tuple(hint for line in choices.queries for hint in wishes.hints(line))
    try:
        return Try(await finder.tried(text), hints)
    except (FinderError, QueryError):
        return Try(None, hints, is_busy=True)
