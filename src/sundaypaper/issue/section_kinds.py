"""The type of a row in the table of sections: how a kind of section chooses, counts and is sized."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.reasons import why
from sundaypaper.models import Item, Pick, Section

# entries: in full, in short and by title. changes: entries with what their papers said before and
# say now. lines: a list that says something beside each title.
SectionForm = Literal["entries", "changes", "lines"]
ItemForm = Literal["full", "short", "title"]

# The places of each size by name, made smaller while an issue is too long.
Plan = dict[str, int]


class Line(NamedTuple):
    """A line of the minute: its form, its words, and the sections that it may lead to.

    It leads to the first of them that is there. about are the ids of the entries that it names.
    """

    form: str
    text: str
    leads_to: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How much of something a section prints: a setting of `print` in feeds.yaml.

    usual holds where nothing is said, in_mail in a mail. gives_way is the order in which sizes give
    way where an issue is too long and two are equally full; 0 never does. Where it is no setting,
    its usual value holds wherever the section prints any entry at all. is_title: it counts titles.
    """

    name: str
    usual: int
    in_mail: int
    about: str = ""
    gives_way: int = 0
    is_setting: bool = True
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A section before it is known what the others print.

    items are what it prints, pool the ids of all that belongs to it; more counts what belongs to it
    and is not held here. title is its own where it differs from the usual one.
    """

    items: tuple[Item, ...] = ()
    pool: tuple[str, ...] = ()
    title: str = ""
    more: int = 0


Take = Callable[[Prepared, Plan, frozenset[str]], Draft]
Lines = Callable[[Prepared, tuple[Section, ...]], Iterator[Line]]
Note = Callable[[Prepared, Sequence[str]], str]


def no_lines(given: Prepared, sections: tuple[Section, ...]) -> Iterator[Line]:
    """No lines in the minute for this section."""
    return iter(())


def no_note(given: Prepared, rest: Sequence[str]) -> str:
    """No note on what this section does not print."""
    return ""


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A kind of section.

    take chooses its entries from what is given, within the plan, and without the ids that are used
    already; turn is the order in which sections choose, since what may take least goes first. sizes
    are those of its entries and, where there are two, of its further titles. is_permanent: it is in
    every edition, and makes no edition by itself. lines are those of the minute; note is said of
    what belongs to it and is not printed.
    """

    id: str
    title: str
    take: Take
    turn: int
    sizes: tuple[Size, ...] = ()
    form: SectionForm = "entries"
    is_permanent: bool = False
    lines: Lines = no_lines
    note: Note = no_note

    def size_of(self, item: Item) -> str:
        """The name of the size that an item takes a place of; empty where it takes none."""
        if not self.sizes:
            return ""
        return self.sizes[-1 if item.form == "title" else 0].name


def items(given: Prepared, picks: Iterable[Pick], form: ItemForm = "full") -> tuple[Item, ...]:
    """Items with the reasons of their entries."""
    return tuple(Item(pick.id, why(pick, given.frame), form) for pick in picks)


def papers(picks: Iterable[Pick], used: frozenset[str] = frozenset()) -> list[Pick]:
    """The papers among them that stand in no other section yet."""
    return [pick for pick in picks if pick.kind == "paper" and pick.id not in used]
