"""What a reference says: an entry as those who cite it need it. Archive and stars keep the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sundaypaper.formats.hrefs import arxiv_id, web
from sundaypaper.formats.references.tex import title_as_tex
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.models import Claim, Kind, Pick
from sundaypaper.text import clean, fold
from sundaypaper.wording.claims import claim_words

# Longer than any title.
LONGEST = 2000
# Words that open many titles and name none of them.
LITTLE = frozenset("a an the on in of for to and with from by is are at towards toward via".split())
# Who signs with one of these is no person with a family name.
GROUP = re.compile(
    r"(?:^|\s)(?:Authors|Collaboration|Community|Consortium|Contributors|Foundation|Group|Initiative"
    r"|Institute|Labs?|Network|Project|Team|University)(?:\s|$)"
)
SUFFIXES = frozenset("Jr Jr. Sr Sr. II III IV".split())


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry to cite. published is a day (2026-03-05) or empty where its source states none.

    tex is the title for TeX where that is more than its signs escaped; category the first one of
    arXiv; more counts authors that the source does not name; url is of the web or empty.
    """

    id: str
    kind: Kind
    title: str
    source: str
    authors: tuple[str, ...] = ()
    more: int = 0
    published: str = ""
    category: str = ""
    week: str = ""
    url: str = ""
    tex: str = ""
    claims: tuple[Claim, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def arxiv(self) -> str:
        """The number of a paper of arXiv, else empty."""
        return arxiv_id(self.id)

    @property
    def doi(self) -> str:
        """The DOI: that under which arXiv registers each of its papers, or the entry's own."""
        if self.arxiv:
            return f"10.48550/arXiv.{self.arxiv}"
        return self.id.removeprefix("doi:") if self.id.startswith("doi:") else ""


@dataclass(frozen=True, slots=True)
class Names:
    """The names to print of venues and topics, by key."""

    venues: Mapping[str, str] = field(default_factory=lambda: VENUES)
    topics: Mapping[str, str] = field(default_factory=dict)


class PersonName(NamedTuple):
    """A name in its parts; given is empty where it has none, or is that of a group."""

    family: str
    given: str = ""
    suffix: str = ""


def reference(pick: Pick) -> Reference:
    """The reference of an entry of an issue."""
    title, number = clean(pick.title)[:LONGEST], arxiv_id(pick.id)
    return Reference(
        id=pick.id,
        kind=pick.kind,
        title=title,
        source=clean(pick.source),
        authors=tuple(filter(None, map(clean, pick.authors))),
        more=pick.more_authors,
        published=pick.published.date().isoformat() if pick.published else "",
        category=clean(next(iter(pick.categories), "")),
        week=pick.week,
        url=web(pick.url) or (f"https://arxiv.org/abs/{number}" if number else ""),
        tex=title_as_tex(title),
        claims=pick.claims,
        topics=tuple(tag.topic for tag in pick.tags),
    )


def person(name: str) -> PersonName:
    """A name in its parts. What begins in lower case before the last word belongs to that one."""
    words = name.split()
    if len(words) < 2 or is_group(name):
        return PersonName(name)
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    at = len(words) - 1
    while at > 1 and unicodedata.category(words[at - 1][0]) == "Ll":
        at -= 1
    return PersonName(" ".join(words[at:]), " ".join(words[:at]), suffix)


def is_group(name: str) -> bool:
    """Whether a name is that of many, or holds a comma and so is no plain "Given Family"."""
    return "," in name or " and " in f" {name.lower()} " or bool(GROUP.search(name))


def said(reference: Reference, names: Names) -> tuple[str, ...]:
    """What the authors say of venues that took it, in words without "the authors say"."""
    accepted = (claim for claim in reference.claims if claim.status == "accepted")
    return tuple(claim_words(claim, names.venues) for claim in accepted)


def notes(reference: Reference, names: Names) -> tuple[str, ...]:
    """Sentences beside a reference: what its authors claim, and how many of them are not named."""
    claims = said(reference, names)
    told = (f"The authors say: {'; '.join(claims)}",) if claims else ()
    people = "author" if reference.more == 1 else "authors"
    more = (f"And {reference.more} more {people}",) if reference.more else ()
    return (*told, *more)


def keys(references: Iterable[Reference]) -> list[str]:
    """A key for each, `lind2026sparse`; what comes again has a number behind it."""
    seen: dict[str, int] = {}
    out = []
    for of in references:
        key = _key(of)
        seen[key] = seen.get(key, 0) + 1
        out.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return out


def _key(of: Reference) -> str:
    """Last name, year and first word of the title."""
    last = fold(of.authors[0]).split()[-1:] if of.authors else fold(of.source).split()[:1]
    words = [word for word in fold(of.title).split() if word not in LITTLE]
    key = "".join([*last, of.published[:4], *words[:1]])
    ascii_key = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return ascii_key or "entry"
