"""The weeks of the sample issues, which the bundled landmarks are printed as."""

from __future__ import annotations

from datetime import datetime

from sundaypaper.sources import bundle


def sample_weeks() -> tuple[tuple[str, ...], datetime]:
    """The weeks of the landmarks that come with the program, and when they were recorded."""
    manifest = bundle.read(bundle.SHELF).manifest
    return tuple(manifest.weeks), manifest.now
