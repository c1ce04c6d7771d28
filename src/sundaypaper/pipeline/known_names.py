"""The names that a query over stored weeks may ask for: those of feeds.yaml, and what is kept."""

from __future__ import annotations

from sundaypaper.config import Config
from sundaypaper.query import Vocabulary
from sundaypaper.store import Store


def kept_names(config: Config, store: Store) -> Vocabulary:
    """The vocabulary of the configuration with the venues that claims name and the sources of old."""
    venues = dict.fromkeys(key.removeprefix("other:") for key, _ in store.venue_years())
    return config.vocabulary.also("venue", venues).also("source", store.reported_sources())
