"""What a web page says of its feeds, where somebody gave the page for one. Pure."""

from __future__ import annotations

import html
import re

from sundaypaper.urls import absolute

MOST, HEAD = 3, 300_000
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LINK = re.compile(r"""<(?:link|a)\b(?:[^<>"']|"[^"<]*"|'[^'<]*'){1,2000}+>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z]{2,8})\s{0,3}=\s{0,3}(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.I)
KINDS = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/(?:rss|atom|feed)|text/(?:rss|xml)|application/xml",
    re.IGNORECASE,
)
BASE = re.compile(r"<base\b[^<>]{1,2000}>", re.IGNORECASE)
ASIDE = re.compile(r"comment|kommentar|commentaire|comentario", re.IGNORECASE)


def feeds_of(body: bytes, url: str) -> tuple[str, ...]:
    """The addresses of the feeds that a page names, those of its comments last, three at most."""
    text = COMMENT.sub(" ", body[:HEAD].decode("utf-8", "replace"))
    base = next((_attributes(tag).get("href", "") for tag in BASE.findall(text)), "")
    base = absolute(base, url) or url
    found: dict[str, bool] = {}
    for tag in LINK.findall(text):
        has = _attributes(tag)
        if "alternate" not in has.get("rel", "").lower().split():
            continue
        kind = has.get("type", "").partition(";")[0].strip()
        address = absolute(has.get("href", ""), base)
        is_json_feed = kind.lower() == "application/json" and "oembed" not in address
        if address and (KINDS.fullmatch(kind) or (is_json_feed and "feed" in address.lower())):
            found.setdefault(address, bool(ASIDE.search(address + has.get("title", ""))))
    return tuple(sorted(found, key=lambda address: found[address]))[:MOST]


def _attributes(tag: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(double or single or bare).strip()
        for name, double, single, bare in ATTRIBUTE.findall(tag)
    }
