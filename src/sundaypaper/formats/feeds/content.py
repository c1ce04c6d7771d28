"""The content of a feed's item: the main part of an issue's page, as plain HTML.

It is taken from the page itself, so that both agree whatever a template prints.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

from sundaypaper.formats.feeds.writing import SiteFile
from sundaypaper.formats.hrefs import web
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.view import legal
from sundaypaper.models import Page

# Elements that readers know; of all others the words stay.
KEPT = frozenset(
    "bdi p h2 h3 h4 ul ol li dl dt dd blockquote details summary code b strong i em mark sub sup br "
    "table thead tbody tfoot tr th td caption".split()
)
# What leads around on a page, or works only there.
LEFT_OUT = frozenset("nav script style template noscript form button svg math".split())
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
ENDED = KEPT - VOID
EMPTY = re.compile(r"<(p|ul|li|dd|dt)>\s*</\1>")
SPACES = re.compile(r"\s+")
NOT_OURS = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
BETWEEN = re.compile(r" ?(</?(?:p|h[234]|[uo]l|li|d[ltd]|blockquote|details|summary)>) ?")


def content(page: Page, place: SiteFile) -> str:
    """The main part of a page as HTML for the feed at a place; no attributes but those of links.

    Links are whole addresses; those inside a paper without an address are relative to the feed.
    Empty where a user's template has no `<main>`.
    """
    reader = _Main(page.path, place.root)
    reader.feed(page.body.decode())
    reader.close()
    text = BETWEEN.sub(r"\1", SPACES.sub(" ", "".join(reader.out)))
    while EMPTY.search(text):
        text = EMPTY.sub("", text)
    return legal(text).strip()


class _Main(HTMLParser):
    """Writes what stands in `<main>` anew, from the tags and attributes that are kept."""

    def __init__(self, path: str, root: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.root = path, root
        self.out: list[str] = []
        self.inside = False
        self.leaving, self.depth = "", 0
        self.linked = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what is kept; count into what is left out."""
        if self.leaving:
            self.depth += tag == self.leaving
        elif tag == "main":
            self.inside = True
        elif self.inside:
            self._begin(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if self.leaving:
            self.depth -= tag == self.leaving
            self.leaving = self.leaving if self.depth else ""
        elif tag == "main":
            self.inside = False
        elif self.inside and (tag in ENDED or (tag == "a" and self.linked)):
            self.linked = self.linked and tag != "a"
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Words are escaped again."""
        if self.inside and not self.leaving:
            self.out.append(escape(data, quote=False))

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "math":
            self.out.append(escape(plain(f"${attributes.get('alttext', '')}$"), quote=False))
        if tag in LEFT_OUT or "hidden" in attributes:
            self.leaving, self.depth = (tag, 1) if tag not in VOID else ("", 0)
        elif tag in KEPT:
            self.out.append(f"<{tag}>")
        elif tag == "a":
            address = self._address(attributes.get("href", ""))
            self.linked = bool(address)
            self.out.append(f'<a href="{escape(address)}">' if address else "")

    def _address(self, link: str) -> str:
        """Where a link leads; empty where it is no address."""
        if NOT_OURS.match(link):
            return web(link)
        return self.root + urljoin(self.path, link) if link else ""
