"""Checks across values of feeds.yaml: ids given twice, names that nothing answers to, paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

from sundaypaper import query
from sundaypaper.config.extension_settings import name_of
from sundaypaper.config.known_names import known_names, shelf_sources
from sundaypaper.config.schema import keys_at
from sundaypaper.errors import Mistake, QueryError
from sundaypaper.forms.document import Steps, YamlDocument
from sundaypaper.interest.rules import RULES
from sundaypaper.models import Is, Topic, Venue
from sundaypaper.plugins import nearest
from sundaypaper.sources import KINDS, BundleSource
from sundaypaper.sources.bundle import SHELF
from sundaypaper.text import clean, fold
from sundaypaper.venues import extend, key_meant

# The folder of the pages, beside feeds.yaml.
OUTPUT = "output"
VENUES_REMEDY = "`sundaypaper venues list` names all; a new one needs an entry in venues.own"


def checked(document: YamlDocument, shipped: Callable[[], tuple[Topic, ...]]) -> list[Mistake]:
    """Mistakes between entries, found even where single entries are wrong too.

    shipped gives the topics that hold where the file names none.
    """
    return [
        *_twice(document, ("topics",), "id"),
        *_empty_topics(document),
        *_twice(document, ("sources",), "name"),
        *_twice(document, ("editions",), "id"),
        *_twice(document, ("venues", "own"), "key"),
        *_unknown_venues(document),
        *_unknown_weights(document),
        *_unknown_names(document, shipped),
        *_outside(document),
        *_printed_nowhere(document),
    ]


def _at(data: object, steps: Steps) -> object:
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _entries(document: YamlDocument, steps: Steps) -> Iterator[tuple[Steps, dict[str, object]]]:
    entries = _at(document.data, steps)
    if isinstance(entries, list):
        yield from (((*steps, i), e) for i, e in enumerate(entries) if isinstance(e, dict))


def _twice(document: YamlDocument, steps: Steps, key: str) -> Iterator[Mistake]:
    """Entries with the same key, compared as filters do: `source:bair` is both BAIR and Bair."""
    first: dict[str, Steps] = {}
    for here, entry in _entries(document, steps):
        value = entry.get(key) or (_usual_name(entry) if key == "name" else None)
        if not isinstance(value, str):
            continue
        place = (*here, key) if key in entry else here
        if (before := first.setdefault(fold(value), place)) is not place:
            line, column = document.values[before]
            message = f"the {key} “{clean(value, 60)}” is taken since line {line}, column {column}"
            yield document.mistake(place, f"{message}: choose another {key}")


def _usual_name(source: dict[str, object]) -> object:
    """The name of a source that is given none; None where its kind has no usual one."""
    kind = KINDS.get(str(source.get("kind")))
    usual = next((f.default for f in fields(kind) if f.name == "name"), None) if kind else None
    return usual if isinstance(usual, str) else None


def _printed_nowhere(document: YamlDocument) -> Iterator[Mistake]:
    """A hook that tells where an issue lies, of a paper that does not know."""
    if _at(document.data, ("hooks", "printed")) and not _at(document.data, ("base_url",)):
        message = "this call tells where the issue lies: give the file base_url, the address of the pages"  # fmt: skip
        yield document.mistake(("hooks", "printed"), message, at_key=True)


def _outside(document: YamlDocument) -> Iterator[Mistake]:
    """Paths that lead out of the folder of feeds.yaml, be it by `..` or by a symbolic link.

    Mails and readers may lie elsewhere on purpose, for which their path is written from / on, but
    not among the pages; what is printed lies in the folder.
    """
    root = Path(document.file).absolute().parent
    for steps, path, anywhere in _paths(document):
        try:
            real = (root / path).resolve()
        except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL
            yield document.mistake(
                steps, f"“{clean(str(path), 60)}” is no path that can be followed"
            )
            continue
        if anywhere and real.is_relative_to(root.resolve() / OUTPUT):
            message = (
                f"“{clean(str(path), 60)}” lies among the pages, where everybody could read it"
            )
            yield document.mistake(steps, f"{message}: name a place outside of {OUTPUT}/")
        elif not (anywhere and path.is_absolute()) and not real.is_relative_to(root.resolve()):
            otherwise = (
                ", or write the whole path, from / on, where it is meant" if anywhere else ""
            )
            message = f"“{clean(str(path), 60)}” leads out of the folder of this file, to {clean(str(real), 200)}"  # fmt: skip
            yield document.mistake(steps, f"{message}: name a place in the folder{otherwise}")


def _paths(document: YamlDocument) -> Iterator[tuple[Steps, Path, bool]]:
    """The files and folders that the file names, and whether each may lie anywhere."""
    for here, entry in _entries(document, ("sources",)):
        if isinstance(path := entry.get("path"), str) and path != SHELF:
            yield (*here, "path"), Path(path), False
    for steps in (("delivery", "folder"), ("inbox", "folder"), ("readers", "from")):
        path = _at(document.data, steps)
        if isinstance(path, str) and not path.startswith("env:"):
            yield steps, Path(path), True


def _empty_topics(document: YamlDocument) -> Iterator[Mistake]:
    """Topics with neither match nor examples, which no entry can be about."""
    for here, entry in _entries(document, ("topics",)):
        if entry.get("match") is not None or entry.get("examples") is not None:
            continue
        expected = f"expected {keys_at('topics[]')['match']}, or examples"
        if "match" in entry:
            yield document.mistake((*here, "match"), f"{expected}; found nothing")
        else:
            yield document.mistake(here, f"the key “match” is missing: {expected}")


def name_venues_by_key(document: YamlDocument) -> None:
    """Write the key of each venue of a list where its name stands: NeurIPS, or Robotics: Science and Systems."""
    table = _venue_table(document)
    for _, listed in _venue_lists(document):
        if isinstance(listed, list):
            listed[:] = [
                (isinstance(word, str) and key_meant(word, table)) or word for word in listed
            ]


def _venue_table(document: YamlDocument) -> tuple[Venue, ...]:
    """The venues of the file as it stands, whatever else of it is wrong."""
    return extend(
        tuple(
            Venue(str(e.get("key")), str(e.get("title")), tuple(map(str, _listed(e.get("names")))))
            for _, e in _entries(document, ("venues", "own"))
        )
    )


def _unknown_venues(document: YamlDocument) -> Iterator[Mistake]:
    """Unknown venues: one that is misspelt would silently leave its papers out."""
    table = _venue_table(document)
    keys = tuple(venue.key for venue in table)
    names = tuple(dict.fromkeys(word for v in table for word in (v.key, v.title)))
    for steps, listed in _venue_lists(document):
        for i, word in enumerate(_listed(listed)):
            if isinstance(word, str) and clean(word) and word not in keys:
                hint = nearest(word, names)
                told = f"there is no venue “{clean(word, 60)}”{hint}{' ' if hint else '; '}{VENUES_REMEDY}"
                yield document.mistake((*steps, i), told)


def _venue_lists(document: YamlDocument) -> Iterator[tuple[Steps, object]]:
    """The lists of venue keys; `only` of a feed is a query and not a list."""
    for ring in ("core", "also"):
        yield ("venues", ring), _at(document.data, ("venues", ring))
    for here, entry in _entries(document, ("sources",)):
        kind = KINDS.get(str(entry.get("kind")))
        for key in kind.venue_lists if kind else ():
            yield (*here, key), entry.get(key)


def _unknown_weights(document: YamlDocument) -> Iterator[Mistake]:
    weights = _at(document.data, ("weights",))
    sources = (entry for _, entry in _entries(document, ("sources",)))
    names = tuple(f"source:{e.get('name') or _usual_name(e)}" for e in sources)
    known = (*RULES, *names, *_signals(document))
    for name in weights if isinstance(weights, dict) else ():
        if clean(name) and clean(name) not in known:
            hint = nearest(name, known) or f"; there are {', '.join(RULES)} and source:NAME"
            message = f"the ranking has no “{clean(name, 60)}”{hint}"
            yield document.mistake(("weights", name), message, at_key=True)


def _signals(document: YamlDocument) -> tuple[str, ...]:
    words = _at(document.data, ("extensions", "signals"))
    given = words if isinstance(words, list) else []
    return tuple(f"signal:{name_of(word)}" for word in given if isinstance(word, str))


def _unknown_names(
    document: YamlDocument, shipped: Callable[[], tuple[Topic, ...]]
) -> Iterator[Mistake]:
    """Names in queries of editions that nothing has, which would silently leave their entries out."""
    asked = [
        ((*here, "match"), text)
        for here, entry in _entries(document, ("editions",))
        if _names_anything(text := entry.get("match"))
    ]
    if not asked:
        return
    vocabulary = _vocabulary(document, shipped)
    for steps, text in asked:
        try:
            query.parse(str(text), vocabulary=vocabulary)
        except QueryError as wrong:
            yield document.mistake(steps, str(wrong))


def _names_anything(text: object) -> bool:
    """Whether a query names what stands in lists; what does not parse is reported elsewhere."""
    try:
        tree = query.parse(text).tree if isinstance(text, str) else None
    except QueryError:
        return False
    return tree is not None and any(isinstance(leaf, Is) for leaf in query.leaves(tree))


def _vocabulary(
    document: YamlDocument, shipped: Callable[[], tuple[Topic, ...]]
) -> query.Vocabulary:
    """The names of the file as it stands, whatever else of it is wrong."""
    topics = [(t.id, t.name) for t in shipped()]
    if isinstance(_at(document.data, ("topics",)), list):
        topics = [
            (str(e.get("id")), str(e.get("name"))) for _, e in _entries(document, ("topics",))
        ]
    return known_names(topics, _venue_table(document), _sources(document))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _sources(document: YamlDocument) -> list[tuple[str, str]] | None:
    """Name and group of each source, None where entries may have others."""
    known: list[tuple[str, str]] = []
    for _, entry in _entries(document, ("sources",)):
        kind = KINDS.get(str(entry.get("kind")))
        if kind is BundleSource and entry.get("path") == SHELF:
            known += shelf_sources()
        elif kind is None or kind is BundleSource:
            return None
        elif not kind.brings_votes:
            name = str(entry.get("name") or _usual_name(entry))
            known.append((name, str(entry.get("group") or "")))
    return known or None
