"""Writes a formula as HTML: MathML Core, or plain HTML for a number, word or lone script."""

from __future__ import annotations

from collections.abc import Sequence

from sundaypaper.formats.mathematics.formula import ARITY, UPRIGHT, Node, shown
from sundaypaper.text import clean

CLOSE = ("|", "‖", "/")  # LaTeX sets no space around them
HTML_TAGS = {"bold": "b", "italic": "i", "monospace": "code"}
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;"})


def html(latex: str, row: Sequence[Node]) -> str:
    """HTML of a formula: MathML with its LaTeX; numbers, words, lone scripts as plain HTML."""
    words = _flat(row)
    if words is not None:
        return words
    source = clean(latex).translate(ESCAPES)
    return f'<math alttext="{source}">{"".join(_mathml(n, _is_tall(row)) for n in row)}</math>'


def _is_tall(row: Sequence[Node]) -> bool:
    return any(node.children for node in row)


def _mathml(node: Node, tall: bool) -> str:
    tag, attributes = node.tag, dict(node.attributes)
    if tag == "mi" and node.variant == "normal" and len(node.text) == 1 and node.text.isalpha():
        attributes["mathvariant"] = "normal"
    if attributes.get("stretchy") == "false" and not tall:
        del attributes["stretchy"]  # nothing beside it that it could grow with
    if tag == "mo" and node.text in CLOSE:
        attributes |= {"lspace": "0", "rspace": "0"}
    text = shown(node).translate(ESCAPES)
    if tag == "mtext" and node.variant in HTML_TAGS:
        text = f"<{HTML_TAGS[node.variant]}>{text}</{HTML_TAGS[node.variant]}>"
    tall = tag in ARITY or _is_tall(node.children)
    inside = text + "".join(_mathml(child, tall) for child in node.children)
    opened = tag + "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{opened}>{inside}</{tag}>" if inside else f"<{opened}/>"


def _flat(row: Sequence[Node]) -> str | None:
    """HTML of what is no formula to a reader: `S²`, `98×`, `≈ 7.5`, a word in a typeface."""
    tags = [node.tag for node in row]
    if len(row) > 1 and not (set(tags) <= {"mn", "mo"} and tags.count("mn") == 1 and len(row) < 4):
        texts = set(tags) <= {"mtext", "mspace"}
        return "".join(_flat_leaf(node) or " " for node in row) if texts else None
    pieces = [_flat_node(node) for node in row]
    return None if None in pieces else "".join(str(piece) for piece in pieces)


def _flat_node(node: Node) -> str | None:
    if not node.children:
        return _flat_leaf(node)
    base, *scripts = node.children
    if node.tag not in ("msup", "msub", "msubsup"):
        return None
    if node.tag == "msup" and scripts[0].text in ("∘", "°") and base.tag in ("mn", "mrow", "mi"):
        return None if base.tag == "mi" and base.text else base.text + "°"
    if base.tag != "mtext" and (base.text or base.children):
        return None
    tags = {"msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup")}[node.tag]
    pieces = [_flat_script(script) for script in scripts]
    if None in pieces:
        return None
    inner = "".join(f"<{tag}>{piece}</{tag}>" for tag, piece in zip(tags, pieces, strict=True))
    return (_flat_leaf(base) or "") + inner


def _flat_script(node: Node) -> str | None:
    parts = node.children if node.tag == "mrow" else (node,)
    if any(part.children for part in parts):
        return None
    italic = [part.tag == "mi" and not part.variant and part.text.isalpha() for part in parts]
    texts = [shown(part).translate(ESCAPES) for part in parts]
    return "".join(f"<i>{t}</i>" if i else t for t, i in zip(texts, italic, strict=True))


def _flat_leaf(node: Node) -> str | None:
    text = node.text.replace("\xa0", " ").translate(ESCAPES)
    if node.tag == "mtext" and node.variant in HTML_TAGS:
        tag = HTML_TAGS[node.variant]
        return f"<{tag}>{text.strip()}</{tag}>"
    if node.tag == "mi" and node.text.isalpha() and node.text not in UPRIGHT:
        return None
    return text
