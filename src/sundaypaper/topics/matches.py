"""Evaluation of many filters on one card at once.

    words of the card | leaves that stand there | which filters hold, and which leaves say so

Filters share most of their leaves, and few of those stand in a card: looking up the card's words
finds them faster than asking every leaf. What holds, and why, is what `query` says of each filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sundaypaper.models import All, Any, Card, Filter, Is, Node, Not, Words
from sundaypaper.query import asks_claims, hits, match, widened

EQUAL = frozenset({"cat", "kind"})
MOST_KEPT = 100_000
# Leaves that hold where a word stands, and those that may where further words stand there too.
Here = tuple[tuple[int, ...], tuple[tuple[int, frozenset[str]], ...]]
NOTHING: Here = ((), ())


@dataclass(frozen=True, slots=True)
class Branch:
    """A node above leaves: any of its members holds, or all of them; none with negated.

    leaves are the numbers of the members that are leaves, members all of them in their order.
    """

    any: bool
    leaves: frozenset[int]
    branches: tuple[Branch, ...]
    members: tuple[int | Branch, ...]
    negated: bool = False

    def holds(self, holding: set[int]) -> bool:
        """Whether the node holds where exactly these leaves do."""
        if self.any:
            held = not self.leaves.isdisjoint(holding)
            for branch in () if held else self.branches:
                if branch.holds(holding):
                    held = True
                    break
        else:
            held = self.leaves <= holding
            for branch in self.branches if held else ():
                if not branch.holds(holding):
                    held = False
                    break
        return held is not self.negated

    def speaking(self, holding: set[int]) -> Iterator[int]:
        """The leaves that hold, in branches that hold and under no negation."""
        for member in self.members:
            if isinstance(member, int):
                if member in holding:
                    yield member
            elif not member.negated and member.holds(holding):
                yield from member.speaking(holding)


@dataclass(slots=True)
class Index:
    """Leaves by a word that must stand in the text for them to hold.

    words and starts hold the leaves of one word, or of its beginning; phrases those of several words,
    by the longest whole one, with all the whole ones. known caches answers; dull are words met
    before that are in no leaf.
    """

    words: defaultdict[str, list[int]]
    starts: defaultdict[str, list[int]]
    phrases: defaultdict[str, list[tuple[int, frozenset[str]]]]
    known: dict[str, Here]
    dull: set[str]

    def add(self, leaf: int, words: tuple[str, ...], prefix: bool) -> None:
        """Take in a leaf."""
        if len(words) == 1:
            (self.starts if prefix else self.words)[words[0]].append(leaf)
        else:
            whole = words[:-1] if prefix else words
            self.phrases[max(whole, key=len)].append((leaf, frozenset(whole)))

    def at(self, word: str) -> Here:
        """The leaves that hold where the word stands, and those that may."""
        here = self.known.get(word)
        if here is not None:
            return here
        sure = [n for size in range(len(word)) for n in self.starts.get(word[: size + 1], ())]
        here = (*sure, *self.words.get(word, ())), tuple(self.phrases.get(word, ()))
        if len(self.known) + len(self.dull) >= MOST_KEPT:
            return here
        if here == NOTHING:
            self.dull.add(word)
        else:
            self.known[word] = here
        return here

    def look(self, words: Iterable[str], sure: set[int]) -> list[int]:
        """Add the leaves that hold where these words stand; return those that may."""
        words, maybe = frozenset(words), list[int]()
        for word in words - self.dull:
            here, perhaps = self.at(word)
            sure.update(here)
            maybe += [leaf for leaf, whole in perhaps if whole <= words]
        return maybe


class Matches:
    """Filters, compiled together. Numbers below are places in the order that they were given in."""

    def __init__(self, filters: Iterable[Filter]) -> None:
        self._leaves: dict[Node, int] = {}
        self._text, self._title = _index(), _index()
        self._equal = defaultdict[str, defaultdict[str, list[int]]](_lists)
        self._other: list[int] = []
        self._trees = tuple(self._whole(filter.tree) for filter in filters)
        self._asked = tuple(Filter("", leaf) for leaf in self._leaves)
        self._needles = tuple(map(_needle, self._leaves))
        self._worded = tuple(map(_wording, self._leaves))

    def on(self, card: Card) -> CardMatches:
        """The filters that hold for a card."""
        sure, needles = set[int](), self._needles
        words = card.fields.get("word")
        maybe = self._text.look(card.text.split() if words is None else words, sure)
        sure.update([leaf for leaf in maybe if needles[leaf] in card.text])
        for title in card.fields.get("title", ()):
            maybe = self._title.look(title.split(), sure)
            sure.update([leaf for leaf in maybe if needles[leaf] in f" {title} "])
        for field, leaves in self._equal.items():
            for value in card.fields.get(field, ()):
                sure.update(leaves.get(value, ()))
        sure.update([leaf for leaf in self._other if match(self._asked[leaf], card)])
        return CardMatches(self._trees, self._asked, needles, self._worded, sure, card)

    def _whole(self, tree: Node) -> Branch:
        """The tree of a filter; one that asks for claims is a single leaf: one claim must satisfy it."""
        if asks_claims(tree):
            return _joined(False, (self._leaf(tree),))
        node = self._node(widened(tree))
        return _joined(False, (node,)) if isinstance(node, int) else node

    def _node(self, node: Node) -> int | Branch:
        match node:
            case All(of) | Any(of):
                return _joined(isinstance(node, Any), tuple(map(self._node, of)))
            case Not(of):
                return _joined(False, (self._node(of),), negated=True)
        return self._leaf(node)

    def _leaf(self, node: Node) -> int:
        if node in self._leaves:
            return self._leaves[node]
        number = self._leaves[node] = len(self._leaves)
        match node:
            case Words(words, prefix):
                self._text.add(number, words, prefix)
            case Is("title", value, prefix):
                self._title.add(number, tuple(value.split()), prefix)
            case Is(field, value, False) if field in EQUAL:
                self._equal[field][value].append(number)
            case _:
                self._other.append(number)
        return number


@dataclass(frozen=True, slots=True)
class CardMatches:
    """The filters that hold for one card, and why."""

    _trees: tuple[Branch, ...]
    _asked: tuple[Filter, ...]
    _needles: tuple[str, ...]
    _worded: tuple[tuple[str, str] | None, ...]
    _leaves: set[int]
    _card: Card

    def holds(self, number: int) -> bool:
        """Whether the filter holds, as query.match says."""
        return self._trees[number].holds(self._leaves)

    def reasons(self, number: int) -> tuple[str, ...]:
        """The reasons of a filter that holds, as query.hits gives them."""
        tree = self._trees[number]
        leaves = () if tree.negated else dict.fromkeys(tree.speaking(self._leaves))
        title = self._card.text.partition("  ")[0] + " "
        reasons = dict.fromkeys(reason for leaf in leaves for reason in self._why(leaf, title))
        return tuple(sorted(reasons, key=_behind_title))

    def _why(self, leaf: int, title: str) -> tuple[str, ...]:
        worded = self._worded[leaf]
        if worded is None:
            return hits(self._asked[leaf], self._card)
        in_title, in_summary = worded
        return (in_title if self._needles[leaf] in title else in_summary,)


def _behind_title(reason: str) -> bool:
    return not reason.startswith("title: ")


def _needle(leaf: Node) -> str:
    """What stands in the text, or in the title, where a leaf of several words holds."""
    match leaf:
        case Words(words, prefix):
            return f" {' '.join(words)}{'' if prefix else ' '}"
        case Is("title", value, prefix):
            return f" {value}{'' if prefix else ' '}"
    return ""


def _wording(leaf: Node) -> tuple[str, str] | None:
    """The reasons where a leaf holds in the title and elsewhere; None where only the card tells."""
    match leaf:
        case Is("title", value):
            return (f"title: {value}",) * 2
        case Words(words, False):
            phrase = " ".join(words)
            return f"title: {phrase}", f"summary: {phrase}"
    return None


def _lists() -> defaultdict[str, list[int]]:
    return defaultdict(list)


def _index() -> Index:
    return Index(_lists(), _lists(), defaultdict(list), {}, set())


def _joined(any: bool, members: tuple[int | Branch, ...], negated: bool = False) -> Branch:
    leaves = frozenset(m for m in members if isinstance(m, int))
    branches = tuple(m for m in members if isinstance(m, Branch))
    return Branch(any, leaves, branches, members, negated)
