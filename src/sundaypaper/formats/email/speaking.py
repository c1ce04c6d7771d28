"""A sheet in the language of the paper: all that was composed for it in English."""

from __future__ import annotations

from dataclasses import replace

from sundaypaper.formats.email.entries import Line, Link, MailEntry, Part, Titles
from sundaypaper.formats.email.sheet import Sheet
from sundaypaper.wording.tongue import Tongue

# Kinds of lines whose text is ours; of the others the label is.
OURS = ("claim", "why", "change", "by")


def spoken(sheet: Sheet, tongue: Tongue) -> Sheet:
    """The sheet with its own words said; what others and the editor wrote is as it was."""
    if tongue.is_plain:
        return sheet
    say = tongue.say
    return replace(
        sheet,
        subject=_subject(sheet, tongue),
        first=tuple(map(say, sheet.first)),
        week=say(sheet.week),
        notices=tuple((say(label), say(text)) for label, text in sheet.notices),
        headline=say(sheet.headline),
        note=say(sheet.note),
        minute_title=say(sheet.minute_title),
        minute=tuple(map(say, sheet.minute)),
        parts=tuple(_part(part, tongue) for part in sheet.parts),
        made=tuple(map(say, sheet.made)),
        troubles=tuple((say(source), say(text)) for source, text in sheet.troubles),
    )


def _subject(sheet: Sheet, tongue: Tongue) -> str:
    name, colon, headline = sheet.subject.partition(": ")
    said = tongue.say(f"{headline}.").removesuffix(".")
    return f"{name}{colon}{said}" if colon and headline else tongue.say(sheet.subject)


def _part(part: Part, tongue: Tongue) -> Part:
    return replace(
        part,
        title=tongue.say(part.title),
        note=tongue.say(part.note),
        entries=tuple(_entry(entry, tongue) for entry in part.entries),
        titles=tuple(
            Titles(tongue.say(group.name), tuple(_entry(entry, tongue) for entry in group.entries))
            for group in part.titles
        ),
    )


def _entry(entry: MailEntry, tongue: Tongue) -> MailEntry:
    lines = tuple(_line(line, tongue) for line in entry.lines)
    title = entry.title if entry.url else tongue.say(entry.title)
    return replace(entry, title=title, beside=tongue.say(entry.beside), lines=lines)


def _line(line: Line, tongue: Tongue) -> Line:
    text = tongue.say(line.text) if line.kind in OURS else line.text
    label, after = tongue.say(line.label), tongue.say(line.after)
    links = tuple(_link(link, tongue) for link in line.links) if line.kind == "foot" else line.links
    return replace(line, text=text, label=label, after=after, links=links)


def _link(link: Link, tongue: Tongue) -> Link:
    return replace(link, words=tongue.say(link.words))
