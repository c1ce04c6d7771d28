"""Reads a sentence with LaTeX in it into words, styled pieces and formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sundaypaper.formats.mathematics import formula
from sundaypaper.formats.mathematics.tables import (
    ACCENT,
    CHARACTERS,
    MARKS,
    SWALLOWING,
    SWITCHES,
    SYMBOLS,
    WRAPPERS,
)

DEEPEST = 8  # groups in groups
LONGEST = 400  # characters of a formula
HYPHENS = re.compile(r"-{2,3}(?!-)")
SPECIAL = re.compile(r"\\[a-zA-Z]+|\\[^a-zA-Z]|\$\$?|``|`|~|-{2,}|\{")
MARKED = re.compile(r"[\\^_{}=<>+]")
COMMAND = re.compile(r"\\(?:text\w*|mbox|operatorname\*?|math\w+)\s?\{[^{}]*\}|\\[a-zA-Z]+")
WORDS = re.compile(r"(?:[A-Za-z]{2,}[,;:]?\s+){3}[A-Za-z]{2,}|(?:[a-z]{3,}[,;:]?\s+)[a-z]{3,}")
CONTRACTED = re.compile(r"(?:s|t|d|m|re|ve|ll)(?![a-zA-Z])")
QUOTED = re.compile(r'\\"[^\\]{1,80}?\\"(?!\w)')
SINGLE = re.compile(r"`((?=\S)[^`']{1,100}(?:'(?=[a-z])[^`']{1,40}){0,3})'(?![a-zA-Z])")
SWITCH = re.compile(r"\\([a-z]+)(?![a-zA-Z])\s*")
WEB = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Styled:
    """Pieces inside one HTML element; the tag "" is none."""

    tag: str
    inner: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, with what was written, dollars and all."""

    written: str
    latex: str
    row: tuple[formula.Node, ...]


Piece = str | Styled | Formula


def read(text: str) -> tuple[Piece, ...]:
    """The pieces of a text, in order; what is not understood is in them as it was written."""
    return _LatexReader(text).pieces(0, len(text), 0)


