"""Names of people: whether a name as a reader writes it is a name as a paper prints it. Pure.

A single word is looked for whole. Of several, an initial stands for a given name and whatever given
names follow it, and an initial of the printed name may be left out: "F. Li" is "Fei-Fei Li" and
"Geoffrey Hinton" is "Geoffrey E. Hinton", but "Wei Li" is no "Wei Ming Li". What is written joined,
hyphenated or apart is one name: "Feifei Li" is "Fei-Fei Li". query.js does the same.
"""

from __future__ import annotations

from itertools import pairwise


def in_order(name: str) -> str:
    """A name with its family name last: "Li, Fei-Fei" is "Fei-Fei Li"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name


def is_name(asked: str, printed: str, prefix: bool = False) -> bool:
    """Whether a folded name is asked for; with prefix the last word may go on."""
    words, name = asked.split(), printed.split()
    if len(words) == 1:
        return any(_is(words[0], word, prefix) for word in name)
    if not prefix and "".join(words) == "".join(name):
        return True
    ends = [_stands_for(words[0], word, False) for word in name]
    for number, (before, asked_word) in enumerate(pairwise(words), 2):
        may = _next(ends, name, _is_initial(before))
        goes_on = prefix and number == len(words)
        ends = [
            m and _stands_for(asked_word, word, goes_on) for m, word in zip(may, name, strict=True)
        ]
    return any(ends)


def _next(ends: list[bool], name: list[str], any_may_follow: bool) -> list[bool]:
    """Where the next word may stand: right behind an end, or behind names that may be left out."""
    may, reached = [], False
    for ended, word in zip(ends, name, strict=True):
        may.append(reached)
        reached = ended or (reached and (any_may_follow or _is_initial(word)))
    return may


def _stands_for(asked: str, word: str, prefix: bool) -> bool:
    return _is(asked, word, prefix) or (_is_initial(asked) and word[0] == asked)


def _is(asked: str, word: str, prefix: bool) -> bool:
    return word.startswith(asked) if prefix else word == asked


def _is_initial(word: str) -> bool:
    # Beyond the alphabets a single character is a word.
    return len(word) == 1 and word < "\u2e80"
