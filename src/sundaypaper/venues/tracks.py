"""Patterns for words around a venue's name: the track that they say."""

from __future__ import annotations

import re

from sundaypaper.models import Track

from .grammar import ROLE

CHALLENGE = re.compile(
    r"\b(?:challenge|competition|shared task|kdd cup|semeval)\b(?!s)(?! of\b)(?:\s+on\b)?", re.I
)
CHALLENGE_TOPIC = re.compile(
    r"\bworkshop\b(?! challenge)[^.;]{0,80}\bchallenges?\b|\bcompetition workshop", re.I
)
PLACED = re.compile(
    r"\b(?:1st|2nd|3rd|first|second|third|\dth)[- ](?:place|prize|rank)\b[^.;]{0,60}"
    r"\b(?:challenge|competition)\b(?!s)",
    re.I,
)
SUGGESTED = re.compile(
    r"\b(?:suggested|recommended|invited|redirected|considered) (?:for|to)\s(?:the )?\w+", re.I
)
STUDENT = re.compile(
    r"\bSRW\b|\bstudent (?:research )?(?:workshop|abstract|forum|paper track)"
    r"|\bdoctoral (?:consortium|symposium)"
    r"|\bcreative ai\b|\btechnical communication",
    re.I,
)
FINDINGS = re.compile(r"\bfi?n[dg]{1,2}in?gs?\b(?! (?:of (?:our|this)|show|suggest))", re.I)
WORKSHOP = re.compile(
    r"\b(?:\w+)?workshops?\b|\bwkshp?s?\b|\bw[or]{1,2}[rkshow]{2,5}o?ps?\b|\bworkshow\b|\bWS\b",
    re.I,
)
DATASETS = re.compile(
    r"\bD\s?(?:&|and|/|\+)\s?B\b|\bDB track|\b(?:data|datasets?)\s*(?:and|&|/|\+"
    r"|, )?\s*benchmarks?\b(?! (?:is|are|will|available|at|for|with|and)\b)"
    r"|\bbenchmarks?\s*(?:and|&|/)\s*datasets?\b|\bdatasets? track|\btrack on datasets"
    r"|\bbenchmark track"
    r"|\bevaluations? (?:and|&) datasets?\b|\bdatasets? (?:and|&) evaluations?\b|\bE\s?&\s?D track",
    re.I,
)
POSITION = re.compile(r"\bposition (?:paper|track)|\(position\)|\bas (?:a )?position\b", re.I)
DEMO = re.compile(
    r"\bsystem demo(?:nstration)?s?\b|\bdemo(?:nstration)?s?\.? (?:track|paper|session|program)"
    r"|\((?:demo|demonstration)s?\)|\| [^,|]{2,18}  demo(?:nstration)?s?\s*(?:$|[,.;)(])",
    re.I,
)
SIDE = re.compile(
    r"\btutorials?\b(?! (?:code|notebook|video))|\bindustrial (?:track|paper|session)"
    r"|\bindustry(?= ?(?:track|papers?|oral|poster|session|program|[),.;]|$))|\bblog ?posts?\b"
    r"|\bshort[- ]papers?\b"
    r"|\bbridge(?: program|:)"
    r"|\blate[- ]breaking|\bspecial (?:track|session)|\bapplied data science|\bADS\b"
    r"|\bsurvey track|\bsymposium series"
    r"|\b(?:spring|fall|summer) symposium|(?<!best )\bstudent (?:papers?|poster|program|session"
    r"|symposium|track)|\bextended abstract"
    r"|\bwork[- ]in[- ]progress|\bjournal[- ]to[- ]"
    r"conference|\bresources? (?:track|paper)|\breproducibility track|\btiny papers?",
    re.I,
)
RANKED = re.compile(
    r",[^,;]*\b(?:rank(?:s|ed|ing)?|place|winn(?:er|ing)|wins?|won|first|1st|top|leaderboard"
    r"|data)\b[^;]*"
    r"\b(?:challenge|competition)\b.*",
    re.I,
)
TRACK = re.compile(
    r"(?<![\w&/-])(?P<name>[\w&/-]{1,30}(?: [\w&/-]{1,30})?)(?:\)| paper| papers)? [Tt]rack\b"
)
PLAIN_TRACK = re.compile(
    r"\b(?:main|regular|research|technical|full|proceedings?|archival|conference|long|oral"
    r"|poster|general|the|this"
    r"|paper|papers|journal|standard|highlight|spotlight|algorithms?|\d{4})$",
    re.I,
)

LETTER = re.compile(r"-(WS|W|F)\b|\s(WS|W|F)(?=\W*(?:$|[,.;:()]|['’]?\d|\s\())")

NAMED_BY: tuple[tuple[Track, re.Pattern[str]], ...] = (
    ("findings", FINDINGS),
    ("other", STUDENT),
    ("workshop", WORKSHOP),
    ("datasets", DATASETS),
    ("position", POSITION),
    ("demo", DEMO),
    ("other", SIDE),
)


def track(text: str, main: Track = "main") -> Track:
    """The track that the words around a venue name; main where they name none."""
    text = SUGGESTED.sub(" ", text)
    if PLACED.search(text) or (CHALLENGE.search(text) and not CHALLENGE_TOPIC.search(text)):
        return "challenge"
    for name, pattern in NAMED_BY:
        if pattern.search(text):
            return name
    for match in TRACK.finditer(text):
        if not PLAIN_TRACK.search(match["name"]):
            return "other"
    return main


def letter(after: str) -> Track | None:
    """The track that a letter behind a venue stands for: "CVPR-W 2026", "CVPR 2026 W"."""
    if match := LETTER.match(after):
        return "findings" if match[0].endswith("F") else "workshop"
    return None


def without_rank(before: str, after: str) -> str:
    """The words after a venue, without a challenge that an accepted paper only mentions."""
    if WORKSHOP.search(before) or WORKSHOP.search(after):
        return after
    return RANKED.sub("", after) if ROLE.search(before) else after
