"""Matches cards against filters, and lists the reasons. The rules are in the package's docstring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import TypeGuard

from sundaypaper.models import All, Any, Card, Claim, Filter, Is, Node, Not, Words
from sundaypaper.text import fold

from .forms import widened
from .language import CLAIM_FIELDS
from .names import is_name
from .trees import simplified

# A test is handed the card's words as a set beside the card: most words of most filters are not
# there, and a set says so in 50 ns where a search through the text takes a microsecond.
Test = Callable[[Card, frozenset[str]], bool]
CACHE_SIZE = 2048
# By identity, since hashing a tree costs more than matching it. The node is kept beside its test,
# so that no other node can take over its identity.
_tests: dict[int, tuple[Node, Test]] = {}
# The same of a tree as it is written, with the forms of its words.
_trees: dict[int, tuple[Node, Node]] = {}


def match(filter: Filter, card: Card) -> bool:
    """Whether the card is one of those that the filter asks for."""
    return _test(_tree(filter.tree))(card, _words(card))


def hits(filter: Filter, card: Card) -> tuple[str, ...]:
    """Why a matching card matches: `title: flow matching`, once each, what the title says first.

    Every leaf that holds in a branch that holds and under no negation.
    """
    reasons = dict.fromkeys(_reasons(_tree(filter.tree), card, _words(card)))
    return tuple(sorted(reasons, key=lambda reason: not reason.startswith("title: ")))


def _words(card: Card) -> frozenset[str]:
    words = card.fields.get("word")
    return frozenset(card.text.split()) if words is None else words


def _tree(node: Node) -> Node:
    """The tree with the forms of its words, simplified."""
    known = _trees.get(id(node))
    if known is not None:
        return known[1]
    if len(_trees) >= CACHE_SIZE:
        _trees.clear()
    tree = widened(simplified(node))
    _trees[id(node)] = (node, tree)
    return tree


def _test(node: Node) -> Test:
    known = _tests.get(id(node))
    if known is not None:
        return known[1]
    if len(_tests) >= CACHE_SIZE:
        _tests.clear()
    test = _compiled(node)
    _tests[id(node)] = (node, test)
    return test


def _compiled(node: Node) -> Test:
    if _of_claim(node):
        holds = _claim_test(node)
        return lambda card, words: any(map(holds, card.claims))
    match node:
        case Words():
            return _words_test(node)
        case Is():
            return _field_test(node)
        case Not(of):
            inner = _compiled(of)
            return lambda card, words: not inner(card, words)
        case All(of):
            return _all_test(of)
        case Any(of):
            return _any_test(of)


def _words_test(node: Words) -> Test:
    needle, last = _needle(node), node.words[-1]
    if len(node.words) == 1:
        if node.prefix:
            return lambda card, words: needle in card.text
        return lambda card, words: last in words
    whole = frozenset(node.words[:-1] if node.prefix else node.words)
    return lambda card, words: whole <= words and needle in card.text


def _needle(node: Words) -> str:
    return " " + " ".join(node.words) + ("" if node.prefix else " ")


def _field_test(node: Is) -> Test:
    field, value = node.field, node.value
    if field == "since":
        first = date.fromisoformat(value)
        return lambda card, words: card.day is not None and card.day >= first
    if field == "until":
        final = date.fromisoformat(value)
        return lambda card, words: card.day is not None and card.day <= final
    if node.prefix or field in ("title", "author"):
        return lambda card, words: any(_holds(node, v) for v in card.fields.get(field, ()))
    return lambda card, words: value in card.fields.get(field, ())


def _holds(node: Is, value: str) -> bool:
    """Whether a value of the card, folded as its field is, is what the leaf asks for."""
    if node.field == "author":
        return is_name(node.value, value, node.prefix)
    if node.field == "title":
        return f" {node.value}{'' if node.prefix else ' '}" in f" {value} "
    return value.startswith(node.value) if node.prefix else value == node.value


def _all_test(members: tuple[Node, ...]) -> Test:
    claims = tuple(n for n in members if _of_claim(n))
    tests = [_compiled(n) for n in members if not _of_claim(n)]
    if claims:
        tests.append(_compiled(All(claims)))
    return lambda card, words: all(test(card, words) for test in tests)


def _any_test(members: tuple[Node, ...]) -> Test:
    """Single words are looked up all at once."""
    plain = frozenset(n.words[0] for n in members if _single(n))
    tests = [_compiled(n) for n in members if not _single(n)]

    def holds(card: Card, words: frozenset[str]) -> bool:
        if not plain.isdisjoint(words):
            return True
        for test in tests:  # noqa: SIM110 - twice as fast as any() over a generator
            if test(card, words):
                return True
        return False

    return holds


def _single(node: Node) -> TypeGuard[Words]:
    return isinstance(node, Words) and len(node.words) == 1 and not node.prefix


def _of_claim(node: Node) -> bool:
    """Whether one claim answers the node; what asks for nothing asks for no claim either."""
    if isinstance(node, All | Any):
        return bool(node.of) and all(map(_of_claim, node.of))
    return isinstance(node, Is) and node.field in CLAIM_FIELDS


def _claim_test(node: Node) -> Callable[[Claim], bool]:
    match node:
        case All(of):
            parts = [_claim_test(n) for n in of]
            return lambda claim: all(part(claim) for part in parts)
        case Any(of):
            parts = [_claim_test(n) for n in of]
            return lambda claim: any(part(claim) for part in parts)
        case Is("venue"):
            return lambda claim: _holds(node, _venue(claim.venue))
        case Is(field, value):
            return lambda claim: str(getattr(claim, field)) == value
    raise TypeError(f"not a claim node: {node}")


@lru_cache(4096)
def _venue(key: str) -> str:
    return fold(key.removeprefix("other:"))


# ---------------------------------------------------------------- reasons


def _reasons(node: Node, card: Card, words: frozenset[str]) -> Iterator[str]:
    if not _test(node)(card, words):
        return
    match node:
        case All(of) | Any(of):
            for member in of:
                yield from _reasons(member, card, words)
        case Words():
            title, _, summary = card.text.partition("  ")
            in_title = _hit(node, f"{title} ")
            yield f"title: {in_title}" if in_title else f"summary: {_hit(node, f' {summary}')}"
        case Is(field, value):
            held = (v for v in sorted(card.fields.get(field, ())) if _holds(node, v))
            shown = value if field == "title" else next(held, value)
            yield f"{field}: {_category(shown) if field == 'cat' else shown}"


def _hit(node: Words, text: str) -> str:
    """The words of the text that a leaf hit, a prefix completed; empty where it is not there."""
    start = text.find(_needle(node))
    if start < 0:
        return ""
    end = text.find(" ", start + len(" ".join(node.words)) + 1)
    return text[start + 1 : end]


def _category(value: str) -> str:
    """As arXiv writes it: the two letters behind the dot are capitals."""
    archive, dot, subject = value.partition(".")
    return f"{archive}{dot}{subject.upper() if len(subject) == 2 else subject}"
