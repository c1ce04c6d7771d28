"""Groups sightings into stories: which papers a post discusses, which posts tell the same story.

    posts | paper_ids | same story: one cluster | folded under its paper, or standing for itself

Precision first: a post that is folded takes no place of its own, so a wrong match costs a story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from sundaypaper import urls
from sundaypaper.links.references import names_in, references
from sundaypaper.models import Entry, Mention, Sighting, Story
from sundaypaper.text import fold

MOST_PAPERS = 3  # a post that links more is a list of links, not a discussion
TITLE_WORDS = 5  # a shorter title occurs in running text by chance
STORY_WORDS = 4  # a shorter title is shared by chance
NEARLY = 0.6  # of the longer title's words, where one holds all words of the other
STORY_SPAN = timedelta(days=3)
MOST_COMPARED = 64  # the latest of one title or site: a flood costs no square
# Titles of a series ("Weekly links and news") are the same on feeds that share nothing else.
SERIES = frozenset(
    [
        "daily",
        "weekly",
        "week",
        "monthly",
        "month",
        "news",
        "newsletter",
        "digest",
        "roundup",
        "links",
        "edition",
        "episode",
        "part",
        "re",
    ]
)
SMALL_WORDS = frozenset("a an the and or of for in on to with from by at our is are".split())
# Where a story stands on several feeds, the first of these groups tells it.
GROUPS = ("lab", "researcher", "practitioner", "course", "", "newsletter", "community", "vendor")
NOTHING: Mapping[str, str] = MappingProxyType({})

Titles = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class _Known:
    """Papers by the first words of their title, and by their DOI and OpenReview id."""

    titles: Titles
    names: Mapping[str, str]


def stories(sightings: tuple[Sighting, ...]) -> tuple[Story, ...]:
    """One story for each paper, event and post that stands for itself, sorted by id.

    A new post that links or names at most three papers, one of them among the sightings, is folded
    under it. A title names only a paper among the sightings. Posts that tell one story are one.
    Updates and backlog neither fold nor are folded into.
    """
    apart = [s for s in sightings if s.standing in ("update", "backlog")]
    groups = _same_story([s for s in sightings if s.standing not in ("update", "backlog")])
    entries = [g[0].entry for g in groups if g[0].entry.kind == "paper"]
    titles = _by_start((fold(e.title), e.id) for e in entries)
    known = _Known(titles, _other_names(entries))
    papers = {e.id for e in entries}
    discussed: dict[str, list[Mention]] = defaultdict(list)
    standing: list[tuple[list[Sighting], tuple[str, ...]]] = [([s], ()) for s in apart]
    for group in groups:
        named = _discussed(group, known)
        here = [i for i in named if i in papers] if len(named) <= MOST_PAPERS else []
        for paper in here:
            discussed[paper].append(mention(group[0].entry))
        if not here:
            standing.append((group, named))
    made = [_story(group, discussed.get(group[0].entry.id, []), named) for group, named in standing]
    return tuple(sorted(made, key=lambda s: (s.sighting.entry.id, s.sighting.entry.source)))


# ---------------------------------------------------------------- papers in a post


def _discussed(group: list[Sighting], known: _Known) -> tuple[str, ...]:
    if group[0].entry.kind != "post":
        return ()
    return tuple(dict.fromkeys(i for s in group for i in _paper_ids(s.entry, known)))


def _paper_ids(post: Entry, known: _Known) -> tuple[str, ...]:
    places = (post.url, *post.links, post.title, post.summary)
    ids = [i for place in places for i in references(place)]
    ids = [known.names.get(i, i) for i in ids]
    ids += _named(f"{fold(post.title)}\n{fold(post.summary)}", known.titles)
    return tuple(dict.fromkeys(ids))


def _other_names(papers: list[Entry]) -> dict[str, str]:
    """DOI and OpenReview id to the paper that states them; one that two state names neither."""
    ids: dict[str, set[str]] = defaultdict(set)
    for paper in papers:
        doi = f"https://doi.org/{paper.doi}" if paper.doi else ""
        for place in (doi, *paper.links, paper.comment):
            for name in names_in(place):
                ids[name].add(paper.id)
    return {name: next(iter(of)) for name, of in ids.items() if len(of) == 1}


def _by_start(titles: Iterable[tuple[str, str]]) -> Titles:
    """Titles by their first words; a title that two papers share names neither."""
    ids: dict[str, set[str]] = defaultdict(set)
    for title, paper in titles:
        ids[title].add(paper)
    index: Titles = defaultdict(list)
    for title, papers in ids.items():
        first = title.split()[:TITLE_WORDS]
        if len(first) == TITLE_WORDS and len(papers) == 1:
            index[" ".join(first)].append((title, next(iter(papers))))
    return index


def _named(text: str, index: Titles) -> list[str]:
    if not index:
        return []
    papers = []
    for line in text.split("\n"):
        words = line.split()
        for at in range(len(words) - TITLE_WORDS + 1):
            for title, paper in index.get(" ".join(words[at : at + TITLE_WORDS]), ()):
                length = title.count(" ") + 1
                if " ".join(words[at : at + length]) == title:
                    papers.append(paper)
    return papers


# ---------------------------------------------------------------- one story on several feeds


def _same_story(sightings: list[Sighting]) -> list[list[Sighting]]:
    """Sightings grouped by story, the one that tells it first in its group."""
    by_id: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sorted(sightings, key=_precedence):
        by_id[sighting.entry.id].append(sighting)
    stories: list[list[Sighting]] = []
    index: dict[str, list[list[Sighting]]] = defaultdict(list)
    for group in sorted(by_id.values(), key=lambda g: (_date(g[0]), g[0].entry.id)):
        keys = _keys(group[0].entry)
        near = (story for key in keys for story in index[key][-MOST_COMPARED:])
        same = next((story for story in near if _is_one(story[0], group[0])), None)
        if same is not None:
            same += group
            continue
        stories.append(group)
        for key in keys:
            index[key].append(group)
    return [sorted(story, key=_precedence) for story in stories]


def _keys(entry: Entry) -> tuple[str, ...]:
    """Where to look for the same story: no post is compared with all others."""
    if entry.kind != "post":
        return ()
    return f"title {_title(entry)}", f"site {_site(entry.url)}"


def _is_one(first: Sighting, other: Sighting) -> bool:
    """Whether two posts tell one story: one address, or one title (or nearly) within three days."""
    a, b = first.entry, other.entry
    same = _title(a) == _title(b)
    if a.url == b.url and a.source == b.source:
        return False  # a page of many entries: its feed keeps them apart
    if same and a.url != b.url and _page(a.url) == _page(b.url):
        return True
    if abs(_date(first) - _date(other)) > STORY_SPAN or SERIES & {*_words(a), *_words(b)}:
        return False
    if a.source == b.source:
        return same and len(_words(a)) >= STORY_WORDS and bool(a.summary) and a.summary == b.summary
    if same:
        return len(_words(a)) >= STORY_WORDS or _place(a.url) == _place(b.url)
    return _site(a.url) == _site(b.url) and _is_near(a, b)


def _is_near(a: Entry, b: Entry) -> bool:
    """Whether one title holds all words of the other and little else, and no other number."""
    ours, theirs = (set(_words(e)) - SMALL_WORDS for e in (a, b))
    less, more = sorted((ours, theirs), key=len)
    added = more - less
    digits = any(character.isdigit() for word in added for character in word)
    long_enough = len(less) >= STORY_WORDS and len(less) >= NEARLY * len(more)
    return less <= more and long_enough and not digits


@lru_cache(maxsize=16384)
def _folded(title: str, source: str) -> str:
    """The folded title without the name of the source that some feeds put behind it."""
    head, mark, tail = title.rpartition(" | ")
    return fold(head) if mark and fold(tail) == fold(source) else fold(title)


def _title(entry: Entry) -> str:
    return _folded(entry.title, entry.source)


def _words(entry: Entry) -> list[str]:
    return _title(entry).split()


@lru_cache(maxsize=16384)
def _page(url: str) -> str:
    return urls.page(url)


@lru_cache(maxsize=16384)
def _site(url: str) -> str:
    return urls.site(url)


def _place(url: str) -> tuple[str, str]:
    """The site and the last part of the path, which says the title again."""
    return _site(url), _page(url).partition("?")[0].rsplit("/", 1)[-1]


def _date(sighting: Sighting) -> datetime:
    return sighting.entry.published or sighting.first_seen


def _precedence(sighting: Sighting) -> tuple[int, datetime, str, str]:
    entry = sighting.entry
    group = GROUPS.index(entry.group) if entry.group in GROUPS else GROUPS.index("")
    return group, _date(sighting), entry.source, entry.id


def mention(entry: Entry) -> Mention:
    """A post as what it tells of refers to it."""
    return Mention(entry.id, entry.source, entry.title, entry.url)


def _story(group: list[Sighting], discussed: list[Mention], papers: tuple[str, ...]) -> Story:
    copies = tuple(mention(s.entry) for s in group[1:])
    mentions = tuple(sorted(discussed, key=lambda m: (m.source, m.id)))
    return Story(group[0], mentions, copies, papers)
