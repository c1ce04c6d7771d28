"""Cleans plain text that comes from outside, and folds it for comparison.

Folding is NFKD without marks, lower case, plain letters, split at everything that is not a letter
or digit (Unicode categories L and N); the archive's JavaScript does the same.
"""

from __future__ import annotations

import re
import unicodedata

# A character of Chinese or Japanese is a word by itself: nothing tells where the next one begins.
LETTER_WORD = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"(?=[^\W_])[{LETTER_WORD}]|[^\W_{LETTER_WORD}]+")
# Letters that no decomposition makes plain, as a reader without them types them.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
)
# Format characters that nobody sees, within [ ]: what has no width, and what turns text around.
UNSEEN = r"\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# Line breaks count as space. C0 and C1 controls, lone surrogates, non-characters, and the bidi
# controls that let a title reorder the text around it, are dropped; so are soft hyphens and what
# has no width, which hide a word from a filter. The joiners U+200C and U+200D are letters' business.
BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]")
CONTROL = re.compile(
    rf"[\x00-\x1f\x7f-\x9f{UNSEEN}\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)


def clean(text: str, limit: int | None = None) -> str:
    """One line of NFC text without control characters, cut at a word with "…" when over limit."""
    text = CONTROL.sub("", BREAKS.sub(" ", text))
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if limit is None else shorten(text, limit)


def shorten(text: str, limit: int) -> str:
    """At most limit characters, cut at a word, with "…" where something was cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    head = head[:cut] if cut > limit // 2 else head
    return head.rstrip(" ,;:.-–—(") + "…"


def fold(text: str) -> str:
    """The folded words of a text, one space apart: "Gaußian-Splatting" is "gaussian splatting"."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.category(c).startswith("M"))
        text = text.lower().translate(PLAIN)
    return " ".join(WORD.findall(text.lower()))


def words(text: str) -> int:
    """How many words a reader reads."""
    return len(text.split())
