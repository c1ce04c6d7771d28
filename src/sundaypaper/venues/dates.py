"""Days on which something was done with a paper, whose years are no years of a venue."""

from __future__ import annotations

import re

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DAY = (
    rf"(?:{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s20\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH},?\s20\d\d|{MONTH},?\s20\d\d"
    r"|20\d\d[-/.]\d\d?(?:[-/.]\d\d?)?|\d{1,2}[/.]\d{1,2}[/.]20\d\d)"
)
DONE = re.compile(
    r"\b(?:since|submitted|received|revised|resubmitted|accepted|posted|uploaded|updated|dated"
    r"|written|completed|compiled|review(?:ed)?|as of|version of|draft of|modified)[\s:]{1,2}"
    rf"(?:(?:on|in|at|from|since|as of)\s)?(?:the\s)?(?:{DAY}|(?<=since\s)20\d\d\b)",
    re.I,
)
SENT = re.compile(rf"\b(?:on|in|since)\s(?:the\s)?{DAY}", re.I)


def without(text: str, submitted: bool = False) -> str:
    """The text without such days; of what is submitted, no day beside the venue is its own."""
    text = DONE.sub(" ", text)
    return SENT.sub(" ", text) if submitted else text
