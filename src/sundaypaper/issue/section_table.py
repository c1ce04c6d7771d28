"""The table of an issue's sections, a row each, in the order in which they are printed.

Composing, editions, mails, export, the desk file, the sizes of feeds.yaml and the templates read
all that they need of a section from its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from sundaypaper.issue import (
    accepted,
    blogs,
    coming_dates,
    elsewhere,
    follow_ups,
    learn_and_build,
    new_and_promising,
    newly_accepted,
    read_first,
    released,
    shelf,
)
from sundaypaper.issue.material import Sizes
from sundaypaper.issue.own_sections import PREFIX
from sundaypaper.issue.section_kinds import SectionForm, SectionKind, Size

SectionId = Literal[
    "lead", "accepted", "newly_accepted", "elsewhere", "new", "released", "blogs", "learn", "shelf",
    "dates", "corrections",
]  # fmt: skip
# How an issue was made: no kind that entries stand in, but every edition has it.
MADE = "made"

SECTIONS: tuple[SectionKind, ...] = (
    SectionKind(
        "lead", "Read first", read_first.take, turn=1, lines=read_first.lines,
        sizes=(Size("lead", 5, 5, "entries in “Read first”", gives_way=9),),
    ),
    SectionKind(
        "accepted", "Accepted", accepted.take, turn=2, lines=accepted.lines,
        sizes=(
            Size("accepted", 8, 6, "entries in “Accepted at …”", gives_way=7),
            Size("accepted_titles", 24, 0, "further accepted papers as titles", 1, is_title=True),
        ),
    ),
    SectionKind(
        "newly_accepted", "Newly accepted", newly_accepted.take, turn=3, form="changes",
        lines=newly_accepted.lines, note=newly_accepted.note,
        sizes=(
            Size("newly_accepted", 6, 4, "entries in “Newly accepted”", gives_way=6),
            Size("newly_titles", 24, 24, gives_way=2, is_setting=False, is_title=True),
        ),
    ),
    SectionKind(
        "elsewhere", "Accepted elsewhere", elsewhere.take, turn=8, form="lines",
        sizes=(Size("elsewhere", 12, 6, "titles in “Accepted elsewhere”", 3, is_title=True),),
    ),
    SectionKind(
        "new", "New and promising", new_and_promising.take, turn=7, lines=new_and_promising.lines,
        sizes=(
            Size("new", 8, 6, "entries in “New and promising”", gives_way=8),
            Size("new_titles", 16, 8, "further new papers as titles", 4, is_title=True),
        ),
    ),
    SectionKind(
        "released", "Released", released.take, turn=4, form="lines", lines=released.lines,
        sizes=(Size("released", 6, 4, "lines in “Released”", gives_way=11),),
    ),
    SectionKind(
        "blogs", "From the blogs", blogs.take, turn=5,
        sizes=(Size("blogs", 8, 5, "entries in “From the blogs”", gives_way=5),),
    ),
    SectionKind(
        "learn", "Learn and build", learn_and_build.take, turn=6,
        sizes=(Size("learn", 3, 2, "entries in “Learn and build”", gives_way=10),),
    ),
    SectionKind(
        "shelf", "From the shelf", shelf.take, turn=9, is_permanent=True,
        sizes=(Size("shelf", 1, 1, "entries in “From the shelf”"),),
    ),
    SectionKind(
        "dates", "Dates", coming_dates.take, turn=10, form="lines", is_permanent=True,
        lines=coming_dates.lines, sizes=(Size("dates", 5, 3, "the next dates"),),
    ),
    SectionKind(
        "corrections", "Corrections and follow-ups", follow_ups.take, turn=11, form="lines",
    ),
)  # fmt: skip

IN_TURN = tuple(sorted(SECTIONS, key=lambda kind: kind.turn))
KINDS: Mapping[str, SectionKind] = MappingProxyType({kind.id: kind for kind in SECTIONS})
# Sections of extensions stand before those that are in every edition.
OWN_PLACE = next(at for at, kind in enumerate(SECTIONS) if kind.is_permanent)
PERMANENT = frozenset((*(kind.id for kind in SECTIONS if kind.is_permanent), MADE))

SIZES = tuple(size for kind in SECTIONS for size in kind.sizes)
SETTINGS = tuple(size for size in SIZES if size.is_setting)
GIVES_WAY = tuple(
    size.name for size in sorted(SIZES, key=lambda size: size.gives_way) if size.gives_way
)

# About ten minutes, and in a mail seven.
WORDS, MAIL_WORDS = 2600, 1600
USUAL_SIZES: Sizes = MappingProxyType({s.name: s.usual for s in SETTINGS} | {"words": WORDS})
MAIL_SIZES: Sizes = MappingProxyType({s.name: s.in_mail for s in SETTINGS} | {"words": MAIL_WORDS})


def form_of(section: str) -> SectionForm:
    """The form of a section by its id; that of most where an issue of another version has it."""
    if section.startswith(PREFIX):
        return "lines"
    return KINDS[section].form if section in KINDS else "entries"
