"""The own words in the source of a template: which they are, and the same source in other words.

A message is what a person reads as one: the words of a line between two tags of blocks, with the
expressions, statements and inline tags in it; or the value of an attribute that is read aloud. Of an
expression or statement alone, its string literals are the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

# Tags that stand inside a sentence; every other one ends a message.
INLINE = frozenset("a abbr b bdi br code em i mark small span strong sub sup".split())
# Attributes that a person hears or sees; content is that of <meta name="description">.
HEARD = frozenset("alt aria-label content placeholder title".split())
# Blocks whose content no person reads.
UNREAD = frozenset("csp form_action og_type".split())
# Literals that look like words and are parts of addresses.
KEPT = frozenset("abs html issues pdf".split())
# Statements that stand round words, and are none of them.
ROUND = frozenset(
    "block endblock set endset macro endmacro extends import from include call".split()
)

JINJA = r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}"
TOKEN = re.compile(
    rf"(?P<jinja>{JINJA})|(?P<aside><!--.*?-->)"
    rf"|(?P<tag><[/!]?[a-zA-Z](?:{JINJA}|\"(?:{JINJA}|[^\"])*\"|[^>\"])*>)|(?P<end>\n)"
    r"|(?P<text>(?:(?!\{[#%{])[^<\n])+|<)",
    re.DOTALL,
)
LINE = re.compile(rf"(?P<jinja>{JINJA})|(?P<end>\n)|(?P<text>(?:(?!\{{[#%{{])[^\n])+)", re.DOTALL)
NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
ATTRIBUTE = re.compile(rf'(?<=[\s])([a-z-]+)="((?:{JINJA}|[^"])*)"', re.DOTALL)
BLOCK = re.compile(r"\{%[-+]?\s*(?:end)?block\s*(\w*)")
STATEMENT = re.compile(r"\{%[-+]?\s*(\w+)([^%]*)")
LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
# An attribute that stands in no tag, since a macro writes it, and what a letter is written as.
UNSEEN = re.compile(r"&\w+;|[a-z-]+=\"[^\"]*\"?")
LETTERS = re.compile(r"[^\W\d_]{2}")
# A literal that a person reads is of letters and the marks between them.
READ = re.compile(r"[^\W\d_“‘…, ][^_/{}=<>\\]*|[,;:]? ?[^\W\d_][^_/{}=<>\\]*")
# What stands before a literal that is a name of the program's.
NAMED = re.compile(
    r"(?:[=!]=|\[|\bin|\bin \([^()]*|\bis|attribute="
    r"|(?:select|reject|selectattr|rejectattr|map|groupby|replace|get|format|round"
    r"|startswith|strftime|split|rstrip|lstrip|described|beside|until|truncate)\([^()]*|\b(?:import|include|extends|from))\s*$"
)
# What is behind one: a literal that is compared, or begins an address or a file's name.
COMPARED = re.compile(r"\s*(?:[=!]=|in\b|~|:)")


class Found(NamedTuple):
    """A message, and where it stands in its source."""

    text: str
    start: int
    end: int


def messages(source: str, of_lines: bool = False) -> tuple[Found, ...]:
    """The messages of a template's source; of_lines: it is plain text, in which `<` is no tag."""
    token = LINE if of_lines else TOKEN
    found: list[Found] = []
    unit: list[re.Match[str]] = []
    unread = False
    for one in token.finditer(source):
        if (named := BLOCK.match(one[0])) and one.lastgroup == "jinja":
            unread = named[1] in UNREAD
        if unread:
            unit = []
        elif _parts(one):
            found += _closed(source, unit)
            unit = []
            found += _around(one)
        else:
            unit.append(one)
    return tuple(found + list(_closed(source, unit)))


def translated(source: str, said: Callable[[str], str | None], of_lines: bool = False) -> str:
    """The source with what said gives for each message; None leaves it as it is."""
    out: list[str] = []
    at = 0
    for one in messages(source, of_lines):
        out += [source[at : one.start], said(one.text) or one.text]
        at = one.end
    return "".join((*out, source[at:]))


def skeleton(message: str) -> Counter[str]:
    """All that a message must hold in any language: its expressions and tags, without literals."""
    jinja = re.findall(JINJA, message, re.DOTALL)
    outside = re.sub(JINJA, "", message, flags=re.DOTALL)
    tags = (ATTRIBUTE.sub(_unheard, tag[0]) for tag in re.finditer(r"</?[a-zA-Z][^>]*>", outside))
    return Counter(" ".join(_without_words(part).split()) for part in (*jinja, *tags))


def _without_words(part: str) -> str:
    if part.startswith("<"):
        return part
    for one in reversed(tuple(_read_literals(part))):
        part = f'{part[: one.start()]}""{part[one.end() :]}'
    return part


def _unheard(attribute: re.Match[str]) -> str:
    return f"{attribute[1]}=" if attribute[1] in HEARD else attribute[0]


def _parts(token: re.Match[str]) -> bool:
    """Whether a token ends the message before it."""
    kind = token.lastgroup
    if kind == "tag":
        name = NAME.match(token[0])
        return name is None or name[1].lower() not in INLINE
    if kind == "jinja":
        statement = STATEMENT.match(token[0])
        return token[0].startswith("{#") or bool(statement and statement[1] in ROUND)
    return kind != "text"


def _closed(source: str, unit: list[re.Match[str]]) -> Iterator[Found]:
    """The message that tokens of one line make, where they hold words."""
    if not unit:
        return
    start, end = unit[0].start(), unit[-1].end()
    text = source[start:end]
    if any(map(_is_read, unit)):
        start += len(text) - len(text.lstrip())
        yield Found(text.strip(), start, start + len(text.strip()))


def _is_read(token: re.Match[str]) -> bool:
    if token.lastgroup == "text":
        return bool(LETTERS.search(UNSEEN.sub("", token[0])))
    if token.lastgroup == "jinja":
        return _has_words(token[0])
    return any(True for _ in _attributes(token))


def _around(token: re.Match[str]) -> Iterator[Found]:
    """What is read of a token that ends a message: attributes of a tag, literals of a statement."""
    if token.lastgroup == "tag":
        yield from _attributes(token)
    elif token.lastgroup == "jinja" and not token[0].startswith("{#") and _has_words(token[0]):
        yield Found(token[0], *token.span())


def _attributes(tag: re.Match[str]) -> Iterator[Found]:
    described = 'name="description"' in tag[0] or "og:image:alt" in tag[0]
    for one in ATTRIBUTE.finditer(tag[0]):
        if one[1] not in HEARD or (one[1] == "content" and not described):
            continue
        bare = re.sub(JINJA, "", one[2], flags=re.DOTALL)
        if LETTERS.search(bare) or any(map(_has_words, re.findall(JINJA, one[2], re.DOTALL))):
            yield Found(one[2], tag.start() + one.start(2), tag.start() + one.end(2))


def _has_words(code: str) -> bool:
    """Whether a string literal of an expression or statement is read by a person."""
    statement = STATEMENT.match(code)
    if code.startswith("{#") or (
        statement and statement[1] in ("extends", "import", "include", "from")
    ):
        return False
    return any(True for _ in _read_literals(code))


def _read_literals(code: str) -> Iterator[re.Match[str]]:
    for one in LITERAL.finditer(code):
        before, behind = code[: one.start()], code[one.end() :]
        is_read = LETTERS.search(one[0]) and READ.fullmatch(one[0][1:-1])
        is_named = NAMED.search(before) or COMPARED.match(behind) or one[0][1:-1] in KEPT
        if is_read and not is_named:
            yield one
