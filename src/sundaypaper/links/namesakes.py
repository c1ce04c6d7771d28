"""Whose entries are whose: entries under one name, told apart by those with whom they were written."""

from __future__ import annotations

from collections.abc import Sequence

# Over so many entries a name is likely that of several people, whose co-authors have namesakes too:
# one co-author in common then says little. docs/notes/0027 says what was measured.
FREQUENT = 12


def people(name: str, written: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
    """Entries under one folded name as groups, each by one person as far as can be told.

    written are the folded authors of each entry (N); the groups hold their numbers, the largest
    first, then the one that begins first. Two entries are one person's where they share another
    author, of a frequent name two, or each does so with a third.
    """
    others = [frozenset(authors) - {name} for authors in written]
    enough = 2 if len(written) > FREQUENT else 1
    group = list(range(len(written)))

    def of(number: int) -> int:
        while group[number] != number:
            group[number] = number = group[group[number]]
        return number

    for number, ours in enumerate(others):
        for before in range(number):
            first, last = sorted((of(before), of(number)))
            if first != last and len(ours & others[before]) >= enough:
                group[last] = first
    members: dict[int, list[int]] = {}
    for number in range(len(written)):
        members.setdefault(of(number), []).append(number)
    return tuple(sorted(map(tuple, members.values()), key=lambda one: (-len(one), one[0])))
