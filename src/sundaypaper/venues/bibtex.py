"""A BibTeX entry in a comment as words: "published in" its book or journal, and its year."""

from __future__ import annotations

import re

ENTRY = re.compile(
    r"@\s?(?:in-?proceedings|conference|incollection|article|proceedings)\s?\{", re.I
)
FIELD = re.compile(
    r"\b(?P<name>[A-Za-z]{2,20})\s{0,9}=\s{0,9}"
    r"(?:\{(?P<braced>(?:[^{}]|\{[^{}]{0,200}\}){0,600})\}|\"(?P<quoted>[^\"]{0,600})\""
    r"|(?P<number>\d{1,4}))"
)
SAID = "published in"
KEPT = frozenset({"booktitle", "journal", "journaltitle", "year"})


def plain(text: str) -> str:
    """The text with its BibTeX entries as words, every other character where it was."""
    while entry := ENTRY.search(text):
        end = _end(text, entry.end())
        text = text[: entry.start()] + _words(text[entry.start() : end]) + text[end:]
    return text


def _end(text: str, start: int) -> int:
    """Where the braces that are open at the start are closed."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if not depth:
            return at + 1
    return len(text)


def _words(entry: str) -> str:
    """An entry as long as it was: blank but for what its venue and year are."""
    words = ["\x00", *(" " * (len(entry) - 2)), "\x00"]
    fields = [field for field in FIELD.finditer(entry) if field["name"].lower() in KEPT]
    named = [field.start() for field in fields if field["name"].lower() != "year"]
    if named and named[0] > len(SAID):
        words[1 : 1 + len(SAID)] = SAID
    for field in fields:
        start, end = field.span(field.lastgroup or 0)
        words[start:end] = re.sub(r"[{}\"\x00]", " ", entry[start:end])
    return "".join(words)
