"""The language of a paper's own words: a table of words, and what is said by it.

Everything is composed in English, and said in another language where it is shown. So a printed issue
keeps its words, whatever language the paper has later, and what composes it knows of none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from sundaypaper.wording.dates import DAYS, MONTHS

ENGLISH_CODE = "en"
HOLE = re.compile(r"\{([a-z]+)([0-9]?)\}")
# What may fill a hole of a phrase. What no kind is named for holds words of others.
FILLS: Mapping[str, str] = MappingProxyType(
    {
        "n": r"\d[\d,]*(?:\.\d+)?",
        "day": r"\d{1,2}",
        "year": r"\d{4}",
        "time": r"\d\d:\d\d",
        "week": r"\d{4}-W\d\d",
        "month": "|".join(MONTHS),
        "weekday": "|".join(DAYS),
        "venue": r"[^;:]+?",
    }
)
# Holes whose own words are said by the table; the phrase does not fit where they are none of it.
SAID = frozenset("counted date list month said weekday".split())
# Holes that hold what others wrote, in their language.
THEIRS = frozenset("quote title".split())
COUNTED = re.compile(r"(\d[\d,]*) (\D+)")
APART = re.compile(r"(; | · )")
LISTED = re.compile(r", | and ")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MOST_PARTS = 8  # how deep phrases may lie in one another

Forms = Callable[[int], int]


def _slavic(n: int) -> int:
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


def _polish(n: int) -> int:
    if n == 1:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


def _czech(n: int) -> int:
    return 0 if n == 1 else 1 if n in (2, 3, 4) else 2


# How many forms a counted noun has, and which of them a count takes (CLDR, whole numbers).
USUAL: tuple[int, Forms] = (2, lambda n: int(n != 1))
COUNTS: Mapping[str, tuple[int, Forms]] = MappingProxyType(
    dict.fromkeys("fr pt".split(), (2, lambda n: int(n > 1)))
    | dict.fromkeys("id ja ko ms th vi zh".split(), (1, lambda _: 0))
    | dict.fromkeys("be bs hr ru sr uk".split(), (3, _slavic))
    | {"pl": (3, _polish), "cs": (3, _czech), "sk": (3, _czech)}
)


def counting(language: str) -> tuple[int, Forms]:
    """How many forms a counted noun has in a language, and which of them a count takes."""
    return COUNTS.get(language.partition("-")[0].lower(), USUAL)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase in English, ready to be found, and the same in the language."""

    pattern: re.Pattern[str]
    holes: tuple[str, ...]
    own: str


