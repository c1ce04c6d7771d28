"""Editions of an issue: the entries that match a filter, composed as an issue of their own."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from sundaypaper import issue as issues
from sundaypaper import query
from sundaypaper.config import Config, Edition
from sundaypaper.formats.site.edition_pages import EditionPage
from sundaypaper.issue.amending import Amendments, amended
from sundaypaper.models import Card, Filter, Issue, Pick
from sundaypaper.text import fold

NOTHING: Amendments = MappingProxyType({})


class Cards:
    """Cards of an issue's entries that filters match, made once for all its editions and readers.

    An abstract is folded only where a filter reads it, since folding costs most.
    """

    def __init__(self, issue: Issue) -> None:
        self.abstracts = issue.abstracts
        self.made: tuple[dict[str, Card], dict[str, Card]] = ({}, {})

    def matcher(self, filter: Filter) -> Callable[[Pick], bool]:
        """A function that says whether an entry of the issue matches the filter."""
        whole = query.reads_text(filter.tree)
        made = self.made[whole]

        def matches(pick: Pick) -> bool:
            card = made.get(pick.id)
            if card is None:
                summary = self.abstracts.get(pick.id, "") if whole else ""
                card = made[pick.id] = query.card_of_pick(pick, summary)
            return query.match(filter, card)

        return matches


def edition_of(
    config: Config, issue: Issue, cards: Cards, match: Filter, sizes: issues.Sizes, title: str = ""
) -> Issue:
    """The entries of the issue that match, composed in these sizes; cards are those of the issue.

    It leads with the topics that the filter names.
    """
    named = frozenset(query.topics_named(match.tree))
    frame = issues.frame_of(
        issue,
        sizes=sizes,
        core=config.core,
        also=config.also,
        first=frozenset(topic.id for topic in issue.topics if fold(topic.id) in named),
        venues=config.venue_titles,
        title=title,
    )
    whole = match.tree == query.EVERYTHING.tree
    return issues.edition(issue, frame, cards.matcher(match), whole)


def editions_of(config: Config, issue: Issue) -> tuple[tuple[Edition, Issue], ...]:
    """Every configured edition of an issue, in the order of feeds.yaml."""
    cards = Cards(issue)
    return tuple(
        (
            edition,
            edition_of(
                config, issue, cards, edition.match, edition.sizes, f"{issue.title}: {edition.name}"
            ),
        )
        for edition in config.editions
    )


def edition_pages_of(
    config: Config, issue: Issue, amendments: Amendments = NOTHING
) -> tuple[EditionPage, ...]:
    """The pages of all editions of a frozen issue, as data, with later amendments applied.

    Entries that the whole issue prints have pages of their own.
    """
    held = frozenset(item.id for section in issue.sections for item in section.items)
    return tuple(
        EditionPage(edition.id, edition.name, edition.about, amended(made, amendments, issue), held)
        for edition, made in editions_of(config, issue)
    )


def definition(config: Config) -> str:
    """The settings of all editions as one text: a page is rendered again where it changes."""
    fields = (
        (edition.id, edition.name, edition.about, edition.match.text, dict(edition.sizes))
        for edition in config.editions
    )
    return repr((config.core, config.also, *fields))