class _LatexReader:
    """Reads one text; every step gives a piece and where to go on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.closing = _closing(text)

    def pieces(self, at: int, end: int, depth: int) -> tuple[Piece, ...]:
        out: list[Piece] = []
        while sign := SPECIAL.search(self.text, at, end):
            out.append(self.text[at : sign.start()])
            piece, at = self._step(sign[0], sign.start(), end, depth)
            out.append(piece)
        out.append(self.text[at:end])
        return tuple(_merged(out))

    def _step(self, sign: str, at: int, end: int, depth: int) -> tuple[Piece, int]:
        step: tuple[Piece, int] | None = None
        after = at + len(sign)
        if depth < DEEPEST:
            if sign[0] == "$" or sign in (r"\(", r"\["):
                step = self._formula(sign, at, end, depth)
            elif sign[0] == "\\":
                step = self._accent(at, end) or self._macro(sign[1:], at, end, depth)
            elif sign == "{":
                step = self._group(at, end, depth)
            else:
                step = self._typed(sign, at, end, depth)
        if step:
            return step
        if sign[0] == "\\" and sign[1:].isalpha():  # unknown: with what belongs to it
            while after in self.closing:
                after = self.closing[after] + 1
            return self.text[at : min(after, end)], min(after, end)
        return sign, after

    def _formula(self, sign: str, at: int, end: int, depth: int) -> tuple[Piece, int] | None:
        begin = at + len(sign)
        close = {r"\(": r"\)", r"\[": r"\]"}.get(sign, sign)
        stop = self._unescaped(close, begin, min(end, begin + LONGEST + len(close)))
        if stop < 0:
            return None
        latex = self.text[begin:stop]
        if latex in ("--", "---"):
            return "–" if latex == "--" else "—", stop + len(close)
        if close == "$" and not is_formula(latex, self.text[stop + 1 : end]):
            return None
        written, after = self.text[at : stop + len(close)], stop + len(close)
        row = formula.read(latex.strip())
        if row is not None:
            return Formula(written, latex, row), after
        if latex.startswith("\\"):  # a link or a footnote between dollars
            inner = self.pieces(begin, stop, depth + 1)
            if _understood(inner):
                return Styled("", inner), after
        return (written, after) if MARKED.search(latex) else None

    def _unescaped(self, close: str, at: int, end: int) -> int:
        while (at := self.text.find(close, at, end)) > 0:
            if close[0] == "\\" or self.text[at - 1] != "\\":
                return at
            at += 1
        return -1

    def _accent(self, at: int, end: int) -> tuple[Piece, int] | None:
        accent = ACCENT.match(self.text, at, end)
        if not accent:
            return None
        inside_word = self.text[at - 1 : at].isalpha()
        if accent["sign"] == "'" and inside_word and CONTRACTED.match(self.text, at + 2):
            return "'", at + 2  # "It\'s" was escaped once too often
        letter = (accent["group"] or accent["dotless"] or accent["letter"]).lstrip("\\")
        mark = MARKS[accent["sign"] or accent["word"]]
        char = unicodedata.normalize("NFC", letter + mark)
        return (char, accent.end()) if len(char) == 1 else None

    def _macro(self, name: str, at: int, end: int, depth: int) -> tuple[Piece, int] | None:
        after = at + 1 + len(name)
        if name in CHARACTERS:
            return CHARACTERS[name], after
        if name in SYMBOLS:
            if self.text.startswith("{}", after):
                after += 2
            if name in SWALLOWING:
                after += len(self.text[after:end]) - len(self.text[after:end].lstrip())
            return SYMBOLS[name], after
        after += self.text.startswith(" {", after)
        close = self.closing.get(after, end)
        if close >= end:
            return None
        if name in WRAPPERS:
            return Styled(WRAPPERS[name], self.pieces(after + 1, close, depth + 1)), close + 1
        if name == "footnote":
            return Styled("", (" (", *self.pieces(after + 1, close, depth + 1), ")")), close + 1
        second = self.closing.get(close + 1, end)
        if second >= end or name not in ("href", "textcolor"):
            return None
        inner = self.pieces(close + 2, second, depth + 1)
        if name == "textcolor":
            return Styled("", inner), second + 1
        return self._link(self.text[after + 1 : close], inner, second + 1)

    def _link(self, url: str, inner: tuple[Piece, ...], after: int) -> tuple[Piece, int] | None:
        if not WEB.fullmatch(url):
            return None
        return Styled("", inner if inner == (url,) else (*inner, f" ({url})")), after

    def _group(self, at: int, end: int, depth: int) -> tuple[Piece, int] | None:
        close = self.closing.get(at, end)
        if close >= end:
            return None
        content, after = self.text[at + 1 : close], close + 1
        switch = SWITCH.match(content)
        if switch and switch[1] in SWITCHES:
            inner = self.pieces(at + 1 + switch.end(), close, depth + 1)
            return Styled(SWITCHES[switch[1]], inner), after
        if content.startswith("\\") and len(content) < 80:
            inner = self.pieces(at + 1, close, depth + 1)
            return (Styled("", inner), after) if _understood(inner) else None
        joined = self.text[at - 1 : at].isalpha() or self.text[after : after + 1].isalpha()
        single = len(content) == 1 and not content.isascii()
        if content.isalpha() and (joined or single) and "\\" not in self.text[at - 1 : at]:
            return content, after
        return None

    def _typed(self, sign: str, at: int, end: int, depth: int) -> tuple[Piece, int] | None:
        """Quotes, ties and dashes, as they are typed for TeX."""
        before, after = self.text[at - 1 : at], at + len(sign)
        following = self.text[after : min(after + 1, end)]
        if sign == "``":
            stop = self.text.find("''", after, min(end, after + 300))
            if stop > after:
                return Styled("", ("“", *self.pieces(after, stop, depth + 1), "”")), stop + 2
        elif sign == "`":
            quotation = None if before.isalnum() else SINGLE.match(self.text, at, end)
            if quotation:
                inner = self.pieces(after, quotation.end() - 1, depth + 1)
                return Styled("", ("‘", *inner, "’")), quotation.end()
        elif sign == "~":
            both_digits = before.isdigit() and following.isdigit()
            tied = before.isalnum() or (before and before in ".,:;)]}$%–—")
            begins = following.isalnum() or following in tuple("\\$([`–—")
            if tied and not both_digits and (begins or self._dash_at(after, end)):
                return "\xa0", after
            if begins and before == "-" and self._dash_at(at - len(_hyphens(self.text[:at])), end):
                return "\xa0", after
        elif len(sign) <= 3 and self._dash_at(at, end):
            return "–" if len(sign) == 2 else "—", after
        return None

    def _dash_at(self, at: int, end: int) -> bool:
        """Whether hyphens at a place are a dash."""
        hyphens = HYPHENS.match(self.text, at, end)
        if hyphens is None:
            return False
        before, following = self.text[at - 1 : at], self.text[hyphens.end() : hyphens.end() + 1]
        if before == "$" and self.text[at - 2 : at - 1].isspace():
            before = ""  # a dollar that ends no formula
        return _is_dash(before, following if hyphens.end() < end else "", len(hyphens[0]))


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, words beside words put together."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and out and isinstance(out[-1], str):
            out[-1] += piece
        elif piece != "":
            out.append(piece)
    return out


def _understood(pieces: Sequence[Piece]) -> bool:
    """Whether no LaTeX is left in the words."""
    return not any(isinstance(piece, str) and re.search(r"[\\{}]", piece) for piece in pieces)


def _hyphens(text: str) -> str:
    """The hyphens at the end of a text."""
    return text[len(text.rstrip("-")) :]


def _is_dash(before: str, following: str, length: int) -> bool:
    """Whether "--" or "---" is a dash, and no option of a command, decrement or comment."""
    if not before or not following:
        return False
    if before in " ~" and following in " ~":
        return True
    ends = before.isalnum() or before in ")]}'\".?!%$°’”»"
    begins = following.isalnum() or following in '([{\\$`"“‘«'
    if "~" in (before, following) or length == 3:  # no option is typed so, and no decrement
        return (ends or before in " ~") and (begins or following in " ~")
    return ends and begins


def _closing(text: str) -> dict[int, int]:
    """Where each brace that opens is closed; a brace behind a backslash is a character."""
    out: dict[int, int] = {}
    opened: list[int] = []
    escaped = False
    for at, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "{":
            opened.append(at)
        elif char == "}" and opened:
            out[opened.pop()] = at
    return out


def is_formula(latex: str, following: str) -> bool:
    """Whether what stands between two dollars is a formula, and not the words between two prices."""
    inside = latex.strip()
    if not inside:
        return False
    if WORDS.search(COMMAND.sub(" ", inside)):
        return False
    if MARKED.search(inside):
        return not (inside[0].isdigit() and latex[-1].isspace() and "\\" not in inside)
    if len(inside) == 1 and not inside.isdigit():
        return True
    if latex != inside or len(inside) > 40 or following[:1].isdigit():
        return False
    if re.search(r"[A-Za-z]{2,}\s|\s[A-Za-z]{2,}", inside):
        return bool(re.search(r"\b(?:log|min|max|sin|cos|exp)\b", inside))
    return not (len(inside) > 1 and inside[0].isdigit() and inside.endswith(("-", "–", "/", "(")))
