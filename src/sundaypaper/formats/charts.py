"""Charts of counts by week, as SVG within a page: no style, script, id or address of its own.

leather draws them; its output is stripped, and colours and type are left to the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement, tostring

from leather import Axis, Columns, Linear, Ordinal, Series
from markupsafe import Markup

from sundaypaper.weeks import monday
from sundaypaper.wording.counts import number
from sundaypaper.wording.dates import MONTHS

# The plot within a chart, in pixels of a screen that shows it at its own size.
WIDTH, HEIGHT = 240, 116
LEFT, TOP, BOTTOM = 40, 8, 24
SPARK = (72, 18)
LABEL = 52  # room for a month and its year
LEAST = 4  # the top of a scale is never less: counts are whole
FILLED = 0.72  # of the room of a week
PAINT = ("fill", "stroke", "stroke-width", "font-family", "font-size")


def chart(weekly: Mapping[str, int | None], description: str, usual: float | None = None) -> Markup:
    """Columns by ISO week, oldest first, None where there is no issue, with axes.

    description is for readers who do not see it; usual is where a line runs across.
    """
    root = _root(WIDTH, HEIGHT, "chart")
    root.set("role", "img")
    root.set("aria-label", description)
    place = SubElement(root, "g", {"transform": f"translate({LEFT} {TOP})"})
    width, height = WIDTH - LEFT, HEIGHT - TOP - BOTTOM
    across, up = _scales(weekly)
    top = int(up.ticks()[-1])
    months = Axis(_months(list(weekly), width), lambda week, *_: _month(week))
    levels = Axis([0, top], lambda level, *_: number(level))
    place.append(levels.to_svg(width, height, up, "left"))
    place.append(months.to_svg(width, height, across, "bottom"))
    _columns(place, weekly, width, height)
    if usual is not None:
        at = up.project(Decimal(usual), height, 0)
        SubElement(place, "path", {"class": "usual", "d": f"M0 {_short(at)}H{width}"})
    return _light(root)


def sparkline(weekly: Mapping[str, int | None]) -> Markup:
    """The same without axes, small, for the eye alone: the figures stand beside it as text."""
    root = _root(*SPARK, "spark")
    root.set("aria-hidden", "true")
    _columns(root, weekly, *SPARK)
    return _light(root)


def _root(width: int, height: int, name: str) -> Element:
    size = {"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"}
    return Element("svg", {"class": name, **size})


def _scales(weekly: Mapping[str, int | None]) -> tuple[Ordinal, Linear]:
    most = max((count for count in weekly.values() if count), default=0)
    return Ordinal(list(weekly)), _linear(max(most, LEAST))


@lru_cache(maxsize=256)
def _linear(most: int) -> Linear:
    """A scale from 0 up. leather tries a thousand ways to place its ticks, so it is kept."""
    return Linear(0, most)


def _columns(place: Element, weekly: Mapping[str, int | None], width: int, height: int) -> None:
    """All columns as one path, that of the newest week as another."""
    across, up = _scales(weekly)
    known = [(week, count) for week, count in weekly.items() if count is not None]
    drawn = list(Columns("none").to_svg(width, height, across, up, Series(known), iter(())))
    room = _short(width / len(weekly) * FILLED)
    for name, columns in (("", drawn[:-1]), ("now", drawn[-1:])):
        if columns:
            how = {"class": name} if name else {}
            path = "".join(map(_stem, columns))
            SubElement(place, "path", {**how, "d": path, "stroke-width": room})


def _stem(column: Element) -> str:
    """A column as a line that is drawn as wide; one of no height is still seen."""
    x, y, width, height = (float(column.get(at, "0")) for at in ("x", "y", "width", "height"))
    return f"M{_short(x + width / 2)} {_short(y + height)}v{_short(-max(height, 0.7))}"


def _months(weeks: list[str], width: int) -> list[str]:
    """The first weeks of months that have room for a label, found from the newest back."""
    step = width / len(weeks)
    begins = [
        at for at, week in enumerate(weeks) if at == 0 or _month(week) != _month(weeks[at - 1])
    ]
    chosen: list[int] = []
    for at in reversed(begins):
        right = chosen[-1] * step if chosen else width + LABEL / 2 - step / 2
        if right - at * step >= LABEL * 1.15:
            chosen.append(at)
    return [weeks[at] for at in reversed(chosen)]


def _month(week: str) -> str:
    """`Mar 2026`"""
    day = monday(week)
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def _light(root: Element) -> Markup:
    """Without paint, without lines up from the months, and with one decimal."""
    for axis in root.iter("g"):
        if axis.get("class") == "axis bottom":
            _remove(axis.iter("g"), "line")
    for part in root.iter():
        for name in PAINT if part.tag != "path" else ():
            part.attrib.pop(name, None)
        for name, value in part.attrib.items():
            if name in ("x", "y", "x1", "x2", "y1", "y2"):
                part.set(name, _short(float(value)))
    return Markup(tostring(root, encoding="unicode"))  # noqa: S704 all text in it is escaped


def _remove(groups: Iterable[Element], tag: str) -> None:
    for group in groups:
        for child in group.findall(tag):
            group.remove(child)


def _short(value: float | Decimal) -> str:
    """One decimal at most: `12.5`, `12`."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
