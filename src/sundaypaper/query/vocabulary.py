"""The names that a query may ask for, what else they are called, and what to say of any other. Pure.

query.js does the same with the vocabulary.js of a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sundaypaper.models import All, Any, Is, Node, Venue
from sundaypaper.plugins import nearest_word
from sundaypaper.text import fold, shorten

from .trees import joined

SHOWN = 200
WORDS = {"cat": "category", "group": "group of sources"}
# As in “IEEE/CVF Conference on …”: words before a name that are no part of it.
ADORNED = re.compile(r"\A(?:(?:the|proceedings of|proc|ieee|cvf|acm|annual) )+")
DATED = re.compile(r"(?P<name>.*[^0-9 ]) ?(?P<year>(?:19|20)?[0-9]{2})|(?P<first>(?:19|20)[0-9]{2}) (?P<then>.+)")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that there are, by field; a field that is not among them may ask for anything.

    values: the names as cards hold them, each with its usual spelling. aliases: other names, folded
    and without “and”, each with the value that it means. A forgiving vocabulary keeps a name that
    it does not know, which finds nothing.
    """

    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_forgiving: bool = False

    def forgiving(self) -> Vocabulary:
        """The same, for a query that was kept: a name that has gone since must not break it."""
        return replace(self, is_forgiving=True)

    def also(self, field: str, names: Iterable[str]) -> Vocabulary:
        """With further values of a field, spelled as they are; a field that is open stays so."""
        if field not in self.values:
            return self
        known = dict(self.values[field])
        for name in names:
            known.setdefault(fold(name), name)
        return replace(self, values={**self.values, field: known})

    def wrong(self, field: str, value: str) -> str:
        """The sentence about a value that the field does not have, "" of one that it has."""
        return "" if value in self.values[field] else self._unknown(field, value)

    def meant(self, asked: Is) -> Node:
        """What a leaf asks for, with the names that cards hold; ValueError says what there is instead.

        A year in the name of a venue is that of the same claim: All, or one Is.
        """
        values = self.values.get(asked.field)
        if values is None:
            return asked
        found = self._begun(asked) if asked.prefix else self._named(asked.field, asked.value)
        if found is None and not self.is_forgiving:
            raise ValueError(self._unknown(asked.field, asked.value))
        return asked if found is None else found

    def _named(self, field: str, value: str) -> Node | None:
        if known := self._known(field, value):
            return Is(field, known)
        name, year = _dated(value) if field == "venue" else ("", "")
        if known := self._known(field, name):
            return All((Is("venue", known), Is("year", year)))
        return None

    def _known(self, field: str, name: str) -> str:
        """The value that a name means, "" for none."""
        values, aliases, plain = self.values[field], self.aliases.get(field, {}), _plain(name)
        for each in (name, plain, ADORNED.sub("", plain)):
            if each in values:
                return each
            if each in aliases:
                return aliases[each]
        return ""

    def _begun(self, asked: Is) -> Node | None:
        """What begins so: the values, or what others of that beginning mean."""
        if any(value.startswith(asked.value) for value in self.values[asked.field]):
            return asked
        aliases = self.aliases.get(asked.field, {})
        meant = dict.fromkeys(v for name, v in aliases.items() if name.startswith(asked.value))
        return joined(Any, [Is(asked.field, value) for value in meant]) if meant else None

    def _unknown(self, field: str, value: str) -> str:
        """The sentence about a name that is none, with the nearest that is."""
        told = f"there is no {WORDS.get(field, field)} “{shorten(value, 60)}”"
        values = self.values[field]
        if field == "cat" and any(name.startswith(f"{value}.") for name in values):
            return f"{told}; did you mean “{value}.*”?"
        spellings = dict(self._spellings(field))
        name, year = _dated(value) if field == "venue" else ("", "")
        if name and (near := nearest_word(name, tuple(spellings))):
            return f"{told}; did you mean “{spellings[near]} {year}”?"
        if near := nearest_word(value, tuple(spellings)):
            return f"{told}; did you mean “{spellings[near]}”?"
        some = shorten(", ".join(dict.fromkeys(values.values())), SHOWN)
        return f"{told}; there are {some}" if some else f"{told}: there is none at all"

    def _spellings(self, field: str) -> Iterator[tuple[str, str]]:
        """Every name of a field, with the usual spelling of what it means."""
        values = self.values[field]
        for name, value in self.aliases.get(field, {}).items():
            yield name, values[value]
        yield from values.items()


def _plain(name: str) -> str:
    return " ".join(word for word in name.split() if word != "and")


def _dated(name: str) -> tuple[str, str]:
    """A venue's folded name apart from its year: “neurips2025”, “cvpr 26”, “2026 cvpr”."""
    found = DATED.fullmatch(name)
    if found is None:
        return "", ""
    year = found["year"] or found["first"]
    return found["name"] or found["then"], year if len(year) == 4 else f"20{year}"


def venue_aliases(venues: Iterable[Venue]) -> dict[str, str]:
    """What else venues are called, by the value that cards hold; the first to claim a name has it."""
    aliases: dict[str, str] = {}
    for venue in venues:
        value = fold(venue.key.removeprefix("other:"))
        for name in (venue.title, *venue.names):
            plain = _plain(fold(name))
            if plain != value:
                aliases.setdefault(plain, value)
    return aliases
