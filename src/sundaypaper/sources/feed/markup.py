"""HTML to plain text and to the links in it, in one pass over any input. Pure.

    form   "text": every "<" is a letter; "html": tags are tags; "": the source does not say, and
           what is closed again, or could not be meant as a word, is a tag

A tag that is never closed, or that HTML does not have, is a word of the sentence: List<int>.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

from sundaypaper.text import clean
from sundaypaper.urls import absolute, clean_url

Form = Literal["text", "html", ""]

# Every piece stops before the next "<", so that no input makes the search quadratic; quoted
# attributes may hold ">". Possessive (++), so that nothing is tried twice. A comment ends at the
# first "-->", whatever Outlook is told within it.
TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<!\[CDATA\[|\]\]>|<(/?)([a-zA-Z!?][^\s<>/]*+)"
    r"""((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+(?:>|$))""",
    re.DOTALL,
)
INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike "
    "strong sub sup tt u var wbr".split()
)
BLOCK = frozenset(
    "address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 header li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
VOID = frozenset("br col hr img input link meta source wbr".split())
# What stands between these is not text.
SILENT = frozenset(
    "audio canvas head iframe math noscript object script style svg template title video".split()
)
CODE = frozenset(("script", "style"))  # of these also where it never ends
OTHERS = frozenset(
    "acronym applet area base body button caption colgroup data datalist dir embed fieldset form "
    "frame frameset html label legend map marquee menu meter nobr noframes optgroup option output "
    "param picture progress rp rt ruby select slot textarea time track xml".split()
)
KNOWN = INLINE | BLOCK | VOID | SILENT | OTHERS
# What people put around words of a title; of the rest, in text that is not said to be HTML, the
# titles of this field speak.
AROUND = INLINE | frozenset("blockquote center div h1 h2 h3 h4 h5 h6 li ol p ul".split())
# Of these a sentence may speak, closed or not; and those may stand open in HTML.
SPOKEN_OF = frozenset(("head", "script", "style", "template", "title"))
LOOSE = frozenset(("br", "hr", "p"))
HALVES = frozenset(("b", "div", "em", "i", "p", "span", "strong"))
FOREIGN = re.compile(r"[a-z]\w{0,9}:[a-z][\w-]*")
WORDS = re.compile(r"[\w\s/-]*>?")
EXPONENT = re.compile(r"[\w.,+−*/-]{1,12}")
HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})')""", re.I)
SPACE = re.compile(r"\s*")
# A sentence, not the rest of a script that was cut off.
PROSE = re.compile(r"\s+\w[^{}=;]*")
IS_CODE = re.compile(r"[{}=;]")
MOST_LINKS = 50
LONGEST, HEAD = 1_000_000, 100_000
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
ORDINAL = re.compile(r"st|nd|rd|th|er|re|e|[èe]me|nde?|o|a|º|ª|TM|SM|®|™|©", re.IGNORECASE)


@dataclass(slots=True)
class _Tag:
    """A tag in a text. open and close say of which pair it is a part; drops, that it is markup."""

    at: re.Match[str]
    name: str
    close: int = -1  # which tag closes it
    open: int = -1  # which one it closes
    drops: bool = False


def plain(text: str, limit: int, form: Form) -> str:
    """The text on one line, at most limit characters; markup escaped once too often goes too."""
    text, enough = text[:HEAD], 8 * limit
    for again in range(3):
        if form != "text":
            # What was escaped is text; only what stands around words was escaped once too often.
            text = strip(text, enough, "" if again else form)
        if "&" not in text:
            break
        text = html.unescape(text[: 2 * enough])
    return clean(text.replace("<![CDATA[", "").replace("]]>", ""), limit)


def strip(markup: str, enough: int, form: Form) -> str:
    """The text without tags, comments and scripts; stops soon after enough characters."""
    tags = _tags(markup, form)
    out: list[str] = []
    at = length = 0
    raised: list[int] = []  # where in out a <sup> or <sub> begins
    until = -1  # which tag ends what is silent
    for number, tag in enumerate(tags):
        if number < until or not tag.drops:
            continue
        start, end = tag.at.span()
        if number == until:
            at = end
            continue
        out.append(markup[at:start])
        length += start - at
        if length > enough:
            return "".join(out)
        at = end
        if tag.name in SILENT and not tag.at[1]:
            if tag.close >= 0:
                until = tag.close
            elif tag.name in CODE and not tag.at[0].endswith("/>"):
                return "".join(out)
        elif tag.name in ("sup", "sub"):
            _shift(out, raised, tag)
        elif tag.name not in INLINE:
            out.append(" ")
    out.append(markup[at:])
    return "".join(out)


def form_of(body: str) -> Form:
    """What a body is that does not say it: HTML where it has one tag that no sentence speaks of."""
    tags = _tags(body[:HEAD], "")
    for tag in tags:
        is_known = tag.name in KNOWN - SPOKEN_OF or (tag.name in KNOWN and _has_attributes(tag))
        paired = tag.close >= 0 and (is_known or _holds_code(tag, tags, body))
        is_comment = tag.at[0].startswith("<!--")
        if (
            tag.drops
            or paired
            or is_comment
            or (not tag.at[1] and tag.name in LOOSE and tag.at[0][-1] == ">")
        ):
            return "html"
    return "text"


