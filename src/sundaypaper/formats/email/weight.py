"""Fits a digest into the size that mail programs show: what is left out, and in which order."""

from __future__ import annotations

from binascii import b2a_qp
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sundaypaper.formats.email.cutting import Key, Keys, shortened, without, without_gists
from sundaypaper.formats.email.entries import MailEntry, Part
from sundaypaper.formats.email.sheet import Sheet
from sundaypaper.issue import form_of

# Bytes of HTML as sent. Gmail cuts at 102 kB, and what it cuts off is the way to leave.
AIM = 68_000
MOST = 80_000
SHORT = (160, 60)  # characters of a text where nothing else helps
Render = Callable[[Sheet], str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A sheet that is light enough, its HTML, and how many entries fell."""

    sheet: Sheet
    html: str
    left_out: int = 0


def weight(html: str) -> int:
    """Bytes of an HTML part on its way: as UTF-8 or quoted-printable, whichever is more."""
    body = html.replace("\n", "\r\n").encode()
    return max(len(body), len(b2a_qp(body)))


def fit(sheet: Sheet, render: Render, aim: int = AIM, most: int = MOST) -> Fitted:
    """The sheet with as much of it as weighs at most `most` bytes; the same for the same sheet.

    Above aim quotations fall, those of the lowest entries first; above most the lowest entries do,
    all but the first of each section, and are counted as more on the page; then texts are cut.
    """
    html = render(sheet)
    if weight(html) <= aim:
        return Fitted(sheet, html)
    order = _lowest_first(sheet)
    light = _least(order, lambda gone: without_gists(sheet, gone), render, aim)
    html = render(light)
    if weight(html) <= most:
        return Fitted(light, html)
    stays = {(part.id, entry.id) for part in sheet.parts for entry in _entries(part)[:1]}
    falls = [key for key in order if key not in stays]
    few = _least(falls, lambda gone: without(light, gone), render, most)
    for made in _shorter(few):
        html = render(made)
        if weight(html) <= most:
            break
    return Fitted(made, html, sheet.count - made.count)


def _shorter(few: Sheet) -> Iterator[Sheet]:
    """Smaller and smaller sheets, where the first entries of the sections may be too much."""
    yield few
    yield from (shortened(few, longest) for longest in SHORT)
    yield replace(few, editor=(), parts=())


def _least(order: list[Key], drop: Callable[[Keys], Sheet], render: Render, limit: int) -> Sheet:
    """The sheet that lost as few as makes it light enough; all where none does."""

    def is_light(count: int) -> bool:
        return weight(render(drop(frozenset(order[:count])))) <= limit

    every = len(order)
    count = bisect_left(range(every), True, key=is_light) if is_light(every) else every
    return drop(frozenset(order[:count]))


def _lowest_first(sheet: Sheet) -> list[Key]:
    """Every entry: bare titles, then by score, then what stands in lists, then what is read first."""
    ranked = []
    for part in sheet.parts:
        full = len(part.entries)
        for at, entry in enumerate(_entries(part)):
            rank = 2 if form_of(part.id) == "lines" else 3 if part.id == "lead" else int(at < full)
            ranked.append((rank, entry.score, -at, part.id, entry.id))
    return [(part, id) for *_, part, id in sorted(ranked)]


def _entries(part: Part) -> tuple[MailEntry, ...]:
    return (*part.entries, *(entry for group in part.titles for entry in group.entries))
