"""Entries as references: to cite one, and lists of them to take along."""

from sundaypaper.formats.references.bibtex import bibtex
from sundaypaper.formats.references.lists import FORMATS
from sundaypaper.formats.references.meta import citation_meta
from sundaypaper.formats.references.names import names_page
from sundaypaper.formats.references.record import Names, PersonName, Reference, person, reference
from sundaypaper.formats.references.tex import title_as_tex

__all__ = [
    "FORMATS",
    "Names",
    "PersonName",
    "Reference",
    "bibtex",
    "citation_meta",
    "names_page",
    "person",
    "reference",
    "title_as_tex",
]
