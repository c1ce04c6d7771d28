"""Render the pages that the web app makes when it is asked, in the look of the published ones."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

from sundaypaper.config import Config
from sundaypaper.formats import site
from sundaypaper.pipeline.publishing_context import frame_of

# What is told in these has no address of its own: no link names it as the page to keep.
UNKEPT = "404.html"


class ServedPages:
    """Renders templates at any depth below base_url: their links begin with its path.

    A template gets what the published pages get (root, links, path, frame, masthead), and the values
    of the call. BuildError names file and line where one of the operator's has a mistake.
    """

    def __init__(self, config: Config, templates: Path | None, base_url: str) -> None:
        self.frame = frame_of(config)
        self.env = site.environment(templates, config.venue_titles, config.tongue)
        self.root = quote(urlsplit(base_url).path, safe="/%") or "/"

    def sheet(self, name: str) -> bytes:
        """A style sheet of the templates that no published page has."""
        return site.copy(name, self.env).body

    def page(self, template: str, path: str = UNKEPT, **values: object) -> bytes:
        """A page; path is where it lies, which marks the reader's place in the navigation."""
        given = {"links": self.root, **values}
        return site.render_from(self.root, template, path, self.env, self.frame, **given).body
