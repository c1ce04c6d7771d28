"""Writes the pieces of a sentence as HTML and as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import escape

from sundaypaper.formats.mathematics import linear, mathml
from sundaypaper.formats.mathematics.formula import Unfit
from sundaypaper.formats.mathematics.prose import Formula, Piece

# What may not be parted from a formula: at most a short word, up to a space or hyphen.
BEHIND = re.compile(r"[^\s\-–—]{1,12}-?(?![^\s\-–—])|-|[.,:;!?)\]]+")
BEFORE = re.compile(r"(?<![^\s\-–—])[^\s\-–—]{1,12}$|[(\[]+$")


def html(pieces: Sequence[Piece]) -> str:
    """The pieces as escaped HTML; a formula stays on one line with what touches it."""
    shown = [_html(piece) for piece in pieces]
    for at, piece in enumerate(pieces):
        if not isinstance(piece, Formula) or not shown[at].startswith("<math"):
            continue
        # The words were escaped one by one above; these are cut from the words as written.
        left, right = _neighbour(pieces, at - 1), _neighbour(pieces, at + 1)
        before, behind = BEFORE.search(left[-20:]), BEHIND.match(right)
        if at and before and shown[at - 1].endswith(str(escape(before[0]))):
            shown[at - 1] = shown[at - 1].removesuffix(str(escape(before[0])))
        else:
            before = None
        if behind:
            shown[at + 1] = shown[at + 1].removeprefix(str(escape(behind[0])))
        if before or behind:
            ends = [escape(found[0]) if found else "" for found in (before, behind)]
            shown[at] = f'<span class="nb">{ends[0]}{shown[at]}{ends[1]}</span>'
    return "".join(shown)


def _neighbour(pieces: Sequence[Piece], at: int) -> str:
    piece = pieces[at] if 0 <= at < len(pieces) else ""
    return piece if isinstance(piece, str) else ""


def _html(piece: Piece) -> str:
    if isinstance(piece, str):
        return str(escape(piece))
    if isinstance(piece, Formula):
        return mathml.html(piece.latex, piece.row)
    inner = html(piece.inner)
    return f"<{piece.tag}>{inner}</{piece.tag}>" if piece.tag else inner


def plain(piece: Piece) -> str:
    """A piece as text; a formula that does not go on one line as it was written."""
    if isinstance(piece, str):
        return piece.replace("\xa0", " ")
    if not isinstance(piece, Formula):
        return "".join(plain(part) for part in piece.inner)
    try:
        return linear.line(piece.row)
    except Unfit:
        return piece.written
