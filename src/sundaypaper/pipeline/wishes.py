"""Judges what somebody wishes to read: a filter or an edition that nothing could ever answer to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sundaypaper import query
from sundaypaper.config import Config
from sundaypaper.delivery import People, Row
from sundaypaper.errors import QueryError
from sundaypaper.query import Hint, Vocabulary

BOTH = "there is a filter and an edition, and only one can hold: take one out"
AT_HAND = 1_000  # many people of a list wish the same


class Wishes:
    """What may be wished for under a configuration; the sentence about a wish is empty where it holds."""

    def __init__(self, config: Config) -> None:
        self.vocabulary = config.vocabulary
        self.editions = Vocabulary({"edition": {e.id: e.id for e in config.editions}})

    def wrong(self, filter: str, edition: str) -> str:
        """Why a wish cannot hold, or nothing: both kinds at once, or a name that nothing has.

        What does not parse is not judged here.
        """
        if filter.strip() and edition.strip():
            return BOTH
        if edition.strip():
            return self.editions.wrong("edition", edition.strip())
        return self._wrong_filter(filter)

    def hints(self, filter: str) -> tuple[Hint, ...]:
        """What a filter may have been meant for; its own meaning stands."""
        return query.hints(filter)

    def _wrong_filter(self, filter: str) -> str:
        """The first name in a filter that nothing has, with the nearest that there is; else nothing."""
        try:
            query.parse(filter)
        except QueryError:
            return ""
        try:
            query.parse(filter, vocabulary=self.vocabulary)
        except QueryError as unknown:
            return unknown.message
        return ""


def judged(config: Config, people: People) -> People:
    """The people of a list, where a wish that nothing answers to is wrong."""
    wrong = lru_cache(AT_HAND)(Wishes(config).wrong)
    return replace(people, rows=tuple(_judged(row, wrong) for row in people.rows))


def _judged(row: Row, wrong_wish: Callable[[str, str], str]) -> Row:
    wrong = "" if row.wrong else wrong_wish(row.filter, row.edition)
    return replace(row, wrong=wrong) if wrong else row
