"""What one value alone cannot say: ids given twice, and names that nothing answers to."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.config.document import Document, Steps
from sundaypaper.config.values import VENUE_KEY
from sundaypaper.errors import Mistake
from sundaypaper.plugins import nearest
from sundaypaper.ranking import RULES
from sundaypaper.text import clean, fold
from sundaypaper.venues import VENUES


def checked(document: Document) -> list[Mistake]:
    """Mistakes between entries, found even where single entries are wrong too."""
    return [
        *_twice(document, ("topics",), "id"),
        *_twice(document, ("sources",), "name"),
        *_twice(document, ("venues", "own"), "key"),
        *_unknown_venues(document),
        *_unknown_weights(document),
    ]


def _at(data: object, steps: Steps) -> object:
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _entries(document: Document, steps: Steps) -> Iterator[tuple[Steps, dict[str, object]]]:
    found = _at(document.data, steps)
    if isinstance(found, list):
        yield from (((*steps, i), e) for i, e in enumerate(found) if isinstance(e, dict))


def _twice(document: Document, steps: Steps, key: str) -> Iterator[Mistake]:
    """Compared as filters compare them: `source:bair` cannot tell BAIR from Bair."""
    first: dict[str, Steps] = {}
    for here, entry in _entries(document, steps):
        default = "arXiv" if key == "name" and entry.get("kind") == "arxiv" else None
        value = entry.get(key) or default
        if not isinstance(value, str):
            continue
        place = (*here, key) if key in entry else here
        if (before := first.setdefault(fold(value), place)) is not place:
            line, column = document.values[before]
            message = f"the {key} “{clean(value, 60)}” is taken since line {line}, column {column}"
            yield document.mistake(place, f"{message}: choose another {key}")


def _unknown_venues(document: Document) -> Iterator[Mistake]:
    """A venue misspelt would leave its papers out in silence."""
    own = tuple(str(e.get("key")) for _, e in _entries(document, ("venues", "own")))
    keys = (*(venue.key for venue in VENUES), *own)
    for ring in ("core", "also"):
        found = _at(document.data, ("venues", ring))
        for i, key in enumerate(found if isinstance(found, list) else ()):
            if isinstance(key, str) and key not in keys and VENUE_KEY.fullmatch(key):
                hint = nearest(key, keys) or "; a new one needs an entry in venues.own"
                message = f"there is no venue “{clean(key, 60)}”{hint}"
                yield document.mistake(("venues", ring, i), message)


def _unknown_weights(document: Document) -> Iterator[Mistake]:
    weights = _at(document.data, ("weights",))
    names = tuple(f"source:{e.get('name', 'arXiv')}" for _, e in _entries(document, ("sources",)))
    known = (*RULES, *names)
    for name in weights if isinstance(weights, dict) else ():
        if clean(name) and clean(name) not in known:
            hint = nearest(name, known) or f"; there are {', '.join(RULES)} and source:NAME"
            message = f"the ranking has no “{clean(name, 60)}”{hint}"
            yield document.mistake(("weights", name), message, at_key=True)
