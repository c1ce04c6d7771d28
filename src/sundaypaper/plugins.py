"""Looking up a word of feeds.yaml: a built-in of a table, an entry point, or `package.module:name`.

An installed package declares entry points in the group `sundaypaper.KIND`; none is loaded unless
feeds.yaml names it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from itertools import takewhile
from operator import eq
from typing import TypeVar, cast

T = TypeVar("T")

GROUP = "sundaypaper"
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)


def named(word: str, table: Mapping[str, T], kind: str = "") -> T:
    """The table's entry, or the function or class of an entry point or at `package.module:name`.

    kind is that of the extension, such as `taggers`; without one no entry point is looked for.
    ValueError with a sentence for a person where there is none. A dotted word runs the code of
    its module: it may come from the user's own configuration only.
    """
    if word in table:
        return table[word]
    points = declared(kind) if kind else {}
    if word in points:
        return cast(T, _imported(points[word], word))
    if not DOTTED.fullmatch(word):
        raise ValueError(unknown(word, (*table, *points, "package.module:name")))
    return cast(T, _imported(word, word))


@cache
def declared(kind: str) -> Mapping[str, str]:
    """The entry points of a kind of extension, by name: what each would import. Nothing is imported."""
    from importlib.metadata import entry_points  # here: it looks through all that is installed

    points = entry_points(group=f"{GROUP}.{kind}")
    return {point.name: point.value.replace(" ", "") for point in points}


def unknown(word: str, known: tuple[str, ...]) -> str:
    """The sentence that says what was expected instead of a word, and which one is nearest."""
    choice = ", ".join(known[:-1]) + (" or " if known[:-1] else "") + known[-1]
    return f"expected {choice}, found “{word[:60]}”{nearest(word, known)}"


def nearest(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean “feed”?` where a known word is near, else nothing."""
    best = nearest_word(word, known)
    return f"; did you mean “{best}”?" if best else ""


def nearest_word(word: str, known: tuple[str, ...]) -> str:
    """The known word that one is most like, "" where none is near."""
    wanted = word[:60].lower()

    def likeness(name: str) -> tuple[float, int]:
        other = name.lower()
        ratio = difflib.SequenceMatcher(None, wanted, other).ratio()
        return ratio, len(list(takewhile(bool, map(eq, wanted, other))))

    best = max(known, key=likeness, default="")
    return best if best and likeness(best)[0] >= 0.6 else ""


def _imported(place: str, word: str) -> object:
    """What stands at `package.module:name`; word is how feeds.yaml calls it."""
    module, _, name = place.partition(":")
    try:
        imported: object = getattr(import_module(module), name)
    except AttributeError as e:
        raise ValueError(f"“{word}”: the module {module} has nothing named {name}") from e
    except Exception as e:  # whatever somebody else's module raises while it is imported
        why = " ".join(str(e).split())[:200] or type(e).__name__
        raise ValueError(f"“{word}”: the module {module} cannot be imported: {why}") from e
    if not callable(imported):
        raise ValueError(f"“{word}” is neither a function nor a class")
    return imported
