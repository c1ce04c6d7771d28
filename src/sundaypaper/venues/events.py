"""Whether the words around a venue name an event that it hosts, without the word workshop."""

from __future__ import annotations

import re

from .grammar import ROLE
from .presentations import presentation
from .towns import TOWN

# Words that stand right after a venue's name or before "@" without naming a workshop.
NOT_WORKSHOP = re.compile(
    r"(?:[Cc]am.*|.*(?:IEEE|ACM|CVF|RSJ|SIG|AAAI).*|(?:Twenty|Thirty|Fou?rty|Fifty|Sixty)-.*"
    r"|SPIE|IFIP|SIGKDD|SIGIR|SIGCHI|[Aa]rXiv.*|Pre-?[Pp]rint|DB|D&B|IEEE|CVF|ACM|USA|UK|UAE"
    r"|LNCS|LNAI|PMLR|PDF|ARR|MM|AI|LLMs?|VLMs?|OpenReview|GitHub|HuggingFace|YouTube"
    r"|arXiv|ArXiv|LaTeX|DOI|SOTA|URL|CCF|CORE|TLDR|NLP|CV|ML|RL|II|III|IV|VI|FINDINGS|MAIN|ORAL"
    r"|POSTER|SPOTLIGHT|DEMO"
    r"|HIGHLIGHT|ACCEPTED|PREPRINT|AIA|AISI|IAAI|EAAI|HLT|IJCNLP|SIGDAT|ADS|GPU|CC|BY|WebSite"
    r"|WebPage|ProjectPage"
    r"|RA|RAL|TOG|CVPR|ICCV|ECCV|ECAI|PKDD)$"
)
ACRONYM = (
    r"(?=[\w/-]{0,14}[A-Z0-9][\w/-]{0,14}[A-Z])[A-Za-z][A-Za-z0-9/-]{2,20}"
    r"|[A-Z][a-z]+(?=[A-Z])[A-Za-z0-9]{2,14}|(?:[A-Z][a-z]*[0-9][A-Za-z]+)"
)
NAME_AFTER = re.compile(
    rf"[\s:,)@–—-]{{1,4}}(?P<open>\()?(?P<name>{ACRONYM})(?(open)\s*[):]|(?=\s*(?:$|[,.;(]|'?\d\d"
    rf"|[Ww]orkshop|[Ss]potlight|[Oo]ral|[Pp]oster|and\b|&)))"
)
BESIDE = re.compile(
    r"\b(?:co-?located|conjunction|conjuction|together|held|hosted|organi[sz]ed|alongside"
    r"|affiliated|part of|satellite)\b\s?(?:with|at|by|of|alongside|in conjunction with"
    r"|during|event)?\s[^,;]{0,60}$",
    re.I,
)
NAME_BESIDE = re.compile(rf"\b(?:in|at|to|by|for|the) (?P<name>{ACRONYM})\s$")
NAME_BEFORE = re.compile(r"(?P<name>[\w/&+-]+)\)?['’]?\d{0,4}\s?@\s?(?:the\s)?$")
NOT_NAME = re.compile(
    r"\b(?:proceedings|mains?|ready|track|conference|session|poster|oral|spotlight|demos?"
    r"|findings|presentation"
    r"|publication|highlights?|review(?:ing)?|submission|papers?|work|consideration|version|talk"
    r"|article|abstract|awards?|prize|place|rank|accept\w*|publish\w*|present\w*|submi\w+"
    r"|appear\w*|preprint|draft|code|pages?|figures?|tables?|supplement\w*|appendix|journal"
    r"|transactions|letters|magazine|access|RA-?L|T-?RO|arxiv|openreview|chapter|university"
    r"|reject\w*|withdr\w+|related|project|title|anniversary|edition|conf|proc|symp|annual"
    r"|meeting)\b",
    re.I,
)
FILLER = (
    r"(?:the\s|our\s)?(?:(?:IEEE|CVF|IEEE/CVF|ACM|Annual|20\d\d|\d{1,3}(?:st|nd|rd|th)"
    r"|Conference on|International|upcoming)\s+){0,6}$"
)
LINK = re.compile(rf"\s?(?P<link>,|\(|\[|@|\s(?:at|in|of|during|within))\s*{FILLER}", re.I)
WORD = (
    r"(?:[A-Z0-9][\w/&'’+.-]{0,30}|for|of|in|on|and|the|to|with|meets?|from|towards?|beyond|as|an?"
    r"|at|by|via|under|over|into|across|through|without|is|are|how|what|why|where|when|from|or|its"
    r"|their|our|your|not|vs|de|x|&)"
)
SHORT = r"(?:\s?\([\w\s&'’/.-]{2,24}\))"
NAME = re.compile(rf"[\"“]?{WORD}(?:[\s:,–-]{{1,3}}{WORD}){{0,14}}[\"”]?{SHORT}?[\"”]?")
LOOSE = re.compile(r"[A-Z0-9][\w/&'-]*(?: [\w/&'-]+){0,9}")
ROLE_TO = re.compile(
    r"\b(?:accepted|published|presented|presentation|appear(?:ing|s)?|submitted|submission"
    r"|review(?:ing)?|poster|oral|spotlight|talk|paper|sent|ready|consideration|shown)"
    r"(?: (?:for \w+|as (?:an? )?\w+(?: \w+)?))?\s(?:to|at|in|by|for)\s(?:the\s)?(?=[A-Z0-9\"“])"
    r"|^\W*(?:and|&)\s(?:also\s)?(?:(?:at|in|to)\s)?(?:the\s)?(?=[A-Z0-9\"“])",
    re.I,
)
ACRONYM_ALONE = re.compile(r"(?!T[A-Z]{2,5}$)[A-Z][A-Z0-9-]{2,9}(?:[\s'’]{1,2}(?:20)?\d\d)?")
FIELD_WORD = re.compile(
    r"\b(?:learning|vision|models?|ai|ml|intelligence|language|data|robots?|robotics|reasoning"
    r"|agents?|agentic|generative|neural|computer|foundations?|science|systems|causal\w*)\b"
    r"|\b(?:for|of|in|on|and|at|meets|towards?|beyond|with)\b|\([A-Z]|&",
    re.I,
)
FIELD_CASE = re.compile(r"[a-z][A-Z]|[A-Z]\d|\d[A-Z]")
TITLE_AFTER = re.compile(
    r"\s(?P<open>\()?(?P<name>(?!(?:Code|Data|Project|Supplementary|The|In|On|With|And|At|To|By"
    rf"|Position|Creative|We|This|For|As|A)\b)[A-Z][\w/&'’-]{{0,30}}(?:\s{WORD}){{2,10}})"
    r"(?(open)\s?\)|\s*(?:$|[,.;(]))"
)
NAME_YEAR = re.compile(
    r"\s(?P<name>(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Autumn|Fall"
    r"|Winter|Cycle|Round)[a-z]*\b)[A-Z][A-Za-z]{2,20})\s(?=(?:20)\d\d\b)"
)
JOINING = re.compile(r"\s(?:for|of|in|on|meets|towards?|beyond|with)\s")


