"""Hold of each issue what later weeks look back at: authors, vectors, and what its picks are like.

    issues without it, the oldest first | vectors of their entries | the nearest of 13 weeks before

What an entry is like is found once, among earlier weeks alone, so that its page stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from sundaypaper import query, topics, weeks
from sundaypaper.models import Issue, Pick, Related
from sundaypaper.store import Store, WeekVectors

WEEKS = 13
MOST = 5
ASKED = 12  # of which some are in this issue too, or share no word that says something
MOST_READ = 500  # texts are enough to know which words are rare


def catch_up(store: Store) -> None:
    """Hold what is not held of an issue that is kept; of a week of another model its vectors."""
    model = topics.made_with()
    held = store.recalled()
    for week, digest in reversed(store.issue_hashes().items()):
        at, by = held.get(week, ("", ""))
        if (at, by) == (digest, model):
            continue
        issue = store.issue(week)
        if issue is None:
            continue
        vectors = _vectors(issue)
        if at == digest:
            store.keep_vectors(week, digest, model, vectors)
        else:
            store.recall(issue, digest, model, vectors, _related(store, issue, model))


def _of_week(issue: Issue) -> tuple[Pick, ...]:
    """Its papers and posts; what stands in no week is looked for, and never found."""
    return tuple(p for p in issue.entries if p.kind != "event" and p.standing != "backlog")


def _vectors(issue: Issue) -> WeekVectors:
    picks = _of_week(issue)
    return WeekVectors(tuple(pick.id for pick in picks), _made(issue, picks))


def _made(issue: Issue, picks: tuple[Pick, ...]) -> bytes:
    return topics.vectors([query.card_of_pick(p, issue.abstracts.get(p.id, "")) for p in picks])


def _related(store: Store, issue: Issue, model: str) -> dict[str, tuple[Related, ...]]:
    """What is like each paper and post that an issue prints, among the entries of earlier weeks."""
    before = store.vectors([weeks.after(issue.week, -back) for back in range(1, WEEKS + 1)], model)
    left_out = store.removed() | {pick.id for pick in issue.entries}
    held = tuple(_each_once(before, left_out))
    items = {item.id for section in issue.sections for item in section.items}
    asked = tuple(p for p in issue.entries if p.id in items and p.kind != "event")
    if not held or not asked:
        return {}
    matrix = [of.vectors for of in before.values()]
    found = topics.nearest(_made(issue, asked), matrix, [at.row for at in held], ASKED)
    near = [
        (pick, tuple(held[n.number] for n in of)) for pick, of in zip(asked, found, strict=True)
    ]
    return _told(store, issue, near)


@dataclass(frozen=True, slots=True)
class _Held:
    """An entry that is held: the newest week of it, and its row among those of all weeks."""

    id: str
    week: str
    row: int


def _each_once(before: Mapping[str, WeekVectors], left_out: Set[str]) -> Iterator[_Held]:
    seen, row = set(left_out), 0
    for week, of in before.items():
        for id in of.ids:
            if id not in seen:
                yield _Held(id, week, row)
            seen.add(id)
            row += 1


def _told(
    store: Store, issue: Issue, found: Sequence[tuple[Pick, tuple[_Held, ...]]]
) -> dict[str, tuple[Related, ...]]:
    """What is near, with title, address and the words that are shared; without any it is left out."""
    wanted = {at.id for _, near in found for at in near}
    known, printed = store.known(wanted), store.printed_in(wanted)
    usage = topics.usage(_text(issue, pick) for pick in issue.entries[:MOST_READ])

    def related(pick: Pick, near: tuple[_Held, ...]) -> Iterator[Related]:
        for at in near:
            if at.id not in known:
                continue
            other = known[at.id].entry
            words = topics.shared(_text(issue, pick), (other.title, other.summary), usage)
            page = any(week < issue.week for week in printed.get(at.id, ()))
            if words:
                yield Related(at.id, at.week, other.title, other.url, page, words)

    return {pick.id: tuple(islice(related(pick, near), MOST)) for pick, near in found}


def _text(issue: Issue, pick: Pick) -> tuple[str, str]:
    return pick.title, issue.abstracts.get(pick.id, "") or pick.gist
