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
APART = frozenset(
    {"new", "news", "len", "lens", "mas", "mass", "bus", "gas", "ga", "na", "nas"}
    | {"dynamic", "dynamics", "semantic", "semantics", "logistic", "logistics"}
    | {"intrinsic", "intrinsics", "extrinsic", "extrinsics"}
)
# After these an English word takes "es".
HISSING = ("s", "x", "z", "ch", "sh")
# From singular to plural, mostly in words that English has from Greek and Latin.
FOREIGN = (
    *(("sis", "ses"), ("xis", "xes"), ("trix", "trices"), ("dex", "dices"), ("dix", "dices")),
    *(("tex", "tices"), ("rion", "ria"), ("menon", "mena"), ("tomaton", "tomata")),
    *(("corpus", "corpora"), ("trum", "tra"), ("imum", "ima"), ("ulus", "uli"), ("cleus", "clei")),
    *(("child", "children"), ("leaf", "leaves"), ("half", "halves"), ("mouse", "mice")),
)
# What is written joined, hyphenated or apart: multimodal and multi-modal, dataset and data set.
BEGINNINGS = (
    *("anti", "audio", "auto", "back", "bench", "bi", "co", "counter", "cross", "data", "de"),
    *("down", "ego", "feed", "few", "fine", "hand", "hyper", "inter", "intra", "long", "meta"),
    *("micro", "mini", "mono", "multi", "neuro", "non", "off", "one", "open", "over", "photo"),
    *("post", "pre", "pseudo", "re", "real", "self", "semi", "spatio", "sub", "super", "text"),
    *("time", "trade", "trans", "under", "uni", "up", "video", "zero"),
)
SHORTEST_REST = 3


def widened(node: Node) -> Node:
    """The tree with each word outside of quotes as any of its forms."""
    match node:
        case Words(words, prefix, False):
            runs = _runs(words, prefix)
            return joined(Any, [Words(run, prefix, quoted=True) for run in runs])
        case Is("title", value, prefix, False):
            runs = _runs(tuple(value.split()), prefix)
            return joined(Any, [Is("title", " ".join(run), prefix, quoted=True) for run in runs])
        case Not(of):
            return Not(widened(of))
        case All(of):
            return joined(All, [widened(member) for member in of])
        case Any(of):
            return joined(Any, [widened(member) for member in of])
        case Words() | Is():
            return node


def _runs(words: tuple[str, ...], prefix: bool) -> tuple[tuple[str, ...], ...]:
    """The forms of a word, or of the words of a hyphenated one, each once, as written first.

    With prefix the last word is but a beginning, which has no plural.
    """
    lasts = words[-1:] if prefix else forms(words[-1])
    runs = dict.fromkeys((*words[:-1], last) for last in lasts)
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
    # GPUs and APIs are many; of the virus and the axis no word is left that a text may hold.
    if word.endswith("s") and word[-2] != "s" and len(word) > (3 if word[-2] in "ui" else 2):
        yield word[:-1]
