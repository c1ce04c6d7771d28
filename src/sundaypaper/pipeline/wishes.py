"""Judges what somebody wishes to read: a filter or an edition that nothing could ever answer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from sundaypaper import query
from sundaypaper.config import Config
from sundaypaper.delivery import People, Row
from sundaypaper.delivery.readers import checked
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.query import Choices, Hint, Offered, Slip, Vocabulary

__all__ = ["Choices", "Hint", "Wish", "Wishes", "judged"]

BOTH = "there is a filter and an edition, and only one can hold: take one out"
AT_HAND = 1_000  # many people of a list wish the same


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody gets: a filter or an edition, or neither; and the choices that ask for it."""

    filter: str
    edition: str
    choices: Choices


class Wishes:
    """What may be wished for under a configuration; the sentence about a wish is empty where it holds.

    offered is what a form offers: all topics and editions, and the venues that count.
    """

    def __init__(self, config: Config) -> None:
        self.vocabulary = config.vocabulary
        self.editions = Vocabulary({"edition": {e.id: e.id for e in config.editions}})
        titles = {venue.key for venue in config.venues if ":" not in venue.key}
        self.offered = Offered(
            tuple(topic.id for topic in config.topics),
            tuple(key for key in dict.fromkeys((*config.core, *config.also)) if key in titles),
            {edition.id: edition.match.text for edition in config.editions},
        )

    def slips(self, choices: Choices) -> tuple[Slip, ...]:
        """What cannot be read of choices, or may not be kept, as where a query is an address."""
        unread = query.slips(choices, self.offered, self.vocabulary)
        return unread + tuple(_private(choices.queries))

    def chosen(self, choices: Choices) -> Wish:
        """The wish of choices without slips."""
        filter, edition = query.wish_of(choices, self.offered.editions)
        return Wish(filter, edition, choices)

    def kept(self, filter: str, edition: str) -> Wish:
        """A wish that is kept, with the choices that a form shows for it.

        What an earlier version took and this one does not read is a query, to be mended there.
        """
        try:
            return Wish(filter, edition, query.choices_of(filter, edition, self.offered))
        except QueryError:
            return Wish(filter, edition, Choices(queries=(filter,)))

    def tried(self, choices: Choices) -> str:
        """The query to try for choices without slips, "" where nothing is chosen."""
        return query.filter_of(choices, self.offered.editions)

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


def _private(lines: tuple[str, ...]) -> Iterator[Slip]:
    """The lines that are an address or a formula: a list of subscribers would show them."""
    for number, line in enumerate(lines, 1):
        try:
            checked(line)
        except DeliveryError:
            yield Slip("queries", number, 0)
        except QueryError:
            continue


def judged(config: Config, people: People) -> People:
    """The people of a list, where a wish that nothing answers to is wrong."""
    wrong = lru_cache(AT_HAND)(Wishes(config).wrong)
    return replace(people, rows=tuple(_judged(row, wrong) for row in people.rows))


def _judged(row: Row, wrong_wish: Callable[[str, str], str]) -> Row:
    wrong = "" if row.wrong else wrong_wish(row.filter, row.edition)
    return replace(row, wrong=wrong) if wrong else row
