"""What RFC 4287 and JSON Feed 1.1 demand of the feeds, written as two schemas."""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
# An id is a whole IRI, which begins with its scheme.
WHOLE = r"[A-Za-z][A-Za-z0-9+.\-]*:\S+"


def _element(name: str, *inner: str) -> str:
    return f'<element name="{name}">{"".join(inner) or "<text/>"}</element>'


def _some(kind: str, *inner: str) -> str:
    return f"<{kind}>{''.join(inner)}</{kind}>"


def _matching(pattern: str) -> str:
    return f'<data type="string"><param name="pattern">{pattern}</param></data>'


def _attribute(name: str, inner: str = "") -> str:
    return f'<attribute name="{name}" ns="">{inner or "<text/>"}</attribute>'


def _text(name: str) -> str:
    """A text construct: type text or html, no elements inside."""
    kinds = "<choice><value>text</value><value>html</value></choice>"
    return _element(name, _some("optional", _attribute("type", kinds)), "<text/>")


def _both() -> list[str]:
    """What feed and entry have in common."""
    uri = _element("uri", '<data type="anyURI"/>')
    mail = _element("email", _matching(r"[^@]+@[^@]+"))
    person = _some(
        "interleave", _element("name", _matching(r"\S(.*\S)?")), _some("optional", uri), _some("optional", mail)
    )  # fmt: skip
    optional = [_some("optional", _attribute(name)) for name in ("type", "hreflang", "title")]
    link = _element("link", _attribute("href", '<data type="anyURI"/>'), _attribute("rel"), *optional)  # fmt: skip
    category = _element("category", _attribute("term"))
    return [
        _element("id", _matching(WHOLE)),
        _text("title"),
        _element("updated", _matching(MOMENT)),
        _some("zeroOrMore", _element("author", person)),
        _some("zeroOrMore", link),
        _some("zeroOrMore", category),
        _some("optional", _text("rights")),
        _some("zeroOrMore", '<ref name="extension"/>'),
    ]


# An extension element (6.4): this paper has XHTML, which a browser shows and programs skip.
EXTENSION = (
    '<define name="extension"><element><nsName ns="http://www.w3.org/1999/xhtml"/>'
    '<zeroOrMore><choice><attribute name="href" ns=""/><attribute name="dir" ns=""/><text/><ref name="extension"/></choice></zeroOrMore>'
    "</element></define>"
)


@cache
def atom_schema() -> etree.RelaxNG:
    """The feed document of RFC 4287, as far as this paper uses it; the rest of it is refused."""
    entry = _element(
        "entry",
        _some(
            "interleave",
            *_both(),
            _some("optional", _element("published", _matching(MOMENT))),
            _some("optional", _text("summary")),
            _text("content"),
        ),
    )
    singles = (_text("subtitle"), _element("generator"), _element("icon", '<data type="anyURI"/>'))
    feed = _some("interleave", *_both(), *(_some("optional", one) for one in singles), _some("zeroOrMore", entry))  # fmt: skip
    language = '<attribute name="lang" ns="http://www.w3.org/XML/1998/namespace"/>'
    grammar = (
        '<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom" '
        'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">'
        f"<start>{_element('feed', language, feed)}</start>{EXTENSION}</grammar>"
    )
    return etree.RelaxNG(etree.fromstring(grammar))


@cache
def json_schema() -> dict[str, Any]:
    """A feed of version 1.1; members that it does not know, and empty ones, are refused."""
    url = {"type": "string", "pattern": r"^https?://\S+$"}
    text = {"type": "string", "minLength": 1}
    moment = {"type": "string", "pattern": f"^{MOMENT}$"}
    author = _closed({"name": text, "url": {"type": "string", "pattern": r"^(https?://|mailto:)\S+$"}}, "name")  # fmt: skip
    authors = {"type": "array", "items": author, "minItems": 1}
    item = _closed(
        {
            "id": {"type": "string", "pattern": f"^{WHOLE}$"},
            "url": url,
            "external_url": url,
            "title": text,
            "summary": text,
            "content_html": {"type": "string"},
            "date_published": moment,
            "date_modified": moment,
            "authors": authors,
            "tags": {"type": "array", "items": text, "minItems": 1},
        },
        "id",
        "content_html",
    )
    return _closed(
        {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": text,
            "home_page_url": url,
            "feed_url": url,
            "description": text,
            "icon": url,
            "favicon": url,
            "authors": authors,
            "language": {"type": "string", "pattern": "^[a-z]{2}$"},
            "items": {"type": "array", "items": item},
        },
        "version",
        "title",
        "items",
    )


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