def hosted(before: str, after: str, title: str) -> bool:
    """Whether a name without the word stands for a workshop: "ICML 2025 XYZ4ML", "XYZ @ ICML"."""
    return _marked(before) or _named_before(before[-320:], title) or _named_after(after)


def _marked(before: str) -> bool:
    """Whether a name stands before "@", a word like "co-located with", or the venue itself."""
    if (at := NAME_BEFORE.search(before[-60:])) and not (
        ROLE.search(at["name"]) or NOT_NAME.search(at["name"])
    ):
        return True
    if BESIDE.search(before[-120:]):
        return True
    named = NAME_BESIDE.search(before)
    return named is not None and not NOT_WORKSHOP.match(named["name"])


def _named_before(before: str, title: str) -> bool:
    """Whether an event stands before the venue: "at Vision for Farming, CVPR 2026"."""
    link = LINK.search(before)
    if link is None:
        return False
    region, loose = before[: link.start()], link["link"].strip() in ("at", "@", "during", "within")
    starts = [match.end() for match in ROLE_TO.finditer(region)]
    if starts:
        name = region[starts[-1] :].strip()
        return _names(name, loose, title) and (loose or _solid(name, link["link"]))
    if not loose:
        return False
    name = re.split(r"[,;:.\[\]\x00|]", region)[-1].strip()
    return len(re.findall(r"\b[A-Z]\w", name)) > 1 and _names(name, False, title)


def _names(name: str, loose: bool, title: str) -> bool:
    """Whether a phrase may be the name of an event, and is not the venue's own in full."""
    pattern = LOOSE if loose and "(" not in name and "," not in name else NAME
    return (
        bool(name)
        and pattern.fullmatch(name) is not None
        and not NOT_NAME.search(name)
        and not NOT_WORKSHOP.match(name.split()[0] if len(name.split()) < 3 else "x")
        and not _in_full(name, title)
    )


def _in_full(name: str, title: str) -> bool:
    """Whether the capitals of a phrase stand in the short name: a long name that is misspelt."""
    capitals = "".join(re.findall(r"\b[A-Z]", name))
    letters = iter(title.upper())
    return len(capitals) > 2 and all(capital in letters for capital in capitals)


def _solid(name: str, link: str) -> bool:
    """Whether a name before a comma is no town, and says enough to be an event's."""
    if link.strip() not in (",", "(", "["):
        return len(name.split()) > 1 and not TOWN.search(name)
    if TOWN.search(name):
        return False
    if link == "," and ACRONYM_ALONE.fullmatch(
        name
    ):  # no paper is in two proceedings: a workshop there
        return True
    many = len(name.split())
    said = FIELD_CASE.search(name) or (many > 1 and FIELD_WORD.search(name))
    return bool(said) or len(re.findall(r"\b[A-Z][a-z]", name)) > 2


def _named_after(after: str) -> bool:
    """Whether an event stands right after the venue: "NeurIPS 2025 AI for Science"."""
    if title := TITLE_AFTER.match(after[:160]):
        name = title["name"]
        if JOINING.search(name) and not NOT_NAME.search(name) and not TOWN.search(name):
            return True
    following = NAME_AFTER.match(after) or NAME_YEAR.match(after)
    if following is None or TOWN.search(following["name"]) or NOT_WORKSHOP.match(following["name"]):
        return False
    return not NOT_NAME.search(following["name"]) and presentation(following["name"]) is None
