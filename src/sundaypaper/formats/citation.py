"""BibTeX entries of picks, in the form that arXiv itself hands out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from sundaypaper.formats.hrefs import arxiv_id, web
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.models import Pick
from sundaypaper.text import fold
from sundaypaper.wording.claims import claim_words

# Words that open many titles and name none of them.
LITTLE = frozenset("a an the on in of for to and with from by is are at towards toward via".split())


def bibtex(pick: Pick, venues: Mapping[str, str] = VENUES) -> str:
    """A BibTeX entry that ends in a line break: `@misc` for papers, `@online` for the rest.

    A claimed venue is a note in the authors' name, never a booktitle: nobody checked it. venues are
    the names to print by key.
    """
    fields = {"title": f"{{{_escaped(pick.title)}}}"}
    if pick.authors:
        names = [*pick.authors, *(["others"] if pick.more_authors else [])]
        fields["author"] = " and ".join(_escaped(name) for name in names)
    if pick.published:
        fields["year"] = str(pick.published.year)
    if number := arxiv_id(pick.id):
        fields |= {"eprint": number, "archivePrefix": "arXiv"}
        if pick.categories:
            fields["primaryClass"] = pick.categories[0]
    accepted = [claim for claim in pick.claims if claim.status == "accepted"]
    if accepted:
        claims = "; ".join(claim_words(claim, venues) for claim in accepted)
        fields["note"] = _escaped(f"The authors say: {claims}")
    if web(pick.url):
        fields["url"] = pick.url
    kind = "misc" if pick.kind == "paper" else "online"
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{kind}{{{_key(pick)},\n{body}}}\n"


def _key(pick: Pick) -> str:
    """Last name, year and first word of the title: `lind2026sparse`."""
    last = fold(pick.authors[0]).split()[-1:] if pick.authors else fold(pick.source).split()[:1]
    words = [word for word in fold(pick.title).split() if word not in LITTLE]
    year = str(pick.published.year) if pick.published else ""
    key = "".join([*last, year, *words[:1]])
    ascii_key = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return ascii_key or "entry"


def _escaped(text: str) -> str:
    """Text whose special characters BibTeX prints; mathematics stays what it is."""
    parts = re.split(r"(\$[^$]+\$)", text)
    plain = [part if at % 2 else _plain(part) for at, part in enumerate(parts)]
    return "".join(plain)


def _plain(text: str) -> str:
    """Unbalanced braces would end the field: they go."""
    if text.count("{") != text.count("}"):
        text = text.replace("{", "").replace("}", "")
    return re.sub(r"(?<!\\)[&%#_]", r"\\\g<0>", text.rstrip("\\"))
