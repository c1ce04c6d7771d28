"""The subset of Markdown that editors may write: paragraphs, emphasis, lists, links to the web.

All else is printed as it was written: no HTML, no headings, no images, no address but http, https and
mailto.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

RULES = ("list", "emphasis", "link", "autolink", "escape", "entity", "newline")
WEB = re.compile(r"(?:https?://[^\s/?#<>\"]|mailto:[^\s<>\"])[^\s<>\"]*", re.IGNORECASE)
BLOCKS = re.compile(r"\n\s*\n")
INLINE = re.compile(r"[\\`*_{}\[\]<>&|~#$]")
# What begins a block where a line begins: a list, a quotation, the underline of a heading.
NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
BLOCK = re.compile(r"^([-+=:])")


@cache
def _parser(only_web: bool, /) -> MarkdownIt:
    """What reads a text; it is imported here, since few commands read any."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"html": False}).enable(list(RULES))
    parser.validateLink = lambda url: not only_web or bool(WEB.fullmatch(url))  # type: ignore[method-assign]
    return parser


def html(text: str) -> str:
    """The HTML of a text: p, em, strong, a, ul, ol and li, and nothing else; all escaped."""
    return str(_parser(True).render(text)).strip()


def plain(text: str) -> str:
    """The words of a text, without what marks them."""
    return " ".join(
        "".join(_content(part) for part in block.children or ())
        for block in _parser(True).parse(text)
        if block.type == "inline"
    )


def _content(part: Token) -> str:
    return " " if part.type in ("softbreak", "hardbreak") else part.content


def links(text: str) -> tuple[str, ...]:
    """Every address that a text leads to, of whatever kind, in its order."""
    tokens = (part for block in _parser(False).parse(text) for part in block.children or ())
    return tuple(str(part.attrs["href"]) for part in tokens if part.type == "link_open")


def is_web(url: str) -> bool:
    """Whether a text may lead to an address: http, https or mailto."""
    return bool(WEB.fullmatch(url))


def blocks(text: str) -> tuple[str, ...]:
    """The paragraphs and lists of a text, each as it was written."""
    return tuple(block for block in BLOCKS.split(text) if block.strip())


def escaped(text: str) -> str:
    """One line of plain text as CommonMark that says exactly that, wherever it stands."""
    text = INLINE.sub(r"\\\g<0>", " ".join(text.split()))
    text = text.replace("!\\[", "\\!\\[")
    return BLOCK.sub(r"\\\1", NUMBERED.sub(r"\1\\\2", text))


def link(text: str, url: str) -> str:
    """Plain text that leads to an address, as CommonMark; only the text where that is not of the web."""
    if not is_web(url):
        return escaped(text)
    target = url.replace("\\", "%5C").replace("(", "%28").replace(")", "%29")
    return f"[{escaped(text)}]({re.sub(r'&(?=#?[A-Za-z0-9]+;)', '&amp;', target)})"
