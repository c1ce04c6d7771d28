"""Search for venues outside the table, by the names that the authors write."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sundaypaper.models import Track

from . import dates
from .names import END, LEAD, MEETING, NO_VENUE, SHORT, name_in
from .scan import year_in

ROLE_PREP = re.compile(
    r"\b(?P<role>ac{1,2}[ecpt]{2,5}(?:ed|d|ance)?|published|publised|awards?|finalist|mention"
    r"|presented|app?ea?r(?:s|ed|ing)?"
    r"|submitted|submit(?= to)|resubmitted|submission|reject(?:ed|ion)?|under (?:\w+ )?review(?:ing)?"
    r"|in review|in press|forthcoming|publication|presentation|withdrawn|consideration"
    r"|camera[- ]ready(?: version)?|poster|oral|presentation|(?:tutorial|keynote|talk)(?= (?:at|in)\b))"
    r"(?: (?:manuscript|paper|article|version|notice))?[\s,:-]{1,3}(?:as [\"“][^\"”]{2,200}[\"”],? |(?:for"
    r"|as) (?:(?!(?:conference|symposium|meeting|special issue|special section) on\b)[\w -]){2,40}? )?(?:to be (?:published|presented|included) )?"
    r"(?:(?:to|into|at|by|in|on|for|with|from|of):?\s+|@\s*)(?=\S)"
    r"|\baccepted (?:manuscript|paper|article|version)\s?[-–:,]\s*(?=(?-i:[A-Z]))"
    r"|\b(?:accepted|published|submitted)\s+(?=(?-i:[A-Z]{2}))",
    re.I,
)
PHRASE = re.compile(r"(?:[^,;.(|\[\]:]|\.(?=\w)|(?<=\b[A-Z][a-z]{2})\.(?= [A-Z])){2,160}")
ANOTHER_ROLE = re.compile(r"\b(?:submitted|accepted|published) (?:to|at|in|by)\b", re.I)
JOURNAL = re.compile(
    r"\b(?:journal|trans(?:actions)?|letters?|magazine|access|annals|bulletin|nature|sciences?"
    r"|frontiers"
    r"|plos|elsevier|neurocomputing|information fusion|analysis|pattern recognition"
    r"|neural networks?"
    r"|reports|systems with applications|knowledge-based systems|computers? (?:in|and|&"
    r"|vision and image)|engineering"
    r"|sensors?|remote sensing|reviews?|surveys|quarterly|archives?|physics|physical|chemistry"
    r"|intelligence|medicine|biology"
    r"|(?-i:(?<!-)T[A-Z]{2,5}(?![\s'’-]{0,2}\d)|T(?:IP|MM|SP|CSVT|NNLS|KDE|ASLP|VCG|GRS|RO|ITS|IFS|OG|OIS|IST|KDD|CI|MI|AC|CYB|PDS|IV|IM|IE|II|VT|MC|COM|OSEM|OMM|BME|AI|AFFC|EVC|NN)\b|IEEE T[A-Za-z]+|T-[A-Z]{2,4})|RA-?L|JSTARS|GRSL|JBHI|JAIR|MedIA|EAAI"
    r"|ESWA|TKDE|IoTJ|SPL|JMIR|npj|PNAS|Vol(?:ume)?|philosophi\w+"
    r"|computation|communications?|statistics|neuroscience|entropy|mathematics|research|studies"
    r"|JCDL)\b",
    re.I,
)
SPECIAL_ISSUE = re.compile(r"(?:(?:the|an?)\s)?(?:special|theme) (?:issue|section)\b", re.I)
OF_JOURNAL = re.compile(
    r"\s(?:of|in|for|at)\s(?:the\s)?(?=(?:[A-Z][\w&/-]*\s(?:of\s|on\s)?){0,8}"
    r"(?:Journal|Transactions|Letters|Magazine)\b)"
)
OF_NAME = re.compile(r".*\s(?:of|in|at)\s(?:the\s)?(?=[A-Z])")
SURE_JOURNAL = re.compile(
    r"\b(?:Journal|Transactions|Letters|Magazine|Access)\b|^(?:RA-?L|T-?RO|T[A-Z]{2,4})$"
)
SURE_MEETING = re.compile(r"[A-Z][\w-]{0,9}[A-Z][\w-]{0,9}[\s'’-]{0,2}(?:20\d\d|(?<=['’])\d\d)\b")
AND_NAME = re.compile(
    r"[^,;.]{0,24}?\s(?:and|&)\s(?:(?:also|then|later)\s)?(?:(?:at|in|to|by|for)\s)?(?:the\s)?"
    r"(?=[A-Z])"
)
AND_LAST = re.compile(
    r"\s(?:and|&)\s(?:(?:also|then|later)\s)?(?:(?:at|in|to|by|for)\s)?(?:the\s)?$"
)
PROCEEDINGS_JOURNAL = re.compile(r"(?:the )?proceedings of the ieee\W*$", re.I)
MONTH = re.compile(
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|version|v\d|since|copyright"
    r"|draft|preprint|arxiv|summer|winter|spring|fall|"
    r"thesis|report|update|in|the|of|and|page|from|on|figure|table|spotlight|oral|poster"
    r"|received|won|award|best|elsevier|ieee|springer|acm|wiley|mdpi|covid|revised|cc|license"
    r"|msc|phd|licen[cs]e)",
    re.I,
)
CHUNK = re.compile(
    r"(?i:(?:in |at )?(?:the )?(?:proc\w*\.? of (?:the )?)?(?:(?:ieee|acm|ieee/acm|acm/ieee|ifac"
    r"|spie) )?)(?P<name>[A-Z][\w/&+-]{1,18}(?: [A-Z][A-Za-z]{1,11})?)[\s'’\-–]{0,2}"
    r"(?P<year>20[0-3]\d|(?<=['’])\d\d|(?<=[A-Z] )[12]\d|(?<=[A-Z]-)[12]\d"
    r"|(?<=[A-Z])[12]\d)\b(?P<rest>.*)$"
)
CHUNK_REST = re.compile(
    r"(?:\W|\([^()]{0,80}\b(?:conference|symposium|workshop)\b[^()]{0,80}\)|\b(?:camera|ready"
    r"|oral|poster|paper|accepted|spotlight|main|track|conference|workshops?|version|long|short"
    r"|full|best|award|student|regular|proceedings|demo|submission|presentation|under|review|industry"
    r"|research|final|in|press|to|appear|findings)\b)*$",
    re.I,
)
LONG = re.compile(
    r"(?P<name>(?i:(?:in )?(?:the )?(?:companion )?proceedings of (?:the )?)?(?:(?:\d{1,3}(?:st|nd|rd|th)"
    r"|20\d\d|IEEE[\w/]*|ACM[\w/]*|[A-Z][\w'’/&.-]*|of|on|the|and|for|in|&|de)\s+){0,14}?"
    r"(?:Conference|Symposium|Workshop|Congress|Transactions|Journal|Letters|Proceedings"
    r"|Magazine)\b(?:\s+(?:[A-Z&][\w'’/&-]*|of|on|the|and|for|in|to|with))*)"
)

TITLED = re.compile(
    r"(?:[A-Z0-9][\w&/'’-]*\s(?:(?:on|of|and|for|in|the|&)\s){0,2}){2,10}"
    r"\((?P<short>[A-Z][A-Za-z&-]{2,12})[\s'’]?(?:20\d\d|\d\d)?\)[\s,]*(?:20\d\d)?(?:\s(?:oral|poster|spotlight))?\W*$",
)
NAMED_LAST = re.compile(
    r"(?!Extended|Journal)(?:(?:[A-Z][\w&/'’-]*|on|of|and|for|in|the|&)\s){3,12}(?P<short>[A-Z]{3,10}) 20\d\d\W*$"
)
GLUED = re.compile(
    r"(?<![A-Za-z])[A-Z][A-Za-z]{1,20}[A-Z](20[12]\d|[12]\d)(?!\d)"
    r"|[A-Z]{3}[\s-]([12]\d)$|(?<![A-Za-z])[A-Z][A-Za-z]{1,20}[a-z](2\d)\W*$"
)
BRACKETED = re.compile(r"\([A-Z][A-Za-z]{1,14}[\s-]?(2\d)\)")
DATED = re.compile(r"(?:the )?(?:IEEE |ACM )?[A-Z][\w&/-]{1,14}[\s'’]{0,2}(?:20)?\d\d\b")


@dataclass(frozen=True, slots=True)
class Named:
    """A venue outside the table: its name as written, year, track, and where it stands."""

    name: str
    year: int | None
    track: Track
    start: int
    end: int


def named(text: str) -> Named | None:
    """The venue that a sentence names after "accepted at" and the like, or by a name alone."""
    return after_role(text) or _chunk(text) or _long(text)


def journal(text: str) -> Named | None:
    """The venue of a journal reference: the words before its volume, number or year."""
    name = re.split(r"\d|,|\(|\bvol|\bpp?\b", re.sub(LEAD, "", text[:300].strip()), maxsplit=1)[0]
    name = name.strip(" .,:;-–'’\"")
    short = SHORT.search(text[:300])
    venue = short[1] if short and MEETING.search(text) else name
    if not venue or not re.search(r"[^\W\d_]", venue):
        return None
    return Named(venue, year_in(text, last=True), _track(text, venue, True), 0, len(text))


def after_role(text: str) -> Named | None:
    """The venue that a sentence names after "accepted at" and the like."""
    for match in ROLE_PREP.finditer(text):
        if text[: match.start()][-5:].lower().endswith("not "):
            continue
        start = _past_special_issue(text, match.end())
        if named := _at(text, start, match["role"] or "accepted"):
            return replace(named, start=match.start())
    return None


def after_and(text: str) -> Named | None:
    """The second venue of "at ICML 2026 and Pond Letters": a sure journal, or a name with a year."""
    match = AND_NAME.match(text)
    return _sure(text, match.end()) if match else None


def before_and(text: str) -> Named | None:
    """The first venue of "accepted to RA-L and ICRA 2026", which ends before the "and"."""
    match = AND_LAST.search(text[-24:])
    if match is None:
        return None
    left = text[: len(text) - len(match[0])]
    named = after_role(left)
    if named is None or SURE_JOURNAL.search(named.name):
        return named
    dated = SURE_MEETING.match(left, max(0, left.rfind(named.name)))
    return named if dated and dated.end() == len(left) else None


def _sure(text: str, start: int) -> Named | None:
    """The venue that is named at a place, where no words are needed to know it for one."""
    named = _at(text, start, "")
    if named and SURE_JOURNAL.search(named.name):
        return replace(named, track="journal")
    return named if SURE_MEETING.match(text, start) else None


def _past_special_issue(text: str, start: int) -> int:
    """Where the journal begins whose special issue is named at the start."""
    if not (special := SPECIAL_ISSUE.match(text, start)):
        return start
    end = special.end() + 160
    journal = OF_JOURNAL.search(text, special.end(), end) or OF_NAME.match(text, special.end(), end)
    return journal.end() if journal else start


def _at(text: str, start: int, role: str) -> Named | None:
    """The venue that a phrase names which begins at a place, after a word for what became of it."""
    bracket = text.startswith("(", start)
    start += bracket
    phrase = PHRASE.match(text, start)
    if not phrase:
        return None
    words = END.split(phrase[0].split(")")[0] if bracket else phrase[0], maxsplit=1)[0]
    end = start + len(words)
    if ANOTHER_ROLE.search(words):
        return None
    name = name_in(words, text[start : end + 140])
    if name is None:
        return None
    submitted = bool(re.match(r"re-?sub|sub|under|in review|consider", role, re.I))
    rest = dates.without(text[start:], submitted)
    year = year_in(rest) or _short_year(words, rest)
    return Named(name, year, _track(rest, words), start, end)


def _short_year(words: str, rest: str) -> int | None:
    """The year of two digits at the end of a short name: PDC25, or in brackets (PDC-25)."""
    match = GLUED.search(words) or BRACKETED.search(rest[: len(words) + 24])
    return 2000 + int(match[match.lastindex or 0][-2:]) if match else None


def _chunk(text: str) -> Named | None:
    """A part of the sentence that is a short name and a year: "BMVC 2025", "EUSIPCO'26"."""
    at = 0
    for chunk in text.split(","):
        start = at + len(chunk) - len(chunk.lstrip())
        at += len(chunk) + 1
        match = CHUNK.match(chunk.strip())
        if not match or any(MONTH.fullmatch(word) for word in match["name"].split()):
            continue
        if CHUNK_REST.match(match["rest"]) and sum(c.isupper() for c in match["name"]) > 1:
            return Named(
                match["name"],
                year_in(f" '{match['year'][-2:]}"),
                _track(chunk, chunk),
                start,
                start + len(chunk.strip()),
            )
    return None


def _long(text: str) -> Named | None:
    """A full name that starts a part of the sentence: "Proceedings of the 21st Conference on"."""
    at = 0
    for chunk in text.split(",")[:8]:
        start = at + len(chunk) - len(chunk.lstrip())
        at += len(chunk) + 1
        rest = text[start : start + 400]
        if titled := TITLED.match(rest) or NAMED_LAST.match(rest):
            year = year_in(rest)
            end = start + titled.end()
            if year and not NO_VENUE.match(titled["short"]):
                return Named(titled["short"], year, _track(rest, titled[0]), start, end)
        match = LONG.match(rest)
        name = name_in(match[0], rest[: match.end() + 60]) if match else None
        if match and name and len(match[0].split()) > 2:
            return Named(name, year_in(rest), _track(rest, match[0]), start, start + match.end())
    return None


def _track(text: str, name: str, reference: bool = False) -> Track:
    """workshop, challenge, main (a meeting) or journal, by the words of the name and around it."""
    if re.search(r"\bworkshops?\b|\w\)?\s@\s\w", name, re.I):
        return "workshop"
    if re.search(r"\b(?:challenge|competition|shared task)\b|^semeval", name, re.I):
        return "challenge"
    if (
        MEETING.search(name)
        and not re.search(r"\b(?:journal|transactions|letters)\b", name, re.I)
        and not PROCEEDINGS_JOURNAL.match(name)
    ):
        return "main"
    if JOURNAL.search(name) or PROCEEDINGS_JOURNAL.match(name):
        return "journal"
    if MEETING.search(text) and not re.search(r"\bjournal\b", text, re.I):
        return "main"
    if reference or re.search(r"\b(?:journal|vol(?:ume)?)\b", text, re.I):
        return "journal"
    if re.search(r"\bdoi\b", text, re.I) and not DATED.match(text):
        return "journal"
    if year_in(name) is None and re.match(r"(?:the )?(?:IEEE|ACM|Elsevier|Springer)\b", name):
        return "journal"
    return "main" if re.search(r"[A-Z]{2}|\d", name) else "journal"
