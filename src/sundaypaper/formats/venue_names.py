"""The names of the built-in venues by key, used where those of feeds.yaml are not passed in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sundaypaper import venues

VENUES: Mapping[str, str] = MappingProxyType({venue.key: venue.title for venue in venues.VENUES})
