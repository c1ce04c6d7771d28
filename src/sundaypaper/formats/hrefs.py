"""Safe web addresses, arXiv ids, the addresses of code, and ids of entries as path names."""

from __future__ import annotations

import re
from hashlib import sha256

from sundaypaper.models import Evidence

WEB = re.compile(r"(?:https?://[^\s<>\"\\^`{|}]+|mailto:[^\s<>\"\\]+)", re.IGNORECASE)
# Controls, separators, what has no width, what reorders the text around it, tags, no characters.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
ARXIV = re.compile(r"arxiv:([a-z.-]+/\d{7}|\d{4}\.\d{4,5})", re.IGNORECASE)
REPOSITORY = re.compile(
    r"(?:https?://)?(?:www\.)?((?:github\.com|gitlab\.com|huggingface\.co)/[\w./-]+)"
)


def web(url: str) -> str:
    """The address, without what nobody sees of it, if it is http, https or mailto; else "".

    One with blanks, quotes or braces is none.
    """
    url = UNSEEN.sub("", url)
    return url if WEB.fullmatch(url) else ""


def arxiv_id(entry_id: str) -> str:
    """The identifier of an arXiv paper, empty for anything else."""
    found = ARXIV.fullmatch(entry_id)
    return found[1] if found else ""


def slug(entry_id: str) -> str:
    """An id as a name in an address: `arxiv-2602.00001`, with a hash where characters had to go."""
    plain = re.sub(r"[^a-z0-9.]+", "-", entry_id.lower()).strip("-.")
    if ARXIV.fullmatch(entry_id) or entry_id.replace(":", "-") == plain:
        return plain
    return f"{plain[:60]}-{sha256(entry_id.encode()).hexdigest()[:8]}"


def name_slug(name: str) -> str:
    """A folded name as a name in an address: `yang-liu`, with a hash where characters had to go."""
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-")
    if plain == name.replace(" ", "-") and len(plain) <= 60:
        return plain
    return f"{plain[:60]}-{sha256(name.encode()).hexdigest()[:8]}".lstrip("-")


def code_url(evidence: tuple[Evidence, ...]) -> str:
    """The address of the code that an entry names, empty where it names none."""
    for item in evidence:
        found = REPOSITORY.search(item.span) if item.kind == "code" else None
        if found:
            return "https://" + found[1].rstrip("./")
    return ""
