"""The name of a venue outside the table, within the phrase that holds it."""

from __future__ import annotations

import re

from .towns import TOWN

END = re.compile(
    r"\s(?:as|with (?:code|the|an?|\d)|and (?:will|is|has|to|was"
    r"|under|the|presented|published|accepted)|will"
    r"|which|where|that|on (?:\d{1,2}|[A-Z][a-z]+ \d{1,2})|under|after|held|co-?located|at the|upon|before"
    r"|special issue"
    r"|for (?:possible|publication|presentation|review|peer|consideration|the peer)|for$|in (?:[A-Z][a-z]+ \d{4}|\d{4})"
    r"|to be|has|have|had|did|does|but|is|was|are|from|since|during|by)\b"
    rf"|(?<=\d\d)\s(?:(?:in|at)\s(?=[A-Z])|[-–—]\s(?=[A-Za-z]))|(?<=\d\d)\s(?={TOWN.pattern})"
    rf"|\s(?:in|at)\s(?={TOWN.pattern})"
    r"|(?<=[A-Z]{3})\s(?:in|at)\s(?=[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s*$)"
)
LEAD = re.compile(
    r"^(?:(?:in|the|a|an|upcoming|annual|official|journal:|journal of record|series|companion"
    r"|special issue (?:of|on)"
    r"|(?:(?:international|peer[- ]reviewed|scientific) )?journal(?!\s(?:of|for|on|in|track|paper)\b)"
    r"|(?:elsevier|springer(?! nature\b)|springer nature(?! computer)|wiley|mdpi|hindawi|taylor (?:&|and) francis)(?:['’]s)?"
    r"|(?!proceedings of the ieee\W*$)proceedings (?:of|at)(?: the)?|proc\.? (?:of(?: the)?)?"
    r"|\d+(?:st|nd|rd|th)|(?:19|20)\d\d|publication(?: (?:in|at))?|presentation at|print in)\s+)+",
    re.I,
)
YEARS = re.compile(
    r"[\s\-–'’,(]*(?:(?:19|20)\d\d|['’]\d\d)\)?|(?<=[A-Z])\d\d$"
    r"|(?<=[A-Z]{3})[\s-][12]\d$|(?<=[a-z])2\d$"
)
PROCEEDINGS = re.compile(r"(?<=\d\d)\s(?:conference )?proceedings$", re.I)
PAGES = re.compile(r"\s[-–]\s\d+ (?:pages?|figures?|tables?)$", re.I)
SHORT = re.compile(
    r"\((?:the )?((?:IEEE |ACM )?[A-Z][A-Za-z0-9&/@-]{1,14})[\s'’\-–]*(?:\d{4}|\d\d)?\)"
)
# A publisher before a short name is no part of it; before a whole one it is.
PUBLISHER = re.compile(
    r"^(?:(?:IEEE|ACM|IFAC|SPIE|IEEE/ACM|ACM/IEEE|IEEE/RSJ|IEEE/CVF|AAAI)\s+)+"
    r"(?=[A-Za-z][\w&/-]*[A-Z][\w&/-]*(?:\W*(?:20)?\d\d)?$)"
)
NO_VENUE = re.compile(
    r"^(?:the )?(?:(?:(?:ieee|acm|international|ceur|springer|workshop|conference) )+proceedings"
    r"|machine learning research|best.*|openreview.*|lncs.*|pmlr.*"
    r"|proceedings of machine learning research|springer.*|pcs?\b.*|acs?\b|ieee|elsevier"
    r"|springer|acm|arxiv.*|corr|lecture notes.*|wiley|mdpi|a? ?(?:journal|conference|workshop|venue)s?|journal"
    r"|(?:international |peer[- ]?reviewed? |scientific |academic )+(?:journal|conference)s?"
    r"|conference|publication|review|peer.*|biorxiv|ssrn|openreview"
    r"|print|part|press|progress|full|its|this|our|main|full|parallel|future|english|partial.*"
    r"|oral.*|poster.*|non-?archival|cs\.[a-z]{2}.*"
    r"|the (?:journal|publisher|authors?|conference|future|final|proceedings)|appendix"
    r"|supplement.*|pdf|revision|version \d.*|authors?"
    r"|publisher|reviewers?|editor.*|github.*|hugging ?face.*|zenodo.*|ieee xplore|ieee/acm|lncs"
    r"|section.*|figure.*|table.*|july|june|january|\d{1,2} [a-z]{3,9}|"
    r"february|march|april|may|august|september|october|november|december|proceedings|possible.*"
    r"|(?:ieee|springer|elsevier|acm) (?:(?:journal|conference|letter|magazine|proceeding)s?/?)+(?: papers?)?|.*\b(?:universit|institut|facult"
    r"|department|college|polytech|thesis).*)$",
    re.I,
)
MEETING = re.compile(
    r"\b(?:conference|symposium|workshops?|proceedings|proc|congress|meeting|conf|summit|school"
    r"|forum|colloquium|convention|challenge)\b",
    re.I,
)
UNNAMED = re.compile(r"\b(?:conference|symposium|workshop|journal|meeting)$", re.I)
LISTED = re.compile(r",[\w\s,&'-]{0,80}\b(?:and|&)\s[\w\s-]{1,50}$")


def name_in(words: str, around: str) -> str | None:
    """The short name in a phrase, or None where the phrase names no venue."""
    name = _written(words, around)
    return PUBLISHER.sub("", name) if name else None


def _written(words: str, around: str) -> str | None:
    """The short name in a phrase, or None where the phrase names no venue."""
    plain = LEAD.sub("", words.strip())
    short = SHORT.search(around)
    plain = YEARS.sub("", PAGES.sub("", PROCEEDINGS.sub("", plain.rstrip("~* ")))).strip(
        " .,:;-–'’\""
    )
    plain = LEAD.sub("", plain)
    if not plain or NO_VENUE.match(plain) or not re.search(r"[A-Z]", plain) or len(plain) < 2:
        return YEARS.sub("", short[1]) if short and UNNAMED.search(plain) else None
    if short is None or NO_VENUE.match(short[1]):
        return plain
    gap = around[len(words) : short.start()]
    if len(gap) < 3 or (MEETING.search(plain) and LISTED.match(gap)):
        return YEARS.sub("", short[1])
    return plain
