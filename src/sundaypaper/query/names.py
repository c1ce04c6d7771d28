"""Names of people: whether a name as a reader writes it is a name as a paper prints it. Pure.

A single word is looked for whole. Of several, an initial stands for a given name and whatever given
names follow it, and an initial of the printed name may be left out: "F. Li" is "Fei-Fei Li" and
"Geoffrey Hinton" is "Geoffrey E. Hinton", but "Wei Li" is no "Wei Ming Li". What is written joined,
hyphenated or apart is one name: "Feifei Li" is "Fei-Fei Li". query.js does the same.
"""

from __future__ import annotations


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
    return any(_from(words, name[at:], prefix) for at in range(len(name)))


def _from(words: list[str], name: list[str], prefix: bool) -> bool:
    """Whether the words begin the name, initials taken for what they stand for."""
    if not words:
        return True
    if not name:
        return False
    first, last = words[0], len(words) == 1
    if not (_is(first, name[0], prefix and last) or (_is_initial(first) and name[0][0] == first)):
        return False
    for skipped in range(len(name)):
        if _from(words[1:], name[1 + skipped :], prefix):
            return True
        following = name[1 + skipped : 2 + skipped]
        if not following or not (_is_initial(first) or _is_initial(following[0])):
            return False
    return False


def _is(asked: str, word: str, prefix: bool) -> bool:
    return word.startswith(asked) if prefix else word == asked


def _is_initial(word: str) -> bool:
    # Beyond the alphabets a single character is a word.
    return len(word) == 1 and word < "\u2e80"