def _holds_code(tag: _Tag, tags: list[_Tag], body: str) -> bool:
    """Whether a script or its like holds one; “<style> and </style>” holds a word."""
    inner = body[tag.at.end() : tags[tag.close].at.start()]
    return tag.name in CODE and IS_CODE.search(inner) is not None


def _tags(markup: str, form: Form) -> list[_Tag]:
    """All that looks like a tag, each told whether it is markup."""
    tags = [_Tag(match, (match[2] or "").lower()) for match in TAG.finditer(markup)]
    _pair(tags)
    for tag in tags:
        other = tags[tag.close] if tag.close >= 0 else tags[tag.open] if tag.open >= 0 else None
        if _is_sum(tag):
            continue
        if other is None:
            tag.drops = _alone(tag, form, markup)
        elif form == "html":
            tag.drops = tag.name in KNOWN or _is_foreign(tag) or _has_attributes(tag)
        else:
            first, last = (tag, other) if tag.close >= 0 else (other, tag)
            written = _has_attributes(first) and tag.name in KNOWN - SILENT
            holds = SPACE.match(markup, first.at.end()).end() < last.at.start()  # type: ignore[union-attr]
            tag.drops = written or (tag.name in AROUND and holds)
    return tags


def _pair(tags: list[_Tag]) -> None:
    """Tell each tag which one closes it."""
    waiting: dict[str, list[int]] = {}
    for number, tag in enumerate(tags):
        if not tag.name or tag.name in VOID:
            continue
        if not tag.at[1]:
            waiting.setdefault(tag.name, []).append(number)
        elif opened := waiting.get(tag.name):
            # Within a script nothing is a tag: its first end is that of its first beginning.
            first = opened[0] if tag.name in SILENT else opened.pop()
            if tag.name in SILENT:
                opened.clear()
            tags[first].close, tag.open = number, first


def _has_attributes(tag: _Tag) -> bool:
    """Whether it has attributes with values; words alone may as well be a sentence's."""
    return "=" in (tag.at[3] or "")


def _is_sum(tag: _Tag) -> bool:
    """Whether it is no tag but two comparisons: a<b && c>d."""
    of_html = tag.name[:1].isalpha()
    return of_html and not _has_attributes(tag) and not WORDS.fullmatch(tag.at[3] or "")


def _alone(tag: _Tag, form: Form, markup: str) -> bool:
    """Whether a tag without its other half is markup."""
    text, name = tag.at[0], tag.name
    if text.startswith(("<!--", "<![CDATA", "]]>")):
        return form == "html" or text.startswith("<![CDATA") or text.endswith("->") or text == "]]>"
    if name.startswith(("!", "?")):  # <!DOCTYPE html> and <?php ?> are spoken of, too
        return (form == "html" or name.startswith("![")) and text.endswith(">")
    if text[-1] != ">":  # cut off in the middle
        return form == "html" and name in KNOWN
    if name in CODE and not tag.at[1] and not text.endswith("/>"):
        # A script that is cut off hides what follows; “the <style> tag” is about it.
        return form == "html" and not PROSE.fullmatch(markup, tag.at.end())
    if name in SILENT:
        return form == "html" and (bool(tag.at[1]) or _has_attributes(tag))
    if form == "html":
        return name in KNOWN - {"area", "a"} or _has_attributes(tag) or _is_foreign(tag)
    if name in ("br", "wbr") or (name in VOID | {"p", "a"} and _has_attributes(tag)):
        return True
    # Half of what stood around the whole title.
    at_start, at_end = tag.at.start() == 0, tag.at.end() == len(markup)
    return name in HALVES and (at_start if not tag.at[1] else at_start or at_end)


def _is_foreign(tag: _Tag) -> bool:
    """Whether its name is one of another vocabulary, as Outlook's <o:p>."""
    return FOREIGN.fullmatch(tag.name) is not None


def _shift(out: list[str], raised: list[int], tag: _Tag) -> None:
    """Set what stands in <sup> and <sub> in letters that are raised or lowered, else mark it."""
    if not tag.at[1]:
        raised.append(len(out))
        return
    if not raised:
        return
    at = raised.pop()
    inner = "".join(out[at:])
    shown = inner.strip()
    table, mark = (RAISED, "^") if tag.name == "sup" else (LOWERED, "_")
    if shown and all(ord(c) in table for c in shown):
        inner = shown.translate(table)
    elif EXPONENT.fullmatch(shown) and not ORDINAL.fullmatch(shown):
        inner = f"{mark}{shown}"
    out[at:] = [inner]


def links(markup: str, base: str) -> tuple[str, ...]:
    """Up to 50 http(s) addresses that markup links to, once each, arXiv's and DOIs first."""
    urls: dict[str, None] = {}
    for match in HREF.finditer(markup[:LONGEST]):
        href = html.unescape(match[1] or match[2])
        if not href.startswith("#") and (url := absolute(href, base)):
            urls[clean_url(url)] = None
    first = sorted(urls, key=lambda url: "arxiv.org/" not in url and "doi.org/" not in url)
    return tuple(first[:MOST_LINKS])
