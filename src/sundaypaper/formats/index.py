"""The index that the filter box of a list over several weeks searches: its `index.js`.

A classic script, since a page opened from disk may load a script but no JSON. It calls
SundayPaper.index({week, fields, entries}); an entry is a list of values in the order of fields.
week is the folder of the list. The box of one week asks the archive (docs/notes/0025).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sundaypaper.formats.hrefs import web
from sundaypaper.formats.references import title_as_tex
from sundaypaper.formats.view import encode
from sundaypaper.models import Claim, Claimed, Listed, Page, Pick, TopicEntry
from sundaypaper.query import listed
from sundaypaper.wording.claims import venue_name

FIELDS = (
    *("id", "kind", "source", "group", "url", "title", "abstract", "authors", "categories"),
    *("claims", "topics", "ring", "has", "day", "week", "score", "tex"),
)
# In a script the first could end it or open a comment; the others once ended a line of it.
ESCAPES = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def list_page(
    folder: str,
    picks: Iterable[Pick],
    abstracts: Mapping[str, str],
    lines: Iterable[Claimed | TopicEntry] = (),
) -> Page:
    """The index of a list that spans weeks, compact JSON in one call; same entries, same bytes.

    Each entry has all that a filter may ask for. abstracts are those of the picks, by id.
    """
    entries = [_of_pick(pick, abstracts) for pick in picks]
    entries += [_values(line.id, line.url, line.title, line.listed) for line in lines]
    index = {"week": folder, "fields": FIELDS, "entries": entries}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return Page(f"{folder}/index.js", encode(f"SundayPaper.index({text});\n"))


def _claim(claim: Claim) -> tuple[object, ...]:
    """A claim; of a venue that no table knows with its name as the authors write it."""
    own = claim.venue.startswith("other:")
    written = (venue_name(claim.venue, {}, claim.span),) if own else ()
    return claim.venue, claim.year, claim.track, claim.status, claim.presentation, *written


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
