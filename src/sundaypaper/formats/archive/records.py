"""What a line of results shows of an entry, in blocks of a few entries each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sundaypaper.formats.archive.shards import packed_script
from sundaypaper.formats.hrefs import arxiv_id, web
from sundaypaper.formats.references import title_as_tex
from sundaypaper.models import Claim, Page, Pick
from sundaypaper.query import listed
from sundaypaper.text import shorten
from sundaypaper.wording.claims import venue_name

# Twenty results lie in as many blocks where few entries hold a word; longer ones deflate better.
BLOCK = 32
GIST = 280
FIELDS = (
    *("id", "title", "authors", "url", "page", "week", "day", "kind", "source", "group"),
    *("topics", "claims", "has", "ring", "score", "gist"),
    # What a citation needs besides; dated is 1 where the source states the day.
    *("category", "more", "dated", "tex"),
)


def record(pick: Pick, page: str) -> tuple[Any, ...]:
    """The values of an entry in the order of FIELDS; page is the path of its own page, or empty."""
    of = listed(pick, {})
    return (
        *(pick.id, pick.title, pick.authors, _url(pick), page, of.week, of.day, of.kind),
        *(of.source, of.group, of.topics, [_claim(claim) for claim in of.claims], of.has, of.ring),
        *(of.score, shorten(pick.gist, GIST)),
        *(next(iter(pick.categories), ""), pick.more_authors, int(pick.published is not None)),
        title_as_tex(pick.title),
    )


def _url(pick: Pick) -> str:
    """Its address; empty where the id says it."""
    url = web(pick.url)
    return "" if url == f"https://arxiv.org/abs/{arxiv_id(pick.id)}" else url


def blocks(name: str, records: Iterable[Sequence[Any]]) -> Iterator[Page]:
    """The files `archive/<name>/e<k>.js`."""
    every = tuple(records)
    for number, start in enumerate(range(0, len(every), BLOCK)):
        block = every[start : start + BLOCK]
        yield packed_script(f"archive/{name}/e{number}.js", "entries", name, number, block)


def _claim(claim: Claim) -> tuple[object, ...]:
    """A claim; of a venue that no table knows with its name as the authors write it."""
    own = claim.venue.startswith("other:")
    written = (venue_name(claim.venue, {}, claim.span),) if own else ()
    return claim.venue, claim.year, claim.track, claim.status, claim.presentation, *written
