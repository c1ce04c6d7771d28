"""HTML to plain text and to the links in it, in one pass over any input. Pure."""

from __future__ import annotations

import html
import re

from sundaypaper.text import clean
from sundaypaper.urls import absolute, clean_url

# Every piece stops before the next "<", so that no input makes the search quadratic; quoted
# attributes may hold ">". Possessive (++), so that nothing is tried twice.
TAG = re.compile(
    r"<!--|-->|<(/?)([a-zA-Z!?][^\s<>/]*+)"
    r"""(?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+(?:>|$))"""
)
KNOWN = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|cite|code|del|div|em|embed|font|form|frame|h[1-6]|"
    r"head|hr|html|i|iframe|img|input|ins|kbd|li|link|mark|math|meta|object|ol|p|pre|q|s|script|"
    r"small|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|th|title|tr|tt|u|ul|"
    r"var|video)\b[^<>]*+>",
    re.IGNORECASE,
)
INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike "
    "strong sub sup tt u var wbr".split()
)
# What stands between these is not text.
SILENT = frozenset("script style template noscript iframe object svg math head".split())
HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})')""", re.I)
MOST_LINKS = 50
LONGEST = 1_000_000


def plain(text: str, limit: int, markup: bool = True) -> str:
    """The text on one line, at most limit characters; markup escaped once too often goes too.

    Where the source says that it is no markup, "List<int> is fast" stays and known tags go.
    """
    text, enough = text[:LONGEST], 8 * limit
    for again in range(3):
        if (markup and not again) or KNOWN.search(text):
            text = strip(text, enough)
        elif "&" not in text:
            break
        text = html.unescape(text[: 2 * enough])
    return clean(text, limit)


def strip(markup: str, enough: int) -> str:
    """The text without tags, comments and scripts; stops soon after enough characters."""
    out: list[str] = []
    at = length = 0
    silent = ""
    for tag in TAG.finditer(markup):
        if not silent:
            out.append(markup[at : tag.start()])
            length += tag.start() - at
            if length > enough:
                return "".join(out)
        at = tag.end()
        silent = _silent(silent, tag)
        if not silent and (tag[2] or "").lower() not in INLINE:
            out.append(" ")
    if not silent:
        out.append(markup[at:])
    return "".join(out)


def _silent(silent: str, tag: re.Match[str]) -> str:
    """Which element or comment, after this tag, still hides what follows; "" for none."""
    text, name = tag[0], (tag[2] or "").lower()
    if silent == "<!--":
        return "" if text == "-->" else silent
    if silent:
        return "" if tag[1] and name == silent else silent
    if text == "<!--":
        return text
    return name if name in SILENT and not tag[1] and not text.endswith("/>") else ""


def links(markup: str, base: str) -> tuple[str, ...]:
    """Up to 50 http(s) addresses that markup links to, once each, arXiv's and DOIs first."""
    urls: dict[str, None] = {}
    for match in HREF.finditer(markup[:LONGEST]):
        if url := absolute(html.unescape(match[1] or match[2]), base):
            urls[clean_url(url)] = None
    first = sorted(urls, key=lambda url: "arxiv.org/" not in url and "doi.org/" not in url)
    return tuple(first[:MOST_LINKS])
