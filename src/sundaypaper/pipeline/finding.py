"""Find entries in stored issues by a filter, newest week first, as the search of the archive does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sundaypaper import issue as issues
from sundaypaper import query
from sundaypaper.config import Config
from sundaypaper.models import Card, Filter, Issue, Pick
from sundaypaper.pipeline.known_names import kept_names
from sundaypaper.store import Store


@dataclass(frozen=True, slots=True)
class Found:
    """An entry, and the week of the newest issue that holds it."""

    week: str
    pick: Pick


def asked(config: Config, store: Store, text: str) -> Filter:
    """The filter of a text; QueryError where it does not parse or names what is not there."""
    return query.parse(text, vocabulary=kept_names(config, store))


def find(store: Store, filter: Filter, weeks: Iterable[str]) -> Iterator[Found]:
    """The entries that a filter lets through, each once; within a week the highest score first.

    weeks are read one at a time, in their order. What was taken out is left out.
    """
    amendments = store.amendments()
    gone = issues.removals(amendments)
    seen: set[str] = set()
    for week in weeks:
        issue = store.issue(week)
        if issue is None:
            continue
        picks = [pick for pick in issue.entries if pick.id not in seen and pick.id not in gone]
        seen |= {pick.id for pick in picks}
        for pick in sorted(picks, key=lambda pick: (-pick.score, pick.id)):
            if query.match(filter, _card(issue, pick)):
                yield Found(week, pick)


def _card(issue: Issue, pick: Pick) -> Card:
    return query.card_of_pick(pick, query.listed_abstract(pick, issue.abstracts))


def printed(issue: Issue) -> tuple[Pick, ...]:
    """What an issue prints, each entry once, in its order; what was taken out is left out."""
    picks = {pick.id: pick for pick in issue.entries if pick.source}
    ids = dict.fromkeys(item.id for section in issue.sections for item in section.items)
    return tuple(picks[id] for id in ids if id in picks)
