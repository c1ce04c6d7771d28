"""The index that a page's filter box searches: `issues/<week>/index.js`, and one per list.

A classic script, since a page opened from disk may load a script but no JSON. It calls
SundayPaper.index({week, fields, entries}); an entry is a list of values in the order of fields,
and the n-th entry is the n-th line of the page of all entries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sundaypaper.formats.hrefs import web
from sundaypaper.formats.view import encode, view
from sundaypaper.models import Claim, Claimed, Issue, Page, Pick
from sundaypaper.query import card_of_pick
from sundaypaper.text import shorten

FIELDS = (
    *("id", "kind", "source", "group", "url", "title", "abstract", "authors", "categories"),
    *("claims", "topics", "ring", "has", "day", "week", "score"),
)
_NOTHING = {"source": "", "group": "", "abstract": "", "ring": "", "day": "", "score": 0}
# A paper's abstract is free to be handed on, a post is its author's: a taste of it must do.
POST_LENGTH = 300
# In a script the first could end it or open a comment; the others once ended a line of it.
ESCAPES = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def index_page(issue: Issue) -> Page:
    """The index of an issue's entries as compact JSON in one call; same issue, same bytes."""
    entries = [_values(pick, indexed_abstract(issue, pick)) for pick in lines(issue)]
    return _page(f"issues/{issue.week}", issue.week, entries)


def list_page(folder: str, picks: Iterable[Pick], claimed: Iterable[Claimed] = ()) -> Page:
    """The index of a list that spans weeks: of each entry what the list shows, no abstract.

    It goes by the name of its folder where an issue's goes by its week.
    """
    entries = [*(_values(pick, pick.gist) for pick in picks), *map(_of_claimed, claimed)]
    return _page(folder, folder, entries)


def _page(folder: str, name: str, entries: list[list[Any]]) -> Page:
    index = {"week": name, "fields": FIELDS, "entries": entries}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return Page(f"{folder}/index.js", encode(f"SundayPaper.index({text});\n"))


def _of_claimed(line: Claimed) -> list[Any]:
    """A line of a venue's page, of which no more is known than the claim."""
    known: dict[str, Any] = {
        "id": line.id,
        "kind": "paper",
        "url": web(line.url),
        "title": line.title,
    }
    known |= {"claims": [_claim(line.claim)], "week": line.week}
    return [known.get(field, _NOTHING.get(field, [])) for field in FIELDS]


def _claim(claim: Claim) -> tuple[object, ...]:
    return claim.venue, claim.year, claim.track, claim.status, claim.presentation


def lines(issue: Issue) -> tuple[Pick, ...]:
    """The entries in the order in which the page of all entries lists them."""
    rings = view(issue).rings()
    return tuple(pick for ring in rings for topic in ring.topics for pick in topic.entries)


def indexed_abstract(issue: Issue, pick: Pick) -> str:
    """The abstract in the index: the source's summary, else the gist; of a post its beginning."""
    whole = issue.abstracts.get(pick.id, "") or pick.gist
    return whole if pick.kind == "paper" or pick.own_words else shorten(whole, POST_LENGTH)


def _values(pick: Pick, abstract: str) -> list[Any]:
    day = card_of_pick(pick).day
    return [
        *(pick.id, pick.kind, pick.source, pick.group, web(pick.url), pick.title),
        *(abstract, pick.authors, pick.categories),
        *([_claim(claim) for claim in pick.claims], [tag.topic for tag in pick.tags], pick.ring),
        *([item.kind for item in pick.evidence], day.isoformat() if day else ""),
        *(pick.week, round(pick.score, 3)),
    ]
