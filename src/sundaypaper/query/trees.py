"""Builds and simplifies filter trees: flat, no double negation, nothing empty inside.

All of nothing holds for every entry and Any of nothing for none. As a member of a tree such a node
says either nothing (All of nothing in an All) or everything there is to say (in an Any).
"""

from __future__ import annotations

from collections.abc import Iterable

from sundaypaper.models import All, Any, Filter, Node, Not

EVERY, NONE = All(()), Any(())
# What stands where nobody wrote a query; neither has a text that parses.
EVERYTHING, NOTHING = Filter("", EVERY), Filter("", NONE)


def simplified(node: Node) -> Node:
    """The same tree as parse() would make it; empty only where it is EVERY or NONE as a whole.

    The rule of one claim looks at the members of a node, so those that ask for nothing must go.
    """
    match node:
        case Not(of):
            return negated(simplified(of))
        case All(of) | Any(of):
            return joined(type(node), map(simplified, of))
    return node


def negated(node: Node) -> Node:
    """What holds where the node does not."""
    if isinstance(node, Not):
        return node.of
    if node in (EVERY, NONE):
        return NONE if node == EVERY else EVERY
    return Not(node)


def joined(kind: type[All] | type[Any], members: Iterable[Node]) -> Node:
    """All or Any of the members: flat, a single one itself, without those that say nothing."""
    flat: list[Node] = []
    for member in members:
        flat.extend(member.of if isinstance(member, kind) else (member,))
    decides = NONE if kind is All else EVERY
    if decides in flat:
        return decides
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
