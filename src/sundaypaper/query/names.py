"""Names of people: whether a name as a reader writes it is a name as a paper prints it. Pure.

A single word is looked for whole. Of several, an initial on either side stands for a given name
and whatever given names follow it, and an initial may be left out on either side: "F. Li" and
"Fei-Fei Li" find each other, as do "Geoffrey Hinton", "Geoffrey E. Hinton", "G. E. Hinton" and
"G. Hinton". What both write out or shorten must agree: "Wei Li" is no "Wen Li", no "Wei Ming Li"
and no "Ming W. Li", "G. E. Hinton" no "Geoffrey F. Hinton". What is written joined, hyphenated or
apart is one name: "Feifei Li" is "Fei-Fei Li". query.js does the same.
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
    if not any(_is_last(words[-1], word, prefix) for word in name):
        return False  # most names: at once
    ends = [_begins(words[0], word, at) for at, word in enumerate(name)]
    held = [False] * len(name)  # where all asked since may be left out
    for number, (before, word) in enumerate(pairwise(words), 2):
        may = _next(ends, held, name, _is_initial(before))
        last = number == len(words)
        fits = [_is_last(word, p, prefix) if last else _stands_for(word, p) for p in name]
        left_out = _is_initial(word)
        held = [
            (ended or was) and (left_out or _is_initial(printed_word))
            for ended, was, printed_word in zip(ends, held, name, strict=True)
        ]
        ends = [here and fit for here, fit in zip(may, fits, strict=True)]
    return any(ends)


def _next(ends: list[bool], held: list[bool], name: list[str], any_may_follow: bool) -> list[bool]:
    """Where the next word may stand: right behind an end, or behind names that may be left out.

    Names are left out on one side only, else two that differ would pass.
    """
    may, reached, was_held = [], False, False
    for ended, is_held, word in zip(ends, held, name, strict=True):
        may.append(reached or was_held)
        reached = ended or (reached and (any_may_follow or _is_initial(word)))
        was_held = is_held
    return may


def _begins(asked: str, word: str, at: int) -> bool:
    """A printed initial that is no first name stands for a second one."""
    return _stands_for(asked, word) if at == 0 else _is_last(asked, word, False)


def _stands_for(asked: str, word: str) -> bool:
    return _is_last(asked, word, False) or (_is_initial(word) and word == asked[0])


def _is_last(asked: str, word: str, prefix: bool) -> bool:
    """Whether a word is the last that is asked for: of a family name no initial is printed."""
    return _is(asked, word, prefix) or (_is_initial(asked) and word[0] == asked)


def _is(asked: str, word: str, prefix: bool) -> bool:
    return word.startswith(asked) if prefix else word == asked


def _is_initial(word: str) -> bool:
    # Beyond the alphabets a single character is a word.
    return len(word) == 1 and word < "\u2e80"
