"""The names of people in what feeds write of their authors; no bit of a mail address. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from sundaypaper.sources.feed.markup import plain

NAME, MOST = 100, 50
WRITTEN = 600  # characters that are looked at
# jane@lab.example, also with mailto: before it and a subject behind, and as people hide it. An
# apostrophe within a name is a letter: o'hara@lab.example.
_PART = r"[^\s@＠﹫<>()\[\],;\"'’]"
_LOCAL = rf"(?:\"[^\"@]{{1,60}}\"|(?:{_PART}|(?<=\w)['’](?=\w)){{1,99}})"
_HOST = rf"{_PART}{{1,199}}"
MAIL = re.compile(
    rf"(?:mailto:\s*)?{_LOCAL}(?:\s?[@＠﹫]|%40|\s?[\[({{]\s?at\s?[\])}}]\s?|_at_(?=\S*\.)){_HOST}"
    rf"(?:\s?[\[({{]\s?(?:dot|punkt)\s?[\])}}]\s?{_PART}{{1,99}}){{0,4}}|"
    rf"{_LOCAL}\s@\s{_HOST}|{_LOCAL}\sat\s{_HOST}(?:\s(?:dot|punkt)\s{_PART}{{1,99}}){{1,4}}",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# A handle stands alone or in brackets: it belongs to no mail address.
HANDLE = re.compile(r"@\w{1,50}")
EMPTY = re.compile(r"[(<\[{\"']\s*[)>\]}\"']")
NOBODY = frozenset(
    "unknown anonymous noreply no-reply donotreply admin administrator webmaster none null "
    "undefined nobody author editor".split()
)


def names(written: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order given; what names nobody is left out."""
    found = dict.fromkeys(name for text in written for name in _names(text))
    return tuple(found)[:MOST]


def _names(text: str) -> list[str]:
    text = html.unescape(html.unescape(text[:WRITTEN]))
    text = MAIL.sub(" ", text) if not HANDLE.fullmatch(text.strip()) else text
    text = EMPTY.sub(" ", ADDRESS.sub(" ", text))
    name = _unwrapped(plain(text, NAME, ""))
    if not any(c.isalpha() for c in name) or name.lower() in NOBODY:
        return []
    return [name]


def _unwrapped(text: str) -> str:
    """Without the brackets and marks that a mail address leaves behind."""
    text = " ".join(text.split()).strip(" ,;:|\\-–—·<>\"'")
    wrapped = re.fullmatch(r"\(([^()]*)\)|\[([^\[\]]*)\]", text)
    return (wrapped[1] or wrapped[2] or "") if wrapped else text
