"""Judges what somebody wishes to read: a filter or an edition that nothing could ever answer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from sundaypaper import query
from sundaypaper.config import Config
from sundaypaper.delivery import People, Row
from sundaypaper.errors import QueryError
from sundaypaper.forms.categories import CATEGORIES
from sundaypaper.models import Is
from sundaypaper.plugins import nearest_word
from sundaypaper.sources import BundleSource, PluginSource
from sundaypaper.text import fold, shorten

BOTH = "there is a filter and an edition, and only one can hold: take one out"
SHOWN = 200
AT_HAND = 1_000  # many people of a list wish the same


def wrong_wish(config: Config, filter: str, edition: str) -> str:
    """Why a wish cannot hold, or nothing: both kinds at once, or a name that nothing has.

    What does not parse is not judged here.
    """
    if filter.strip() and edition.strip():
        return BOTH
    if edition.strip():
        return _unknown("edition", edition.strip(), {e.id: e.id for e in config.editions})
    return wrong_filter(config, filter)


def wrong_filter(config: Config, filter: str) -> str:
    """The first name in a filter that nothing has, with the nearest that there is; else nothing."""
    try:
        tree = query.parse(filter).tree
    except QueryError:
        return ""
    asked = [leaf for leaf in query.leaves(tree) if isinstance(leaf, Is)]
    known = _names(config) if asked else {}
    return next((wrong for leaf in asked if (wrong := _wrong_name(leaf, known))), "")


def judged(config: Config, people: People) -> People:
    """The people of a list, where a wish that nothing answers to is wrong."""
    wrong = lru_cache(AT_HAND)(partial(wrong_wish, config))
    return replace(people, rows=tuple(_judged(row, wrong) for row in people.rows))


def _judged(row: Row, wrong_wish: Callable[[str, str], str]) -> Row:
    wrong = "" if row.wrong else wrong_wish(row.filter, row.edition)
    return replace(row, wrong=wrong) if wrong else row


def _wrong_name(leaf: Is, known: Mapping[str, Mapping[str, str]]) -> str:
    names = known.get(leaf.field)
    if names is None or (leaf.prefix and any(name.startswith(leaf.value) for name in names)):
        return ""
    return (
        "" if leaf.value in names and not leaf.prefix else _unknown(leaf.field, leaf.value, names)
    )


def _unknown(field: str, value: str, names: Mapping[str, str]) -> str:
    """The sentence about a name that is not among those, which map to their usual spelling."""
    if value in names:
        return ""
    told = f"there is no {WORDS.get(field, field)} “{shorten(value, 60)}”"
    if field == "cat" and any(name.startswith(f"{value}.") for name in names):
        return f"{told}; did you mean “{value}.*”?"
    spelled = tuple(dict.fromkeys(names.values()))
    if near := nearest_word(value, tuple(names)):
        return f"{told}; did you mean “{names[near]}”?"
    some = shorten(", ".join(spelled), SHOWN)
    return f"{told}; there are {some}" if some else f"{told}: there is none at all"


WORDS = {"cat": "category", "group": "group of sources"}


def _names(config: Config) -> dict[str, dict[str, str]]:
    """By field, the names as filters compare them, and as a person writes them.

    A bundle and a source of somebody else bring entries of whatever source and group they like.
    """
    named = {
        "topic": {fold(topic.id): topic.id for topic in config.topics},
        "venue": {fold(key): key for key in _venues(config)},
        "cat": {category.lower(): category for category in CATEGORIES},
    }
    if not any(isinstance(source, BundleSource | PluginSource) for source in config.sources):
        named["source"] = {fold(source.name): source.name for source in config.sources}
        named["group"] = {fold(s.group): s.group for s in config.sources if s.group}
    return named


def _venues(config: Config) -> Iterator[str]:
    return (venue.key.removeprefix("other:") for venue in config.venues)
