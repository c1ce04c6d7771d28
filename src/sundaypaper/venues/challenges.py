"""Whether a paper is an entry to a challenge or its report, by its title or a sentence on its own."""

from __future__ import annotations

import re
from dataclasses import replace

from sundaypaper.models import Claim

CONTEST = r"\b(?:challenge|competition|shared task)\b(?!s)"
ANY_CONTEST = re.compile(CONTEST + r"|\b(?:SemEval|KDD Cup)\b", re.I)
REPORT = re.compile(
    rf"{CONTEST}[^.]{{0,120}}\b(?:results?|report|methods and|solutions?|overview|summary|findings"
    r"|technical report|insights|outcomes?|lessons(?: learned)?|retrospective)\b"
    rf"|\b(?:report|overview|summary|results?|findings|solutions?|submission|entry|approach|system"
    r"|winning|winner|place|rank(?:ed|ing)?|1st|2nd|3rd|runner-up|lessons|insights)\b[^.]{0,80}"
    + CONTEST
    + rf"|\b(?:20\d\d|(?:first|second|third|fourth|fifth|\d+(?:st|nd|rd|th)))\b[^.:]{{0,80}}{CONTEST}"
    rf"|{CONTEST}(?: (?:track|task) \d)?(?: @ .{{1,40}})?(?: 20\d\d)?\s*$"
    rf"|@ [^.]{{0,60}}{CONTEST}|\bSemEval-?\s?20\d\d\b",
    re.I,
)
# What an accepted paper of a main track must say to be a report, and no paper on a challenge.
PLAIN_REPORT = re.compile(
    rf"{CONTEST}[^.]{{0,120}}\b(?:methods and results|results and|report|overview|place)\b"
    r"|\b(?:report|overview|winning|winner|1st|2nd|3rd|place|runner-up|solution (?:to|for|of)"
    r"|methods and results)\b"
    rf"[^.]{{0,80}}{CONTEST}|\b20\d\d\b[^.:]{{0,80}}{CONTEST}|{CONTEST} 20\d\d"
    r"|\bSemEval-?\s?20\d\d\b",
    re.I,
)
NO_REPORT = re.compile(
    rf"\b(?:the|a|an|grand|key|open|major|new|this) {CONTEST[2:]}(?: of\b| in\b| for\b)"
    rf"|{CONTEST} (?:of|to)\b|\b(?:reasoning|ARC|schema) {CONTEST[2:]}(?! 20)|\bdatasets? and study"
    r"|\bbenchmark\b",
    re.I,
)
TOLD = re.compile(
    rf"{CONTEST}[^.]{{0,60}}\b(?:report|solution|submission|entry|overview|summary|paper)\b"
    rf"|\b(?:report|solution|submission|entry|overview|summary|paper)\b[^.]{{0,60}}{CONTEST}"
    r"|\b(?:1st|2nd|3rd|first|second|third|winning)[- ](?:place|prize|solution|rank)"
    r"|\((?:1st|2nd|3rd)\b[^()]{0,40}\b(?:in|of|track|place)\b",
    re.I,
)


def by_title(claims: list[Claim], comment: str, title: str) -> list[Claim]:
    """The claims of a conference, of its challenge where the title tells of one."""
    if not REPORT.search(title) or NO_REPORT.search(title):
        return claims
    plain = bool(PLAIN_REPORT.search(title))
    told = bool(ANY_CONTEST.search(comment))
    tracks = {"workshop"} if plain or not told else set[str]()
    if plain and not told:
        tracks.add("main")
    return [
        replace(claim, track="challenge") if claim.track in tracks else claim for claim in claims
    ]


def by_sentence(claims: list[Claim], sentences: list[str]) -> list[Claim]:
    """The claims of a workshop, of its challenge where a sentence calls the paper a report."""
    if not any(TOLD.search(sentence) for sentence in sentences):
        return claims
    return [
        replace(claim, track="challenge") if claim.track == "workshop" else claim
        for claim in claims
    ]
