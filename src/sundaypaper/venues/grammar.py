"""Patterns for words around a venue's name: the status there, and whether of this paper."""

from __future__ import annotations

import re

from sundaypaper.models import Status

ACCEPTED = (
    r"\bac{1,2}[ecpt]{2,5}(?:ed|d|ance)?\b(?! upon| rate)|\bpubli(?:sh|s)ed\b|\bapp?ea?r(?:s|ed"
    r"|ing)?\b|\bpresented\b"
    r"|\bfinal (?:(?:paper|version|manuscript) )?(?:submission|submitted)\b"
    r"|\bupdated? to (?:the )?$|\bcam(?:era)?[- ]?ready (?:version )?submi\w+"
    r"|\bcam(?:era)?[- ]?(?:ready|version)|\bin press\b|\bforthcoming\b|\bto be (?:published"
    r"|presented)\b"
)
WEAK = (
    r"\bpublication\b|\bpresentation\b|\bproceedings\b|\bproc\b|\b(?:oral|spotlight|poster|talk)\b"
)
REJECTED = (
    r"\b(?:not|never|wasn'?t|but not) (?:been )?accepted\b|\bunaccepted\b"
    r"|\b(?:desk[- ])?reject(?:ed|ion)?\b(?! (?:sampl|option|rate))"
    r"|\bdeclined\b"
)
SUBMITTED = (
    r"(?<!post-)(?<!pre-)\b(?:re-?)?s[uy]bmi?t(?:t?ed|ting|(?= to))\b|\bsubmission\b(?! #)"
    r"|\bunder[- ](?:\w+[- ]){0,3}review"
    r"(?:ing|ed)?\b|\bunder view\b|\bin (?:peer )?review\b|\bbeing reviewed\b"
    r"|\bunder (?:consideration|revision)\b"
    r"|\b(?:for|in) (?:peer[- ])?review\b|\bmajor revision\b|\bundergoing (?:\w+ )?review\b"
    r"|\bsent (?:off )?to\b|\bhanded in (?:to|at)\b|\bawaiting (?:\w+ )?(?:reviews?|decision)\b"
)
MADE_FOR = (
    r"\b(?:pages?|paper|manuscript|draft|article|preprint)\b"
    r"(?:(?!accept|publish|present|appear|camera|ready|select|submit)[^.;]){0,40}? for(?= (?:the )?$)"
)
WITHDRAWN = r"\bwithdr[ae]wn?\b"
PLANNED = (
    r"\b(?:to be|will be|would be|being prepared to be) (?:re)?submitted\b|\bupon acceptance\b"
    r"|\bif accepted\b"
    r"|\b(?:plan|plans|planning|planned|intend(?:s|ed|ing)?|prepar(?:e|es|ed|ing)|aim(?:s|ed|ing)?"
    r"|hope|expect(?:ed)?|ready|target(?:s|ed|ing)?) (?:to submit|to be submitted"
    r"|for(?: the| a)? (?:[\w-]+ )?submission)\b|\b(?:intended|preparing|prepared"
    r"|targeted) for\b|\b(?:will|shall|going to) submit\b"
    r"|\bin prep[a-z]{3,8}on (?:for|to)\b|\b(?:suggested|recommended|invited|redirected) (?:for|to)\b"
    r"|\b(?:for|before|prior to) (?:\w+ )?submission (?:to|at|in)\b"
    r"|\btargeting\b"
)
ROLE = re.compile(
    rf"(?P<planned>{PLANNED})|(?P<rejected>{REJECTED})|(?P<withdrawn>{WITHDRAWN})"
    rf"|(?P<submitted>{SUBMITTED})|(?P<accepted>{ACCEPTED})|(?P<weak>{WEAK})|(?P<made>{MADE_FOR})",
    re.I,
)
VERSION_OF = re.compile(
    r"\b(?:accepted|published|camera[- ]ready|final|revised)(?: \w+)? (?:version|manuscript"
    r"|paper|of)\b"
    r"[^,;]{0,60}\bsubmitted to\b",
    re.I,
)
PREPRINT = re.compile(r"\W*pre-?print\b", re.I)
ACCEPTED_LATER = re.compile(r"\b(?:accepted|camera[- ]ready)\b", re.I)
IN_OUR = re.compile(r"\b(?:in|from) (?:our|their)(?: \w+){0,2} $")
UPON = re.compile(r"\b(?:upon|after|if|pending|until|when|once|not)(?: \w+)? $", re.I)

