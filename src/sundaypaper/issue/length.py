"""The length of an issue: the words that it prints, and the minutes to read them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sundaypaper import markdown
from sundaypaper.issue.section_table import form_of
from sundaypaper.models import Acceptance, Earlier, Editorial, Item, MinuteLine, Pick, Section
from sundaypaper.text import words

WORDS_A_MINUTE = 230
NOTHING: Mapping[str, Earlier] = MappingProxyType({})
FRAME_WORDS = 80  # the head, the ledger and the last line


def editors_words(editorial: Editorial, printed: Iterable[str]) -> int:
    """How many words of the editor's an issue holds that prints these entries."""
    own = (editorial.headline, markdown.plain(editorial.intro), editorial.signed)
    notes = (editorial.notes[id] for id in printed if id in editorial.notes)
    return sum(map(words, (*own, *notes)))


def reading_words(
    sections: tuple[Section, ...],
    minute: tuple[MinuteLine, ...],
    picks: Mapping[str, Pick],
    acceptances: Mapping[str, Acceptance],
    earlier: Mapping[str, Earlier] = NOTHING,
) -> int:
    """An estimate of the words that the printed issue holds."""
    total = FRAME_WORDS + sum(words(line.text) for line in minute)
    for section in sections:
        total += words(section.title) + words(section.note) + (3 if section.rest else 0)
        total += sum(_item_words(section, item, picks[item.id]) for item in section.items)
        total += sum(_earlier_words(item, earlier) for item in section.items)
        if form_of(section.id) == "changes":
            gained = (acceptances[item.id] for item in section.items if item.form != "title")
            total += sum(words(change.old) + words(change.new) for change in gained)
    return total


def reading_minutes(total: int) -> int:
    """Minutes to read so many words, rounded up."""
    return math.ceil(total / WORDS_A_MINUTE)


def _earlier_words(item: Item, earlier: Mapping[str, Earlier]) -> int:
    """Under an entry the title of the earlier one with the week, beside a title a link."""
    if item.id not in earlier:
        return 0
    return 2 if item.form == "title" else words(earlier[item.id].title) + 6


def _item_words(section: Section, item: Item, pick: Pick) -> int:
    title = words(pick.title)
    if item.form == "title":
        return title + words(item.why)
    if item.form == "short":
        return title + words(pick.source) + words(pick.gist)
    more = 3 if len(pick.authors) > 3 else 0
    claim = 4 if pick.claims else 0
    authors = sum(words(author) for author in pick.authors[:3])
    return title + authors + more + claim + words(pick.gist) + words(item.why)
