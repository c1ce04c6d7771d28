"""Helpers to write feeds, OPML and sitemaps: legal text, addresses, moments, XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sundaypaper.formats.hrefs import web
from sundaypaper.formats.lasting_names import SAFE
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.view import legal
from sundaypaper.models import Masthead
from sundaypaper.text import clean

NO_IRI = re.compile(r"%(?![0-9A-Fa-f]{2})|[\[\]#]")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """Where a file of the build stands, and how it leads to the other files."""

    masthead: Masthead
    path: str

    @property
    def is_known(self) -> bool:
        """Whether the build knows its own address."""
        return bool(self.masthead.base_url)

    @property
    def root(self) -> str:
        """What leads to the root of the build: its address, else the way up from this file."""
        return self.masthead.base_url or "../" * self.path.count("/")

    def to(self, path: str, asked: str = "") -> str:
        """The address of a file of the build: absolute, else relative to this file.

        asked is the query that it is to answer, if any.
        """
        return self.root + quote(path, safe=SAFE) + (f"?q={quote(asked, safe='')}" if asked else "")


def whole(url: str) -> str:
    """The address as an IRI (RFC 3987) where it is one of the web, else an empty text."""
    head, mark, tail = web(legal(url)).partition("#")
    head, tail = (NO_IRI.sub(lambda found: quote(found[0], safe=""), part) for part in (head, tail))
    return head + mark + tail


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 has it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def line(text: str) -> str:
    """One line of plain text: formulas in characters, no control characters."""
    return clean(plain(text))


def child(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A new last child of an element."""
    made = SubElement(parent, tag, attributes)
    made.text = text or None
    return made


def xml(root: Element, sheet: str = "") -> bytes:
    """The document in UTF-8, indented; the same tree gives the same bytes.

    sheet is the way to the style sheet by which a browser shows it (xml-stylesheet 1.0).
    """
    indent(root, "")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    if sheet:
        head += f'<?xml-stylesheet type="text/css" href="{escape(sheet)}"?>\n'
    return (head + legal(tostring(root, encoding="unicode")) + "\n").encode()
