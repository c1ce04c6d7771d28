"""The newest printed weeks as filters look at them, kept in little memory for question after question.

An entry takes some 4 kB here, where its card with a set of words takes 20: what many entries say
alike is kept once, a card has the fields that are asked for, and of its words those alone.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from sys import intern

from sundaypaper import issue as issues
from sundaypaper import query
from sundaypaper.codec import from_json, to_json
from sundaypaper.formats.site.front import TRIED
from sundaypaper.models import Amendment, Card, Claim, Filter, Is, Issue, IssueHead, Pick, Words
from sundaypaper.store import Store

Values = frozenset[str]
Fields = dict[str, Values]
OWN = ("title", "id", "author", "word")  # fields of which hardly two entries say the same
NONE: Values = frozenset()


class WordIndex:
    """Which of a week's texts hold a word: their numbers, from 0."""

    def __init__(self, texts: Iterable[str]) -> None:
        held: dict[str, array[int]] = {}
        for number, text in enumerate(texts):
            for word in frozenset(text.split()):
                if word not in held:
                    held[intern(word)] = array("I")
                held[word].append(number)
        self._place = {word: place for place, word in enumerate(held)}
        self._numbers, self._ends = array("I"), array("I", [0])
        for numbers in held.values():
            self._numbers.extend(numbers)
            self._ends.append(len(self._numbers))

    def holding(self, words: Iterable[str]) -> dict[int, Values]:
        """The numbers of the texts that hold any of the words, with those that each holds."""
        found: dict[int, set[str]] = {}
        for word in words:
            place = self._place.get(word)
            if place is None:
                continue
            for number in self._numbers[self._ends[place] : self._ends[place + 1]]:
                found.setdefault(number, set()).add(word)
        return {number: frozenset(some) for number, some in found.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What filters ask of an entry: its fields, and of its authors what shows that one may match.

    Where the last word of a name stands in no name, and all of it run together in none, no name
    matches (query/names.py); to see that takes a tenth of the time.
    """

    fields: frozenset[str]
    endings: frozenset[str]
    joined: frozenset[str]

    @classmethod
    def by(cls, leaves: Sequence[Is]) -> Asked:
        """What the leaves of some filters ask for."""
        names = [leaf for leaf in leaves if leaf.field == "author"]
        endings = frozenset(
            f" {last}" if leaf.prefix or len(last) == 1 else f" {last} "
            for leaf in names
            for last in [leaf.value.rpartition(" ")[2]]
        )
        joined = frozenset(leaf.value.replace(" ", "") for leaf in names)
        return cls(frozenset(leaf.field for leaf in leaves), endings, joined)

    def may_name(self, authors: str) -> bool:
        """Whether one of these authors may match."""
        if any(ending in authors for ending in self.endings):
            return True
        squeezed = authors.replace(" ", "")
        return any(name in squeezed for name in self.joined)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a week: what filters look at, and the pick itself, packed.

    authors are folded, a line each, with a space before and behind; shared holds the fields in which entries are alike.
    """

    id: str
    text: str
    authors: str
    shared: Fields
    claims: tuple[Claim, ...]
    day: date | None
    packed: bytes

    @property
    def kind(self) -> str:
        """paper, post, course or event."""
        return next(iter(self.shared["kind"]))

    def pick(self) -> Pick:
        """The pick as the issue holds it, without the parts of its score."""
        return from_json(Pick, zlib.decompress(self.packed))

    def card(self, asked: Asked, words: Values) -> Card:
        """The card with the fields that are asked for; words are those of its text."""
        fields: Fields = {**self.shared, "word": words}
        if "author" in asked.fields and asked.may_name(self.authors):
            fields["author"] = frozenset(map(str.strip, self.authors.splitlines()))
        if "title" in asked.fields:
            fields["title"] = frozenset({self.text.partition("  ")[0].strip()})
        if "id" in asked.fields:
            fields["id"] = frozenset({self.id.lower()})
        return Card(self.text, fields, self.claims, self.day)


@dataclass(frozen=True, slots=True)
class Week:
    """A printed week: its head, the digest of its issue, and its entries, highest score first."""

    head: IssueHead
    digest: str
    lines: tuple[Line, ...]
    index: WordIndex

    def cards(self, filters: Sequence[Filter]) -> Iterator[tuple[Line, Card]]:
        """The entries with their cards, as far as these filters look at them."""
        leaves = [leaf for of in filters for leaf in query.leaves(query.widened(of.tree))]
        words = {word for leaf in leaves if isinstance(leaf, Words) for word in leaf.words}
        asked = Asked.by([leaf for leaf in leaves if isinstance(leaf, Is)])
        holding = self.index.holding(words)
        for number, line in enumerate(self.lines):
            yield line, line.card(asked, holding.get(number, NONE))


@dataclass(slots=True)
class RecentWeeks:
    """The newest printed weeks, newest first, as they may be shown now.

    paged are the entries among them that have a page of their own, amendments those of any entry.
    """

    weeks: tuple[Week, ...] = ()
    amendments: Mapping[str, tuple[Amendment, ...]] = field(default_factory=dict)
    paged: frozenset[str] = frozenset()

    def refresh(self, store: Store) -> None:
        """Take over what is printed now; of the weeks at hand only those are read that changed."""
        digests = store.issue_hashes()
        heads = [head for head in store.heads() if head.state == "frozen"][:TRIED]
        wanted = {(head.week, digests[head.week]) for head in heads}
        known = {(week.head.week, week.digest): week for week in self.weeks}
        kept = {key: week for key, week in known.items() if key in wanted}
        del known
        self.weeks = ()  # a week that goes leaves its room to the one that comes
        shared: dict[Values, Values] = {}
        for head in heads:
            key = head.week, digests[head.week]
            if key not in kept:
                kept[key] = _week(store, head, digests[head.week], shared)
        self.weeks = tuple(kept[head.week, digests[head.week]] for head in heads)
        self.amendments = store.amendments()
        held = {line.id for week in self.weeks for line in week.lines}
        self.paged = frozenset(id for ids in store.printed_by_week().values() for id in ids & held)

    @property
    def removed(self) -> frozenset[str]:
        """The entries that were taken out."""
        return frozenset(issues.removals(self.amendments))


def _week(store: Store, head: IssueHead, digest: str, shared: dict[Values, Values]) -> Week:
    issue = store.issue(head.week)
    assert issue is not None  # its head was listed a moment ago, and a printed issue stays
    picks = sorted(issue.entries, key=lambda pick: (-pick.score, pick.id))
    lines = tuple(_line(pick, issue, shared) for pick in picks)
    return Week(head, digest, lines, WordIndex(line.text for line in lines))


def _line(pick: Pick, issue: Issue, shared: dict[Values, Values]) -> Line:
    card = query.card_of_pick(pick, issue.abstracts.get(pick.id, ""))
    return Line(
        id=pick.id,
        text=card.text,
        authors="\n".join(f" {name} " for name in sorted(card.fields["author"])),
        shared={name: _once(of, shared) for name, of in card.fields.items() if name not in OWN},
        claims=card.claims,
        day=card.day,
        packed=zlib.compress(to_json(replace(pick, contributions=(), reasons=())), 1),
    )


def _once(values: Values, shared: dict[Values, Values]) -> Values:
    """The same set for all entries that say the same."""
    return shared.setdefault(values, values)
