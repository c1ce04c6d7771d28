"""Writes a formula on one line of plain text: `O(n²)`, `(a+b)/2`, `√x`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from sundaypaper.formats.mathematics.formula import Node, Unfit, shown

HIGH = dict(
    zip(
        "0123456789+-−=()∘°′″*∗abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾°°′″**ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        strict=True,
    )
)
LOW = dict(zip("0123456789+-−=()aeioxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢₒₓₕₖₗₘₙₚₛₜ", strict=True))
ACCENTS = {"^": "\u0302", "∼": "\u0303", "¯": "\u0304", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308"}
RELATIONS = frozenset("=≠<>≤≥≪≫≈∼≃≅≡∈∉⊂⊆∝→←↔⇒⇔↦")


def line(row: Sequence[Node]) -> str:
    """The row as text. Unfit where it does not go on one line, as a matrix."""
    pieces: list[str] = []
    for at, node in enumerate(row):
        text = _text(node)
        inner = 0 < at < len(row) - 1
        pieces.append(f" {text} " if inner and node.tag == "mo" and text in RELATIONS else text)
    return "".join(pieces)


def _text(node: Node) -> str:
    if node.tag == "mspace":
        return " "
    parts = [_text(child) for child in node.children]
    match node.tag:
        case "mi" | "mn" | "mo" | "mtext":
            return _common(shown(node)).replace("\xa0", " ")
        case "mrow":
            return line(node.children)
        case "msqrt":
            return "√" + _group(line(node.children))
        case "mroot":
            return f"{_script(parts[1], HIGH, '')}√{_group(parts[0])}"
        case "mfrac" if not node.attributes:
            return f"{_group(parts[0])}/{_group(parts[1])}"
        case "msup":
            return parts[0] + _script(parts[1], HIGH, "^")
        case "msub" | "munder":
            return _under(parts[0], parts[1])
        case "msubsup" | "munderover":
            return _under(parts[0], parts[1]) + _script(parts[2], HIGH, "^")
        case "mover":
            return _over(parts[0], parts[1])
    raise Unfit(node.tag)


def _common(text: str) -> str:
    """Letters that every font has: a bold x is x; what Unicode had early on, as ℝ, stays."""
    return "".join(unicodedata.normalize("NFKC", c) if "𝐀" <= c <= "𝟿" else c for c in text)


def _script(text: str, small: dict[str, str], mark: str) -> str:
    if all(char in small for char in text):
        return "".join(small[char] for char in text)
    return mark + (text if text.replace(".", "").isalnum() or len(text) == 1 else f"({text})")


def _under(base: str, script: str) -> str:
    if script in ("―", "_", "\u0332", "¯"):  # underlined
        return base
    return base + _script(script, LOW, "_")


def _over(base: str, mark: str) -> str:
    if mark not in ACCENTS:
        raise Unfit(mark)
    if len(base) > 1:
        return base if mark == "¯" else f"{mark}({base})"
    return unicodedata.normalize("NFC", base + ACCENTS[mark])


def _group(text: str) -> str:
    return text if text.isalnum() or len(text) <= 1 else f"({text})"
