"""The names of the built-in venues, where nobody hands in those of feeds.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sundaypaper import venues

VENUES: Mapping[str, str] = MappingProxyType({venue.key: venue.title for venue in venues.VENUES})
