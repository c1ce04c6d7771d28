"""Draws the card of an issue: the picture by which a link to it is shown elsewhere, as a PNG.

Masthead, week and headline as they stand on the page, ink on paper. What the letters at hand
cannot say is written otherwise or left out; no box ever stands for a letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from unicodedata import category, normalize
from urllib.parse import urlsplit

from PIL import Image, ImageDraw, ImageFont

from sundaypaper.formats.mathematics import plain
from sundaypaper.models import Issue, Masthead, Page
from sundaypaper.wording.counts import plural
from sundaypaper.wording.dates import week_words

FONTS = Path(__file__).parent.parent / "data" / "fonts"
BOLD, ITALIC = "SourceSerif4_700Bold.ttf", "SourceSerif4_400Regular_Italic.ttf"

WIDTH, HEIGHT = 1200, 630
LEFT, RIGHT = 80, WIDTH - 80
MEASURE = RIGHT - LEFT
# From the top: the middle of the nameplate, two rules, the line of the date, a rule, the end.
NAMEPLATE, DOUBLE, DATELINE, SINGLE, FOOT = 120, 206, 256, 280, HEIGHT - 44
# What stands beside the date is grey as on the page: so much of the ink.
SOFT = 186
# Four bits a pixel: paper, ink, and what lies between them.
SHADES = 16
PAPER, INK = (0xFC, 0xFA, 0xF5), (0x1B, 0x1A, 0x17)

NAMES, HEADLINES = range(132, 55, -4), range(88, 43, -4)
LEADING = 1.16
CUT = "…"
# What must not stand before it.
DANGLING = " .,;:–—-…"
# A headline of a page is shorter; more than this is never read in a picture.
LONGEST = 400
# Signs that the letters lack, by what is read in their place.
LIKE = str.maketrans({"‐": "-", "‑": "-", "∗": "*", "∼": "~", "⋅": "·", "⇒": "→", "⟶": "→", "ϵ": "ε"})  # fmt: skip
# Controls, marks that stand on what was left out, emoji: without them the words say the same.
SILENT = frozenset("Cc Cf Cn Co Cs Me Mn Sk So".split())


def card_page(issue: Issue, masthead: Masthead) -> Page:
    """`issues/<week>/card.png`."""
    name = drawable(masthead.title) or drawable(urlsplit(masthead.base_url).hostname or "")
    aside = "Draft" if issue.state == "draft" else f"{plural(issue.minutes, 'minute')} to read"
    # A sentence as it stands on the page; over a picture no full stop ends it.
    headline = drawable(plain(issue.headline).rstrip()).removesuffix(".")
    return Page(f"issues/{issue.week}/card.png", card(name, issue.week, aside, headline))


def card(name: str, week: str, aside: str, headline: str) -> bytes:
    """The picture; all texts are drawable. Without a headline the days of the week stand in its place."""
    sheet = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(sheet)
    _nameplate(draw, name)
    days = week_words(week)
    _dateline(draw, f"Week {int(week[6:])}", days if headline else "", aside)
    _headline(draw, headline or days)
    return _png(sheet)


# ---------------------------------------------------------------- letters


def drawable(text: str) -> str:
    """The text in letters that are at hand; empty where a letter would be lost."""
    written = []
    for char in normalize("NFC", text[:LONGEST]).translate(LIKE):
        if char.isspace():
            written.append(" ")
        elif _has(char):
            written.append(char)
        elif like := _like(char):
            written.append(like)
        elif category(char) not in SILENT:
            return ""
    return " ".join("".join(written).split())


def _like(char: str) -> str:
    """The same letters without style or marks: `A` for a bold mathematical one; empty without."""
    bare = "".join(c for c in normalize("NFKD", char) if category(c) != "Mn").translate(LIKE)
    return bare if all(_has(c) for c in bare) else ""


@cache
def _has(char: str) -> bool:
    """Whether a letter is in the fonts; what is not is drawn as one box for all, or as nothing."""
    if char.isascii():
        return char.isprintable()
    if category(char) in ("Cc", "Cf", "Cn", "Co", "Cs"):
        return False
    font = _font(BOLD, 32)
    drawn, box = font.getmask(char), font.getmask("\U0010ffff")
    return bool(drawn.getbbox()) and (drawn.size, bytes(drawn)) != (box.size, bytes(box))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)


# ---------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class SetText:
    """Lines in a font, and how far apart they stand."""

    font: ImageFont.FreeTypeFont
    lines: tuple[str, ...]

    @property
    def leading(self) -> float:
        """From line to line."""
        return self.font.size * LEADING

    @property
    def height(self) -> float:
        """All lines together."""
        return self.leading * len(self.lines)


def set_text(text: str, width: int, height: int) -> SetText:
    """The text as large as it fits, in lines of about one length; cut with `…` where it is long."""
    words = text.split()
    for size in HEADLINES:
        font = _font(BOLD, size)
        made = SetText(font, tuple(_lines(words, font, width)))
        if made.height <= height and all(font.getlength(word) <= width for word in words):
            return SetText(font, _even(words, font, width, len(made.lines)))
    font = _font(BOLD, HEADLINES[-1])
    lines = tuple(_lines(list(_broken(words, font, width)), font, width))
    most = int(height / (font.size * LEADING))
    if len(lines) <= most:
        return SetText(font, lines)
    return SetText(font, (*lines[: most - 1], _cut(lines[most - 1], font, width)))


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """As much of the text as goes into a line that ends with `…`, whole words where there are some."""
    words = text.split()
    while len(words) > 1 and font.getlength(f"{' '.join(words)}{CUT}") > width:
        words.pop()
    line = " ".join(words).rstrip(DANGLING)
    while line and font.getlength(line + CUT) > width:
        line = line[:-1].rstrip(DANGLING)
    return line + CUT


def _lines(words: list[str], font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Lines that hold as many words as go in."""
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _even(
    words: list[str], font: ImageFont.FreeTypeFont, width: int, count: int
) -> tuple[str, ...]:
    """As few lines in the narrowest measure, so that no word is left alone on the last."""
    least, most = 0, width
    while most - least > 8:
        middle = (least + most) // 2
        lines = tuple(_lines(words, font, middle))
        if len(lines) > count or any(font.getlength(line) > middle for line in lines):
            least = middle
        else:
            most = middle
    return tuple(_lines(words, font, most))


