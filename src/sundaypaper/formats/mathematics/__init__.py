"""Titles and sentences with LaTeX in them, as safe HTML with MathML and as plain text.

What is not understood is shown exactly as it was written: no input raises, loses a word or
becomes markup. latex2mathml reads the formulas for both, so that page and mail agree.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from sundaypaper.formats.mathematics.prose import SPECIAL, read
from sundaypaper.formats.mathematics.show import html as html_of
from sundaypaper.formats.mathematics.show import plain as plain_of

# Longer than any abstract; what is longer is no sentence, and is shown as it is written.
LONGEST = 8000
# Hebrew, Arabic and the other scripts that are written from right to left.
LEFTWARD = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
SPACES = re.compile(r"[ \t]{2,}")


def marked(text: str) -> Markup:
    """The text as HTML (phrasing content): formulas as MathML, LaTeX text as a reader expects.

    What holds words from right to left is isolated.
    """
    if len(text) > LONGEST or not SPECIAL.search(text):
        return isolated(text)
    return isolated(_marked(text))


def isolated(text: str) -> Markup:
    """The text as HTML that turns nothing around it, where words of it run from right to left."""
    return Markup("<bdi>{}</bdi>").format(text) if LEFTWARD.search(text) else escape(text)


def plain(text: str) -> str:
    """The text without LaTeX, for feeds, mails, <title> and alt: `O(n²)` for `$O(n^2)$`."""
    if len(text) > LONGEST or not SPECIAL.search(text):
        return text
    return _plain(text)


@lru_cache(maxsize=4096)
def _marked(text: str) -> Markup:
    # Every piece escapes what it holds; the tags come from two tables.
    return Markup(html_of(read(text)))  # noqa: S704


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return SPACES.sub(" ", "".join(plain_of(piece) for piece in read(text)))
