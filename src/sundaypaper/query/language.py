"""Parses a query into a tree, and writes a tree as its canonical query; grammar and fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedToken

from sundaypaper.errors import QueryError
from sundaypaper.models import (
    All,
    Any,
    Filter,
    Is,
    Node,
    Not,
    Words,
)
from sundaypaper.text import UNSEEN, fold, shorten

from .exact import CHOICES, QUOTES, exact
from .names import in_order
from .trees import joined, negated
from .vocabulary import Vocabulary

MAX_LENGTH = 8000
MAX_DEPTH = 50
LONGEST_TITLE = 300
TOPIC_FIELDS = frozenset({"title", "author", "cat", "kind"})
CLAIM_FIELDS = frozenset({"venue", "year", "track", "status", "presentation"})
FOLDED = ("title", "topic", "venue", "author", "source", "group")
PREFIXED = (*FOLDED, "cat", "id")
FIELDS = (*FOLDED, "year", *CHOICES, "cat", "id", "week", "since", "until")

# Before a word all of them exclude it, as - does, and so do two in a row; alone, those of prose are
# punctuation.
DASHES = "‐‑‒–—―−﹘﹣"
EXCLUDES = f"!-{DASHES}"
GRAMMAR = rf"""
?start: any
?any: all (_OR all)*
?all: unary (_AND? unary)*
?unary: (NOT | MINUS)+ atom -> negated
      | atom
?atom: FIELD | PHRASE | WORD | LPAR any RPAR -> group
_OR.3: /OR(?![^\s(){QUOTES}])/
_AND.3: /AND(?![^\s(){QUOTES}])/
NOT.3: /NOT(?![^\s(){QUOTES}])/
FIELD.2: /[A-Za-z][A-Za-z_-]*:([{QUOTES}][^{QUOTES}]*[{QUOTES}]\*?|[^\s(){QUOTES}]+)/
PHRASE: /[{QUOTES}][^{QUOTES}]*[{QUOTES}]\*?/
WORD: /[^\s(){QUOTES}!{DASHES}-][^\s(){QUOTES}]*/
MINUS: /[!{DASHES}-]+(?=[^\s!{DASHES}-])/
LPAR: "("
RPAR: ")"
%ignore /[{DASHES}]+(?=\s|$)/
%ignore /\s+/
"""
TERM = "a word, a phrase or '('"
# What a keyboard of East Asia writes for the signs of the language, one character for another.
FULL_WIDTH = str.maketrans("：（）！－＂＊", ':()!-"*')
ANYTHING = Vocabulary()
# Soft hyphen, zero-width characters and bidi controls come along when a text is pasted.
INVISIBLE = re.compile(f"[{UNSEEN}]")


# ---------------------------------------------------------------- text to tree


def parse(
    text: str, *, only: frozenset[str] | None = None, vocabulary: Vocabulary = ANYTHING
) -> Filter:
    """The filter that a query says; only names the fields that a topic's own match may use.

    What a name of the vocabulary is also called becomes that name. QueryError with the column
    (from 1, in characters of the whole text) and what was expected, also of a name that is none.
    """
    if len(text) > MAX_LENGTH:
        message = f"the query is too long: {len(text)} characters, at most {MAX_LENGTH}"
        raise QueryError(text, MAX_LENGTH + 1, message)
    plain, places = visible(text)
    if not plain.strip():
        raise QueryError(text, 1, f"the query is empty: expected {TERM}")
    try:
        return Filter(text, _tree(plain, only, vocabulary))
    except QueryError as bad:
        raise QueryError(text, places[bad.column - 1] + 1, bad.message) from None


def visible(text: str) -> tuple[str, list[int]]:
    """A query without what nobody sees, in the signs of the language; and where each character stood.

    The last place is behind the text.
    """
    kept = [at for at, character in enumerate(text) if not INVISIBLE.match(character)]
    return "".join(text[at] for at in kept).translate(FULL_WIDTH), [*kept, len(text)]


def _tree(text: str, only: frozenset[str] | None, vocabulary: Vocabulary) -> Node:
    try:
        tree = _parser().parse(text)
    except (UnexpectedCharacters, UnexpectedToken) as e:
        raise _translated(text, e) from e
    return _TreeBuilder(text, only, vocabulary).node(tree, 0)


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text that parses, spaces left out: FIELD, PHRASE, WORD, NOT, MINUS, LPAR …"""
    return _parser().lex(text)


def _translated(text: str, error: UnexpectedCharacters | UnexpectedToken) -> QueryError:
    """What a person can do about a text that the grammar refuses."""
    if isinstance(error, UnexpectedCharacters):
        at = error.pos_in_stream or 0
        sign = text[at]
        message = f"'{sign}' wants {TERM} right after it" if sign in EXCLUDES else "unclosed quote"
        return QueryError(text, at + 1, message)
    if error.token.type == "$END":
        closing = "RPAR" in error.expected
        message = "unclosed '(': expected ')'" if closing else f"expected {TERM}"
        return QueryError(text, len(text) + 1, message)
    column = (error.token.start_pos or 0) + 1
    if error.token.type == "RPAR" and "$END" in error.expected:
        return QueryError(text, column, "this ')' closes nothing")
    return QueryError(text, column, f"expected {TERM}, found {error.token}")


