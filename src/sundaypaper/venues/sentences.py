"""Splitting of a comment into sentences, with its addresses and notices blanked."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from . import bibtex

LIMIT = 4000  # characters read of a comment; arXiv allows fewer
ADDRESS = re.compile(
    r"\\url\{|https?:\s?//\S*|\bwww\.\S+|\bthis https? URL|\b10\.\d{4,9}/\S+|\barXiv:\s?\S+"
    r"|\S{1,80}@[\w-]{1,40}\.[a-z]\S*"
    r"|(?<![\w.-])[\w-]{1,60}(?:\.[\w-]{1,60}){0,6}\.(?:com|org|io|net|edu|ai|dev|gov|cc|de|cn"
    r"|me|app|xyz)\b(?:/\S*)?",
    re.I,
)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)\s?(?:20\d\d)?|\barxiv admin note.*|\btext overlap with.*", re.I
)
STOP = re.compile(
    r"[.!?](?=\s|$)|[;|•\x00\n]|\.(?=[A-Z][a-z])|(?=\b(?:project\s?(?:web)?(?:page|site)"
    r"|project website|home\s?page"
    r"|code\s?(?::|is|are|available|will|at|and data)|github\s?(?:repo\w*)?\s?:|website|webpage"
    r"|web ?site"
    r"|(?:video |live |online )?demos?\s?:|demos? (?:page|video|at|is|are|available)"
    r"|datasets?\s?:|video\s?:|keywords?\s?:"
    r"|doi\s?:|v\d\s?:))",
    re.I,
)
ABBREVIATION = re.compile(
    r"(?:^|[\s(-])(?:proc|hum|interact|int|intl|conf|trans|vol|no|pp|vs|eds?|al|symp|anal|mach"
    r"|intell|comput|vis|pattern|learn|res"
    r"|process|assoc|linguist|dr|st|fig|eg|e\.g|i\.e|approx|j|ann|rev|lett|phys|sci|tech|eng|jan"
    r"|feb|mar|apr|jun|jul"
    r"|aug|sept?|oct|nov|dec|cs|stat|eess|math|[A-Za-z])$",
    re.I,
)


# Two words that somebody wrote as one: "MainConference", "CVPRWorkshop", "ICML2025Oral".
JOINED = re.compile(
    r"(?:(?<=[a-z\d])|(?<=[A-Z]{2}))(?=(?:Main|Conference|Track|Workshops?|Findings|Oral|Poster"
    r"|Spotlight|Highlight|Accepted|Camera|Demo|Proceedings|Challenge|Competition)(?![a-z]))"
    r"|(?<=\b[Aa]ccepted)(?=(?:to|at|by|in)\b)|(?<=\b[Ss]ubmitted)(?=to\b)"
    r"|(?<=Workshop)(?=20\d\d)|(?<=Findings)(?=20\d\d)|(?<=Conference)(?=20\d\d)"
    r"|(?<=[A-Z]20\d\d)(?=WS?\b)|(?<=[A-Z]2\d)(?=WS?\b)"
)


class Spaced:
    """A text with a space between the words that were written as one."""

    def __init__(self, text: str) -> None:
        cuts = [0, *(match.start() for match in JOINED.finditer(text)), len(text)]
        self.text = " ".join(text[a:b] for a, b in pairwise(cuts)) if len(cuts) > 2 else text
        self._added = [cut + nth for nth, cut in enumerate(cuts[1:-1])]

    def before(self, at: int) -> int:
        """Where a place of this text was in the one that was given."""
        return at - bisect_left(self._added, at)


def masked(text: str) -> str:
    """The text with addresses and notices blanked, every other character where it was."""
    blank = ADDRESS.sub(_blank, bibtex.plain(text.replace("\x00", " ")))
    return COPYRIGHT.sub(lambda m: "\x00" * len(m[0]), blank)


def _blank(match: re.Match[str]) -> str:
    """An address ends a sentence, unless it stands in brackets or is a reference."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    inside = before in ("(", "[") or match[0][:5].lower() == "arxiv"
    return (" " if inside else "\x00") * len(match[0])


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence starts and ends."""
    spans, start = [], 0
    for match in STOP.finditer(text):
        if text[match.start() : match.end()] == "." and ABBREVIATION.search(
            text[max(start, match.start() - 12) : match.start()]
        ):
            continue
        if text[start : match.start()].strip(" \x00"):
            spans.append((start, match.start()))
        start = match.end()
    if text[start:].strip(" \x00"):
        spans.append((start, len(text)))
    return spans
