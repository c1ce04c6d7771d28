"""Reads the LaTeX of one formula into a small tree of MathML Core.

Nothing of latex2mathml's output is kept but names and attributes from the tables below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from sundaypaper.text import CONTROL

DEEPEST = 24  # elements

LEAVES = frozenset({"mi", "mn", "mo", "mtext", "mspace"})
ARITY = {"msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "munder": 2, "munderover": 3}
ARITY |= {"mfrac": 2, "mroot": 2}
ROWS = frozenset({"math", "mrow", "mstyle", "msqrt", "mtd"})
TABLES = frozenset({"mtable", "mtr"})
# Macros that define, fetch, or leave out what the reader should see.
REFUSED = re.compile(
    r"\\(?:[egx]?def|let|(?:re)?newcommand|DeclareMathOperator|unicode|char|symbol|rule|label|tag"
    r"|require|class|cssId|style|includegraphics|input|h?skip|kern|raise|lower|skew)(?![a-zA-Z])"
)
CODED = re.compile(r"\\unicode\s?\{x([0-9A-Fa-f]{2,6})\}")
ENTITY = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
LENGTH = re.compile(r"[01]?(?:\.\d{1,4})?em")
# What latex2mathml does not know, or reads as a comment.
REWRITTEN = (
    (re.compile(r"(?<!\\)%"), r"\\%"),
    (re.compile(r"\\not\s*="), r"\\neq "),
    (re.compile(r"\\not\s*\\in(?![a-z])"), r"\\notin "),
    (re.compile(r"\\arg(?![a-zA-Z])"), r"\\operatorname{arg}"),
    (re.compile(r"(\\operatorname\*?\{[a-z]+)\\[,;](?=[a-z]+\})"), r"\1 "),
)
SIGNS = {"-": "−", "~": "∼"}  # as mathematics writes them
UPRIGHT = "ΓΔΘΛΞΠΣΥΦΨΩ"  # as LaTeX sets them
GROWS = ("stretchy", "true")  # as tall as its own row, which therefore stays a row
THIN = "0.167em"


class Unfit(ValueError):
    """The formula holds something that cannot be shown."""


@dataclass(frozen=True, slots=True)
class Node:
    """One element: a leaf with text, or children; variant is MathML 3's mathvariant."""

    tag: str
    text: str = ""
    children: tuple[Node, ...] = ()
    variant: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


EMPTY = Node("mrow")


@lru_cache(maxsize=2048)
def read(latex: str) -> tuple[Node, ...] | None:
    """The formula as one row of nodes; None where it is broken, unknown or too deep."""
    latex = CODED.sub(_coded, latex)
    if REFUSED.search(latex):
        return None
    for pattern, known in REWRITTEN:
        latex = pattern.sub(known, latex)
    try:
        row = _row(convert_to_element(latex), 0)
    except Exception:  # latex2mathml answers broken input with IndexError, KeyError, …
        return None
    return row if any(_has_text(node) for node in row) else None


def _coded(match: re.Match[str]) -> str:
    """The character of \\unicode{x2013}; an unprintable one stays, and is unfit."""
    char = chr(min(int(match[1], 16), 0x10FFFF))
    return char if char > "\xa0" and char.isprintable() else match[0]


def _has_text(node: Node) -> bool:
    return bool(node.text.strip()) or any(_has_text(child) for child in node.children)


def _row(element: Element, depth: int) -> tuple[Node, ...]:
    """The children of a row, rows in it spliced, words and numbers put together."""
    nodes: list[Node] = []
    for child in element:
        node = _node(child, depth + 1)
        if node.tag == "mrow" and GROWS not in {a for n in node.children for a in n.attributes}:
            nodes.extend(node.children)
        else:
            nodes.append(node)
    return tuple(_spaced(_joined(nodes)))


def _node(element: Element, depth: int) -> Node:
    tag = element.tag
    if depth > DEEPEST or "href" in element.attrib:
        raise Unfit(tag)
    if tag in LEAVES:
        return _leaf(element)
    if tag in ROWS:
        row = _row(element, depth)
        if tag in ("mrow", "mstyle"):
            return row[0] if len(row) == 1 else Node("mrow", children=row)
        return Node(tag, children=row)
    if tag not in TABLES and ARITY.get(tag) != len(element):
        raise Unfit(tag)
    attributes: tuple[tuple[str, str], ...] = ()
    if tag == "mfrac" and element.get("linethickness") == "0":
        attributes = (("linethickness", "0"),)
    return Node(tag, "", tuple(_node(child, depth + 1) for child in element), "", attributes)


