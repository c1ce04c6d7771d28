"""Whether a comment says that the paper itself is withdrawn, not only its submission to a venue."""

from __future__ import annotations

import re

TAKEN = r"(?:withdr[ae]wn?|retracted|taken down|removed by (?:the )?arxiv(?: \w+)?)"
FROM_VENUE = r"(?!\s+(?:[\w-]+\s+){0,3}?from\b(?!\s+(?:the )?arxiv))"
OWN = r"(?:paper|manuscript|submission|preprint|article|work|version|report|author|draft)s?"
WHY = r"(?:by|due|because|owing|since|as|for|after|pending|until|in order|at|on|to)\b"
PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{OWN}\b[^.;]{{0,60}}\b{TAKEN}\b{FROM_VENUE}",
        # A clause of its own: "Retracted.", "; withdrawn by the authors", "(withdrawn due to …)"
        rf"(?:^|[.;|\n]\s+|;)\W*(?:now |since |has been |was |is |temporarily )?{TAKEN}\b"
        rf"(?=\W*(?:$|[].;:,()|\n]|\s{WHY}|\sfrom (?:the )?arxiv))",
        r"\(\W*retracted\W*\)",
        rf"[,(:–—-]\s*(?:now |later |since |but |has been |was )*{TAKEN}\s{WHY}",
        r"\b(?:withdraw|withdrew|withdrawing|retract|retracting)\s(?:the|this|our)\s"
        rf"(?:\w+\s)?{OWN}\b(?!\s+from\b(?!\s+(?:the )?arxiv))",
        r"\b(?:withdrawal|retraction|removal)\s(?:notice|request(?:ed)?"
        rf"|of\s(?:the|this|our)\s(?:\w+\s)?{OWN}\b)|^\W*(?:withdrawal|retraction)\W*(?:$|[.:])",
    )
)
TO_VENUE = re.compile(
    r"\b(?:(?i:submitted to|submission to)|(?:[A-Z][A-Za-z]*[A-Z]|NeurIPS)\W{0,2}(?:20)?\d\d submission)"
    r"\b[^.;]*$"
)
LATER = re.compile(r"\baccepted\b", re.I)
OF_ARXIV = re.compile(r"arxiv", re.I)
OTHERS = re.compile(
    r"\b(?:replaces|supersedes|corrects|corrected|dataset|corpus|detect\w*|analy[sz]\w+|study|studies)\b",
    re.I,
)


def withdrawn(comment: str) -> bool:
    """Whether a comment says that the paper itself is withdrawn or retracted."""
    return any(_of_paper(comment, found) for p in PATTERNS for found in p.finditer(comment))


def _of_paper(text: str, found: re.Match[str]) -> bool:
    """Whether the words found speak of the paper, and not of a submission or of other papers."""
    start = max(text.rfind(mark, 0, found.end()) for mark in ".;\n") + 1
    clause = text[start : found.end()]
    if TO_VENUE.search(clause) and not LATER.search(clause):
        return bool(OF_ARXIV.search(text[found.start() : found.end() + 40]))
    return not OTHERS.search(clause)
