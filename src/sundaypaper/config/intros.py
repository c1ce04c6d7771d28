"""Introductions for the pages of topics: two sentences each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from sundaypaper.config.messages import explained
from sundaypaper.errors import ConfigError
from sundaypaper.forms import values as v
from sundaypaper.forms.document import parse

ABOUT = "topics-about.yaml"
_FILE = TypeAdapter(dict[str, v.Text])


@cache
def topic_intros() -> Mapping[str, str]:
    """What each topic is about, by its id; ConfigError where the data file is damaged."""
    text = (resources.files("sundaypaper") / "data" / ABOUT).read_text("utf-8")
    document = parse(text, ABOUT)
    try:
        return MappingProxyType(_FILE.validate_python(document.data))
    except ValidationError as e:
        raise ConfigError(tuple(explained(e, document))) from e
