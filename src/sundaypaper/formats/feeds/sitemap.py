"""sitemap.xml and robots.txt, for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element

from sundaypaper.formats.feeds.writing import SiteFile, child, stamp, xml
from sundaypaper.models import Masthead, Page

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000


def sitemap_page(
    paths_with_lastmod: Iterable[tuple[str, datetime | None]], masthead: Masthead
) -> Page | None:
    """sitemap.xml of pages with the moment of their last change; the newest where they are too many.

    None where the paper has no address: a sitemap holds whole addresses only.
    """
    place = SiteFile(masthead, "sitemap.xml")
    if not place.is_known:
        return None
    root = Element("urlset", {"xmlns": NAMESPACE})
    moments = dict(sorted((path, stamp(at) if at else "") for path, at in paths_with_lastmod))
    newest = sorted(moments, key=lambda path: moments[path], reverse=True)[:MOST]
    for path in sorted(newest):
        url = child(root, "url")
        # As the page's own canonical link has it.
        child(url, "loc", place.to(path.removesuffix("index.html")))
        if moments[path]:
            child(url, "lastmod", moments[path])
    return Page(place.path, xml(root))


def robots_page(masthead: Masthead) -> Page:
    """robots.txt: all may be read; names the sitemap where there is one."""
    lines = ["User-agent: *", "Allow: /"]
    place = SiteFile(masthead, "robots.txt")
    if place.is_known:
        lines += ["", f"Sitemap: {place.to('sitemap.xml')}"]
    return Page(place.path, ("\n".join(lines) + "\n").encode())
