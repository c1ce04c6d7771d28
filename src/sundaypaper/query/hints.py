"""What a query that parses may have meant otherwise: its answer stands, and a hint asks. Pure.

query.js gives the same hints.
"""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from sundaypaper.errors import QueryError

from .language import parse, tokens, visible

OPERATORS = ("or", "not", "and")
BEFORE = ("FIELD", "PHRASE", "WORD", "RPAR")
EXCLUDING = ("MINUS", "NOT")
BEHIND = ("FIELD", "PHRASE", "WORD", "LPAR", *EXCLUDING)


@dataclass(frozen=True, slots=True)
class Hint:
    """How the query is read, and the query that was perhaps meant."""

    message: str
    query: str


def hints(text: str) -> tuple[Hint, ...]:
    """A hint where an operator stands in lower case between two parts; none for what does not parse."""
    plain = visible(text)[0].strip()
    found = _operators(plain) if _parses(plain) else []
    meant = plain
    for token in found:
        at = token.start_pos or 0
        meant = meant[:at] + token.upper() + meant[at + len(token) :]
    if not found or not _parses(meant):
        return ()
    words = [f"“{word}”" for word in OPERATORS if word in found]
    said = f"{words[0]} is looked for as a word" if len(words) == 1 else f"{' and '.join(words)} are looked for as words"  # fmt: skip
    return (Hint(said, meant),)


def _operators(plain: str) -> list[Token]:
    """The operators in lower case that stand between two parts that they could join."""
    each = list(tokens(plain))
    return [
        word
        for before, word, behind in zip(each, each[1:], each[2:], strict=False)
        if word.type == "WORD" and word in OPERATORS
        if before.type in BEFORE and behind.type in BEHIND
        if word != "not" or behind.type not in EXCLUDING
    ]


def _parses(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True
