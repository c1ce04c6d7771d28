"""Forms of a word that readers take for one: singular and plural, joined and hyphenated. Pure.

What stands in quotes is meant as it is written; any other word asks for its forms too. The same
rules stand in query.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sundaypaper.models import All, Any, Is, Node, Not, Words

from .trees import joined

PLAIN = re.compile(r"[a-z]{2,}")
# Two words each, whatever their ends look like.
APART = frozenset({"new", "news", "len", "lens", "mas", "mass", "bus", "gas"})
# After these an English word takes "es".
HISSING = ("s", "x", "z", "ch", "sh")
# From singular to plural, in words that English has from Greek and Latin.
FOREIGN = (("sis", "ses"), ("trix", "trices"), ("index", "indices"), ("vertex", "vertices"))
# What is written joined, hyphenated or apart: multimodal and multi-modal, dataset and data set.
BEGINNINGS = (
    *("anti", "auto", "back", "bench", "bi", "co", "cross", "data", "de", "few", "fine", "hyper"),
    *("inter", "intra", "long", "meta", "micro", "mini", "mono", "multi", "neuro", "non", "one"),
    *("open", "over", "photo", "post", "pre", "pseudo", "re", "real", "self", "semi", "spatio"),
    *("sub", "super", "text", "time", "trans", "uni", "video", "zero"),
)
SHORTEST_REST = 3


def widened(node: Node) -> Node:
    """The tree with each word outside of quotes as any of its forms."""
    match node:
        case Words(words, False, False):
            return joined(Any, [Words(run, quoted=True) for run in _runs(words)])
        case Is("title", value, False, False):
            runs = _runs(tuple(value.split()))
            return joined(Any, [Is("title", " ".join(run), quoted=True) for run in runs])
        case Not(of):
            return Not(widened(of))
        case All(of):
            return joined(All, [widened(member) for member in of])
        case Any(of):
            return joined(Any, [widened(member) for member in of])
        case Words() | Is():
            return node


def _runs(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The forms of a word, or of the words of a hyphenated one, each once, as written first."""
    runs = dict.fromkeys((*words[:-1], last) for last in forms(words[-1]))
    for run in tuple(runs):
        runs |= dict.fromkeys(_respelt(run))
    return tuple(runs)


def _respelt(run: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """A word taken apart after a known beginning, or two words joined."""
    if len(run) == 2:
        yield ("".join(run),)
    if len(run) == 1:
        word = run[0]
        for beginning in BEGINNINGS:
            rest = word.removeprefix(beginning)
            if rest != word and len(rest) >= SHORTEST_REST:
                yield beginning, rest


def forms(word: str) -> tuple[str, ...]:
    """A word with its singular and its plural, each once, the word itself first."""
    if not PLAIN.fullmatch(word) or word in APART:
        return (word,)
    return tuple(dict.fromkeys((word, *_plurals(word), *_singulars(word))))


def _plurals(word: str) -> Iterator[str]:
    for one, many in FOREIGN:
        if word.endswith(one):
            yield word.removesuffix(one) + many
    if word.endswith("y") and word[-2] not in "aeiou":
        yield word[:-1] + "ies"
    elif word.endswith(HISSING):
        yield word + "es"
    else:
        yield word + "s"


def _singulars(word: str) -> Iterator[str]:
    for one, many in FOREIGN:
        if word.endswith(many):
            yield word.removesuffix(many) + one
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith("es") and word[:-2].endswith(HISSING):
        yield word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        yield word[:-1]
