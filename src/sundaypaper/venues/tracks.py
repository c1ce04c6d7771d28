"""Patterns for words around a venue's name: the track, a workshop, the kind of presentation."""

from __future__ import annotations

import re

from sundaypaper.models import Presentation, Track

from .grammar import ROLE

CHALLENGE = re.compile(
    r"\b(?:challenge|competition|shared task|kdd cup|semeval)\b(?!s)(?! of\b)(?:\s+on\b)?", re.I
)
CHALLENGE_TOPIC = re.compile(r"\bworkshop\b[^.;]{0,80}\bchallenges?\b|\bcompetition workshop", re.I)
STUDENT = re.compile(
    r"\bSRW\b|\bstudent (?:research )?(?:workshop|abstract|forum|paper track)"
    r"|\bdoctoral (?:consortium|symposium)"
    r"|\bcreative ai\b|\btechnical communication",
    re.I,
)
FINDINGS = re.compile(r"\bfi?n[dg]{1,2}in?gs?\b(?! (?:of (?:our|this)|show|suggest))", re.I)
WORKSHOP = re.compile(r"\b(?:\w+)?workshops?\b|\bwkshp?s?\b|\bworkhop\b|\bworshop\b|\bWS\b", re.I)
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
    r"|\((?:demo|demonstration)s?\)|\| [^,|]{2,18}  demo(?:nstration)?s?\s*$",
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

AWARD = re.compile(
    r"\b(?:best|outstanding|distinguished|test[- ]of[- ]time)\b(?: [\w-]+){0,3} (?:paper|award"
    r"|poster|presentation|candidate)"
    r"|\bawards?\b(?! number)|\bhonou?rable[- ]mention|\brunner[- ]?up\b|\bprize\b|\bbest[- ]paper",
    re.I,
)
PRESENTED: tuple[tuple[Presentation, re.Pattern[str]], ...] = (
    ("best_paper", AWARD),
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
    ("highlight", re.compile(r"\bhigh-?light(?:ed)?\b(?! (?:the|that|how))", re.I)),
    ("poster", re.compile(r"\bposters?\b", re.I)),
)
# Words that stand right after a venue's name or before "@" without naming a workshop.
NOT_WORKSHOP = re.compile(
    r"(?:[Cc]am.*|.*(?:IEEE|ACM|CVF|RSJ|SIG|AAAI).*|(?:Twenty|Thirty|Fou?rty|Fifty|Sixty)-.*"
    r"|SPIE|IFIP|SIGKDD|SIGIR|SIGCHI|[Aa]rXiv.*|Pre-?[Pp]rint|DB|D&B|IEEE|CVF|ACM|USA|UK|UAE"
    r"|LNCS|LNAI|PMLR|PDF|ARR|MM|AI|LLMs?|VLMs?|OpenReview|GitHub|HuggingFace|YouTube"
    r"|arXiv|ArXiv|LaTeX|DOI|SOTA|URL|CCF|CORE|TLDR|NLP|CV|ML|RL|II|III|IV|VI|FINDINGS|MAIN|ORAL"
    r"|POSTER|SPOTLIGHT"
    r"|HIGHLIGHT|ACCEPTED|PREPRINT|AIA|AISI|IAAI|EAAI|HLT|IJCNLP|SIGDAT|ADS|GPU|CC|BY|WebSite"
    r"|WebPage|ProjectPage"
    r"|MainTrack|RA|RAL|TOG|CVPR|ICCV|ECCV|ECAI|PKDD)$"
)
ACRONYM = (
    r"(?=[\w/-]{0,14}[A-Z0-9][\w/-]{0,14}[A-Z])[A-Za-z][A-Za-z0-9/-]{2,20}"
    r"|[A-Z][a-z]+(?=[A-Z])[A-Za-z0-9]{2,14}|(?:[A-Z][a-z]*[0-9][A-Za-z]+)"
)
NAME_AFTER = re.compile(
    rf"[\s:,–—-]{{1,3}}(?P<open>\()?(?P<name>{ACRONYM})(?(open)\s*[):]|(?=\s*(?:$|[,.;(]|'?\d\d"
    rf"|[Ww]orkshop|[Ss]potlight|[Oo]ral|[Pp]oster|and\b|&)))"
)
BESIDE = re.compile(r"\b(?:co-?located|conjunction|conjuction)\s+(?:with|at)\s[^,;]{0,60}$", re.I)
NAME_BESIDE = re.compile(rf"\b(?:in|at|to|by|for|the) (?P<name>{ACRONYM})\s$")
NAME_BEFORE = re.compile(r"(?P<name>[\w/&+-]+)\)?['’]?\d{0,4}\s?@\s?(?:the\s)?$")
ROLE_NAME = re.compile(
    r"\b(?i:accepted|published|presented|appear(?:ing|s)?)(?: (?:for \w+|as (?:an? )?\w+))?"
    r" (?:to|at|in|by|for) (?:the )?(?P<name>(?:[A-Z][\w/&'-]*"
    r"|[0-9]\w*[A-Z]\w*)(?: [\w/&'-]+){0,9})"
    r",? (?:at|@|in conjunction with|co-?located with)(?: the)?"
    r"(?: (?:IEEE|CVF|IEEE/CVF|ACM|Annual|20\d\d|\d+(?:st|nd|rd|th)|Conference on"
    r"|International))*\s*$"
)
NOT_NAME = re.compile(
    r"\b(?:proceedings|mains?|ready|track|conference|session|poster|oral|spotlight|demos?"
    r"|findings|presentation"
    r"|publication|highlight|review(?:ing)?|submission|papers?|work|consideration|version|talk"
    r"|article)\b",
    re.I,
)


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
    if CHALLENGE.search(text) and not CHALLENGE_TOPIC.search(text):
        return "challenge"
    for name, pattern in NAMED_BY:
        if pattern.search(text):
            return name
    for match in TRACK.finditer(text):
        if not PLAIN_TRACK.search(match["name"]):
            return "other"
    return main


def without_rank(before: str, after: str) -> str:
    """The words after a venue, without a challenge that an accepted paper only mentions."""
    return RANKED.sub("", after) if ROLE.search(before) else after


def hosted(before: str, after: str) -> bool:
    """Whether a name without the word stands for a workshop: "ICML 2025 XYZ4ML", "XYZ @ ICML"."""
    if (at := NAME_BEFORE.search(before[-60:])) and not (
        ROLE.search(at["name"]) or NOT_NAME.search(at["name"])
    ):
        return True
    if BESIDE.search(before):
        return True
    if (named := NAME_BESIDE.search(before)) and not NOT_WORKSHOP.match(named["name"]):
        return True
    if (named := ROLE_NAME.search(before)) and not NOT_NAME.search(named["name"]):
        return True
    following = NAME_AFTER.match(after)
    if following is None or NOT_WORKSHOP.match(following["name"]):
        return False
    return not NOT_NAME.search(following["name"]) and presentation(following["name"]) is None


def presentation(text: str) -> Presentation | None:
    """How the paper is presented, the highest that the text names."""
    return next((name for name, pattern in PRESENTED if pattern.search(text)), None)
