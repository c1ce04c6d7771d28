"""Editions: named filters with section sizes, those of feeds.yaml or the three that ship."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from sundaypaper.config.messages import explained
from sundaypaper.config.schema import EditionEntry
from sundaypaper.errors import ConfigError
from sundaypaper.forms.document import parse
from sundaypaper.forms.strict import Strict
from sundaypaper.issue import USUAL_SIZES, Sizes
from sundaypaper.models import Filter

SHIPPED = "editions.yaml"


@dataclass(frozen=True, slots=True)
class Edition:
    """A view of every issue: the entries that match, in its own sizes. id names its folder."""

    id: str
    name: str
    about: str
    match: Filter
    sizes: Sizes


class _File(Strict):
    editions: tuple[EditionEntry, ...]


def editions_of(entries: tuple[EditionEntry, ...] | None) -> tuple[Edition, ...]:
    """The editions of feeds.yaml; where it has no key `editions`, those that ship."""
    if entries is None:
        return default_editions()
    return tuple(Edition(e.id, e.name, e.about, e.match, sizes_of(e.print)) for e in entries)


def sizes_of(given: BaseModel) -> Sizes:
    """The section sizes in `print`; its other keys are left out."""
    return MappingProxyType({name: getattr(given, name) for name in USUAL_SIZES})


@cache
def default_editions() -> tuple[Edition, ...]:
    """The three editions that come with the package; ConfigError where their data file is damaged."""
    text = resources.files("sundaypaper").joinpath("data", SHIPPED).read_text("utf-8")
    document = parse(text, SHIPPED)
    try:
        return editions_of(_File.model_validate(document.data).editions)
    except ValidationError as e:
        raise ConfigError(tuple(explained(e, document))) from e