@dataclass(frozen=True, slots=True)
class _TreeBuilder:
    """Turns the tree of the grammar into our nodes; errors point into text."""

    text: str
    only: frozenset[str] | None
    vocabulary: Vocabulary

    def node(self, tree: Tree[Token] | Token, depth: int) -> Node:
        if isinstance(tree, Token):
            return self.leaf(tree)
        if tree.data == "group":
            if depth == MAX_DEPTH:
                raise self.error(tree.children[0], f"more than {MAX_DEPTH} parentheses deep")
            return self.node(tree.children[1], depth + 1)
        if tree.data == "negated":
            inner = self.node(tree.children[-1], depth)
            return inner if len(tree.children) % 2 else negated(inner)
        members = [self.node(child, depth) for child in tree.children]
        return joined(All if tree.data == "all" else Any, members)

    def leaf(self, token: Token) -> Node:
        field, colon, rest = token.partition(":")
        if token.type == "FIELD" or (colon and not rest and field.isascii() and field.isalpha()):
            return self.meant(token, self.field(token, field.lower(), rest))
        words, prefix = self.value(token, token)
        quoted = token[0] in QUOTES
        return Words(tuple(self.folded(token, words).split()), prefix, quoted)

    def field(self, token: Token, field: str, rest: str) -> Is:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1, cutoff=0.6)
            known = f"did you mean {near[0]}?" if near else _instead(self.text, rest)
            raise self.error(token, f"unknown field {shorten(field, 40)}: {known}")
        if self.only is not None and field not in self.only:
            known = ", ".join(sorted(self.only))
            raise self.error(token, f"{field}: cannot be used here; there are {known}")
        value, prefix = self.value(token, rest)
        if not value:
            raise self.error(token, f"{field}: wants a value right after the colon")
        if prefix and field not in PREFIXED:
            raise self.error(token, f"{field} takes no *")
        if field in FOLDED:
            bare = re.sub(r"(?i)\Aother:", "", value) if field == "venue" else value
            bare = in_order(bare) if field == "author" else bare
            quoted = field == "title" and rest[0] in QUOTES
            return Is(field, self.folded(token, bare), prefix, quoted)
        try:
            return Is(field, exact(field, value), prefix)
        except ValueError as e:
            raise self.error(token, str(e)) from e

    def meant(self, token: Token, leaf: Is) -> Node:
        try:
            return self.vocabulary.meant(leaf)
        except ValueError as e:
            raise self.error(token, str(e)) from e

    def value(self, token: Token, raw: str) -> tuple[str, bool]:
        """Without its quotes and its last *, and whether there was one."""
        bare = raw.removesuffix("*")
        prefix = bare != raw
        if bare and bare[0] in QUOTES:
            bare = bare[1:-1]
            if not prefix and bare.endswith("*"):
                bare, prefix = bare[:-1], True
        elif "*" in bare:
            raise self.error(token, "* stands only at the end of a word or a phrase")
        return bare.strip(), prefix

    def folded(self, token: Token, value: str) -> str:
        words = fold(value)
        if not words:
            raise self.error(token, f"{shorten(token, 40)} has no letter or digit to look for")
        return words

    def error(self, token: Token | Tree[Token], message: str) -> QueryError:
        start = token.start_pos if isinstance(token, Token) else 0
        return QueryError(self.text, (start or 0) + 1, message)


def _instead(text: str, rest: str) -> str:
    """What to do about a colon behind no field: before a space it is that of a title, most likely."""
    if rest or any(quote in text for quote in QUOTES) or len(text) > LONGEST_TITLE:
        return f"the fields are {', '.join(FIELDS)}"
    return f'a title with a colon stands in quotes: "{text.strip()}"'


# ---------------------------------------------------------------- tree to text


def canonical(filter: Filter) -> str:
    """The one way to write the tree of a parsed filter; it parses to the same tree."""
    return _written(filter.tree)


def _written(node: Node) -> str:
    match node:
        case Words(words, prefix, quoted):
            asked = " ".join(words)
            return _as_asked(asked + "*" * prefix, quoted)
        case Is("title", value, prefix, quoted):
            return f"title:{_as_asked(value + '*' * prefix, quoted)}"
        case Is(field, value, prefix):
            return f"{field}:{_quoted(value + '*' * prefix)}"
        case Not(of):
            return f"-({_written(of)})" if isinstance(of, All | Any) else f"-{_written(of)}"
        case Any(of):
            return " OR ".join(map(_written, of))
        case All(of):
            return " ".join(f"({_written(n)})" if isinstance(n, Any) else _written(n) for n in of)


def _as_asked(words: str, quoted: bool) -> str:
    """In quotes where they were; words without quotes came in one piece, with something between."""
    return f'"{words}"' if quoted else words.replace(" ", "-")


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s()]", value) else value
