"""Export an issue as a block to paste into any newsletter tool, and entries as references."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sundaypaper import issue as issues
from sundaypaper.config import Config
from sundaypaper.errors import BuildError
from sundaypaper.formats import references
from sundaypaper.formats.export import export_html, export_markdown
from sundaypaper.models import Issue, Masthead
from sundaypaper.pipeline.finding import asked, find, printed
from sundaypaper.store import Store

Export = Callable[[Issue, Masthead, Mapping[str, str]], str]
BLOCKS: Mapping[str, Export] = MappingProxyType({"markdown": export_markdown, "html": export_html})
# Markdown is both: a block of an issue, a list of what a filter finds.
FORMATS = (*BLOCKS, *(name for name in references.FORMATS if name not in BLOCKS))


def export(config: Config, store: Store, week: str | None, format: str, filter: str) -> str:
    """An issue, the newest where week is None, or the entries that a filter finds, in a format.

    With a filter and without a week all issues are looked through, the newest first. BuildError
    where there is no such issue, QueryError where the filter does not parse.
    """
    if filter.strip():
        return _found(config, store, week, format, filter)
    issue = _issue(store, week)
    if format in BLOCKS:
        return BLOCKS[format](issue, config.masthead, config.venue_titles)
    each = map(references.reference, printed(issue))
    return references.FORMATS[format](each, _names(config))


def _found(config: Config, store: Store, week: str | None, format: str, filter: str) -> str:
    if format not in references.FORMATS:
        raise BuildError(f"{format} is a whole issue; with a filter write one of {', '.join(references.FORMATS)}")  # fmt: skip
    wanted = asked(config, store, filter)
    weeks = (week,) if week else tuple(head.week for head in store.heads())
    if week:
        _issue(store, week)
    each = (references.reference(found.pick) for found in find(store, wanted, weeks))
    return references.FORMATS[format](each, _names(config))


def _names(config: Config) -> references.Names:
    return references.Names(config.venue_titles, {topic.id: topic.name for topic in config.topics})


def _issue(store: Store, week: str | None) -> Issue:
    """The issue of a week, or the newest, amendments applied; BuildError where there is none."""
    chosen = week or next((head.week for head in store.heads()), "")
    issue = store.issue(chosen) if chosen else None
    if issue is None:
        named = f"of {chosen}: `sundaypaper run --week {chosen}`" if chosen else "yet: `sundaypaper run`"  # fmt: skip
        raise BuildError(f"there is no issue {named} makes it")
    return issues.amended(issue, store.amendments())
