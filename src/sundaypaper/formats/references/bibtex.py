"""BibTeX, in the form that arXiv itself hands out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sundaypaper.formats.references.record import (
    Names,
    Reference,
    is_group,
    keys,
    notes,
    person,
    reference,
)
from sundaypaper.formats.references.tex import escaped
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.models import Pick

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def bibtex(pick: Pick, venues: Mapping[str, str] = VENUES) -> str:
    """A BibTeX entry that ends in a line break: `@misc` for papers, `@online` for the rest.

    A claimed venue is a note in the authors' name, never a booktitle: nobody checked it. venues are
    the names to print by key.
    """
    return bibtex_list([reference(pick)], Names(venues))


def bibtex_list(references: Iterable[Reference], names: Names) -> str:
    """An entry for each, an empty line between them; each key once."""
    each = tuple(references)
    return "\n".join(_entry(of, key, names) for of, key in zip(each, keys(each), strict=True))


def _entry(of: Reference, key: str, names: Names) -> str:
    kind = "misc" if of.kind == "paper" else "online"
    body = "".join(f"  {name} = {value},\n" for name, value in _fields(of, names))
    return f"@{kind}{{{key},\n{body}}}\n"


def _fields(of: Reference, names: Names) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{{{of.tex or escaped(of.title)}}}}}"
    if of.authors:
        people = [*map(_name, of.authors), *(["others"] if of.more else [])]
        yield "author", f"{{{' and '.join(people)}}}"
    if of.kind != "paper" and of.source:
        yield "organization", f"{{{escaped(of.source)}}}"
    if of.published:
        year, month, day = of.published.split("-")
        yield "year", f"{{{year}}}"
        yield "month", MONTHS[int(month) - 1]
        yield "day", f"{{{int(day)}}}"
    if of.arxiv:
        yield "eprint", f"{{{of.arxiv}}}"
        yield "archivePrefix", "{arXiv}"
        if of.category:
            yield "primaryClass", f"{{{escaped(of.category)}}}"
    elif of.doi:
        yield "doi", f"{{{escaped(of.doi)}}}"
    if told := notes(of, names):
        yield "note", f"{{{escaped('. '.join(told))}}}"
    if of.url:
        yield "url", f"{{{of.url}}}"


def _name(name: str) -> str:
    """A name; that of a group in braces, since BibTeX would take it apart."""
    if is_group(name):
        return f"{{{escaped(name)}}}"
    parts = person(name)
    if parts.suffix:
        return escaped(f"{parts.family}, {parts.suffix}, {parts.given}")
    return escaped(name)