def _leaf(element: Element) -> Node:
    tag, variant = element.tag, element.get("mathvariant", "")
    text = ENTITY.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), element.text or "")
    text = CONTROL.sub("", text)
    if (element.text or "").startswith("\\") and tag != "mtext":  # unknown to latex2mathml
        raise Unfit(text)
    if tag == "mspace":
        width = element.get("width", "")
        return Node(tag, attributes=(("width", width),)) if LENGTH.fullmatch(width) else EMPTY
    if len(element):
        raise Unfit(tag)
    if text in SIGNS:
        return Node("mo", SIGNS[text])
    if tag == "mo" and text[:1].isalpha() and len(text) > 1:
        return Node("mi", text, variant="function")
    if tag == "mi" and len(text) > 1 and text.isascii():
        return Node("mi", text, variant="function")
    if tag == "mi" and not variant and text in UPRIGHT:
        variant = "normal"
    if tag == "mo" and element.get("stretchy"):
        return Node(tag, text, attributes=(("stretchy", element.attrib["stretchy"]),))
    return Node(tag, text, variant=variant)


def _joined(nodes: Iterable[Node]) -> list[Node]:
    """Letters of one upright or bold word as one identifier, and `10,000` as one number."""
    out: list[Node] = []
    for node in nodes:
        last = out[-1] if out else EMPTY
        word = node.tag == last.tag == "mi" and node.variant == last.variant
        if word and node.variant not in ("", "italic", "function") and node.text.isalpha():
            out[-1] = replace(last, text=last.text + node.text)
        elif node.tag == "mn" and _thousands(out, node):
            out[-2:] = [replace(out[-2], text=f"{out[-2].text},{node.text}")]
        elif node.text or node.children or node.tag == "mspace":
            out.append(node)
    return out


def _thousands(before: Sequence[Node], node: Node) -> bool:
    if len(before) < 2 or before[-1].text != "," or before[-2].tag != "mn":
        return False
    return len(node.text.split(".")[0]) == 3 and "." not in before[-2].text


def _spaced(nodes: Sequence[Node]) -> list[Node]:
    """A thin space between a function such as log and the letters or numbers beside it."""
    out: list[Node] = []
    for node in nodes:
        function = _is_function(node)
        if out and (function or _is_function(out[-1])) and not {node.tag, out[-1].tag} & APART:
            out.append(Node("mspace", attributes=(("width", THIN),)))
        out.append(node)
    return out


APART = frozenset({"mo", "mspace", "mtext", "mrow"})


def _is_function(node: Node) -> bool:
    while node.children and node.tag in ARITY:
        node = node.children[0]
    return node.variant == "function"


@lru_cache(maxsize=512)
def _letter(char: str, variant: str) -> str:
    """A letter or digit in the styles that carry meaning; elsewhere the letter itself."""
    kind = {"script": "SCRIPT", "fraktur": "FRAKTUR", "double-struck": "DOUBLE-STRUCK"}.get(
        variant, variant.upper().replace("-", " ")
    )
    if kind.split(" ")[0] not in ("BOLD", "SCRIPT", "FRAKTUR", "DOUBLE-STRUCK"):
        return char
    name = unicodedata.name(char, "").replace(" LETTER", "")
    name = name.removeprefix("LATIN ").removeprefix("GREEK ")
    for style in (f"MATHEMATICAL {kind}", kind.replace("FRAKTUR", "BLACK-LETTER")):
        try:
            return unicodedata.lookup(f"{style} {name}")
        except KeyError:
            continue
    return char


def shown(node: Node) -> str:
    """The text of a leaf, in Unicode's bold, script, fraktur or double-struck letters."""
    if node.tag in ("mi", "mn") and node.variant not in ("", "normal", "function"):
        return "".join(_letter(char, node.variant) for char in node.text)
    return node.text
