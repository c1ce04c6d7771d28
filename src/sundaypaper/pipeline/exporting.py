"""Export an issue as a block of Markdown or HTML to paste into any newsletter tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sundaypaper import issue as issues
from sundaypaper.config import Config
from sundaypaper.errors import BuildError
from sundaypaper.formats.export import export_html, export_markdown
from sundaypaper.models import Issue, Masthead
from sundaypaper.store import Store

Export = Callable[[Issue, Masthead, Mapping[str, str]], str]
FORMATS: Mapping[str, Export] = MappingProxyType({"markdown": export_markdown, "html": export_html})


def export_issue(config: Config, store: Store, week: str, format: str) -> str:
    """The issue of a week in a format, amendments applied; BuildError where there is none."""
    issue = store.issue(week)
    if issue is None:
        raise BuildError(f"there is no issue of {week}: `sundaypaper run --week {week}` makes it")
    amended = issues.amended(issue, store.amendments())
    return FORMATS[format](amended, config.masthead, config.venue_titles)
