"""Walks over the tree of a filter: its leaves, the topics that it names, and looser filters."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.models import All, Any, Is, Node, Not, Words
from sundaypaper.query.language import CLAIM_FIELDS

Leaf = Words | Is


def leaves(node: Node) -> Iterator[Leaf]:
    """All that a filter asks for, from left to right, negated or not."""
    match node:
        case All(of) | Any(of):
            for member in of:
                yield from leaves(member)
        case Not(of):
            yield from leaves(of)
        case Words() | Is():
            yield node


def reads_text(node: Node) -> bool:
    """Whether a filter looks at words of the text."""
    return any(isinstance(leaf, Words) for leaf in leaves(node))


def asks_claims(node: Node) -> bool:
    """Whether a filter asks for what a claim says."""
    return any(isinstance(leaf, Is) and leaf.field in CLAIM_FIELDS for leaf in leaves(node))


def topics_named(node: Node) -> Iterator[str]:
    """The topics that a filter names whole, wherever they stand."""
    return (
        leaf.value
        for leaf in leaves(node)
        if isinstance(leaf, Is) and leaf.field == "topic" and not leaf.prefix
    )


def topics_wished(node: Node) -> frozenset[str]:
    """The topics that a filter names whole and does not exclude."""
    match node:
        case All(of) | Any(of):
            return frozenset(topic for member in of for topic in topics_wished(member))
        case Is("topic", value, False):
            return frozenset({value})
    return frozenset()


def topics_alone(node: Node) -> tuple[str, ...]:
    """The topics of a filter that names nothing else, joined by OR; none for any other."""
    match node:
        case Is("topic", value, False):
            return (value,)
        case Any(of):
            each = [topics_alone(member) for member in of]
            return tuple(topic for topics in each for topic in topics) if all(each) else ()
    return ()


def loosened(node: Node) -> tuple[Node, ...]:
    """The filter with one part left out, for each part; a phrase as its separate words.

    A part that would leave nothing but negations stays.
    """
    match node:
        case All(of) if len(of) > 1:
            return tuple(_loosened_all(of))
        case Any(of):
            return tuple(loose for member in of for loose in loosened(member))
        case Words((*before, last), prefix) if before:
            return (All((*(Words((word,)) for word in before), Words((last,), prefix))),)
    return ()


def _loosened_all(of: tuple[Node, ...]) -> Iterator[Node]:
    for left in of:
        rest = tuple(member for member in of if member is not left)
        if any(not isinstance(member, Not) for member in rest):
            yield rest[0] if len(rest) == 1 else All(rest)