@dataclass(frozen=True)
class Tongue:
    """A language, and its words by those of English; what it does not have is said in English.

    templates holds messages of templates, phrases what is composed, with {holes}; counted holds the
    forms of nouns by `one | many`. marks are those of thousands and of decimals.
    """

    language: str = ENGLISH_CODE
    templates: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, str] = (",", ".")

    @property
    def is_plain(self) -> bool:
        """Whether everything is said as it is composed."""
        return not (self.is_foreign or self.templates or self.phrases or self.counted)

    @property
    def is_foreign(self) -> bool:
        """Whether what is English stands among words of another language."""
        return self.spoken.partition("-")[0].lower() != ENGLISH_CODE

    @property
    def spoken(self) -> str:
        """The language that pages are in: English as long as no word of another is there."""
        return self.language if self.templates or self.phrases or self.counted else ENGLISH_CODE

    def say(
        self,
        text: str,
        theirs: Callable[[str], str] = str,
        ours: Callable[[str], str] = str,
        unknown: Callable[[str], str] | None = None,
    ) -> str:
        """A text that was composed in English, in this language.

        ours is applied to what is said, theirs to what others wrote in it; unknown, or theirs, to what
        the table does not have. Parts that stand between `; ` or ` · ` are said each.
        """
        if not text or self.is_plain:
            return (unknown or theirs)(text)
        if (whole := self._said(text, theirs, ours)) is not None:
            return whole
        parts = APART.split(text)
        return "".join(
            ours(part) if at % 2 else self._or_as_it_is(part, theirs, ours, unknown or theirs)
            for at, part in enumerate(parts)
        )

    def _or_as_it_is(
        self,
        text: str,
        theirs: Callable[[str], str],
        ours: Callable[[str], str],
        unknown: Callable[[str], str],
    ) -> str:
        said = self._said(text, theirs, ours)
        return unknown(text) if said is None else said

    def number(self, text: str) -> str:
        """A number as it is written in English, with the marks of this language."""
        thousands, decimal = self.marks
        return "".join({",": thousands, ".": decimal}.get(sign, sign) for sign in text)

    def plural(self, count: int, one: str, many: str = "") -> str:
        """A count and its noun."""
        noun = one if count == 1 else many or f"{one}s"
        return self._counted(f"{count:,} {noun}") or self.number(f"{count:,} ") + noun

    # ------------------------------------------------------------ how a phrase is found

    @cached_property
    def _nouns(self) -> Mapping[str, tuple[str, ...]]:
        return {
            noun: tuple(form.strip() for form in own.split("|"))
            for english, own in self.counted.items()
            for noun in map(str.strip, english.split("|"))
        }

    @cached_property
    def _phrases(self) -> tuple[_Phrase, ...]:
        """The phrases with holes; what says most of its own is tried first."""
        ranked = sorted(self.phrases.items(), key=lambda row: -len(HOLE.sub("", row[0])))
        return tuple(
            _Phrase(*_pattern(english), own) for english, own in ranked if HOLE.search(english)
        )

    def _said(
        self,
        text: str,
        theirs: Callable[[str], str],
        ours: Callable[[str], str],
        depth: int = 0,
    ) -> str | None:
        if (exact := self.phrases.get(text)) is not None and not HOLE.search(text):
            return ours(exact)
        if depth > MOST_PARTS:
            return None
        for phrase in self._phrases:
            if found := phrase.pattern.fullmatch(text):
                filled = self._filled(phrase, found, theirs, ours, depth)
                if filled is not None:
                    return filled
        return None

    def _filled(
        self,
        phrase: _Phrase,
        found: re.Match[str],
        theirs: Callable[[str], str],
        ours: Callable[[str], str],
        depth: int,
    ) -> str | None:
        values: dict[str, str] = {}
        for hole in phrase.holes:
            said = self._fill(hole.rstrip("0123456789"), found[hole], theirs, ours, depth)
            if said is None:
                return None
            values[hole] = said
        return "".join(
            values[part] if at % 2 else ours(part) for at, part in enumerate(_split(phrase.own))
        )

    def _fill(
        self,
        kind: str,
        text: str,
        theirs: Callable[[str], str],
        ours: Callable[[str], str],
        depth: int,
    ) -> str | None:
        """What stands in a hole; None where it should be of the table and is not."""
        if kind == "n":
            return ours(self.number(text))
        if kind == "counted":
            counted = self._counted(text)
            return None if counted is None else ours(counted)
        if kind == "list":
            return self._listed(text, theirs, ours, depth)
        if kind in SAID:
            return self._said(text, theirs, ours, depth + 1)
        return theirs(text) if kind in THEIRS else ours(text)

    def _counted(self, text: str) -> str | None:
        found = COUNTED.fullmatch(text)
        forms = self._nouns.get(found[2]) if found else None
        if not found or not forms:
            return None
        _, form = counting(self.language)
        count = int(found[1].replace(",", ""))
        return f"{self.number(found[1])} {forms[min(form(count), len(forms) - 1)]}"

    def _listed(
        self, text: str, theirs: Callable[[str], str], ours: Callable[[str], str], depth: int
    ) -> str:
        """Names or words in a row, of which those are said that the table has."""
        words = [
            self._said(word, theirs, ours, depth + 1) or ours(word) for word in LISTED.split(text)
        ]
        join = ours(self.phrases.get("and", "and"))
        *first, last = words
        return f"{', '.join(first)} {join} {last}" if first else last


def _pattern(english: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    holes: list[str] = []
    parts: list[str] = []
    at = 0
    for hole in HOLE.finditer(english):
        name = f"{hole[1]}{hole[2]}"
        parts += [re.escape(english[at : hole.start()]), f"(?P<{name}>{FILLS.get(hole[1], '.+?')})"]
        holes.append(name)
        at = hole.end()
    parts.append(re.escape(english[at:]))
    return re.compile("".join(parts), re.DOTALL), tuple(holes)


def _split(own: str) -> Iterator[str]:
    """The parts of a phrase: what is said, and between it the names of holes."""
    at = 0
    for hole in HOLE.finditer(own):
        yield own[at : hole.start()]
        yield f"{hole[1]}{hole[2]}"
        at = hole.end()
    yield own[at:]


def holes(phrase: str) -> tuple[str, ...]:
    """The holes of a phrase, in the order of their names."""
    return tuple(sorted(f"{hole[1]}{hole[2]}" for hole in HOLE.finditer(phrase)))


ENGLISH = Tongue()
