"""Makes a digest lighter: without quotations, without entries, or with shorter texts."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup, escape

from sundaypaper.formats.email.entries import Line, MailEntry, Part
from sundaypaper.formats.email.sheet import Block, Sheet
from sundaypaper.text import shorten

Key = tuple[str, str]  # the section and the id of an entry
Keys = frozenset[Key]
COUNTS = "newly_accepted"  # its note says how many are not printed, venue by venue


def without_gists(sheet: Sheet, gone: Keys) -> Sheet:
    """The sheet without the quotations of these entries."""

    def bare(part: Part, entry: MailEntry) -> MailEntry:
        if (part.id, entry.id) not in gone:
            return entry
        return replace(entry, lines=tuple(line for line in entry.lines if line.kind != "gist"))

    parts = (
        replace(part, entries=tuple(bare(part, entry) for entry in part.entries))
        for part in sheet.parts
    )
    return replace(sheet, parts=tuple(parts))


def without(sheet: Sheet, gone: Keys) -> Sheet:
    """The sheet without these entries, which are counted as more on the page."""
    return replace(sheet, parts=tuple(_fewer(part, gone) for part in sheet.parts))


def _fewer(part: Part, gone: Keys) -> Part:
    def kept(entries: tuple[MailEntry, ...]) -> tuple[MailEntry, ...]:
        return tuple(entry for entry in entries if (part.id, entry.id) not in gone)

    titles = (replace(group, entries=kept(group.entries)) for group in part.titles)
    held = tuple(group for group in titles if group.entries)
    fewer = replace(part, entries=kept(part.entries), titles=held)
    fell = part.count - fewer.count
    note = "" if fell and part.id == COUNTS else part.note
    return replace(fewer, rest=part.rest + fell, note=note)


def shortened(sheet: Sheet, longest: int) -> Sheet:
    """The sheet with the texts of entries and of the editor cut to so many characters."""
    parts = tuple(
        replace(
            part,
            note=shorten(part.note, longest),
            entries=tuple(_cut(entry, longest) for entry in part.entries),
            titles=tuple(
                replace(group, entries=tuple(_cut(entry, longest) for entry in group.entries))
                for group in part.titles
            ),
        )
        for part in sheet.parts
    )
    return replace(
        sheet, parts=parts, editor=tuple(_plain(block, longest) for block in sheet.editor)
    )


def _cut(entry: MailEntry, longest: int) -> MailEntry:
    return replace(
        entry,
        title=shorten(entry.title, longest),
        beside=shorten(entry.beside, longest),
        lines=tuple(_cut_line(line, longest) for line in entry.lines),
    )


def _cut_line(line: Line, longest: int) -> Line:
    links = (
        replace(
            link,
            words=shorten(link.words, longest),
            after=shorten(link.after, longest),
            name=shorten(link.name, longest),
        )
        for link in line.links
    )
    text, after = shorten(line.text, longest), shorten(line.after, longest)
    return replace(line, text=text, after=after, links=tuple(links))


def _plain(block: Block, longest: int) -> Block:
    """A block cut to plain words, since what is cut may have been a link or its end."""
    words = shorten(" ".join(block.text.split()), longest)
    return Block(Markup("<p>{}</p>").format(escape(words)), words)