# Another work of the authors, or a thing of the venue's, not this paper.
EXTENDS = re.compile(
    r"\b(?:extended(?! abstract)|extension|expanded|enlarged|extends|extending|journal version"
    r"|long(?:er)? version"
    r"|related (?:\w+ )?(?:version|paper|work)|follow[- ]?up|sequel|successor|companion|builds? (?:up)?on|based (?:up)?on"
    r"|improves (?:up)?on|reproducib\w+ study of|replication of|reproduction of"
    r"|re-?implementation of|reproduc(?:es|ing)"
    r"|previous work|prior work|earlier work|supersedes)\b(?P<rest>.*)",
    re.I | re.S,
)
OF = re.compile(r"\b(?:our|my|of|to|on|from|work|for|with|in)\b", re.I)
OF_THIS = re.compile(r"^[^,]{0,20}\bof (?:this|the present|the current)\b", re.I)
OWN_ROLE = re.compile(
    r"(?:[,:]|\band|\bthat|\bversion)\s*(?:(?:is|was|has|been|have|to|be|now|and|it|will"
    r"|currently|recently)\s+)*"
    r"(?:accepted|published|appear|submitted|under review|in press)",
    re.I,
)
BORROWED = re.compile(
    r"\b(?:template|format(?:ted)?|style|checklist|code (?:from|of)|guidelines"
    r"|art (?:gallery|exhibition)|data(?:sets?)? (?:\w+ )?(?:from|of|used|released)"
    r"|notes from|slides|references?|citations?)\b|\b(?:uses?|using|follow(?:s|ing)?|adapted from|inspired by)\s(?:the "
    r"|a |an )?(?:\w+ )?$"
    r"|\bcompar(?:ed|ison|isons|ing) (?:with|to)\b[^,]{0,60}\($"
    r"|\b(?:trained|tested|evaluated|benchmarked) (?:on|in|at)\b[^,]{0,40}$|\bused (?:for|in|by"
    r"|at)\b[^,]{0,40}$",
    re.I,
)
BORROWED_AFTER = re.compile(
    r"\W{0,3}(?:20\d\d|'?\d\d)?\W{0,2}(?:(?:conference|latex|official|paper|author"
    r"|submission)\s)?(?:templates?|format"
    r"|(?:AI )?(?:art )?(?:gallery|exhibition)|style|checklist|latex|guidelines|page limit|rebuttal|policy|deadline|anthology"
    r"|reviewers?'?)\b",
    re.I,
)


def status_before(text: str) -> tuple[Status | None, bool, int]:
    """The status that words before a venue give, whether it is only planned, and where they start."""
    status: Status | None = None
    planned, at = False, len(text)
    for match in ROLE.finditer(text):
        kind = match.lastgroup
        if kind in ("weak", "made") and (status or planned):
            continue
        if kind == "accepted" and UPON.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        at = match.start()
        planned = kind == "planned"
        status = _status(kind)
    if status == "submitted" and (later := VERSION_OF.search(text)):
        return "accepted", False, later.start()
    return status, planned, at


def _status(kind: str | None) -> Status | None:
    """The status that a role word stands for."""
    known: dict[str, Status] = {
        "rejected": "rejected",
        "withdrawn": "withdrawn",
        "submitted": "submitted",
        "accepted": "accepted",
        "weak": "accepted",
        "made": "submitted",
    }
    return known.get(kind or "")


def status_after(text: str, before: Status | None) -> Status | None:
    """The status that the words after a venue give, where it differs from the words before."""
    kinds = [match.lastgroup for match in ROLE.finditer(text)]
    for kind in kinds:
        if kind in ("rejected", "withdrawn") and before != kind:
            return _status(kind)
    later = ACCEPTED_LATER.search(text)
    if before == "submitted" and later and not UPON.search(text[: later.start()]):
        return "accepted"
    if before is None and PREPRINT.match(text) and not later:
        return "submitted"
    if before is None and kinds:
        return _status(kinds[0])
    return None


def of_another(text: str) -> bool:
    """Whether the words before a venue say that it took another paper, or only lent something."""
    if (match := EXTENDS.search(text)) and not OF_THIS.match(match["rest"]):
        rest = match["rest"]
        if OF.search(match[0]) and not OWN_ROLE.search(rest):
            return True
        if not rest.strip(" :("):
            return True
    if IN_OUR.search(text[-40:]):
        return True
    borrowed = BORROWED.search(text)
    if borrowed is None or "," in text[borrowed.end() :]:
        return False
    return not ROLE.search(text, borrowed.start())


def lends(text: str) -> bool:
    """Whether the words after a venue name a thing of the venue's: its template, its page limit."""
    return bool(BORROWED_AFTER.match(text))
