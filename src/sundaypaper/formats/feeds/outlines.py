"""OPML 2.0 lists of feeds, for feed readers to import.

Without an address of the paper its own feeds are named relative to the list: a person can still
read it, though few programs resolve it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sundaypaper.formats.feeds.writing import SiteFile, child, line, whole, xml
from sundaypaper.models import Masthead, Page
from sundaypaper.sources import Source

NOTHING = "Nothing is listed"
UNNAMED = "Unnamed"
GROUPS = {
    "lab": "Labs",
    "researcher": "Researchers",
    "practitioner": "Practitioners",
    "newsletter": "Newsletters",
    "course": "Courses",
    "community": "Communities",
    "vendor": "Vendors",
    "": "Others",
}


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed with its address and perhaps that of its page, or a group of further outlines."""

    text: str
    xml_url: str = ""
    html_url: str = ""
    inside: tuple[Outline, ...] = ()


def opml_page(path: str, title: str, outlines: Sequence[Outline]) -> Page:
    """An OPML file; groups without a feed are left out."""
    root = Element("opml", {"version": "2.0"})
    child(child(root, "head"), "title", line(title))
    body = child(root, "body")
    _add(body, outlines)
    if not len(body):  # a body must hold something
        child(body, "outline", text=NOTHING)
    return Page(path, xml(root))


def feed_outlines(
    masthead: Masthead, groups: Iterable[tuple[str, Iterable[tuple[str, str, str]]]]
) -> tuple[Outline, ...]:
    """The feeds of the paper, the whole one first.

    groups are named (Topics, Venues, Editions) and hold name, path of the feed without suffix, and
    path of its page.
    """
    place = SiteFile(masthead, "feeds.opml")

    def outline(name: str, path: str, home: str) -> Outline:
        return Outline(name, place.to(f"{path}.atom"), place.to(home))

    further = (
        Outline(name, inside=tuple(outline(*feed) for feed in feeds)) for name, feeds in groups
    )
    return (outline(masthead.title, "feed", "index.html"), *further)


def source_outlines(sources: Iterable[Source]) -> tuple[Outline, ...]:
    """The feeds that the paper reads, by group; those that are switched off are left out."""
    groups: dict[str, list[Outline]] = {name: [] for name in GROUPS.values()}
    for spec in sources:
        if spec.is_feed and not spec.off:
            name = GROUPS.get(spec.group, spec.group)
            groups.setdefault(name, []).append(Outline(spec.name, whole(spec.address)))
    return tuple(Outline(name, inside=tuple(feeds)) for name, feeds in groups.items())


def _add(parent: Element, outlines: Sequence[Outline]) -> None:
    for outline in outlines:
        text = line(outline.text) or outline.xml_url or UNNAMED
        if outline.xml_url:
            made = child(parent, "outline", text=text, title=text, type="rss")
            made.set("xmlUrl", outline.xml_url)
            if outline.html_url:
                made.set("htmlUrl", outline.html_url)
        elif outline.inside:
            _add(child(parent, "outline", text=text, title=text), outline.inside)