def _broken(words: list[str], font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The words, one that is longer than a line in pieces."""
    for word in words:
        piece = ""
        for char in word:
            if piece and font.getlength(piece + char) > width:
                yield piece
                piece = ""
            piece += char
        yield piece


# ---------------------------------------------------------------- the parts of a card


def _nameplate(draw: ImageDraw.ImageDraw, name: str) -> None:
    for size in NAMES:
        font = _font(BOLD, size)
        if font.getlength(name) <= MEASURE:
            break
    shown = name if font.getlength(name) <= MEASURE else _cut(name, font, MEASURE)
    draw.text((WIDTH / 2, NAMEPLATE + 0.33 * font.size), shown, 255, font, "ms")


def _dateline(draw: ImageDraw.ImageDraw, number: str, days: str, aside: str) -> None:
    """Between its rules: the number of the week, its days, and what to know beforehand."""
    for y, thick in ((DOUBLE, 2), (DOUBLE + 5, 2), (SINGLE, 2)):
        draw.rectangle((LEFT, y, RIGHT - 1, y + thick - 1), 255)
    small = _font(ITALIC, 28)
    draw.text((LEFT, DATELINE), number, SOFT, small, "ls")
    draw.text((WIDTH / 2, DATELINE), days, 255, _font(ITALIC, 34), "ms")
    draw.text((RIGHT, DATELINE), aside, SOFT, small, "rs")


def _headline(draw: ImageDraw.ImageDraw, headline: str) -> None:
    """In the middle of what is left below the rules."""
    made = set_text(headline, MEASURE, FOOT - SINGLE - 36)
    # A line's letters stand higher than the middle of the line by what hangs below it.
    y = (SINGLE + FOOT - made.height) / 2 + made.leading * 0.77
    for line in made.lines:
        draw.text((WIDTH / 2, y), line, 255, made.font, "ms")
        y += made.leading


def _png(sheet: Image.Image) -> bytes:
    """The sheet in shades between paper and ink, always as the same bytes."""
    last = SHADES - 1
    image = sheet.point([round(value * last / 255) for value in range(256)], "P")
    colours = zip(PAPER, INK, strict=True)
    channels = [[round(p + (i - p) * n / last) for n in range(SHADES)] for p, i in colours]
    image.putpalette([channel[n] for n in range(SHADES) for channel in channels])
    out = BytesIO()
    image.save(out, "PNG", bits=4)
    return out.getvalue()
