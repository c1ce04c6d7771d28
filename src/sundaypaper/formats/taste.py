"""`issues/<week>/taste.js`: of each entry of a week what the page "My paper" orders it by.

A classic script, since a page opened from a disk may load a script but no JSON. It calls
SundayPaper.taste({format, week, axes, topics, claims, sources, columns}). A column is one text with a
line an entry, so that it is read in one go and weighs little; `vectors` has no line ends, since each
has the same length. Numbers in `topics`, `claims` and `source` are places in the lists of that name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence

from sundaypaper.formats.archive import numbered
from sundaypaper.formats.archive.shards import ESCAPES
from sundaypaper.formats.hrefs import arxiv_id, web
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.formats.view import encode, view
from sundaypaper.models import Claim, Issue, Page, Pick
from sundaypaper.query import card_of_pick, listed_abstract
from sundaypaper.topics import compact
from sundaypaper.wording.claims import claim_short

FORMAT = 1
FIRST_AUTHORS = 2
# What a page may weigh has an end: of a larger week the entries of the least interest are left out.
MOST = 3_200


def taste_page(issue: Issue, venues: Mapping[str, str] = VENUES) -> Page:
    """The taste file of an issue; venues are the names to print by key. Same issue, same bytes."""
    printed = {item.id for section in issue.sections for item in section.items}
    made = taste(issue.week, _numbered(issue), issue.abstracts, printed, venues)
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return Page(f"issues/{issue.week}/taste.js", encode(f"SundayPaper.taste({text});\n"))


def taste(
    week: str,
    entries: Sequence[tuple[int, Pick]],
    abstracts: Mapping[str, str],
    printed: Container[str] = (),
    venues: Mapping[str, str] = VENUES,
) -> dict[str, object]:
    """What the script is handed of entries with their numbers within the week.

    abstracts are those of the entries, by id; printed are the ids of those that have a page here.
    """
    picks = [pick for _, pick in entries]
    topics, claims, sources = _Places(), _Places(), _Places()

    def claimed(claim: Claim) -> int:
        return claims.place((claim.venue, claim_short(claim, venues), int(claim.status == "accepted")))  # fmt: skip

    columns: dict[str, Callable[[Pick], object]] = {
        "id": lambda pick: pick.id,
        "title": lambda pick: _line(plain(pick.title)),
        "url": lambda pick: "" if _derived(pick) else web(pick.url),
        "page": lambda pick: int(pick.id in printed),
        "kind": lambda pick: pick.kind,
        "source": lambda pick: sources.place(pick.source),
        "authors": lambda pick: "\t".join(map(_line, pick.authors[:FIRST_AUTHORS])),
        "more": lambda pick: len(pick.authors[FIRST_AUTHORS:]) + pick.more_authors,
        "topics": lambda pick: " ".join(str(topics.place(tag.topic)) for tag in pick.tags),
        "claims": lambda pick: " ".join(str(claimed(claim)) for claim in pick.claims),
        "score": lambda pick: round(pick.score, 2),
    }
    filled = {name: "\n".join(str(of(pick)) for pick in picks) for name, of in columns.items()}
    filled["n"] = "\n".join(str(n) for n, _ in entries)
    filled["vectors"] = "".join(_vector(pick, abstracts) for pick in picks)
    head = {"format": FORMAT, "week": week, "axes": compact.axes().name}
    tables = {"topics": topics.values, "claims": claims.values, "sources": sources.values}
    return head | tables | {"columns": filled}


class _Places:
    """Values once each, by their first appearance, and the place of each."""

    def __init__(self) -> None:
        self._places: dict[object, int] = {}

    def place(self, value: object) -> int:
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> list[object]:
        return list(self._places)


def _numbered(issue: Issue) -> list[tuple[int, Pick]]:
    """The news of a week, best first, each with its number within the week as the archive counts."""
    numbers = numbered(issue)
    news = [(numbers[pick.id], pick) for pick in view(issue).news if pick.source]
    return sorted(news, key=lambda one: one[0])[:MOST]


def _derived(pick: Pick) -> bool:
    """Whether the page can tell the address of an entry by its id."""
    id = arxiv_id(pick.id)
    return bool(id) and pick.url == f"https://arxiv.org/abs/{id}"


def _vector(pick: Pick, abstracts: Mapping[str, str]) -> str:
    """The entry's direction; the middle of all, which is like nothing, where no word is known."""
    read = compact.compact(card_of_pick(pick, listed_abstract(pick, abstracts)))
    return read or compact.ALPHABET[compact.MIDDLE] * compact.axes().axes.shape[1]


def _line(text: str) -> str:
    return " ".join(text.split())
