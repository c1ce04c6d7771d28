"""What a person should know of a feeds.yaml that works: wishes in it that contradict one another."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.config import Config
from sundaypaper.sources import ArxivSource
from sundaypaper.venues import key_meant


def advice(config: Config) -> tuple[str, ...]:
    """A sentence for each; nothing where all wishes agree."""
    return tuple(_not_asked_for(config))


def _not_asked_for(config: Config) -> Iterator[str]:
    """Core venues that a source of arXiv with names of its own does not ask for."""
    for spec in config.sources:
        if not isinstance(spec, ArxivSource) or spec.venues is None:
            continue
        meant = {key_meant(name, config.venues) for name in spec.venues}
        if lost := [config.venue_titles[key] for key in config.core if key not in meant]:
            yield (
                f"the source “{spec.name}” asks for names of venues of its own, and none is of "
                f"{', '.join(lost)} in venues.core: papers of other categories that were accepted there are "
                "not found. Take its key `venues` out, and it asks for those of venues.core"
            )
