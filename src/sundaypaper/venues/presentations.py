"""Patterns for how a paper is presented: an award of the venue, a nomination, an oral, a poster."""

from __future__ import annotations

import re

from sundaypaper.models import Presentation, Track

AWARD = re.compile(
    r"\b(?:best|outstanding|distinguished|test[- ]of[- ]time)\b(?:[ -](?!review)[\w&’'-]+){0,4}?[ -]"
    r"(?:papers?|posters?|presentation|demo|prize|awards?|candidate|nominee|finalist)\b"
    r"|\b(?:paper|thesis) prize\b|\bawards?\b(?! number)|\bhonou?rable[- ]mention|\bspecial mention"
    r"|\brunners?[- ]?up\b",
    re.I,
)
OF_PAPER = re.compile(r"\b(?:papers?|posters?|presentation|demo)\b", re.I)
NOMINATED = re.compile(
    r"\b(?:candidates?|nomin(?:ated?|ees?|ations?)|finalists?|runners?[- ]?up|mentions?"
    r"|short-?list(?:ed)?|in the running|contenders?)\b",
    re.I,
)
# A prize for a system, a person or a grant, which no venue gives to a paper.
OTHER_PRIZE = re.compile(
    r"\b(?:challenge|competition|hackathon|shared task|leaderboard|certifi\w+|reviewers?|grants?"
    r"|NSF|ERC|DFG|NIH|EPSRC|funding|funded|travel|scholarship|fellowship|scholar|faculty|career"
    r"|researcher|research award|early|amazon|google|meta|supported)\b",
    re.I,
)
WON_ELSEWHERE = re.compile(
    r"(?:\b(?:poster|paper|talk|demo)\s)?\b(?:best|outstanding|distinguished|awards?|prize|runner[- ]?up|mention|nominee|finalist)\b"
    r"[^.;,\x00|]{0,60}?\s(?:at|of|from|during|in|by)\s(?:(?:an?|the|our|its|another)\s)?"
    r"(?!(?:main )?(?:conference|venue|paper)\b)"
    r"[^.;,\x00|]{0,60}\b(?:school|symposium|hackathon|seminar|retreat|colloquium|festival"
    r"|exhibition|fair|society|universit\w+|faculty|department|institute|summit|forum|congress"
    r"|contest|days?|meetup|chapter)\b",
    re.I,
)
AT_WORKSHOP = re.compile(
    r"\b(?:best|outstanding|distinguished|awards?|prize|runner[- ]?up|mention|nominee|finalist)\b"
    r"[^.;,\x00|]{0,60}?\s(?:at|of|from|during|in|by)\s(?:[^.;,\x00|]{0,60}\bworkshop\b"
    r"|(?:the )?(?-i:[A-Z][A-Za-z]*[A-Z]\w*)[\s'’-]{0,2}(?:20)?\d\d\b)",
    re.I,
)
PRESENTED: tuple[tuple[Presentation, re.Pattern[str]], ...] = (
    (
        "oral",
        re.compile(
            r"\borals?\b(?! (?:health|cancer|squamous|history|cavity|exam|lesion|microb|medicine"
            r"|and maxillo))"
            r"|\bcontributed talk|\boral$",
            re.I,
        ),
    ),
    ("spotlight", re.compile(r"\bspot-?lights?\b", re.I)),
    ("highlight", re.compile(r"\bhight?-?lights?(?:ed)?\b(?! (?:the|that|how))", re.I)),
    ("poster", re.compile(r"\bposters?\b", re.I)),
)
ORDER: tuple[Presentation, ...] = (
    "best_paper", "finalist", "oral", "spotlight", "highlight", "poster",
)  # fmt: skip
PHRASES = re.compile(r"[;|\x00]|\.\s|,\sand\s|\s&\s", re.I)


def presentation(text: str, track: Track = "main") -> Presentation | None:
    """How the paper is presented, the highest that the text names; \\x00 stands for the venue."""
    text = WON_ELSEWHERE.sub(" ", text)
    if track != "workshop":
        text = AT_WORKSHOP.sub(" ", text)
    if track != "journal" and (won := _award(text, of_paper=track == "challenge")):
        return won
    return next((name for name, pattern in PRESENTED if pattern.search(text)), None)


def highest(*said: Presentation | None) -> Presentation | None:
    """The one of several that stands first: an award before an oral before a poster."""
    return next((name for name in ORDER if name in said), None)


def _award(text: str, of_paper: bool) -> Presentation | None:
    """The award or nomination that a text names, which no challenge and no funder gives."""
    found: list[Presentation] = []
    for phrase in PHRASES.split(text):
        awards = [match[0] for match in AWARD.finditer(phrase)]
        if any(OF_PAPER.search(award) for award in awards) or (
            awards and not of_paper and not OTHER_PRIZE.search(phrase)
        ):
            found.append("finalist" if NOMINATED.search(phrase) else "best_paper")
    return highest(*found)
