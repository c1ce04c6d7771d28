"""Groups of pages for authors: the list of them, and a page for whoever is followed or printed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from sundaypaper import links, weeks
from sundaypaper.build import Group
from sundaypaper.formats import site
from sundaypaper.formats.site import AuthorEntry, AuthorLine
from sundaypaper.models import AuthorCount, Entry, Page, Written
from sundaypaper.pipeline.publishing_context import PublishingContext
from sundaypaper.text import fold

SPANS = ((13, "a quarter of a year"), (52, "a year"))
# Names are looked at, people told apart, and so many of them listed.
LOOKED_AT, LISTED = 80, 40
MOST_COUNTED = 200
MOST_LISTED = 200
MOST_READ, MOST_SHOWN = 120, 60
NAMED_OTHERS = 3


def author_groups(context: PublishingContext) -> Iterator[Group]:
    """The list of authors, made anew with each issue, and a page of each whose entries changed."""
    names = ", ".join(context.followed)
    fingerprint = context.fingerprint(names, repr(context.authors), weeks=context.weeks[:1])
    yield Group("authors", fingerprint, partial(_lists, context))
    for name, count in context.authors.items():
        about = repr((count, name in context.followed))
        fingerprint = context.fingerprint(about, weeks=[count.newest])
        yield Group(
            site.author_path(name).removesuffix("/index.html"),
            fingerprint,
            partial(_page, context, count),
        )


def _page(context: PublishingContext, count: AuthorCount) -> tuple[Page, ...]:
    """What stands under a name, read and told apart as far back as 120 entries."""
    written = context.store.written(count.name, MOST_READ)
    kept = _entries(context, written)
    written = tuple(at for at in written if at.id in kept)
    groups = links.people(count.name, [[fold(a) for a in kept[at.id].authors] for at in written])
    made = [_entry(count.name, at, kept[at.id]) for at in written]
    shown = [tuple(made[n] for n in group if n < MOST_SHOWN) for group in groups]
    page = site.AuthorPage(
        name=_spelled(count.name, kept.values()),
        count=count,
        followed=count.name in context.followed,
        groups=tuple(group for group in shown if len(group) > 1),
        alone=tuple(entry for group in shown if len(group) == 1 for entry in group),
        more=max(0, count.entries - min(len(made), MOST_SHOWN)),
    )
    return (site.author_page(page, context.frame, context.env),)


def _entries(context: PublishingContext, written: Sequence[Written]) -> dict[str, Entry]:
    known = context.store.known(at.id for at in written)
    return {id: place.entry for id, place in known.items()}


def _entry(name: str, at: Written, entry: Entry) -> AuthorEntry:
    page = site.entry_path(at.id) if at.printed else ""
    others = tuple(author for author in entry.authors if fold(author) != name)
    return AuthorEntry(entry.title, entry.url, page, at.week, others)


def _spelled(name: str, entries: Iterable[Entry]) -> str:
    """A folded name as most entries print it; itself where none is at hand."""
    spelled = Counter(a for entry in entries for a in entry.authors if fold(a) == name)
    return min(spelled, key=lambda a: (-spelled[a], a), default=name)


# ---------------------------------------------------------------- the list


def _lists(context: PublishingContext) -> tuple[Page, ...]:
    ranked = sorted(context.authors.values(), key=lambda of: (-of.printed, -of.entries, of.name))
    followed = [of for of in ranked if of.name in context.followed]
    printed = [of for of in ranked if of.printed > 1]
    names = _spellings(context, (*followed, *printed[:MOST_LISTED]))
    lists = site.AuthorLists(
        spans=tuple((words, _most(context, back)) for back, words in _spans(context)),
        followed=tuple((context.followed[of.name], of) for of in followed),
        printed=tuple((names[of.name], of) for of in printed[:MOST_LISTED]),
        more=max(0, len(printed) - MOST_LISTED),
    )
    return (site.authors_page(lists, context.frame, context.env),)


def _spans(context: PublishingContext) -> tuple[tuple[int, str], ...]:
    """The spans to list: a year only once it holds more weeks than a quarter."""
    return SPANS if len(context.weeks) > SPANS[0][0] else SPANS[:1]


def _spellings(context: PublishingContext, counts: Iterable[AuthorCount]) -> dict[str, str]:
    """Each folded name as its newest entries print it."""
    newest = {of.name: context.store.written(of.name, 3) for of in counts}
    kept = _entries(context, [at for written in newest.values() for at in written])
    return {
        name: _spelled(name, [kept[at.id] for at in written if at.id in kept])
        for name, written in newest.items()
    }


def _most(context: PublishingContext, back: int) -> tuple[AuthorLine, ...]:
    """The people with most papers in the weeks up to the newest issue, as co-authors tell them apart."""
    if not context.weeks:
        return ()
    since = weeks.after(context.weeks[0], 1 - back)
    names = context.store.most_written(since, LOOKED_AT)
    written = {of.name: context.store.written(of.name, MOST_COUNTED, since) for of in names}
    kept = _entries(context, [at for several in written.values() for at in several])
    lines = (line for of in names for line in _people(context, of.name, written[of.name], kept))
    return tuple(sorted(lines, key=lambda at: (-at.papers, -at.printed, at.name))[:LISTED])


def _people(
    context: PublishingContext, name: str, written: Sequence[Written], kept: Mapping[str, Entry]
) -> Iterator[AuthorLine]:
    """The people of a name with more than one paper."""
    papers = [at for at in written if at.id in kept and kept[at.id].kind == "paper"]
    authors = [kept[at.id].authors for at in papers]
    page = site.author_path(name) if name in context.authors else ""
    for group in links.people(name, [[fold(author) for author in of] for of in authors]):
        others = Counter(a for n in group for a in authors[n] if fold(a) != name)
        nearest = sorted(others, key=lambda other: (-others[other], other))[:NAMED_OTHERS]
        if len(group) > 1:
            printed = sum(papers[n].printed for n in group)
            spelled = _spelled(name, [kept[papers[n].id] for n in group])
            yield AuthorLine(spelled, page, len(group), printed, tuple(nearest))
