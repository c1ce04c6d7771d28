"""What names a paper in a text or an address: ids of arXiv, DOIs, ids of OpenReview."""

from __future__ import annotations

import re
from urllib.parse import unquote

_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_OLD = (
    r"(?:acc-phys|adap-org|alg-geom|astro-ph|cmp-lg|comp-gas|cond-mat|cs|eess|gr-qc|"
    r"hep-(?:ex|lat|ph|th)|math-ph|math|nlin|nucl-(?:ex|th)|physics|q-bio|q-fin|quant-ph|stat)"
    r"(?:\.[a-z]{2})?/[0-9]{7}"
)
_ID = rf"(?P<id>{_NEW}|{_OLD})(?:v[0-9]{{1,3}})?(?![0-9])"
_PLACE = (
    r"(?:(?:arxiv|alphaxiv|ar5iv)\.org/(?:abs|pdf|html|ps|format|e-print|src|overview)/|"
    r"ar5iv\.labs\.arxiv\.org/(?:abs|html)/|"
    r"(?:huggingface|hf)\.co/papers/|"
    r"arxiv(?:\.|\s{1,2}(?:id|preprint))?\s{0,2}[:/]?\s{0,2})"
)
REFERENCE = re.compile(rf"(?<![A-Za-z0-9_-]){_PLACE}{_ID}", re.IGNORECASE)

OPENREVIEW = re.compile(
    r"openreview\.net/(?:forum|pdf|attachment)\?(?:[\w=-]{1,40}&){0,4}id=([\w-]{8,14})",
    re.IGNORECASE,
)
DOI = re.compile(r"(?:doi\.org/|\bdoi:\s{0,2})(10\.[0-9]{4,9}/[^\s\"'<>?#]{1,200})", re.IGNORECASE)


def references(text: str) -> list[str]:
    """Ids of arXiv, and what else names a paper: `doi:…` and `openreview:…`."""
    if "%" in text:
        text = unquote(unquote(text))  # an address inside another one's query
    ids = (_normal(m["id"]) for m in REFERENCE.finditer(text))
    return [*(f"arxiv:{i}" for i in ids if i), *names_in(text)]


def names_in(text: str) -> list[str]:
    """What names a paper elsewhere: `doi:…` and `openreview:…`."""
    if "openreview" not in text.lower() and "doi" not in text.lower():
        return []
    dois = (m[1].rstrip(".,;:)]}").lower() for m in DOI.finditer(text))
    reviewed = (f"openreview:{m[1]}" for m in OPENREVIEW.finditer(text))
    return [*(f"doi:{d}" for d in dois if not d.startswith("10.48550/arxiv.")), *reviewed]


def _normal(written: str) -> str:
    """The id as arXiv writes it, empty where there is no such month or form."""
    if "/" in written:
        archive, number = written.lower().split("/")
        return f"{archive.split('.')[0]}/{number}" if 1 <= int(number[2:4]) <= 12 else ""
    month, number = written.split(".")
    digits = 5 if month >= "1501" else 4
    valid = 1 <= int(month[2:]) <= 12 and month >= "0704" and len(number) == digits
    return written if valid else ""
