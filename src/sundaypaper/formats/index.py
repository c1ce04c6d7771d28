"""The index that a page's filter box searches: `issues/<week>/index.js`, and one per list.

A classic script, since a page opened from disk may load a script but no JSON. It calls
SundayPaper.index({week, fields, entries}); an entry is a list of values in the order of fields,
and the n-th entry is the n-th line of the page of all entries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sundaypaper.formats.hrefs import web
from sundaypaper.formats.references import title_as_tex
from sundaypaper.formats.view import encode, view
from sundaypaper.models import Claim, Claimed, Issue, Listed, Page, Pick, TopicEntry
from sundaypaper.query import listed
from sundaypaper.wording.claims import venue_name

FIELDS = (
    *("id", "kind", "source", "group", "url", "title", "abstract", "authors", "categories"),
    *("claims", "topics", "ring", "has", "day", "week", "score", "tex"),
)
# In a script the first could end it or open a comment; the others once ended a line of it.
ESCAPES = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def index_page(issue: Issue) -> Page:
    """The index of an issue's entries as compact JSON in one call; same issue, same bytes."""
    entries = [_of_pick(pick, issue.abstracts) for pick in lines(issue)]
    return _page(f"issues/{issue.week}", issue.week, entries)


def list_page(
    folder: str,
    picks: Iterable[Pick],
    abstracts: Mapping[str, str],
    lines: Iterable[Claimed | TopicEntry] = (),
) -> Page:
    """The index of a list that spans weeks, each entry with all that an issue's index says of it.

    It goes by the name of its folder where an issue's goes by its week. abstracts are those of the
    picks, by id.
    """
    entries = [_of_pick(pick, abstracts) for pick in picks]
    entries += [_values(line.id, line.url, line.title, line.listed) for line in lines]
    return _page(folder, folder, entries)


def _page(folder: str, name: str, entries: list[list[Any]]) -> Page:
    index = {"week": name, "fields": FIELDS, "entries": entries}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return Page(f"{folder}/index.js", encode(f"SundayPaper.index({text});\n"))


def _claim(claim: Claim) -> tuple[object, ...]:
    """A claim; of a venue that no table knows with its name as the authors write it."""
    own = claim.venue.startswith("other:")
    written = (venue_name(claim.venue, {}, claim.span),) if own else ()
    return claim.venue, claim.year, claim.track, claim.status, claim.presentation, *written


def lines(issue: Issue) -> tuple[Pick, ...]:
    """The entries in the order in which the page of all entries lists them."""
    rings = view(issue).rings()
    return tuple(pick for ring in rings for topic in ring.topics for pick in topic.entries)


def _of_pick(pick: Pick, abstracts: Mapping[str, str]) -> list[Any]:
    return _values(pick.id, pick.url, pick.title, listed(pick, abstracts))


def _values(id: str, url: str, title: str, of: Listed) -> list[Any]:
    return [
        *(
            id,
            of.kind,
            of.source,
            of.group,
            web(url),
            title,
            of.abstract,
            of.authors,
            of.categories,
        ),
        *([_claim(claim) for claim in of.claims], of.topics, of.ring, of.has, of.day, of.week),
        *(of.score, title_as_tex(title)),
    ]
