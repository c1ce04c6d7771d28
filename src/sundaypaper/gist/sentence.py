"""Splits a plain text into its sentences."""

from __future__ import annotations

import re
from functools import lru_cache

BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[$\\]*[A-Z0-9\\$])")
# Never the end of a sentence.
OPEN = re.compile(
    r"(?:\b(?:e\.\s?g|i\.\s?e|figs?|eqs?|secs?|tabs?|refs?|app|cf|vs|v\.s|resp|approx|seq|dr|prof|mr|"
    r"mrs|"
    r"ms|st|viz|ca|incl|ext|dept|univ|vol|ed|eds)|(?:^|\s)[A-Z])\.$",
    re.IGNORECASE,
)
INITIAL = re.compile(r"(?:^|[\s(])(?:[A-Z]\.)+$")
NUMBER = re.compile(r"\b(?:no|nos|pp)\.$", re.IGNORECASE)
# The end of a sentence only before a word that opens one.
MAYBE = re.compile(
    r"\b(?:et al|etc|a\.k\.a|i\.i\.d|w\.r\.t|u\.s|u\.k|inc|ltd|co|jr)\.$", re.IGNORECASE
)
# The abbreviations of these patterns that hold no stop: any other word of letters ends a sentence.
SHORT = frozenset(
    "fig figs eq eqs sec secs tab tabs ref refs app cf vs resp approx seq dr prof mr mrs ms st viz ca "
    "incl ext dept univ vol ed eds no nos pp al etc inc ltd co jr".split()
)
STARTER = re.compile(
    r"[\"'“(]*(?:we|our|in|this|these|the|to|it|its|here|however|moreover|furthermore|finally|"
    r"yet|while|although|for|by|on|as|with|from|such|thus|therefore|a|an|experiments|results|using)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)  # the gist and the evidence of an entry read the same summary
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a plain text, unchanged and in order."""
    complete, start = [], 0
    for end in BREAK.finditer(text):
        at = end.end()
        if not _goes_on(text[max(start, at - 24) : at].rstrip(), text[at : at + 24]):
            complete.append(text[start:at].rstrip())
            start = at
    rest = text[start:].strip()
    return tuple([*complete, rest] if rest else complete)


def _goes_on(head: str, tail: str) -> bool:
    last = head[head.rfind(" ") + 1 : -1]
    if len(last) > 1 and last.isalpha() and last.lower() not in SHORT:
        return False
    if NUMBER.search(head):
        return tail[:1].isdigit()
    if MAYBE.search(head):
        return STARTER.match(tail) is None
    return bool(INITIAL.search(head) or OPEN.search(head))
